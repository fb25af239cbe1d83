"""The gate every request passes: GitHub's limits, kept per installation and across restarts."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

from cachetools import TTLCache

from bot.errors import NotSent, RateLimited
from bot.github.answers import LONGEST_WAIT, quota
from bot.github.door import Door
from bot.github.points import AT_START, Points, points_of
from bot.model import Pace, Pause

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

# Just under GitHub's 80 a minute and 500 an hour for creating content, 1 s between writes and 3 s
# between comments (GitHub's best practices; R48). Of its 900 points a minute, 780 and what is saved up.
PACE = Pace(windows=((60.0, 76), (3600.0, 480)), content_gap=3.0, write_gap=1.0, points=780.0)
# GitHub allows 100 at once for all of an app's installations together; R48 sets 10 for one.
MAX_CONCURRENT = 10
# Background work leaves a fifth of the hourly quota to commands and people (R50).
RESERVE = 0.2
# How stale a pause set by another process may be here.
PAUSE_MEMORY = 2.0
FIRST_PAUSE = 60.0
# Processes' clocks differ a little; a pause that ends later than this is a clock that was put right.
LONGEST_PAUSE = LONGEST_WAIT + 60.0
MOST_STRIKES = 10

# Comments and issues tell people; new labels do not, and count as plain writes.
_CONTENT = re.compile(r"/(comments|issues)$")


def _alone() -> int:
    return 1


class LimitStore(Protocol):
    """What the gate keeps between processes."""

    async def pause(self, installation_id: int) -> Pause:
        """Give an installation's pause."""

    async def set_pause(self, installation_id: int, pause: Pause, reason: str) -> None:
        """Record an installation's pause, unless a longer one is recorded already."""

    async def reserve(self, installation_id: int, pace: Pace, now: float, *, content: bool) -> float:
        """Take the next free moment for a write."""


@dataclass
class Gate:
    """Limits of all installations; installation 0 stands for requests as the app or a person.

    ``clock`` gives epoch seconds, ``sleep`` waits: tests bring their own. ``sharers`` tells how many
    processes work now: requests at once and points a minute, which only this process sees, are divided
    by it; pauses and writes are shared through the store. ``on_limit`` hears the kind of each limit hit.
    """

    store: LimitStore
    pace: Pace = PACE
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    sharers: Callable[[], int] = _alone
    door: Door = field(default_factory=Door)
    on_limit: Callable[[str], None] = lambda _kind: None
    _pauses: TTLCache[int, Pause] = field(default_factory=lambda: TTLCache(10_000, PAUSE_MEMORY))
    _slots: WeakValueDictionary[int, asyncio.Semaphore] = field(default_factory=WeakValueDictionary)
    _points: TTLCache[int, Points] = field(default_factory=lambda: TTLCache(10_000, 3600))
    _told: TTLCache[int, float] = field(default_factory=lambda: TTLCache(10_000, 3600))
    _quotas: TTLCache[tuple[int, str], tuple[int, int, float]] = field(
        default_factory=lambda: TTLCache(10_000, 3600)
    )

    def slot(self, installation_id: int) -> asyncio.Semaphore:
        """Give the installation's semaphore of requests at once."""
        places = max(MAX_CONCURRENT // self.sharers(), 1)
        return self._slots.setdefault(installation_id, asyncio.Semaphore(places))

    @asynccontextmanager
    async def turn(self, installation_id: int, method: str) -> AsyncIterator[None]:
        """Hold one of the installation's places for one request, when its points allow it.

        Raises ``NotSent`` if the installation was paused while the request waited for its turn.
        """
        async with self.slot(installation_id):
            if self.pace.points is not None:
                now, sharers = self.clock(), self.sharers()
                points = self._points.setdefault(installation_id, Points(now, AT_START / sharers))
                a_second = self.pace.points / 60 / sharers
                await self.sleep(points.spend(points_of(method), now, a_second, sharers))
            await self.check_open(installation_id)
            yield

    async def enter(self, installation_id: int, method: str, path: str) -> None:
        """Wait until this request may be sent.

        Raises ``NotSent`` when the wait is longer than a minute, the
        installation is paused, or its quota is down to the reserve.
        """
        await self.check_open(installation_id)
        if method == "GET" or installation_id == 0:
            return
        now = self.clock()
        content = method == "POST" and _CONTENT.search(path) is not None
        moment = await self.store.reserve(installation_id, self.pace, now, content=content)
        if moment - now > self.pace.patience:
            wait = self._turned_away(installation_id, moment) - now
            raise NotSent(wait, "GitHub's limit on creating content is used up")
        await self.sleep(max(moment - self.clock(), 0.0))

    def _turned_away(self, installation_id: int, moment: float) -> float:
        """Give a moment to come back, each time another one: all at once would mostly find it taken."""
        told = max(moment, self._told.get(installation_id, 0.0) + self.pace.content_gap)
        told = min(told, moment + LONGEST_WAIT)
        self._told[installation_id] = told
        return told

    async def check_open(self, installation_id: int, reserve: float = RESERVE) -> None:
        """Raise ``NotSent`` while the installation is paused or its quota is down to the reserve.

        Raises ``NoAccess`` where the app may not work. ``reserve`` is a share of the hourly quota.
        """
        await self.door.check(installation_id)
        pause = self._pauses.get(installation_id)
        if pause is None:
            pause = self._pauses[installation_id] = await self.store.pause(installation_id)
        now = self.clock()
        if _holds(pause, now):
            raise NotSent(pause.until - now, "GitHub asked this installation to wait")
        for resource in ("core", "graphql"):
            limit, remaining, reset = self._quotas.get((installation_id, resource), (0, 0, 0.0))
            if remaining < limit * reserve and reset > now:
                wait = min(reset - now + 1.0, LONGEST_WAIT)
                raise NotSent(wait, "GitHub's hourly quota is down to the reserve")

    def learn(self, installation_id: int, headers: Mapping[str, str]) -> None:
        """Take note of the quota an answer reports."""
        found = quota(headers)
        if found is not None:
            resource, limit, remaining, reset = found
            self._quotas[installation_id, resource] = (limit, remaining, reset)

    async def limited(self, installation_id: int, error: RateLimited) -> None:
        """Pause the whole installation: as long as told, else 60 s doubled with each strike (R49).

        Requests that were under way together and are all refused are one strike.
        """
        self.on_limit(error.kind)
        before = await self.store.pause(installation_id)
        now = self.clock()
        running = _holds(before, now)
        strikes = before.strikes if running else min(before.strikes + 1, MOST_STRIKES)
        doubled = min(FIRST_PAUSE * 2.0 ** max(strikes - 1, 0), LONGEST_WAIT)
        until = now + (error.told if error.told is not None else doubled)
        pause = Pause(max(until, before.until) if running else until, strikes)
        self._pauses[installation_id] = pause
        await self.store.set_pause(installation_id, pause, str(error))
        error.seconds = pause.until - now

    async def succeeded(self, installation_id: int) -> None:
        """Forget the strikes once a request went through after a pause, not beside its beginning."""
        pause = self._pauses.get(installation_id)
        if pause is not None and pause.strikes and not _holds(pause, self.clock()):
            self._pauses[installation_id] = over = Pause(pause.until, 0)
            await self.store.set_pause(installation_id, over, "over")


def _holds(pause: Pause, now: float) -> bool:
    return now < pause.until <= now + LONGEST_PAUSE
