"""What Alembic runs for each migration command."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event, pool

from bot.store.tables import metadata

# What a process that finds another one migrating waits for at most.
PATIENCE_SECONDS = 60


def run() -> None:
    """Apply the migrations to the database whose URL the caller left in the configuration.

    All of them are one transaction on both databases: killed in the middle, nothing was done. Several
    processes may start at once; the first one migrates, the others wait.
    """
    url = context.config.attributes["url"]
    is_sqlite = url.startswith("sqlite")
    timeout = {"timeout": PATIENCE_SECONDS} if is_sqlite else {}
    engine = create_engine(url, poolclass=pool.NullPool, connect_args=timeout)
    if is_sqlite:
        event.listen(engine, "connect", _switch_to_wal)
        event.listen(engine, "begin", _lock_at_once)
    with engine.connect() as connection:
        # A table of our own name: the engine keeps its own tables in the same database.
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table="prhub_schema_version",
            render_as_batch=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if not is_sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('migrations', 0))")
            context.run_migrations()
    engine.dispose()


def _switch_to_wal(connection: Any, _record: object) -> None:
    # The first connection has to switch, and is refused at once if another one is writing: then that
    # one has switched. Later ones, of the store and of the engine, find it done.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode=WAL")


def _lock_at_once(connection: Connection) -> None:
    # The driver itself begins no transaction for a change of the schema.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


run()
