"""What a comment commands is carried out: admitted, done, answered where there is something to say."""

from __future__ import annotations

from typing import Any

from dbos import DBOS

from bot.errors import Later
from bot.model import CommandName, WorkItem
from bot.publishing import Outcome
from bot.publishing.reactions import Reaction
from bot.workflows import admission, command_report, command_stages, stages
from bot.workflows.edge import Ended, step, successor
from bot.workflows.ending import to_its_end


@DBOS.workflow(name="command")
async def command(data: dict[str, Any]) -> str:
    """Carry out a command; ``data`` is a ``WorkItem``. Gives how it ended."""
    return await to_its_end(WorkItem.model_validate(data), _flow)


async def _flow(item: WorkItem) -> None:
    """Run the steps of a command; each may run again, and nothing comes of it twice."""
    await step("admit", admission.admit, item)  # role, quotas, and the reaction that it was seen
    try:
        found = await _carried(item)
        if found["told"]:
            await step("answer", command_stages.answer, item)
    except Later as error:
        if successor(item, error) is None:
            await step("failed", command_stages.reacting(Reaction.FAILED), item)
        raise
    except Ended:
        await step("failed", command_stages.reacting(Reaction.FAILED), item)
        raise
    reaction = Reaction.DONE if found["done"] else Reaction.FAILED
    await step("done", command_stages.reacting(reaction), item)


async def _carried(item: WorkItem) -> dict[str, Any]:
    """Do what is commanded. A report is made here, step by step, as after a merge."""
    if item.trigger.command is not None and item.trigger.command.command.name is CommandName.REPORT:
        return await _reported(item)
    found: dict[str, Any] = await step("carry", command_stages.carry_out, item)
    return found


async def _reported(item: WorkItem) -> dict[str, Any]:
    refused: dict[str, Any] | None = await step("refuse", command_report.refuse, item)
    if refused is not None:
        return refused
    if not await step("look", command_report.look, item):
        previewed: dict[str, Any] = await step("preview", command_report.preview, item)
        return previewed
    work = command_report.as_report(item)
    await step("facts", stages.read_facts_by_hand, work)
    await step("insights", stages.infer_insights, work)
    posted: bool = await step("text", command_report.write_text, work)
    shown = await step("publish", command_report.publish, work) if posted else None
    await step("finish", stages.finish, work)
    if posted and shown != Outcome.REFUSED:
        return {"done": True, "told": False}
    untold: dict[str, Any] = await step("untold", command_report.tell_unshown, item)
    return untold


async def tidying(item: WorkItem) -> None:
    """Look again for a second answer, after an answer of GitHub's had been lost."""
    await step("tidy", command_stages.tidy, item)
