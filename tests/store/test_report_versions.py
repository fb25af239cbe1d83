"""Reports of earlier schemas: stored once, they are read for good."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import sqlalchemy as sa

from bot.store import ReportQuery, Reports, migrate
from tests.fakes.databases import opened

# A report as the first version stored it, to the letter.
REPORT_V1 = Path(__file__).with_name("report_v1.json").read_text("utf-8")
ROW = {
    "repository_id": 4711,
    "repository": "octo-org/engine",
    "number": 1234,
    "revision": 4,
    "schema_version": 1,
    "author": "octo-dev",
    "merged_at": 1774331412.0,
    "merge_sha": "4f1d2a90c3b8e7f6a5d4c3b2a1908f7e6d5c4b3a",
    "importance": 7.5,
    "data": REPORT_V1,
    "created_at": 1.0,
    "updated_at": 2.0,
}


def fill(url: str) -> None:
    """Bring a database to revision 0001 with one report in it, and from there to today's schema."""
    migrate(url, "0001")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        reports = sa.Table("reports", sa.MetaData(), autoload_with=connection)
        connection.execute(reports.insert(), [ROW])
    engine.dispose()
    migrate(url)


async def test_a_report_of_the_first_version_is_read_and_saved_again(databases):
    """Schema 2 only adds: what was stored before the model came says the same as ever."""
    url = databases.empty()
    await asyncio.to_thread(fill, url)
    store = opened(url)
    stored = await Reports(store).get(4711, 1234)
    found = await Reports(store).find(ReportQuery(4711, author="octo-dev"))
    assert stored is not None
    revision = await Reports(store).save(stored.report, 1)
    await store.close()
    assert stored.report.model_dump(mode="json", exclude_unset=True) == json.loads(REPORT_V1)
    assert (stored.report.schema_version, stored.report.provenance.model) == (1, None)
    assert found == [stored]
    assert revision == 5
