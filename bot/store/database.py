"""Opening the store on SQLite or PostgreSQL, its transactions, and its migrations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# A webhook is answered 503 when the store stays locked for longer (R11).
BUSY_TIMEOUT_MS = 3000
CONNECT_SECONDS = 5
# What a process that stands still in the middle of a transaction may keep others from.
IDLE_TIMEOUT_MS = 10_000
# What a transaction begins with: on SQLite the write lock, so that what was read stays true; on
# PostgreSQL the same patience with locks as on SQLite, and an end to what hangs.
_BEGIN = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}; SET LOCAL statement_timeout = 30000; "
    f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_TIMEOUT_MS}",
}


@dataclass(frozen=True)
class Store:
    """The store's engine; ``read`` and ``write`` are the only ways to a connection."""

    engine: AsyncEngine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for single reads; each statement sees the newest committed state."""
        async with self.engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give one transaction, committed at the end and rolled back on an error.

        Raises ``sqlalchemy.exc.OperationalError`` if the store stays locked for over 3 s.
        """
        async with self.engine.begin() as connection:
            await connection.exec_driver_sql(_BEGIN[self.engine.dialect.name])
            yield connection

    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """Hold a named lock until the transaction ends; on SQLite every transaction holds the only one."""
        if self.engine.dialect.name == "postgresql":
            number = sa.func.hashtextextended(name, 0)
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))

    def insert(self, table: sa.Table) -> Any:
        """Give an INSERT of this database that knows ``on_conflict_do_nothing`` and ``_update``."""
        dialect = sqlite if self.engine.dialect.name == "sqlite" else postgresql
        return dialect.insert(table)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def storable(text: str) -> str:
    """Give text that both databases take: without NUL and without halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def open_store(async_url: str) -> Store:
    """Open the store at an SQLAlchemy URL (``sqlite+aiosqlite`` or ``postgresql+psycopg``)."""
    if async_url.startswith("sqlite"):
        engine = create_async_engine(async_url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine.sync_engine, "connect", durable_sqlite)
    else:
        engine = create_async_engine(
            async_url,
            pool_size=10,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
    return Store(engine)


def durable_sqlite(connection: Any, _record: object) -> None:
    """Set up one SQLite connection: WAL, and every commit on disk before it returns (R39)."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def migrate(sync_url: str, revision: str = "head") -> None:
    """Bring the store's schema to ``revision`` (Alembic's name, default the newest). Blocks.

    Raises ``UserError`` if the schema is a newer release's.
    """
    # Alembic costs 0.1 s to import: only who migrates pays it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    # A per cent sign in the path would be read as a placeholder.
    folder = str(resources.files("bot.store") / "migrations").replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.attributes["url"] = sync_url
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise UserError(
            "The database has a schema that this release does not know: run the release that made it, or "
            "restore the backup from before it."
        ) from error
