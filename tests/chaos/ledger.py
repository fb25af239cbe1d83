"""What is in the bot's database, read from outside while it runs and when all is over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

_BUSY = "SELECT count(*) FROM triggers WHERE state IN ('new', 'started') AND kind <> 'tidy'"
_LEFT = """SELECT key, state, reason FROM triggers WHERE state IN ('dead', 'parked')
 OR (state IN ('new', 'started') AND kind <> 'tidy') LIMIT 20"""


@dataclass(frozen=True)
class Ledger:
    """Reads a database by its synchronous address; one that is not there yet is empty."""

    url: str

    async def busy(self) -> int:
        """How many triggers are not at an end; later looks for second comments do not count."""
        found = await self._rows(_BUSY)
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

    async def ended(self) -> set[str]:
        """The keys of the digests that are at an end."""
        rows = await self._rows("SELECT key FROM triggers WHERE kind = 'digest' AND state = 'done'")
        return {str(row[0]) for row in rows}

    async def left(self) -> list[tuple[Any, ...]]:
        """The work that is not at an end or ended dead, for whoever has to find out why."""
        return [tuple(row) for row in await self._rows(_LEFT)]

    async def reports(self) -> set[tuple[int, int]]:
        """The pull requests that have a stored report."""
        rows = await self._rows("SELECT repository_id, number FROM reports")
        return {(row[0], row[1]) for row in rows}

    async def _rows(self, query: str) -> list[Any]:
        return await asyncio.to_thread(self._read, query)

    def _read(self, query: str) -> list[Any]:
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        try:
            with engine.connect() as connection:
                return list(connection.execute(sa.text(query)).all())
        except (sa.exc.OperationalError, sa.exc.ProgrammingError):
            return []  # not migrated yet, or busy
        finally:
            engine.dispose()
