"""The server's lock on an SQLite database: one server at a time, for as long as its process lives."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import sqlalchemy as sa

from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # pragma: no cover - not on Windows
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".lock"


@contextmanager
def only_server(sync_url: str) -> Iterator[None]:
    """Be the only server on an SQLite database until the end of the block; on PostgreSQL many may run.

    The operating system releases the lock when the process dies, however it does; the file beside the
    database stays and means nothing by itself. Raises ``UserError`` if another server has it.
    """
    url = sa.make_url(sync_url)
    if url.get_backend_name() != "sqlite" or url.database is None or fcntl is None:
        yield
        return
    database = Path(os.path.realpath(url.database))
    try:
        file = database.with_name(database.name + SUFFIX).open("a+", encoding="utf-8")
    except OSError as error:
        raise UserError(f"DATABASE_URL cannot be used ({error.strerror}): check the folder.") from error
    with file:
        _lock(file, database)
        yield


def _lock(file: IO[str], database: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read(20).strip()
        who = f"process {holder}" if holder.isdecimal() else "another process"
        raise UserError(
            f"A server is running on {database} already ({who}): SQLite takes only one. Stop it first, or "
            "set DATABASE_URL to PostgreSQL to run several."
        ) from error
    except OSError:
        # Some network file systems know no locks; a server there is better than none.
        return
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
