"""The stored reports as a digest reads them: streamed, slim, and why a merge has none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model import NoReport, TriggerKind
from bot.model.gist import ReportGist, read_gist
from bot.store.tables import reports, triggers
from bot.store.triggers import TriggerState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

    from bot.store.database import Store

# A report is some 20 kB, the largest about a megabyte.
BATCH = 100
# SQLite takes 32,766 values in a statement; the query is planned anew for each number of them.
_NAMED = 500
_REASONS = {
    TriggerState.NEW: NoReport.UNDER_WAY,
    TriggerState.STARTED: NoReport.UNDER_WAY,
    TriggerState.PARKED: NoReport.UNDER_WAY,
    TriggerState.DEAD: NoReport.DEAD,
    TriggerState.DROPPED: NoReport.DROPPED,
    # It ended well and left none: the pull request or the repository was gone.
    TriggerState.DONE: NoReport.DROPPED,
}


@dataclass(frozen=True)
class Gists:
    """The slim readings of the stored reports."""

    store: Store

    async def between(
        self, repository_ids: Sequence[int], since: float, until: float, whole_from: float = 0.0
    ) -> AsyncIterator[tuple[int, ReportGist]]:
        """Give repository id and report of each merge from ``since`` and before ``until`` (epoch seconds).

        In the order of the merges; at most a hundred reports are held at a time. Of merges before
        ``whole_from`` only the counts are read, for the periods to compare with. A report that cannot be
        read is left out: its merge has none.
        """
        wanted = sa.select(reports.c.id).where(
            reports.c.repository_id.in_(repository_ids),
            reports.c.merged_at >= since,
            reports.c.merged_at < until,
        )
        async with self.store.read() as connection:
            ids = list(await connection.scalars(wanted.order_by(reports.c.merged_at, reports.c.id)))
        for some in _chunks(ids, BATCH):
            for report in await asyncio.to_thread(_read, await self._rows(some), whole_from):
                yield report.repository_id, report

    async def by_number(
        self, repository_ids: Sequence[int], since: float, until: float, whole_from: float = 0.0
    ) -> dict[int, dict[int, ReportGist]]:
        """Give the same by repository id and number; a repository without a report has an empty entry."""
        found: dict[int, dict[int, ReportGist]] = {one: {} for one in repository_ids}
        async for repository_id, report in self.between(repository_ids, since, until, whole_from):
            if report.number is not None:
                found.setdefault(repository_id, {})[report.number] = report
        return found

    async def why(self, repository_id: int, numbers: Iterable[int]) -> dict[int, NoReport]:
        """Tell, for pull requests without a report, what became of the work on it.

        What nobody asked for is not in it. Of several requests one that is under way decides, else the
        newest.
        """
        found: dict[int, NoReport] = {}
        for some in _chunks(sorted(set(numbers)), _NAMED):
            query = sa.select(triggers.c.number, triggers.c.state).where(
                triggers.c.repository_id == repository_id,
                triggers.c.number.in_(some),
                triggers.c.kind == TriggerKind.REPORT.value,
            )
            async with self.store.read() as connection:
                rows = (await connection.execute(query.order_by(triggers.c.id))).all()
            for number, state in rows:
                if found.get(number) is not NoReport.UNDER_WAY:
                    found[number] = _REASONS[TriggerState(state)]
        return found

    async def _rows(self, ids: Sequence[int]) -> list[tuple[float, str]]:
        """When each was merged, and its report; one that went away meanwhile is missing."""
        query = sa.select(reports.c.id, reports.c.merged_at, reports.c.data).where(reports.c.id.in_(ids))
        async with self.store.read() as connection:
            rows = {row.id: (row.merged_at, row.data) for row in (await connection.execute(query)).all()}
        return [rows[one] for one in ids if one in rows]


def _chunks(values: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _read(rows: Sequence[tuple[float, str]], whole_from: float) -> list[ReportGist]:
    found = []
    for merged_at, text in rows:
        try:
            found.append(read_gist(text, counts_only=merged_at < whole_from))
        except ValidationError:
            continue
    return found
