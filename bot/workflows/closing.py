"""The step that ends work: its facts are dropped, and its trigger says how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import CommandName, TriggerKind
from bot.store.triggers import TAKEN_UP_ANEW
from bot.workflows.edge import about, log
from bot.workflows.services import services
from bot.workflows.working import drop_facts, insisting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import Trigger, WorkItem
    from bot.store import TriggerState


def closing(state: TriggerState, reason: str | None) -> Callable[[WorkItem], Awaitable[None]]:
    """Give the step that ends the work: its facts are dropped, and the trigger says why."""

    async def close(item: WorkItem) -> None:
        await insisting(lambda: _close(item.trigger, state, reason))
        services().meters.work.labels(item.trigger.kind.value, state.value).inc()
        log.info("ended", state=state.value, reason=reason, **about(item))

    return close


def _has_facts(trigger: Trigger) -> bool:
    """Whether work of this kind was done on facts, which are dropped with it."""
    if trigger.kind is TriggerKind.COMMAND:
        return trigger.command is not None and trigger.command.command.name is CommandName.REPORT
    return trigger.kind is not TriggerKind.TIDY


async def _close(trigger: Trigger, state: TriggerState, reason: str | None) -> None:
    known = services().triggers
    # A later round may be at work on the same facts.
    anew = await known.overtaken(trigger) == TAKEN_UP_ANEW
    if _has_facts(trigger) and not anew:
        await drop_facts(trigger)
    await known.close(trigger, state, reason)
