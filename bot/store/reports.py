"""Reports as data, found by repository, number, time, author, path, tag and risk; and facts in flight."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import PullFacts, PullReport, Relation
from bot.store.database import storable
from bot.store.tables import facts, report_terms, reports

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store


@dataclass(frozen=True)
class StoredReport:
    """A report as stored; ``revision`` grows by one with every change of its content."""

    report: PullReport
    installation_id: int | None
    revision: int


@dataclass(frozen=True)
class FactsInFlight:
    """Facts kept until their report is done; ``read_at`` is when the reading began (epoch seconds)."""

    facts: PullFacts
    read_at: float


@dataclass(frozen=True)
class ReportQuery:
    """What to find: every field that is not ``None`` must match; times are epoch seconds."""

    repository_id: int
    author: str | None = None
    path: str | None = None
    tag: str | None = None
    risk: str | None = None
    since: float | None = None
    until: float | None = None
    limit: int = 100


@dataclass(frozen=True)
class Reports:
    """The stored reports."""

    store: Store

    async def save(self, report: PullReport, installation_id: int | None) -> int:
        """Store a report over an earlier one of the same pull request; give its revision.

        A report without a number (a local commit) cannot be stored: ``ValueError``.
        """
        head = report.head
        if head.number is None:
            raise ValueError("a report is stored under its pull request's number")
        now = time.time()
        values = _values(report) | {"installation_id": installation_id, "updated_at": now}
        is_it = (reports.c.repository_id == head.repository.id) & (reports.c.number == head.number)
        async with self.store.write() as connection:
            first = self.store.insert(reports).values(**values, revision=0, created_at=now)
            # Two workers may both be the first; the second waits here and becomes the next revision.
            await connection.execute(first.on_conflict_do_nothing())
            query = sa.select(reports.c.id, reports.c.revision).where(is_it).with_for_update()
            report_id, before = (await connection.execute(query)).one()
            revision: int = before + 1
            await connection.execute(reports.update().where(is_it).values(**values, revision=revision))
            await _replace_terms(connection, report_id, report)
        return revision

    async def get(self, repository_id: int, number: int) -> StoredReport | None:
        """Give the report of a pull request, or ``None``."""
        query = sa.select(reports).where(reports.c.repository_id == repository_id, reports.c.number == number)
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else _stored(row)

    async def reverts_of(self, repository_id: int, number: int) -> list[StoredReport]:
        """Give the reports of pull requests that revert this one."""
        wanted = sa.select(reports).where(reports.c.id.in_(_having(repository_id, "reverts", str(number))))
        async with self.store.read() as connection:
            return [_stored(row) for row in (await connection.execute(wanted)).all()]

    async def find(self, query: ReportQuery) -> list[StoredReport]:
        """Find reports, newest merge first."""
        wanted = sa.select(reports).where(reports.c.repository_id == query.repository_id)
        if query.author is not None:
            wanted = wanted.where(reports.c.author == storable(query.author))
        if query.since is not None:
            wanted = wanted.where(reports.c.merged_at >= query.since)
        if query.until is not None:
            wanted = wanted.where(reports.c.merged_at < query.until)
        for kind in ("path", "tag", "risk"):
            term = getattr(query, kind)
            if term is not None:
                wanted = wanted.where(reports.c.id.in_(_having(query.repository_id, kind, term)))
        wanted = wanted.order_by(reports.c.merged_at.desc(), reports.c.number.desc()).limit(query.limit)
        async with self.store.read() as connection:
            return [_stored(row) for row in (await connection.execute(wanted)).all()]

    async def keep_facts(self, found: PullFacts, read_at: float) -> None:
        """Keep the facts of a pull request until its report is done, unless younger ones are there."""
        values = {
            "repository_id": found.repository.id,
            "number": found.number,
            # Megabytes for the largest: off the loop, both ways.
            "data": await asyncio.to_thread(found.model_dump_json),
            "created_at": read_at,
        }
        statement = self.store.insert(facts).values(**values)
        fresh = {"data": statement.excluded.data, "created_at": statement.excluded.created_at}
        async with self.store.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["repository_id", "number"],
                    set_=fresh,
                    where=facts.c.created_at <= statement.excluded.created_at,
                )
            )

    async def facts_of(self, repository_id: int, number: int) -> FactsInFlight | None:
        """Give the facts in flight, or ``None`` once they are dropped."""
        query = sa.select(facts.c.data, facts.c.created_at).where(
            facts.c.repository_id == repository_id, facts.c.number == number
        )
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        found = await asyncio.to_thread(PullFacts.model_validate_json, row.data)
        return FactsInFlight(found, row.created_at)

    async def facts_read_at(self, repository_id: int, number: int) -> float | None:
        """Tell when the facts in flight were read, without reading them."""
        query = sa.select(facts.c.created_at).where(
            facts.c.repository_id == repository_id, facts.c.number == number
        )
        async with self.store.read() as connection:
            read_at: float | None = await connection.scalar(query)
        return read_at

    async def drop_facts(self, repository_id: int, number: int) -> None:
        """Forget the facts, with every line of the diff: the report is done (R122)."""
        async with self.store.write() as connection:
            await connection.execute(
                facts.delete().where(facts.c.repository_id == repository_id, facts.c.number == number)
            )

    async def drop_stale_facts(self, before: float) -> None:
        """Forget facts read before an epoch second, which no work has finished with."""
        async with self.store.write() as connection:
            await connection.execute(facts.delete().where(facts.c.created_at < before))


# PostgreSQL refuses index entries over about 2,700 bytes; a path may have 4,096 characters.
MAX_TERM = 512


def _having(repository_id: int, kind: str, term: str) -> sa.Select[tuple[int]]:
    return sa.select(report_terms.c.report_id).where(
        report_terms.c.repository_id == repository_id,
        report_terms.c.kind == kind,
        report_terms.c.term == _term(term),
    )


def _term(text: str) -> str:
    return storable(text)[:MAX_TERM]


def _values(report: PullReport) -> dict[str, Any]:
    head = report.head
    return {
        "repository_id": head.repository.id,
        "repository": storable(head.repository.full_name),
        "number": head.number,
        "schema_version": report.schema_version,
        "author": storable(head.author.login),
        "merged_at": head.merged_at.timestamp(),
        "merge_sha": head.merge_sha,
        "importance": report.scores.importance,
        "data": report.model_dump_json(),
    }


async def _replace_terms(connection: AsyncConnection, report_id: int, report: PullReport) -> None:
    terms = {("path", _term(path)) for path in report.paths}
    terms |= {("tag", _term(tag)) for tag in report.head.tags}
    terms |= {("risk", risk.key.value) for risk in report.risks}
    terms |= {("reverts", str(item.number)) for item in report.related if item.relation is Relation.REVERTS}
    await connection.execute(report_terms.delete().where(report_terms.c.report_id == report_id))
    rows = [
        {"report_id": report_id, "kind": kind, "term": term, "repository_id": report.head.repository.id}
        for kind, term in sorted(terms)
    ]
    if rows:
        await connection.execute(report_terms.insert(), rows)


def _stored(row: Any) -> StoredReport:
    return StoredReport(PullReport.model_validate_json(row.data), row.installation_id, row.revision)
