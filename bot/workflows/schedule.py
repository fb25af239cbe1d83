"""The schedule: at its hour each repository's digest is asked for, once, and a missed one is caught up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.deliveries import Policy
from bot.facts.calendar import due, latest_complete
from bot.model import DigestRequest, PeriodKind, Trigger, TriggerKind
from bot.settings.digesting import OFF
from bot.store import ORGANISATION
from bot.workflows.digest_places import path_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.model import Period
    from bot.settings import Settings
    from bot.store import Digests, Installed, StoredRepository
    from bot.workflows.services import Services

log = structlog.get_logger("prhub.schedule")

# Since when digests are written at all, in the store.
BEGUN = "digests-begun"
# Between two digests of an installation: GitHub takes 500 issues and comments an hour, reports come first.
GAP_SECONDS = 15.0


@dataclass(frozen=True)
class Schedule:
    """Asks for the digests that are due; ``clock`` gives epoch seconds."""

    settings: Settings
    installed: Installed
    digests: Digests
    clock: Callable[[], float]

    async def run_once(self) -> int:
        """Ask for every digest whose hour has come; give for how many. Run twice, nothing is asked twice.

        Of several missed ones only the newest is asked for, and none for an hour before PRHub first saw
        the repository, or had digests at all.
        """
        if self.settings.digest_schedule == OFF:
            return 0
        now = self.clock()
        begun = await self._begun(now)
        zone = self.settings.time_zone
        moment = due(self.settings.digest_schedule, datetime.fromtimestamp(now, UTC), zone)
        if moment.timestamp() < begun:
            return 0
        period = latest_complete(PeriodKind(self.settings.digest_period), moment, zone)
        there = [
            one
            for one in await self.installed.repositories.working()
            if one.first_seen_at <= moment.timestamp()
        ]
        asked = await self.digests.plan(self._spread(there, period))
        if asked:
            log.info("digests are due", period=period.key, asked=asked)
        return asked

    async def _begun(self, now: float) -> float:
        """Give since when digests are written; a moment in the future was noted under a wrong clock."""
        begun = await self.installed.sweeps.mark(BEGUN)
        if begun is None or begun > now:
            await self.installed.sweeps.set_mark(BEGUN, now)
            return now
        return begun

    def _spread(self, there: list[StoredRepository], period: Period) -> list[Trigger]:
        """Give the triggers of all digests of a period, those of an installation one after the other."""
        found, counts = [], Counter[int]()
        for one in there:
            for scope in self._scopes(one.full_name or ""):
                delay = counts[one.installation_id] * GAP_SECONDS
                counts[one.installation_id] += 1
                found.append(self._trigger(one, period, scope).model_copy(update={"delay": delay}))
        return found

    def _scopes(self, full_name: str) -> Iterator[str]:
        """Give the scopes of the digests that are published in a repository."""
        home = self.settings.org_digest
        if Policy(now=0.0, repositories=self.settings.repositories).covers(full_name):
            yield ""
            yield from (path_scope(path) for path in self.settings.paths_in(full_name))
        if home is not None and home.lower() == full_name.lower():
            yield ORGANISATION

    def _trigger(self, one: StoredRepository, period: Period, scope: str) -> Trigger:
        request = DigestRequest(period=period, scope=scope, publish=self.settings.digest_publish == "issue")
        return Trigger(
            kind=TriggerKind.DIGEST,
            key=trigger_key(one.id, request),
            installation_id=one.installation_id,
            repository_id=one.id,
            repository=one.full_name or "",
            number=0,
            digest=request,
        )


def trigger_key(repository_id: int, request: DigestRequest) -> str:
    """Give the key under which a digest is one piece of work."""
    return f"digest:{repository_id}:{request.scope or '-'}:{request.period.key}"


def schedule_of(services: Services) -> Schedule:
    """Put the schedule of a process together."""
    installed = services.installed
    return Schedule(services.settings, installed, services.digests, installed.clock)
