"""The sweep: beside the work, PRHub looks for what never arrived, and keeps its knowledge true."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.deliveries import Policy
from bot.errors import Later, Unauthorized
from bot.settings.sweeping import redelivery_seconds
from bot.store.failures import in_words
from bot.workflows.backfill_offers import Offers
from bot.workflows.edge import REFUSED, REFUSED_ADVICE
from bot.workflows.keeper import Keeper
from bot.workflows.missed import DeliveryPoll
from bot.workflows.scan import Scan
from bot.workflows.schedule import schedule_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.store import Sweeps
    from bot.workflows.schedule import Schedule
    from bot.workflows.services import Services

log = structlog.get_logger("prhub.sweep")

ALIVE = "alive"
BEAT_SECONDS = 10.0
# A restart is shorter; what was missed meanwhile is found all the same.
DOWN_SECONDS = 30.0
TROUBLE_SECONDS = 30.0
OFF_SECONDS = 3600.0
BEGINNING_SECONDS = 0.1
# How often to see whether a repository is due, and the least time between two scans at a start.
LOOK_SECONDS = 5.0
SCAN_GAP_SECONDS = 1.0
LEAST_AGE_SECONDS = 60.0
# Deliveries of the time just before and after the heartbeats belong to the gap too.
GAP_MARGIN = 60.0
DIGEST_SECONDS = 60.0
BACKFILL_SECONDS = 15.0


@dataclass(frozen=True)
class _Gap:
    number: int
    down_from: float
    down_to: float


@dataclass
class Sweep:
    """The duties, each in a loop of its own. Intervals are in seconds; 0 switches one off."""

    poll: DeliveryPoll
    scan: Scan
    keeper: Keeper
    sweeps: Sweeps
    scan_interval: float
    schedule: Schedule | None = None
    offers: Offers | None = None
    backfill_interval: float = BACKFILL_SECONDS
    _begun: bool = field(default=False, init=False)
    _gap: _Gap | None = field(default=None, init=False)
    _polled: bool = field(default=False, init=False)
    _scanned: bool = field(default=False, init=False)

    async def run(self) -> None:
        """Sweep for ever; an error is logged and the next round tries again."""
        await asyncio.gather(
            _forever(self.beat),
            _forever(self.keep),
            _forever(self.poll_deliveries),
            _forever(self.scan_one),
            _forever(self.ask_for_digests),
            _forever(self.backfill),
        )

    async def beat(self) -> float:
        """Say that somebody runs; at a start, tell since when nobody did, if that was so."""
        now = self.sweeps.clock()
        if not self._begun:
            await self._look_for_gap(await self.sweeps.mark(ALIVE), now)
        await self.sweeps.set_mark(ALIVE, now)
        self._begun = True
        return BEAT_SECONDS

    async def _look_for_gap(self, alive: float | None, now: float) -> None:
        if alive is not None and now - alive > DOWN_SECONDS:
            self._gap = _Gap(await self.sweeps.begin_gap(alive, now), alive, now)
            log.warning("was down", down_from=_shown(alive), down_to=_shown(now))

    async def keep(self) -> float:
        """Let the keeper do what is due."""
        await self.keeper.run_once()
        return BEAT_SECONDS

    async def poll_deliveries(self) -> float:
        """Ask for missed deliveries if it is this process's turn; at once after a time without any."""
        interval = self.poll.interval
        if interval <= 0:
            return OFF_SECONDS
        if not self._begun:
            return BEGINNING_SECONDS  # whether there was a gap is not known yet
        mine = await self.sweeps.claim("poll", interval * 0.9)
        if mine or self._gap is not None:
            asked = await self.poll.run_once()
            await self._close_gap(asked)
        return interval / 10 if self._gap is not None else interval

    async def _close_gap(self, asked: int) -> None:
        """Once nothing of the gap is left to ask for, tell how much of it came in after all (R24)."""
        gap = self._gap
        if gap is None or (asked and not self._polled):
            self._polled = True
            return
        until = gap.down_to + GAP_MARGIN
        recovered = await self.sweeps.recovered(gap.down_from - GAP_MARGIN, until)
        await self.sweeps.end_gap(gap.number, recovered)
        self.poll.meters.recovered.labels("redelivery").inc(recovered)
        times = {"down_from": _shown(gap.down_from), "down_to": _shown(gap.down_to)}
        log.warning("recovered what was missed", recovered=recovered, **times)
        self._gap = None

    async def scan_one(self) -> float:
        """Scan the next repository; they are spread over half of the interval, so that none crowds."""
        if self.scan_interval <= 0:
            return OFF_SECONDS
        if not self._scanned:
            await self.scan.scans.bring_forward(LEAST_AGE_SECONDS, self.scan_interval)
            self._scanned = True
        if not await self.scan.run_once(self.scan_interval):
            return min(LOOK_SECONDS, self.scan_interval / 10)
        scanned = await self.scan.scans.count()
        return min(self.scan_interval / (2 * max(scanned, 1)), SCAN_GAP_SECONDS)

    async def ask_for_digests(self) -> float:
        """Ask for the digests that are due, if it is this process's turn."""
        if self.schedule is None:
            return OFF_SECONDS
        if await self.sweeps.claim("digests", DIGEST_SECONDS * 0.9):
            await self.schedule.run_once()
        return DIGEST_SECONDS

    async def backfill(self) -> float:
        """Go on with the server's own backfills, if it is this process's turn."""
        if self.offers is None:
            return OFF_SECONDS
        if self.offers.can_work and await self.sweeps.claim("backfills", self.backfill_interval * 0.9):
            await self.offers.run_once()
        return self.backfill_interval


def sweep_of(services: Services) -> Sweep:
    """Put the sweep of a process together."""
    settings, store = services.settings, services.installed
    poll = DeliveryPoll(
        api=services.github.as_app(),
        sweeps=store.sweeps,
        meters=services.meters,
        window=redelivery_seconds(settings.github_api_url),
        interval=settings.delivery_poll,
    )
    policy = Policy(now=0.0, repositories=settings.repositories)
    scan = Scan(services.github, store.scans, services.meters, policy, settings.look_back)
    keeper = Keeper(services.github, store, lists=settings.scan_interval > 0)
    offers = Offers(settings, store, services.backfills) if settings.backfill_on_install else None
    return Sweep(poll, scan, keeper, store.sweeps, settings.scan_interval, schedule_of(services), offers)


async def sweep(services: Services) -> None:
    """Sweep for ever."""
    await sweep_of(services).run()


async def _forever(duty: Callable[[], Awaitable[float]]) -> None:
    for _ in count():
        await asyncio.sleep(await _tried(duty))


async def _tried(duty: Callable[[], Awaitable[float]]) -> float:
    """Do a duty and give the seconds until the next time."""
    try:
        return await duty()
    except Later as error:
        log.info("put off", duty=duty.__name__, reason=error.reason, seconds=round(error.seconds, 1))
        return max(error.seconds, 1.0)
    except Unauthorized as error:
        told = {"reason": str(error), "advice": REFUSED_ADVICE, "duty": duty.__name__}
        log.error(REFUSED, **told)  # noqa: TRY400 - a traceback every 30 s says nothing more
        return TROUBLE_SECONDS
    except SQLAlchemyError as error:
        told = {"reason": in_words(error), "duty": duty.__name__}
        log.error("sweeping failed", **told)  # noqa: TRY400 - the same, while the store is away
        return TROUBLE_SECONDS
    except Exception:
        log.exception("sweeping failed", duty=duty.__name__)
        return TROUBLE_SECONDS


def _shown(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
