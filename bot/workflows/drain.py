"""The drain: triggers that were committed with their deliveries are handed to the engine."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import failpoint
from bot.logged import about, lines_about
from bot.model import TriggerKind, WorkItem
from bot.store import TriggerState
from bot.workflows.lifecycle import carry_out
from bot.workflows.queue import enqueue

if TYPE_CHECKING:
    from bot.store import StoredTrigger, Triggers

log = structlog.get_logger("prhub.drain")

BATCH = 50
# Only what another process stored, or this one before it was killed, is found by looking.
LOOK_SECONDS = 2.0
# Another process drains now, and may not have seen what was just stored here.
TURN_SECONDS = 0.25


@dataclass
class Drain:
    """Moves triggers to the engine; killed in between, it moves them again to the same workflow id."""

    triggers: Triggers
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Say that there is a new trigger."""
        self._wake.set()

    async def run(self) -> None:
        """Drain for ever; an error is logged and the next round tries again."""
        while True:
            try:
                moved = await self.drain_once()
            except Exception:
                log.exception("draining failed")
                moved = 0
                await asyncio.sleep(LOOK_SECONDS)
            if moved is None:
                await asyncio.sleep(TURN_SECONDS)
            elif moved == 0:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def drain_once(self) -> int | None:
        """Move up to 50 triggers and give how many were looked at; None: another process is at it."""
        async with self.triggers.turn() as mine:
            return await self._drain() if mine else None

    async def _drain(self) -> int:
        found = await self.triggers.new(BATCH)
        started, dropped = [], []
        for stored in found:
            if stored.trigger.kind is TriggerKind.LIFECYCLE:
                # Not through the engine: it must not wait for a worker's place, nor behind other work.
                await self._note(stored)
            elif await self._is_idle(stored):
                dropped.append(stored.trigger.key)
            else:
                await self._hand_over(stored)
                started.append(stored.trigger.key)
        await self.triggers.mark_started(started)
        if started:
            failpoint.reached("after_drain")
        await self.triggers.finish(dropped, TriggerState.DROPPED, "the pull request has no report")
        return len(found)

    async def _hand_over(self, stored: StoredTrigger) -> None:
        item = WorkItem(trigger=stored.trigger, guid=stored.guid, requested_at=stored.due_at)
        with lines_about(**about(item)):
            failpoint.reached("before_drain")
            await enqueue(item, max(stored.due_at - time.time(), 0.0))
            failpoint.reached("in_drain")

    async def _note(self, stored: StoredTrigger) -> None:
        change = stored.trigger.change
        installation = None if change is None else change.installation_id
        state, reason = TriggerState.DONE, None
        with lines_about(delivery=stored.guid, installation=installation):
            try:
                await carry_out(stored.trigger)
            except SQLAlchemyError:
                raise
            except Exception as error:
                log.exception("lifecycle change not noted", trigger=stored.trigger.key)
                state, reason = TriggerState.DEAD, type(error).__name__
        await self.triggers.finish([stored.trigger.key], state, reason)

    async def _is_idle(self, stored: StoredTrigger) -> bool:
        """Tell whether a trigger is about a pull request that has no report and will get none."""
        trigger = stored.trigger
        if not trigger.only_if_reported:
            return False
        return not await self.triggers.expects_report(trigger.repository_id, trigger.number)
