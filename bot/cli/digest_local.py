"""The digest of a local clone: reports are made on the way, and nothing is read but the clone."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UserError
from bot.facts.local import read_commit
from bot.facts.local_period import read_local_merges, read_local_range
from bot.facts.period import Source, build_period, reaches_back
from bot.inference.register import hints, recheck
from bot.inference.report import build_report
from bot.model import PeriodKind
from bot.model.gist import slim
from bot.store import migrate, open_store
from bot.store.register import Register
from bot.wiring import package_version
from bot.workflows.checking import redacted
from bot.workflows.registering import moment_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

    from bot.facts.local_period import LocalMerges
    from bot.git import GitRepository
    from bot.model import Merge, Period, PeriodFacts, PullFacts, PullReport, RegisterView
    from bot.model.gist import ReportGist
    from bot.model.repo_config import Choices


@dataclass(frozen=True)
class Local:
    """What a clone gives for a digest; ``commits_without_pull`` name no pull request and are not in it."""

    facts: PeriodFacts
    view: RegisterView
    commits_without_pull: int


@dataclass(frozen=True)
class Clone:
    """A clone, the period of its digest, how a report of that period is made, and what holds there."""

    git: GitRepository
    period: Period
    report: Callable[[PullFacts], PullReport]
    path: str | None = None
    chosen: Choices | None = None


def by_rules(facts: PullFacts) -> PullReport:
    """Make a report without a model."""
    return redacted(build_report(facts, now=datetime.now(UTC), version=package_version()))


def range_times(git: GitRepository, name: str) -> tuple[str, str, tuple[datetime, datetime]]:
    """Give the tags of ``v1.0..v1.1`` and when what lies between them begins and ends.

    Raises ``UserError`` if there are no such tags.
    """
    base, dots, head = name.partition("..")
    if not dots or not base or not head:
        raise UserError("Write a range of tags as v1.0..v1.1, the older one first.")
    return base, head, read_local_range(git, base, head)


async def read_clone(clone: Clone) -> Local:
    """Read the merges of the period and of the four before it, and make a report of each.

    Raises ``UserError`` if git cannot say what happened then.
    """
    now = read_local_merges(clone.git, clone.period)
    older = _older(clone)
    async with _register() as register:
        reports: dict[int, ReportGist] = {}
        merges = sorted((*older, *now.merges), key=lambda one: (one.merged_at, one.number))
        numbers = {one.number for one in now.merges}
        for merge in _shown(merges):
            facts = read_commit(clone.git, merge.merge_sha or "", clone.chosen)
            making = clone.report if merge.number in numbers else by_rules
            # In a thread, for asking a model runs a loop of its own.
            report = await asyncio.to_thread(making, facts)
            reports[merge.number] = slim(report)
            await _enter(register, facts, report)
        view = await register.view(
            [now.repository.id], clone.period.since, clone.period.until, path=clone.path
        )
    facts_of = build_period(clone.period, [_source(now, older, reports)], path=clone.path)
    return Local(facts_of, view, now.commits_without_pull)


def _older(clone: Clone) -> tuple[Merge, ...]:
    """The merges of the periods to compare with; a pull request of the period itself is not among them."""
    period = clone.period
    oldest = reaches_back(period)
    if period.kind is PeriodKind.RANGE or oldest.since == period.since:
        return ()
    before = period.model_copy(update={"kind": PeriodKind.DAYS, "since": oldest.since, "until": period.since})
    return read_local_merges(clone.git, before).merges


def _source(now: LocalMerges, older: Sequence[Merge], reports: dict[int, ReportGist]) -> Source:
    return Source(repository=now.repository, merges=(*older, *now.merges), gists=reports, why={})


@asynccontextmanager
async def _register() -> AsyncIterator[Register]:
    """A register for as long as the digest is made: the same code as a server's, on a store of its own."""
    with tempfile.TemporaryDirectory(prefix="prhub-digest-") as folder:
        url = f"sqlite:///{Path(folder) / 'register.sqlite'}"
        await asyncio.to_thread(migrate, url)
        store = open_store(url.replace("sqlite:", "sqlite+aiosqlite:", 1))
        try:
            yield Register(store)
        finally:
            await store.close()


async def _enter(register: Register, facts: PullFacts, report: PullReport) -> None:
    merge = moment_of(report)
    await register.note(report, hints(facts))
    risks = await register.standing(report.head.repository.id, merge.at)
    if verdicts := recheck(risks, facts, report):
        await register.touch(report.head.repository.id, verdicts, merge)


def _shown(merges: Iterable[Merge]) -> Iterator[Merge]:
    """Give the merges one by one, with a bar on a terminal."""
    found = list(merges)
    if not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that a pipe need not pay
    from rich.progress import track  # noqa: PLC0415 - likewise

    yield from track(found, "reading merges", console=Console(stderr=True), transient=True)
