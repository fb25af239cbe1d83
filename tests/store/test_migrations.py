"""Migrations: from nothing, from every earlier schema with rows in it, at once by many, and killed."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from importlib import resources
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.model import TriggerKind
from bot.store import LabelState, Publications, PublishState, Triggers, TriggerState, migrate, tables
from tests.fakes.crashes import Crash, Plan
from tests.fakes.databases import opened

FOLDER = resources.files("bot.store") / "migrations"


def revisions() -> list[str]:
    """Every revision, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def rows_of(url: str) -> dict[str, list[dict[str, object]]]:
    """Every row of every table but Alembic's own."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    metadata = sa.MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        found = {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in metadata.sorted_tables
            if table.name != "prhub_schema_version"
        }
    engine.dispose()
    return found


TRIGGER = (
    '{"kind":"report","key":"%s","installation_id":1,"repository_id":2,"repository":"o/r","number":3,'
    '"merge_sha":null,"delay":0.0,"only_if_reported":false}'
)


def first_rows() -> dict[str, list[dict[str, object]]]:
    """Rows for the schema of revision 0001, in every state a row can be in."""
    triggers = [
        {
            "key": f"{kind}:{state}",
            "kind": kind.value,
            "state": state.value,
            "data": TRIGGER % f"{kind}:{state}",
        }
        for kind in (TriggerKind.REPORT, TriggerKind.REFRESH, TriggerKind.TIDY)
        for state in TriggerState
    ]
    common = {"installation_id": 1, "repository_id": 2, "number": 3, "due_at": 4.5, "created_at": 5.5}
    return {
        "deliveries": [
            {
                "id": 1,
                "app_id": 7,
                "guid": "a",
                "event": "pull_request",
                "action": "closed",
                "body_sha256": "s",
            }
            | {"body": b"\x00\xff", "received_at": 1.5},
            {"id": 2, "app_id": 7, "guid": "b", "event": "push", "action": None, "body_sha256": "t"}
            | {"body": None, "received_at": 2.5},
        ],
        "triggers": [
            {"id": number, **common, **row, "guid": None, "reason": None, "updated_at": 6.5}
            for number, row in enumerate(triggers, start=1)
        ],
        "facts": [{"repository_id": 2**40, "number": 3, "data": "{}", "created_at": 1.0}],
        "reports": [
            {
                "id": 1,
                "repository_id": 2,
                "installation_id": None,
                "repository": "o/r",
                "number": 3,
                "revision": 4,
            }
            | {
                "schema_version": 1,
                "author": "octo-dev",
                "merged_at": 1.0,
                "merge_sha": "c0ffee",
                "importance": 2.5,
            }
            | {"data": "{}", "created_at": 1.0, "updated_at": 2.0}
        ],
        "report_terms": [{"report_id": 1, "kind": "path", "term": "a/ü.py", "repository_id": 2}],
        "publications": [
            {"repository_id": 2, "number": number, "kind": "comment", "state": state.value, "fence": number}
            | {
                "attempted_at": 1.0,
                "comment_id": 2**40,
                "body": "b",
                "body_sha256": "s",
                "posted_sha256": None,
            }
            | {"reason": "locked", "updated_at": 1.0}
            for number, state in enumerate(PublishState)
        ],
        "applied_labels": [
            {
                "repository_id": 2,
                "number": 3,
                "name": f"risk: {state.value}",
                "state": state.value,
                "updated_at": 1.0,
            }
            for state in LabelState
        ],
        "pauses": [{"installation_id": 1, "until": 9.5, "strikes": 2, "reason": "told"}],
        "writes": [{"id": 1, "installation_id": 1, "content": True, "at": 1.5}],
    }


def fill(url: str) -> None:
    """Put the rows into a database of revision 0001."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    metadata = sa.MetaData()
    with engine.begin() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name in first_rows():
                connection.execute(table.insert(), first_rows()[table.name])
    engine.dispose()


def test_every_table_of_the_first_schema_is_filled(databases):
    """The next test means nothing for a table without rows."""
    url = databases.empty()
    migrate(url, "0001")
    fill(url)
    assert {name for name, rows in rows_of(url).items() if not rows} == set()


def test_migrating_a_filled_database_keeps_every_row(databases):
    """Through every revision there is, the next ones too: rows in every state, and what they hold."""
    url = databases.empty()
    migrate(url, "0001")
    fill(url)
    before = rows_of(url)
    for revision in revisions():
        migrate(url, revision)
        after = rows_of(url)
        for name in before.keys() & after.keys():
            columns = set(before[name][0]) & set(after[name][0]) if after[name] else set()
            assert [{key: row[key] for key in columns} for row in after[name]] == [
                {key: row[key] for key in columns} for row in before[name]
            ], f"{name} at {revision}"


async def test_todays_code_reads_what_the_first_schema_held(databases):
    """Work in every state goes on after the upgrade (R37)."""
    url = databases.empty()
    await asyncio.to_thread(migrate, url, "0001")
    await asyncio.to_thread(fill, url)
    await asyncio.to_thread(migrate, url)
    store = opened(url)
    waiting = await Triggers(store).new(100)
    rows = [await Publications(store).get(2, number, "comment") for number in range(len(PublishState))]
    await store.close()
    assert [stored.trigger.key for stored in waiting] == [
        f"{kind}:new" for kind in ("report", "refresh", "tidy")
    ]
    assert [row.state for row in rows if row is not None] == list(PublishState)


def test_the_migrations_end_at_the_tables_the_code_uses(databases):
    """Alembic finds no difference between the migrated schema and ``tables.metadata``."""
    engine = sa.create_engine(databases.migrated(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        ours = {"version_table": "prhub_schema_version", "compare_type": True, "compare_server_default": True}
        difference = compare_metadata(MigrationContext.configure(connection, opts=ours), tables.metadata)
    engine.dispose()
    assert difference == []


def test_migrating_twice_changes_nothing(url):
    """Every start migrates."""
    before = rows_of(url)
    migrate(url)
    assert rows_of(url) == before


async def test_processes_that_start_at_once_migrate_once(databases):
    """The others wait for the first, on both databases."""
    url = databases.empty()
    code = f"from bot.store import migrate; migrate({url!r})"
    root = str(Path(__file__).parents[2])
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=root) for _ in range(2)]
    assert [await process.wait() for process in started] == [0, 0]
    assert "deliveries" in rows_of(url)


@contextlib.contextmanager
def killed_at(statement: int):
    """The process dies before the given statement to any database."""
    plan = Plan(statement)

    def step(*_arguments):
        plan.step()

    sa.event.listen(sa.Engine, "before_cursor_execute", step)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", step)


def test_killed_in_the_middle_nothing_was_done(databases):
    """All revisions are one transaction: the next start begins anew, and is not stuck for ever."""
    url = databases.empty()
    kills = 0
    for statement in range(3, 400, 6):
        try:
            with killed_at(statement):
                migrate(url)
            break
        except Crash:
            kills += 1
        assert rows_of(url) == {}, f"killed before statement {statement}"
    assert kills > 2
    assert "writes" in rows_of(url)
