"""Sweeps: how far they have come, which deliveries were asked for again, and when nobody ran."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.installed_tables import gaps, marks, redeliveries
from bot.store.tables import deliveries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.store.database import Store

# A GUID is asked for so often; then only the scan finds what it was about (R18).
MAX_TRIES = 3
# The third try waits this many times longer than the second: what refused a delivery may be down for a while.
_PATIENCE = 3.0
_BATCH = 500


def offered_mark(repository_id: int) -> str:
    """Give the name of the mark that a repository has had its backfill after installation."""
    return f"backfill:{repository_id}"


@dataclass(frozen=True)
class Gap:
    """A time in which no process ran, in epoch seconds; ``recovered`` deliveries of it came in later."""

    down_from: float
    down_to: float
    recovered: int | None


@dataclass(frozen=True)
class Sweeps:
    """The sweeps' own notes in the store; ``clock`` gives epoch seconds."""

    store: Store
    app_id: int
    clock: Callable[[], float] = time.time

    async def mark(self, name: str) -> float | None:
        """Give a shared moment, or ``None`` if it was never set."""
        async with self.store.read() as connection:
            at: float | None = await connection.scalar(sa.select(marks.c.at).where(marks.c.name == name))
        return at

    async def set_mark(self, name: str, at: float) -> None:
        """Set a shared moment."""
        statement = self.store.insert(marks).values(name=name, at=at)
        statement = statement.on_conflict_do_update(
            index_elements=["name"], set_={"at": statement.excluded.at}
        )
        async with self.store.write() as connection:
            await connection.execute(statement)

    async def claim(self, name: str, interval: float) -> bool:
        """Tell whether it is this process's turn at what one of them does once an interval."""
        now = self.clock()
        statement = self.store.insert(marks).values(name=name, at=now)
        statement = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"at": now},
            # A moment in the future was set under a wrong clock.
            where=(marks.c.at <= now - interval) | (marks.c.at > now + interval),
        ).returning(marks.c.name)
        async with self.store.write() as connection:
            return (await connection.execute(statement)).first() is not None

    async def newest_delivery(self) -> float | None:
        """Give when the newest delivery in the inbox came."""
        query = sa.select(sa.func.max(deliveries.c.received_at)).where(deliveries.c.app_id == self.app_id)
        async with self.store.read() as connection:
            at: float | None = await connection.scalar(query)
        return at

    async def arrived(self, guids: Collection[str]) -> set[str]:
        """Give those of the GUIDs that are in the inbox."""
        wanted, found = sorted(guids), set[str]()
        for start in range(0, len(wanted), _BATCH):
            query = sa.select(deliveries.c.guid).where(
                deliveries.c.app_id == self.app_id, deliveries.c.guid.in_(wanted[start : start + _BATCH])
            )
            async with self.store.read() as connection:
                found |= set((await connection.scalars(query)).all())
        return found

    async def given_up(self, guids: Collection[str]) -> set[str]:
        """Give those of the GUIDs that were asked for as often as may be."""
        wanted, found = sorted(guids), set[str]()
        for start in range(0, len(wanted), _BATCH):
            query = sa.select(redeliveries.c.guid).where(
                redeliveries.c.guid.in_(wanted[start : start + _BATCH]), redeliveries.c.tries >= MAX_TRIES
            )
            async with self.store.read() as connection:
                found |= set((await connection.scalars(query)).all())
        return found

    async def try_again(self, guid: str, delivered_at: float, interval: float) -> bool:
        """Tell whether to ask for this GUID now, and count it: at most three times, by one process each."""
        now = self.clock()
        statement = self.store.insert(redeliveries).values(
            guid=guid, delivered_at=delivered_at, tries=1, tried_at=now
        )
        patience = sa.case((redeliveries.c.tries == 1, interval), else_=interval * _PATIENCE)
        waited = redeliveries.c.tried_at <= now - patience
        statement = statement.on_conflict_do_update(
            index_elements=["guid"],
            set_={"tries": redeliveries.c.tries + 1, "tried_at": now},
            where=(redeliveries.c.tries < MAX_TRIES) & waited,
        ).returning(redeliveries.c.tries)
        async with self.store.write() as connection:
            return (await connection.execute(statement)).first() is not None

    async def not_possible(self, guid: str) -> None:
        """Note that GitHub does not have this delivery any more: it is not asked for again."""
        async with self.store.write() as connection:
            await connection.execute(
                redeliveries.update().where(redeliveries.c.guid == guid).values(tries=MAX_TRIES)
            )

    async def recovered(self, since: float, until: float) -> int:
        """Count what GitHub sent between two moments, was asked for again, and came."""
        query = (
            sa.select(sa.func.count())
            .select_from(redeliveries.join(deliveries, deliveries.c.guid == redeliveries.c.guid))
            .where(
                deliveries.c.app_id == self.app_id,
                redeliveries.c.delivered_at >= since,
                redeliveries.c.delivered_at <= until,
            )
        )
        async with self.store.read() as connection:
            return int(await connection.scalar(query) or 0)

    async def begin_gap(self, down_from: float, down_to: float) -> int:
        """Note a time in which nobody ran; give its number."""
        async with self.store.write() as connection:
            made = await connection.execute(
                gaps.insert().values(down_from=down_from, down_to=down_to).returning(gaps.c.id)
            )
            return int(made.scalar_one())

    async def end_gap(self, number: int, recovered: int) -> None:
        """Note how many deliveries of that time came in after all."""
        async with self.store.write() as connection:
            await connection.execute(gaps.update().where(gaps.c.id == number).values(recovered=recovered))

    async def gaps(self, limit: int = 20) -> Sequence[Gap]:
        """Give the last times in which nobody ran, the newest first."""
        query = sa.select(gaps.c.down_from, gaps.c.down_to, gaps.c.recovered).order_by(gaps.c.id.desc())
        async with self.store.read() as connection:
            return [Gap(*row) for row in (await connection.execute(query.limit(limit))).all()]

    async def purge(self, before: float) -> None:
        """Forget redeliveries and gaps from before an epoch second."""
        async with self.store.write() as connection:
            await connection.execute(redeliveries.delete().where(redeliveries.c.tried_at < before))
            await connection.execute(gaps.delete().where(gaps.c.down_to < before))
