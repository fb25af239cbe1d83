"""A merged pull request gets its report, and a discussion that went on gets it refreshed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dbos import DBOS

from bot import failpoint
from bot.errors import Later
from bot.model import WorkItem
from bot.store import TriggerState
from bot.workflows import reading, stages
from bot.workflows.edge import CLOSE, Ended, about, log, step, successor
from bot.workflows.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def _flow(item: WorkItem) -> None:
    """Run the five steps of a report, in order; each may run again, and nothing comes of it twice."""
    await step("facts", stages.read_facts, item)  # a trigger becomes facts
    await step("insights", stages.infer_insights, item)  # facts become insights, verified and stored
    await step("text", stages.write_text, item)  # insights become text
    await step("publish", stages.publish, item)  # text becomes a comment and labels
    await step("finish", stages.finish, item)  # facts are dropped, other reports told


@DBOS.workflow(name="report")
async def report(data: dict[str, Any]) -> str:
    """Report on a merged pull request; ``data`` is a ``WorkItem``. Gives how it ended."""
    return await _to_its_end(WorkItem.model_validate(data), _flow)


@DBOS.workflow(name="refresh")
async def refresh(data: dict[str, Any]) -> str:
    """Read a reported pull request again and bring its comment up to date."""
    return await _to_its_end(WorkItem.model_validate(data), _flow)


@DBOS.workflow(name="complete")
async def complete(data: dict[str, Any]) -> str:
    """Complete a report that was posted without the model, once the model can be asked again."""
    return await _to_its_end(WorkItem.model_validate(data), _completing)


@DBOS.workflow(name="tidy")
async def tidy(data: dict[str, Any]) -> str:
    """Look again for a second comment, after an answer of GitHub's had been lost."""
    return await _to_its_end(WorkItem.model_validate(data), _tidying)


async def _completing(item: WorkItem) -> None:
    await step("model", reading.await_model, item)
    await _flow(item)


async def _tidying(item: WorkItem) -> None:
    await step("tidy", stages.tidy, item)


async def _to_its_end(item: WorkItem, flow: Callable[[WorkItem], Awaitable[None]]) -> str:
    """Run a flow; a wait ends this workflow and enqueues its successor, so that no slot is held."""
    try:
        await flow(item)
    except Later as error:
        following = successor(item, error)
        if following is not None:
            failpoint.reached("before_successor")
            await enqueue(*following)
            failpoint.reached("after_successor")
            log.warning("put off", reason=error.reason, seconds=round(following[1], 1), **about(item))
            return f"later: {error.reason}"
        return await _close(item, TriggerState.DEAD, error.reason)
    except Ended as end:
        return await _close(item, end.state, end.reason)
    return await _close(item, TriggerState.DONE, None)


async def _close(item: WorkItem, state: TriggerState, reason: str | None) -> str:
    await step(CLOSE, stages.closing(state, reason), item)
    return state.value if reason is None else f"{state.value}: {reason}"
