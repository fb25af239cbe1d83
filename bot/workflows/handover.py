"""The hand-over: what a dead process had in hand goes back to the queue, once, for whoever is free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from dbos import DBOS

from bot.logged import about
from bot.model import WorkItem
from bot.store import TriggerState
from bot.workflows.queue import QUEUE

if TYPE_CHECKING:
    from dbos import WorkflowStatus

    from bot.store import Triggers
    from bot.store.processes import Processes

log = structlog.get_logger("prhub.handover")

AT_ONCE = 100
# Chaos kills the same work a few times; work that ends so many processes is what ends them (R34).
MOST_DEATHS = 25
DEATH_SECONDS = 7 * 86400.0


@dataclass(frozen=True)
class Handover:
    """Moves work between processes, through the engine's public interface."""

    processes: Processes
    triggers: Triggers

    async def executors(self) -> set[str]:
        """Name every executor that has work in hand."""
        pending = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        return {workflow.executor_id for workflow in pending if workflow.executor_id}

    async def hand_on(self, executor_id: str) -> bool:
        """Queue what an executor had in hand; False: there is nothing left.

        The engine gives each piece a new owner, so that the old one, should it come back, can record
        no step of it; what it may write to GitHub meanwhile, the publish rows decide.
        """
        pending = await DBOS.list_workflows_async(
            status="PENDING", executor_id=executor_id, limit=AT_ONCE, load_input=True, load_output=False
        )
        for workflow in pending:
            if await self.processes.count_death(workflow.workflow_id) > MOST_DEATHS:
                await self._give_up(workflow)
            else:
                queue = workflow.queue_name or QUEUE
                await DBOS.resume_workflow_async(workflow.workflow_id, queue_name=queue)
        if pending:
            await self.processes.forget_deaths(DEATH_SECONDS)
            log.info("handed on", process=executor_id, workflows=len(pending))
        return bool(pending)

    async def _give_up(self, workflow: WorkflowStatus) -> None:
        reason = f"{MOST_DEATHS} processes ended in the middle of it"
        item = WorkItem.model_validate((workflow.input or {"args": [{}]})["args"][0])
        log.error("given up", reason=reason, **about(item))
        await DBOS.cancel_workflow_async(workflow.workflow_id)
        await self.triggers.close(item.trigger, TriggerState.DEAD, reason)
