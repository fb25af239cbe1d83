"""The checks of the database: it can be read and written, there is room, and its schema is this release's."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.finding import Finding, error, not_checked, note, ok, warning
from bot.errors import UserError
from bot.redaction import clean_line
from bot.store.beside import as_it_is, found_schema, newest_schema

if TYPE_CHECKING:
    from bot.doctor.case import Case
    from bot.store import Store

OPEN_SECONDS = 6.0
MEGABYTE = 1024 * 1024
# A commit of a large delivery takes some 30 MB with its journal; a day of many merges some hundred.
LEAST_FREE = 100 * MEGABYTE
LITTLE_FREE = 500 * MEGABYTE
_LOCKED = ("database is locked", "database table is locked")


def file_of(case: Case) -> Path | None:
    """Give the SQLite file, ``None`` for PostgreSQL."""
    url = sa.make_url(case.settings.sync_database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database is not None
    return Path(os.path.abspath(url.database)) if is_file and url.database else None  # noqa: PTH100 - nothing is resolved


async def open_as_it_is(case: Case) -> tuple[list[Finding], Store | None]:
    """Open the database for reading and look at its schema; the store is given where that is ours.

    It is to be closed. Nothing is migrated, and nothing of an SQLite database is changed.
    """
    file = file_of(case)
    if file is not None and not file.exists():
        return [*_no_file(file), not_checked("migrations", "there is no database yet")], None
    if file is not None and file.is_file() and not file.stat().st_size:
        return [ok("database", f"{file} is empty"), await _schema(None)], None
    store = None
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            store = as_it_is(case.settings.async_database_url, read_only=True)
            found = await found_schema(store)
            name = await _version(store)
    except (SQLAlchemyError, UserError, OSError, TimeoutError) as fault:
        if store is not None:
            await store.close()
        return [_unreadable(case, fault), not_checked("migrations", "the database cannot be read")], None
    opened = ok("database", name)
    schema = await _schema(found)
    if schema.severity.value != "ok":
        await store.close()
        return [opened, schema], None
    return [opened, schema], store


def _no_file(file: Path) -> list[Finding]:
    if not file.parent.is_dir():
        what = f"the folder {file.parent} is not there"
        return [error("database", what, "Make the folder, or set DATABASE_URL to another place.")]
    if not os.access(file.parent, os.W_OK | os.X_OK):
        what = f"the folder {file.parent} cannot be written to by this user"
        return [error("database", what, "Give the folder to the server's user, or set DATABASE_URL.")]
    advice = "prhub serve makes it at its first start; if it ran before, run prhub doctor in its folder."
    return [note("database", f"{file} is not there yet", advice)]


async def _version(store: Store) -> str:
    if store.engine.dialect.name == "sqlite":
        return f"can be read, SQLite {sqlite3.sqlite_version}"
    async with store.read() as connection:
        shown = await connection.scalar(sa.text("SHOW server_version"))
    return f"can be read, PostgreSQL {clean_line(str(shown), 40)}"


async def _schema(found: str | None) -> Finding:
    newest = await asyncio.to_thread(newest_schema)
    if found == newest:
        return ok("migrations", f"schema {found}, none pending")
    if found is None:
        advice = "prhub serve sets it up at its start; check DATABASE_URL if it ran before."
        return note("migrations", "this database is not PRHub's yet", advice)
    if found > newest:
        what = f"the database has the schema {found}, newer than this release's {newest}"
        return error(
            "migrations", what, "Run the release that made it, or restore the backup from before it."
        )
    what = f"migrations are pending: the database has the schema {found}, this release works with {newest}"
    advice = "Back up, then restart prhub serve with this release: it migrates at its start."
    return warning("migrations", what, advice)


def _unreadable(case: Case, fault: Exception) -> Finding:
    said = clean_line(str(getattr(fault, "orig", None) or fault), 200)
    if any(words in said for words in _LOCKED):
        what = "the database is locked by another process"
        advice = "See who holds the file (fuser, lsof): a backup, a shell, a file system without locks (NFS)."
        return error("database", what, advice)
    if isinstance(fault, TimeoutError):
        said = f"no answer within {OPEN_SECONDS:.0f} s"
    if case.settings.uses_sqlite:
        advice = (
            "See that the server's user may read and write the file and its folder, and that the disk is "
            "well; restore a backup if the file is damaged."
        )
    else:
        advice = "See that PostgreSQL runs there, and check user, password and host in DATABASE_URL."
    return error("database", f"it cannot be used: {said or type(fault).__name__}", advice)


async def look_at_disk(case: Case) -> list[Finding]:
    """Tell how much room there is for an SQLite file, and whether it may be written."""
    file = file_of(case)
    if file is None:
        return [not_checked("disk", "PostgreSQL has its own; watch it there")]
    if not file.parent.is_dir():
        return [not_checked("disk", f"{file.parent} is not there")]
    return await asyncio.to_thread(_disk, file)


def _disk(file: Path) -> list[Finding]:
    usage, nodes = shutil.disk_usage(file.parent), os.statvfs(file.parent)
    free = usage.free / MEGABYTE
    what = f"{free:,.0f} MB are free in {file.parent}"
    advice = (
        "Make room there, or move the database: until then deliveries are answered 503, and taken again when "
        "there is room. Nothing has to be restarted."
    )
    if usage.free < LEAST_FREE:
        return [error("disk", what, advice)]
    if nodes.f_files and not nodes.f_favail:
        return [error("disk", f"no more files can be made in {file.parent}", advice)]
    if not os.access(file.parent, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
        blocked = f"{file} or its folder cannot be written to by this user"
        return [
            error(
                "disk", blocked, "Give file and folder to the server's user; run prhub doctor as that user."
            )
        ]
    if usage.free < LITTLE_FREE:
        return [warning("disk", what, "Make room there before it is full.")]
    return [ok("disk", what)]
