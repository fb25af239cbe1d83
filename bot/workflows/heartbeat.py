"""The heartbeat: this process says that it lives, and takes over from those that no longer do."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections import Counter as Counts
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from bot import failpoint
from bot.store.failures import in_words
from bot.store.processes import Mode, Process
from bot.workflows.neighbours import here, is_gone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from bot.store.processes import Processes, Seen
    from bot.workflows.services import Meters

log = structlog.get_logger("prhub.heartbeat")


@dataclass(frozen=True)
class Pulse:
    """How often a heart beats and how long it may be silent, in seconds; tests scale both.

    Work of a process that died goes on after ``silence`` and one or two beats: within 40 s of the 60
    that are promised.
    """

    beat: float = 3.0
    silence: float = 30.0


PULSE = Pulse()
# Such an age has only what was never seen alive, or said at its end that it left work.
LONG_AGO = 1e9


@dataclass
class Crew:
    """How many processes work on this database, as last seen: what GitHub allows is divided by it."""

    workers: int = 1

    def count(self) -> int:
        """Give the number of living workers, this one included."""
        return self.workers


def this_process(mode: Mode) -> Process:
    """Give this process a new id: an old one's work is handed on to it like to any other."""
    return Process(f"{mode.value}-{secrets.token_hex(8)}", mode, here(), os.getpid())


@dataclass
class Heartbeat:
    """Beats for ``me``; ``hand_on`` moves a dead process's work and tells whether any was left.

    ``lost`` names executors that have work in hand, whether or not they have a row. ``alone``: no
    other server can live, for this one holds the lock on its SQLite database.
    """

    processes: Processes
    me: Process
    crew: Crew
    pulse: Pulse = PULSE
    alone: bool = False
    lost: Callable[[], Awaitable[Iterable[str]]] | None = None
    hand_on: Callable[[str], Awaitable[bool]] | None = None
    _last: float = field(default=0.0, init=False)
    _steady_since: float = field(default=0.0, init=False)
    _alive: Counts[str] = field(default_factory=Counts, init=False)

    async def start(self) -> None:
        """Beat for the first time: before the engine has anything in hand. Raises if the store is away."""
        await self._beat()
        self._take_count(await self.processes.seen())

    async def run(self) -> None:
        """Beat and look after the others for ever; an error is logged and the next beat tries again."""
        while True:
            try:
                await self.once()
            except (SQLAlchemyError, OSError) as error:
                log.error("heartbeat failed", reason=in_words(error))  # noqa: TRY400 - it comes every beat
            except Exception:
                log.exception("heartbeat failed")
            await asyncio.sleep(self.pulse.beat)

    async def once(self) -> None:
        """Beat once, count the living, and hand on the work of the dead."""
        await self._beat()
        lost = await self.lost() if self.lost is not None else []
        seen = await self.processes.seen()
        self._take_count(seen)
        if self.hand_on is None:
            return
        await self.processes.note_lost(set(lost) - {one.process.id for one in seen})
        for one in seen:
            if one.process.id != self.me.id and self._is_dead(one):
                await self._take_over(one, self.hand_on)

    async def trouble(self) -> str | None:
        """Tell, for readiness, whether this process has not been able to beat for too long (R117)."""
        silent = time.monotonic() - self._last
        return f"no heartbeat for {silent:.0f} s" if silent > self.pulse.silence else None

    def measure(self, meters: Meters) -> None:
        """Show the living processes among the metrics, by their mode."""
        gauge = Gauge(
            "prhub_processes", "Servers on this database, by mode", ["mode"], registry=meters.registry
        )
        for mode in Mode:
            gauge.labels(mode.value).set_function(partial(self._count, mode))

    def _count(self, mode: Mode) -> float:
        return float(self._alive[mode.value])

    async def _beat(self) -> None:
        known = await self.processes.beat(self.me)
        now = time.monotonic()
        if now - self._last > self.pulse.silence / 2:
            # We stood still, or the database was away: the others may not have beaten yet either.
            self._steady_since = now
        if not known and self._last:
            log.warning("this process had been given up; its work went on elsewhere", process=self.me.id)
        self._last = now

    def _take_count(self, seen: Iterable[Seen]) -> None:
        living = [
            one.process.mode for one in seen if one.age <= self.pulse.silence and not self._is_gone(one)
        ]
        self._alive = Counts(mode.value for mode in living)
        self.crew.workers = max(sum(mode.works for mode in living), 1)

    def _is_gone(self, one: Seen) -> bool:
        other = one.process.id != self.me.id
        return other and (self.alone or is_gone(one.process, self.me.place))

    def _is_dead(self, one: Seen) -> bool:
        if one.age > LONG_AGO or self._is_gone(one):
            return True
        patience = min(self.pulse.silence, 3 * self.pulse.beat)
        steady = time.monotonic() - self._steady_since >= patience
        return one.age > self.pulse.silence and steady

    async def _take_over(self, one: Seen, hand_on: Callable[[str], Awaitable[bool]]) -> None:
        process = one.process
        if not await self.processes.claim(one, self.me.id, self.pulse.silence):
            return
        if one.keeper != self.me.id:
            log.warning("a process ended with work in hand", process=process.id, pid=process.pid)
        failpoint.reached("before_handover")
        left = await hand_on(process.id)
        failpoint.reached("after_handover")
        if not left:
            await self.processes.release(process.id, self.me.id)
