"""How a workflow ends: done, put off to a successor, or over for a reason that is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import failpoint
from bot.errors import Later
from bot.logged import about, lines_about
from bot.store import TriggerState
from bot.workflows.closing import closing
from bot.workflows.edge import CLOSE, Ended, log, step, successor
from bot.workflows.queue import enqueue
from bot.workflows.services import services

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager

    from bot.model import WorkItem
    from bot.traces import Span


async def to_its_end(item: WorkItem, flow: Callable[[WorkItem], Awaitable[None]]) -> str:
    """Run a flow; a wait ends this workflow and enqueues its successor, so that no slot is held."""
    with lines_about(**about(item)), _traced(item) as span:
        end = await _to_its_end(item, flow)
        span.set(**{"prhub.end": end.partition(":")[0]})
        return end


def _traced(item: WorkItem) -> AbstractContextManager[Span]:
    """Go on in the delivery's trace; what no delivery asked for begins one, at its first attempt."""
    traces, kind = services().traces, item.trigger.kind.value
    told = {f"prhub.{name}": value for name, value in about(item).items()}
    if item.guid is None and item.attempt == 0:
        return traces.begin(item.trigger.key, kind, **told)
    return traces.go_on(item.guid or item.trigger.key, kind, **told)


async def _to_its_end(item: WorkItem, flow: Callable[[WorkItem], Awaitable[None]]) -> str:
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
    await step(CLOSE, closing(state, reason), item)
    return state.value if reason is None else f"{state.value}: {reason}"
