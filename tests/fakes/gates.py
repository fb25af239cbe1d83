"""A clock that only tests move, and gates that cost no time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.github import Gate
from bot.model import Pace, Pause

if TYPE_CHECKING:
    from collections.abc import Callable

WIDE = Pace(windows=((60.0, 100_000), (3600.0, 100_000)), content_gap=0.0, write_gap=0.0)


@dataclass
class Clock:
    """Seconds since the epoch, from the real present on; sleeping only moves it."""

    now: float = field(default_factory=time.time)
    slept: float = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@dataclass
class MemoryLimits:
    """Pauses in memory, and no pace."""

    pauses: dict[int, Pause] = field(default_factory=dict)

    async def pause(self, installation_id: int) -> Pause:
        return self.pauses.get(installation_id, Pause())

    async def set_pause(self, installation_id: int, pause: Pause, _reason: str) -> None:
        self.pauses[installation_id] = pause

    async def reserve(self, _installation_id: int, _pace: Pace, now: float, *, content: bool) -> float:
        _ = content
        return now


def quick_gate(clock: Callable[[], float] = time.time) -> Gate:
    """A gate without pace whose waits take no time."""

    async def at_once(_seconds: float) -> None:
        return

    return Gate(MemoryLimits(), WIDE, clock, at_once)
