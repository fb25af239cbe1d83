"""What is in the bot's database, read from outside while it runs and when all is over."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

_BUSY = """SELECT count(*) FROM triggers WHERE state IN ('new', 'started')
 AND NOT (kind = 'tidy' AND due_at > :soon) AND NOT (kind = 'complete' AND :hasty)"""


@dataclass(frozen=True)
class Ledger:
    """Reads a database by its synchronous address; one that is not there yet is empty."""

    url: str

    async def busy(self, *, hasty: bool = False) -> int:
        """How many triggers are not at an end; later looks for duplicates do not count.

        ``hasty`` leaves out reports that wait for the model.
        """
        found = await self._rows(_BUSY, soon=time.time() + 1.0, hasty=hasty)
        return int(found[0][0]) if found else -1

    async def guids(self) -> set[str]:
        """The deliveries that were stored."""
        return {str(row[0]) for row in await self._rows("SELECT guid FROM deliveries")}

    async def ends(self) -> dict[tuple[int, int], tuple[str, str | None]]:
        """How the work on each pull request's report ended, by repository and number."""
        rows = await self._rows(
            "SELECT repository_id, number, state, reason FROM triggers WHERE kind = 'report'"
        )
        return {(row[0], row[1]): (str(row[2]), row[3]) for row in rows}

    async def left(self) -> list[tuple[Any, ...]]:
        """The work that is not at an end or ended dead, for whoever has to find out why."""
        query = "SELECT key, state, reason FROM triggers WHERE state IN ('new', 'started', 'dead', 'parked')"
        return [tuple(row) for row in await self._rows(query + " AND kind <> 'tidy' LIMIT 20")]

    async def reports(self) -> set[tuple[int, int]]:
        """The pull requests that have a stored report."""
        rows = await self._rows("SELECT repository_id, number FROM reports")
        return {(row[0], row[1]) for row in rows}

    async def _rows(self, query: str, **values: object) -> list[Any]:
        return await asyncio.to_thread(self._read, query, values)

    def _read(self, query: str, values: dict[str, object]) -> list[Any]:
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        try:
            with engine.connect() as connection:
                return list(connection.execute(sa.text(query), values).all())
        except (sa.exc.OperationalError, sa.exc.ProgrammingError):
            return []  # not migrated yet, or busy
        finally:
            engine.dispose()
