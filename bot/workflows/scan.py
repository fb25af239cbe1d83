"""The state scan: merges that GitHub never told of are found in the list of pull requests (R19)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.deliveries import Subject, listed_pull, listed_repository, report
from bot.errors import PRHubError
from bot.github import LIST
from bot.logged import lines_about
from bot.store import Scanned

if TYPE_CHECKING:
    from bot.deliveries import ListedPull, Policy
    from bot.github import API, GitHub
    from bot.model import KnownRepository, Trigger
    from bot.store import Scans, ScanTarget
    from bot.workflows.services import Meters

log = structlog.get_logger("prhub.scan")

# By the repository's id, so that no rename is in the way (R47).
_PULLS = "/repositories/{id}/pulls?state=closed&sort=updated&direction=desc&per_page=100"
# GitHub's lists lag, and a pull request may be merged long before it shows there.
OVERLAP_SECONDS = 86400.0
# Our clock and GitHub's, which counts in whole seconds, may differ by this much.
CLOCKS_SECONDS = 30.0
# 10,000 closed pull requests touched since the last scan; GitHub's lists end about there.
MAX_PAGES = 100
# Scans leave half of the hourly quota to reports and people; reports stop at a fifth.
RESERVE = 0.5


@dataclass(frozen=True)
class _Look:
    """What one look at a repository's pull requests saw."""

    pulls: list[ListedPull]
    etag: str | None
    repository: KnownRepository | None
    unchanged: bool = False


@dataclass(frozen=True)
class Scan:
    """Scans repositories, one at a time. ``look_back`` is how many older merges a first scan takes in."""

    github: GitHub
    scans: Scans
    meters: Meters
    policy: Policy
    look_back: int = 0

    async def run_once(self, interval: float) -> bool:
        """Scan the repository that is due for the longest; give whether there was one.

        One that cannot be read now is left until it is due again: the others do not wait for it.
        """
        target = await self.scans.take(interval)
        if target is None:
            return False
        if target.full_name is not None and not self.policy.covers(target.full_name):
            return True
        with lines_about(installation=target.installation_id, repository=target.full_name):
            await self._tried(target)
        return True

    async def _tried(self, target: ScanTarget) -> None:
        try:
            found = await self._scan(target)
        except PRHubError as error:
            log.info("repository not scanned", reason=str(error))
            return
        if found:
            log.warning("merges found that were not told of", pulls=found)
            self.meters.recovered.labels("scan").inc(len(found))

    async def _scan(self, target: ScanTarget) -> list[int]:
        """Store work for merges without any; give their numbers. Runs twice to the same end."""
        await self.github.gate.check_open(target.installation_id, RESERVE)
        api = self.github.as_installation(target.installation_id, target.repository_id, LIST)
        look = await self._look(api, target)
        if look.unchanged:
            return []
        name = look.repository.full_name if look.repository else target.full_name
        wanted = [pull for pull in self._wanted(target, look.pulls) if name is not None]
        unknown = await self.scans.unknown(target.repository_id, [pull.number for pull in wanted])
        found = [_trigger(target, str(name), pull) for pull in wanted if pull.number in unknown]
        newest = max((pull.updated_at for pull in look.pulls), default=target.first_seen_at)
        scanned = Scanned(max(newest, target.until or 0.0), look.etag, look.repository)
        await self.scans.finish(target, scanned, found)
        return sorted(trigger.number for trigger in found)

    async def _look(self, api: API, target: ScanTarget) -> _Look:
        """Read the list back to the last scan, a day more, or to when the repository was first seen."""
        until = (target.first_seen_at if target.until is None else target.until) - OVERLAP_SECONDS
        page = await api.page(_PULLS, {"id": str(target.repository_id)}, target.etag)
        if page.data is None:
            return _Look([], target.etag, None, unchanged=True)
        etag, items = page.etag, _items(page.data)
        repository = _repository_of(items, target)
        pulls = _pulls(items)
        for _ in range(MAX_PAGES - 1):
            if page.following is None or not pulls or pulls[-1].updated_at < until:
                return _Look(pulls, etag, repository)
            page = await api.page(page.following)
            pulls += _pulls(_items(page.data))
        log.warning("scan cut short", pulls=len(pulls))
        return _Look(pulls, etag, repository)

    def _wanted(self, target: ScanTarget, pulls: list[ListedPull]) -> list[ListedPull]:
        """Give the merges since the repository was first seen; at its first scan some older ones too."""
        merged = {pull.number: pull for pull in pulls if pull.merged_at is not None}
        newest_first = sorted(merged.values(), key=lambda pull: -(pull.merged_at or 0.0))
        since = target.first_seen_at - CLOCKS_SECONDS
        new = [pull for pull in newest_first if (pull.merged_at or 0.0) >= since]
        if target.until is not None or not self.look_back:
            return new
        older = [pull for pull in newest_first if (pull.merged_at or 0.0) < since]
        return new + older[: self.look_back]


def _items(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _pulls(items: list[Any]) -> list[ListedPull]:
    return [pull for item in items if (pull := listed_pull(item)) is not None]


def _repository_of(items: list[Any], target: ScanTarget) -> KnownRepository | None:
    """Find how the repository is called now, in the base of the first pull request."""
    base = items[0].get("base") if items and isinstance(items[0], dict) else None
    found = listed_repository(base.get("repo")) if isinstance(base, dict) else None
    return found if found is not None and found.id == target.repository_id else None


def _trigger(target: ScanTarget, full_name: str, pull: ListedPull) -> Trigger:
    """Ask for the report under the webhook's key: both together are one piece of work."""
    subject = Subject(
        installation_id=target.installation_id,
        repository_id=target.repository_id,
        repository=full_name,
        number=pull.number,
    )
    return report(subject, pull.merge_sha)
