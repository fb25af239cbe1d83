"""Forgetting a repository at its operator's word: all that the store has of it, at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.errors import UserError
from bot.store.backfill_rows import Held, Holder
from bot.store.backfill_tables import backfills
from bot.store.database import storable
from bot.store.installed_tables import marks, repositories
from bot.store.sweeps import offered_mark
from bot.store.tables import deliveries, reports, triggers
from bot.store.tenants import delete_repositories, tables_of_repositories
from bot.store.triggers import BY_OPERATOR, TriggerState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store

_OPEN = (TriggerState.NEW.value, TriggerState.STARTED.value, TriggerState.PARKED.value)


@dataclass(frozen=True)
class Forgetting:
    """Finds, counts and deletes what is kept of repositories; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def named(self, full_name: str) -> list[int]:
        """Give the ids of the repositories that have this name, or had it; upper and lower case are one."""
        name = storable(full_name).lower()
        known = sa.select(repositories.c.id).where(sa.func.lower(repositories.c.full_name) == name)
        written = sa.func.lower(triggers.c.data).contains(f'"repository":"{name}"', autoescape=True)
        named = sa.union(
            sa.select(reports.c.repository_id).where(sa.func.lower(reports.c.repository) == name),
            sa.select(triggers.c.repository_id).where(written, triggers.c.repository_id != 0),
            sa.select(backfills.c.repository_id).where(sa.func.lower(backfills.c.repository) == name),
        )
        async with self.store.read() as connection:
            found = (await connection.scalars(known)).all() or (await connection.scalars(named)).all()
        return sorted(found)

    async def kept(self, ids: Sequence[int]) -> dict[str, int]:
        """Count what is kept of repositories by table; a delivery counts while its body is there."""
        queries = {
            table.name: sa.select(sa.func.count()).select_from(table).where(table.c.repository_id.in_(ids))
            for table in tables_of_repositories()
        }
        queries["deliveries"] = (
            sa.select(sa.func.count())
            .select_from(deliveries)
            .where(deliveries.c.repository_id.in_(ids), deliveries.c.body.is_not(None))
        )
        async with self.store.read() as connection:
            counts = {name: int(await connection.scalar(query) or 0) for name, query in queries.items()}
        return {name: number for name, number in sorted(counts.items()) if number}

    async def backfilling(self, ids: Sequence[int]) -> list[Held]:
        """Give who is at a backfill of one of the repositories now, as far as is known."""
        async with self.store.read() as connection:
            return await self._backfilling(connection, ids)

    async def _backfilling(self, connection: AsyncConnection, ids: Sequence[int]) -> list[Held]:
        now = self.clock()
        held = sa.and_(backfills.c.repository_id.in_(ids), backfills.c.held_until > now)
        rows = (await connection.execute(sa.select(backfills).where(held))).all()
        return [
            Held(Holder(row.holder or "", row.place or "", row.pid or 0), row.held_until - now)
            for row in rows
        ]

    async def end_work(self, ids: Sequence[int]) -> None:
        """End what is to be done in repositories: work under way finds out before its next step."""
        async with self.store.write() as connection:
            await connection.execute(
                triggers.update()
                .where(triggers.c.repository_id.in_(ids), triggers.c.state.in_(_OPEN))
                .values(state=TriggerState.DROPPED.value, reason=BY_OPERATOR, updated_at=self.clock())
            )

    async def forget(self, ids: Sequence[int]) -> dict[str, int]:
        """Delete all of it in one transaction; give how many rows it was, by table.

        The repositories' own rows stay, without a name, and as if they were first seen now: neither a scan
        nor a backfill of the server's own takes up again what was merged before. Raises ``UserError`` if a
        backfill has begun.
        """
        counts = await self.kept(ids)
        now = self.clock()
        seen = {"full_name": None, "etag": None, "first_seen_at": now, "scanned_until": now}
        async with self.store.write() as connection:
            if self.store.engine.dialect.name == "sqlite":
                # Deleted rows are overwritten, not only let go.
                await connection.exec_driver_sql("PRAGMA secure_delete=ON")
            for one in ids:
                await self.store.lock(connection, f"backfill {one}")
            if await self._backfilling(connection, ids):
                raise UserError(
                    "A backfill of it has begun: end that, then try again; all that is kept is there."
                )
            await delete_repositories(connection, ids)
            for one in ids:
                offered = self.store.insert(marks).values(name=offered_mark(one), at=now)
                await connection.execute(offered.on_conflict_do_nothing())
            await connection.execute(repositories.update().where(repositories.c.id.in_(ids)).values(**seen))
        return counts

    async def tidy_file(self, *, alone: bool) -> None:
        """Take what was deleted out of SQLite's write-ahead log, and of its file if nobody works."""
        if self.store.engine.dialect.name != "sqlite":
            return
        async with self.store.read() as connection:
            if alone:
                await connection.exec_driver_sql("VACUUM")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
