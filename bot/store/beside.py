"""The store beside a running server: opened as it is, without migrating it, and read-only if asked."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import UserError
from bot.store.database import open_store
from bot.store.failures import unusable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.database import Store


@asynccontextmanager
async def beside(async_url: str, *, read_only: bool) -> AsyncIterator[Store]:
    """Open the store that a server made, until the end of the block.

    Read-only, nothing of an SQLite database is changed, not even by closing it. Raises ``UserError`` if
    there is none, or if its schema is another release's.
    """
    store = as_it_is(async_url, read_only=read_only)
    try:
        await _check_schema(store)
        yield store
    except SQLAlchemyError as error:
        raise UserError(unusable(error)) from error
    finally:
        await store.close()


def as_it_is(async_url: str, *, read_only: bool) -> Store:
    """Give the store without looking into it; to be closed. Raises ``UserError`` if there is no file."""
    return open_store(_address(async_url, read_only=read_only))


def _address(async_url: str, *, read_only: bool) -> str:
    url = sa.make_url(async_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        return async_url
    file = Path(url.database)
    if not file.is_file():
        raise UserError(
            f"There is no database {file}: start prhub serve first, or run this where its settings are."
        )
    if not read_only:
        return async_url
    name = f"file:{quote(str(file.resolve()))}?mode=ro&uri=true"
    if not any(Path(f"{file.resolve()}-{kind}").exists() for kind in ("wal", "journal")):
        # Nobody has it open: so opened, no files are made beside it.
        name += "&immutable=1"
    return f"{url.drivername}:///{name}"


async def found_schema(store: Store) -> str | None:
    """Give the number of the store's schema, ``None`` if there is none. Raises ``SQLAlchemyError``."""
    query = sa.text("SELECT version_num FROM prhub_schema_version")
    try:
        async with store.read() as connection:
            found = await connection.scalar(query)
    except SQLAlchemyError as error:
        if not isinstance(error.__cause__, Exception) or not _is_missing(error):
            raise
        return None
    return None if found is None else str(found)


async def _check_schema(store: Store) -> None:
    found = await found_schema(store)
    if found is None:
        raise UserError("This database is not PRHub's yet: start prhub serve once, which sets it up.")
    newest = await asyncio.to_thread(newest_schema)
    if found != newest:
        raise UserError(
            f"The database has the schema {found}, and this release works with {newest}: use the server's "
            "release, or start the server of this one, which brings the database up to date."
        )


def _is_missing(error: SQLAlchemyError) -> bool:
    said = str(getattr(error, "orig", error))
    return "no such table" in said or "does not exist" in said


def newest_schema() -> str:
    """Give the number of the newest migration: each file's name begins with its own."""
    folder = resources.files("bot.store") / "migrations" / "versions"
    return max(file.name.partition("_")[0] for file in folder.iterdir() if file.name[:4].isdecimal())
