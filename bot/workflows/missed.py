"""The delivery poll: deliveries that never arrived are asked for again, and only those (R18)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from bot import failpoint
from bot.deliveries import ROUTES, listed_delivery
from bot.errors import Forbidden, Gone, Invalid

if TYPE_CHECKING:
    from bot.deliveries import ListedDelivery
    from bot.github import API
    from bot.store import Sweeps
    from bot.workflows.services import Meters

log = structlog.get_logger("prhub.missed")

WATERMARK = "deliveries"
_LIST = "/app/hook/deliveries"
_PAGE = f"{_LIST}?per_page=100"
# 100,000 deliveries: more than an app of this kind gets in three days.
MAX_PAGES = 1000
# A delivery younger than this, or than a fifth of the interval, may still be under way: GitHub waits 10 to
# 30 s for an answer.
UNDER_WAY_SECONDS = 60.0
# GitHub's list may show a delivery later than one that was sent after it.
OVERLAP_SECONDS = 600.0
# So many are looked up in the inbox just before they are asked for.
BATCH = 50


@dataclass
class _Seen:
    """What a walk through GitHub's list saw, by GUID."""

    arrived: set[str] = field(default_factory=set)
    failed: dict[str, ListedDelivery] = field(default_factory=dict)

    def note(self, one: ListedDelivery) -> None:
        """Take in one attempt; of several, the newest is asked for, and the oldest says when it began."""
        if one.arrived:
            self.arrived.add(one.guid)
        elif one.name in ROUTES:
            newest = self.failed.get(one.guid, one)
            self.failed[one.guid] = newest.model_copy(update={"at": min(newest.at, one.at)})

    def never_arrived(self) -> list[ListedDelivery]:
        """Give those without any accepted attempt, the oldest first."""
        left = (one for guid, one in self.failed.items() if guid not in self.arrived)
        return sorted(left, key=lambda one: (one.at, one.id))


@dataclass(frozen=True)
class DeliveryPoll:
    """Looks through the app's deliveries. ``window`` and ``interval`` are in seconds."""

    api: API
    sweeps: Sweeps
    meters: Meters
    window: float
    interval: float

    async def run_once(self) -> int:
        """Ask again for what never arrived since the watermark; give for how many.

        Killed in between, the next run begins at the same watermark: nothing is asked for more than
        three times, nor anything that is in the inbox.
        """
        now = self.sweeps.clock()
        since = await self._since(now)
        seen = await self._walk(max(since - OVERLAP_SECONDS, now - self.window))
        missing = seen.never_arrived()
        given_up = await self.sweeps.given_up([one.guid for one in missing])
        open_ones = [one for one in missing if one.guid not in given_up]
        asked = 0
        for start in range(0, len(open_ones), BATCH):
            asked += await self._ask_for(open_ones[start : start + BATCH], now)
        await self._advance(open_ones, now)
        return asked

    async def _since(self, now: float) -> float:
        """Give the watermark; at the very first run nothing from before it is asked for.

        A store from before there was a watermark knows when its last delivery came.
        """
        since = await self.sweeps.mark(WATERMARK)
        if since is None:
            since = await self.sweeps.newest_delivery() or now
            await self.sweeps.set_mark(WATERMARK, since)
        if since < now - self.window:
            log.warning("deliveries too old to be sent again", since=since, window=self.window)
        return since

    async def _walk(self, until: float) -> _Seen:
        seen, url = _Seen(), _PAGE
        for _ in range(MAX_PAGES):
            page = await self.api.page(url)
            items: list[Any] = page.data if isinstance(page.data, list) else []
            found = [one for item in items if (one := listed_delivery(item)) is not None]
            for one in found:
                seen.note(one)
            if page.following is None or (found and max(one.at for one in found) < until):
                break
            url = page.following
        seen.failed = {guid: one for guid, one in seen.failed.items() if one.at >= until}
        return seen

    async def _ask_for(self, some: list[ListedDelivery], now: float) -> int:
        here = await self.sweeps.arrived([one.guid for one in some])
        settled = now - min(UNDER_WAY_SECONDS, self.interval / 5)
        asked = 0
        for one in some:
            if one.guid in here or one.at > settled:
                continue
            if await self.sweeps.try_again(one.guid, one.at, self.interval):
                asked += await self._redeliver(one)
        return asked

    async def _redeliver(self, one: ListedDelivery) -> bool:
        failpoint.reached("before_redelivery")
        try:
            await self.api.post(f"{_LIST}/{{id}}/attempts", {"id": str(one.id)}, data={})
        except (Gone, Forbidden, Invalid) as error:
            await self.sweeps.not_possible(one.guid)
            log.warning("delivery cannot be sent again", delivery=one.guid, reason=str(error))
            self.meters.redelivered.labels("refused").inc()
            return False
        failpoint.reached("after_redelivery")
        log.info("delivery asked for again", delivery=one.guid, event_name=one.name)
        self.meters.redelivered.labels("asked").inc()
        return True

    async def _advance(self, open_ones: list[ListedDelivery], now: float) -> None:
        """Move the watermark to the oldest delivery that may still come, else to this run's beginning."""
        here = await self.sweeps.arrived([one.guid for one in open_ones])
        waiting = [one.at for one in open_ones if one.guid not in here]
        await self.sweeps.set_mark(WATERMARK, min(waiting, default=now))
