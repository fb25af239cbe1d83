"""The gate: who may ask now, how many at the same time, and who is sent away for how long."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.errors import ModelAway, ModelError, ModelParked
from bot.llm.outcomes import Effect, Ruling
from bot.llm.waits import LONGEST, backoff

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.llm.breaker import Breaker

log = structlog.get_logger("prhub.llm")

_FAILING = "the model's server failed repeatedly and is left alone for a while"


@dataclass(frozen=True)
class Turn:
    """Leave for one call: for which model and tenant, since when, and whether it probes a failing server.

    ``failures`` is how many there were in a row when it began.
    """

    model: str
    tenant: int
    began: float
    failures: int
    is_probe: bool


@dataclass(frozen=True)
class _Pause:
    """Until when a model is not asked, and why; ``is_parked`` if an operator must act."""

    until: float
    reason: str
    is_parked: bool


@dataclass
class Gate:
    """The one gate of a process. Nobody sleeps in it: who may not ask now is told when to come back.

    ``share`` is the most calls at the same time for one tenant. ``clock`` gives seconds, ``draw`` a
    number from 0 to 1.
    """

    breaker: Breaker
    share: int
    clock: Callable[[], float]
    draw: Callable[[], float]
    _running: Counter[int] = field(default_factory=Counter, init=False)
    _waiting: list[asyncio.Future[None]] = field(default_factory=list, init=False)
    _pauses: dict[str | None, _Pause] = field(default_factory=dict, init=False)
    _failures: int = field(default=0, init=False)

    def away_for(self, model: str) -> float:
        """Give the seconds until a model may be asked; 0 when it may be now."""
        pause = self._pause_of(model)
        return max(self.breaker.away_for(), 0.0 if pause is None else pause.until - self.clock())

    async def enter(self, model: str, tenant: int) -> Turn:
        """Wait for room, and give the leave to send one request; it must be given back with ``leave``.

        Raises ``ModelAway``, or ``ModelParked``, as soon as the model may not be asked for a while.
        """
        while True:
            self._refuse_while_away(model)
            if self._has_room(tenant):
                break
            await self._change()
        self._running[tenant] += 1
        return Turn(model, tenant, self.clock(), self._failures, self.breaker.begin())

    def leave(self, turn: Turn) -> None:
        """Give room to others. A probe that was not settled has told nothing."""
        self.breaker.gave_up(is_probe=turn.is_probe)
        self._running[turn.tenant] -= 1
        if not self._running[turn.tenant]:
            del self._running[turn.tenant]
        self._wake()

    def settle(self, turn: Turn, ruling: Ruling) -> ModelError | None:
        """Learn from how a call ended; give what the asker must be told, ``None`` if it was answered."""
        if ruling.effect is Effect.FAILED:
            return self._failed(turn, ruling)
        self.breaker.succeeded(is_probe=turn.is_probe)
        if ruling.effect is Effect.ALIVE:
            self._failures = 0
            return ruling.error
        if ruling.effect is Effect.LIMITED:
            return self._limited(turn, ruling)
        return self._parked(turn, ruling)

    def _refuse_while_away(self, model: str) -> None:
        pause, now = self._pause_of(model), self.clock()
        if pause is not None and pause.is_parked:
            raise ModelParked(pause.until - now, pause.reason)
        if pause is not None:
            raise ModelAway(self._spread(pause.until - now), pause.reason)
        seconds = self.breaker.away_for()
        if seconds > 0:
            raise ModelAway(self._spread(seconds), _FAILING)

    def _spread(self, seconds: float) -> float:
        """Give a wait that ends a little later for everybody, so that not all come back in one moment."""
        return seconds + self.draw() * min(seconds / 5, 10.0)

    def _has_room(self, tenant: int) -> bool:
        return self._running.total() < self.breaker.room and self._running[tenant] < self.share

    async def _change(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await future
        finally:
            self._waiting.remove(future)

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    def _pause_of(self, model: str) -> _Pause | None:
        """Give the longest pause that holds for a model: its own, or one for all."""
        now = self.clock()
        running = [pause for key in (None, model) if (pause := self._pauses.get(key)) and pause.until > now]
        return max(running, key=lambda pause: pause.until, default=None)

    def _failed(self, turn: Turn, ruling: Ruling) -> ModelAway:
        if self.breaker.failed(is_probe=turn.is_probe):
            log.warning("model circuit opened", reason=ruling.reason)
            self._wake()
        return ModelAway(self._grown(turn, ruling), ruling.reason)

    def _limited(self, turn: Turn, ruling: Ruling) -> ModelAway:
        seconds = self._grown(turn, ruling)
        self.breaker.slow_down()
        self._pause(turn.model, _Pause(self.clock() + seconds, ruling.reason, is_parked=False))
        return ModelAway(seconds, ruling.reason)

    def _parked(self, turn: Turn, ruling: Ruling) -> ModelParked:
        key = turn.model if ruling.effect is Effect.PARKED_MODEL else None
        seconds = LONGEST if ruling.seconds is None else ruling.seconds
        before = self._pauses.get(key)
        if before is None or not before.is_parked or before.until <= self.clock():
            log.error(
                "the model cannot be asked: act", reason=ruling.reason, model=turn.model, seconds=seconds
            )
        self._pause(key, _Pause(self.clock() + seconds, ruling.reason, is_parked=True))
        return ModelParked(seconds, ruling.reason)

    def _pause(self, key: str | None, pause: _Pause) -> None:
        before = self._pauses.get(key)
        if before is None or pause.until > before.until:
            self._pauses[key] = pause
        self._wake()

    def _grown(self, turn: Turn, ruling: Ruling) -> float:
        """Give the wait after a failure; those of calls that ran at the same time count as one."""
        if turn.failures == self._failures:
            self._failures += 1
        return backoff(self._failures, self.draw()) if ruling.seconds is None else ruling.seconds
