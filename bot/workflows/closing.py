"""The step that ends work: its facts are dropped, and its trigger says how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.logged import about
from bot.model import CommandName, TriggerKind
from bot.store import TriggerState
from bot.store.triggers import TAKEN_UP_ANEW
from bot.workflows.edge import log
from bot.workflows.services import services
from bot.workflows.working import drop_facts, insisting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import Trigger, WorkItem

# How GitHub words that a token was asked for with a right that the installation has not granted.
_NO_RIGHT = "permissions requested are not granted"


def closing(state: TriggerState, reason: str | None) -> Callable[[WorkItem], Awaitable[None]]:
    """Give the step that ends the work: its facts are dropped, and the trigger says why."""

    async def close(item: WorkItem) -> None:
        await insisting(lambda: _close(item.trigger, state, reason))
        services().meters.work.labels(item.trigger.kind.value, state.value).inc()
        hint = _hint(item, state, reason)
        (log.warning if hint else log.info)("ended", state=state.value, reason=reason, **hint, **about(item))

    return close


def _hint(item: WorkItem, state: TriggerState, reason: str | None) -> dict[str, str]:
    """Say what to do about an end that nobody wanted."""
    if reason is not None and _NO_RIGHT in reason:
        return {"advice": "prhub doctor tells which permission is missing, and where to grant it"}
    return {"advice": f"prhub jobs why {item.trigger.key}"} if state is TriggerState.DEAD else {}


def _has_facts(trigger: Trigger) -> bool:
    """Whether work of this kind was done on facts, which are dropped with it."""
    if trigger.kind is TriggerKind.COMMAND:
        return trigger.command is not None and trigger.command.command.name is CommandName.REPORT
    return trigger.kind not in {TriggerKind.TIDY, TriggerKind.CONFIG}


async def _close(trigger: Trigger, state: TriggerState, reason: str | None) -> None:
    known = services().triggers
    # A later round may be at work on the same facts.
    anew = await known.overtaken(trigger) == TAKEN_UP_ANEW
    if _has_facts(trigger) and not anew:
        await drop_facts(trigger)
    await known.close(trigger, state, reason)
