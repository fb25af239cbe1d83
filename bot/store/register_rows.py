"""The rows of the register: how a risk is kept, found and numbered."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import PullReport, RegisteredRisk
from bot.store.database import storable
from bot.store.digest_tables import registered_risks as table
from bot.store.reports import MAX_TERM
from bot.store.tables import report_terms, reports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

SOON_SECONDS = 7 * 86_400.0


def is_of(repository_id: int, where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The condition for rows of one repository."""
    return (table.c.repository_id == repository_id) & where


async def rows_of(connection: AsyncConnection, where: sa.ColumnElement[bool]) -> Sequence[Any]:
    """Give the rows that meet a condition, by repository and number."""
    columns = (table.c.number, table.c.fingerprint, table.c.data)
    query = sa.select(*columns).where(where).order_by(table.c.repository_id, table.c.number)
    return (await connection.execute(query)).all()


def risk_of(row: Any) -> RegisteredRisk:
    """The risk that a row holds."""
    return RegisteredRisk.model_validate_json(row.data)


async def next_number(connection: AsyncConnection, repository_id: int) -> int:
    """Give the number that no risk of the repository ever had: rows are only deleted all together."""
    query = sa.select(sa.func.max(table.c.number)).where(table.c.repository_id == repository_id)
    return (await connection.scalar(query) or 0) + 1


async def newest(connection: AsyncConnection, report: PullReport) -> PullReport:
    """The stored report if it was made after the given one: another worker was faster."""
    is_it = (reports.c.repository_id == report.head.repository.id) & (reports.c.number == report.head.number)
    data = await connection.scalar(sa.select(reports.c.data).where(is_it))
    stored = PullReport.model_validate_json(data) if data is not None else report
    is_newer = stored.provenance.generated_at > report.provenance.generated_at
    return stored if is_newer else report


def later_query(repository_id: int, merged_at: datetime, paths: Sequence[str]) -> sa.Select[tuple[str]]:
    """Select the reports of later merges that changed one of these files, the first merged first.

    Whole reports know what a file was called before, and no index does: only those that came soon after
    are searched for that.
    """
    at = merged_at.timestamp()
    terms = [storable(path)[:MAX_TERM] for path in paths]
    of_repository = report_terms.c.repository_id == repository_id
    touching = sa.select(report_terms.c.report_id).where(
        of_repository, report_terms.c.kind == "path", report_terms.c.term.in_(terms)
    )
    names = [f'"previous_path":{json.dumps(path, ensure_ascii=False)}' for path in map(storable, paths)]
    renaming = sa.or_(sa.false(), *(reports.c.data.contains(name, autoescape=True) for name in names))
    wanted = reports.c.id.in_(touching) | ((reports.c.merged_at < at + SOON_SECONDS) & renaming)
    query = sa.select(reports.c.data).where(reports.c.repository_id == repository_id)
    return query.where(reports.c.merged_at > at, wanted).order_by(reports.c.merged_at, reports.c.number)


async def write(connection: AsyncConnection, before: RegisteredRisk, after: RegisteredRisk) -> None:
    """Write a risk over its row, if it is another than before."""
    if after != before:
        where = is_of(before.repository_id, table.c.number == before.number)
        await connection.execute(table.update().where(where).values(**values_of(after)))


def values_of(risk: RegisteredRisk) -> dict[str, Any]:
    """The columns of a risk that can change."""
    path = next((place.path for place in risk.places if place.gone is None), risk.path)
    return {
        "state": risk.state.value,
        "severity": risk.severity.value,
        "path": None if path is None else storable(path),
        "opened_at": risk.opened_at.timestamp(),
        "closed_at": None if risk.closed_at is None else risk.closed_at.timestamp(),
        "data": risk.model_dump_json(exclude_defaults=True),
        "updated_at": time.time(),
    }
