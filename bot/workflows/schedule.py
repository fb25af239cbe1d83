"""The schedule: at its hour each repository's digest is asked for, once, and a missed one is caught up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import structlog

from bot.deliveries import Policy
from bot.facts.calendar import due, latest_complete
from bot.model import DigestRequest, PeriodKind, Trigger, TriggerKind
from bot.settings.digesting import OFF
from bot.store import ORGANISATION, RepoConfigs
from bot.workflows.book import Book
from bot.workflows.digest_places import path_scope
from bot.workflows.worded import operators_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.model import Period
    from bot.model.repo_config import DigestChoice
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
    """Asks for the digests that are due; ``clock`` gives epoch seconds.

    Each repository's own choices hold, as its file was read last: GitHub is not asked here. The work
    itself reads the file, and sees whether it is due still (``bot/workflows/timely.py``).
    """

    settings: Settings
    installed: Installed
    digests: Digests
    book: Book
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
        there = await self.installed.repositories.working()
        chosen = await self.book.of(there)
        latest = _latest_at(now)
        wanted = [
            self._trigger(one, request)
            for one in there
            for request in self._due(one, chosen[one.id].digest, begun, latest)
        ]
        new = await self.digests.unplanned(wanted)
        asked = await self.digests.plan(list(_spread(new)))
        if asked:
            log.info("digests are due", asked=asked)
        return asked

    async def _begun(self, now: float) -> float:
        """Give since when digests are written; a moment in the future was noted under a wrong clock."""
        begun = await self.installed.sweeps.mark(BEGUN)
        if begun is None or begun > now:
            await self.installed.sweeps.set_mark(BEGUN, now)
            return now
        return begun

    def _due(
        self,
        one: StoredRepository,
        digest: DigestChoice,
        begun: float,
        latest: Callable[[DigestChoice], tuple[float, Period] | None],
    ) -> Iterator[DigestRequest]:
        """Give what is due in a repository: its own digests, and that over several if this is its home."""
        name, since = one.full_name or "", max(begun, one.first_seen_at)
        last = latest(digest)
        if last is not None and last[0] >= since and self._covers(name):
            publish = digest.publish == "issue"
            for scope in ("", *map(path_scope, digest.paths)):
                yield DigestRequest(period=last[1], scope=scope, publish=publish)
        home = self.settings.org_digest
        if home is not None and home.lower() == name.lower():
            # It is about other repositories too: the file here has no say in it.
            last = latest(operators_of(self.settings, "").digest)
            if last is not None and last[0] >= since:
                publish = self.settings.digest_publish == "issue"
                yield DigestRequest(period=last[1], scope=ORGANISATION, publish=publish)

    def _covers(self, full_name: str) -> bool:
        return Policy(now=0.0, repositories=self.settings.repositories).covers(full_name)

    def _trigger(self, one: StoredRepository, request: DigestRequest) -> Trigger:
        return Trigger(
            kind=TriggerKind.DIGEST,
            key=trigger_key(one.id, request),
            installation_id=one.installation_id,
            repository_id=one.id,
            repository=one.full_name or "",
            number=0,
            digest=request,
        )


def _latest_at(now: float) -> Callable[[DigestChoice], tuple[float, Period] | None]:
    """Give what tells a schedule's last moment (epoch seconds) and its period; each schedule is read once."""
    moment = datetime.fromtimestamp(now, UTC)

    @cache
    def found(schedule: str, kind: str, zone: str) -> tuple[float, Period]:
        fired = due(schedule, moment, zone)
        return fired.timestamp(), latest_complete(PeriodKind(kind), fired, zone)

    def latest(digest: DigestChoice) -> tuple[float, Period] | None:
        return None if digest.schedule == OFF else found(digest.schedule, digest.period, digest.time_zone)

    return latest


def _spread(triggers: Iterable[Trigger]) -> Iterator[Trigger]:
    """Give triggers with their delays: those of an installation one after the other."""
    counts = Counter[int]()
    for trigger in triggers:
        delay = counts[trigger.installation_id] * GAP_SECONDS
        counts[trigger.installation_id] += 1
        yield trigger.model_copy(update={"delay": delay})


def trigger_key(repository_id: int, request: DigestRequest) -> str:
    """Give the key under which a digest is one piece of work."""
    return f"digest:{repository_id}:{request.scope or '-'}:{request.period.key}"


def schedule_of(services: Services) -> Schedule:
    """Put the schedule of a process together."""
    settings, installed = services.settings, services.installed
    book = Book(settings, RepoConfigs(services.digests.store))
    return Schedule(settings, installed, services.digests, book, installed.clock)
