"""Processes: who works on this database, seen by their heartbeats, and who hands on a dead one's work.

All times are the database's own, so that the clocks of several machines need not agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.tables import deaths, processes

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.store.database import Store

_SQLITE_NOW = "(julianday('now') - 2440587.5) * 86400.0"
_POSTGRESQL_NOW = "extract(epoch from clock_timestamp())::double precision"


class Mode(StrEnum):
    """What a server does: everything, only take deliveries, or only work on what was taken."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"

    @property
    def takes_deliveries(self) -> bool:
        """Whether it has the webhook route."""
        return self is not Mode.WORKER

    @property
    def works(self) -> bool:
        """Whether it launches the engine."""
        return self is not Mode.WEB


@dataclass(frozen=True)
class Process:
    """One server. ``place`` and ``pid`` tell processes that can see each other whether they live."""

    id: str
    mode: Mode
    place: str
    pid: int


@dataclass(frozen=True)
class Seen:
    """A process as the others see it: ``age`` is the seconds since its last heartbeat.

    One that ended with work left, or that never had a row, was last seen in the year 1970.
    """

    process: Process
    age: float
    keeper: str | None


@dataclass(frozen=True)
class Processes:
    """The heartbeat rows of the store."""

    store: Store

    async def beat(self, me: Process) -> bool:
        """Say that this process lives. False: it had been given up, and its work was handed on."""
        statement = self.store.insert(processes).values(
            id=me.id,
            mode=me.mode.value,
            place=me.place,
            pid=me.pid,
            started_at=self._now,
            seen_at=self._now,
        )
        statement = statement.on_conflict_do_update(
            index_elements=["id"], set_={"seen_at": self._now, "keeper": None, "kept_at": None}
        )
        query = sa.select(processes.c.keeper).where(processes.c.id == me.id)
        async with self.store.write() as connection:
            before = (await connection.execute(query)).first()
            await connection.execute(statement)
        return before is not None and before.keeper is None

    async def seen(self) -> list[Seen]:
        """Give every process that has a row."""
        query = sa.select(processes, (self._now - processes.c.seen_at).label("age")).order_by(processes.c.id)
        async with self.store.read() as connection:
            return [_seen(row) for row in (await connection.execute(query)).all()]

    async def note_lost(self, ids: Collection[str]) -> None:
        """Give rows to executors that have work and no row, so that they can be claimed like others."""
        rows = [_lost(one) for one in ids]
        if rows:
            async with self.store.write() as connection:
                await connection.execute(self.store.insert(processes).on_conflict_do_nothing(), rows)

    async def claim(self, seen: Seen, keeper: str, patience: float) -> bool:
        """Take over a dead process's work, unless it came back or somebody else has just taken it.

        A keeper that does not finish within ``patience`` seconds may be replaced.
        """
        free = sa.or_(
            processes.c.keeper.is_(None),
            processes.c.keeper == keeper,
            processes.c.kept_at < self._now - patience,
        )
        # Seen again since: its heartbeat is younger than what was judged, but for a little rounding.
        same = self._now - processes.c.seen_at >= seen.age - 0.5
        async with self.store.write() as connection:
            done = await connection.execute(
                processes.update()
                .where(processes.c.id == seen.process.id, free, same)
                .values(keeper=keeper, kept_at=self._now)
                .returning(processes.c.id)
            )
            return done.first() is not None

    async def release(self, process_id: str, keeper: str) -> None:
        """Remove a dead process whose work is all handed on; one that came back meanwhile stays."""
        async with self.store.write() as connection:
            await connection.execute(
                processes.delete().where(processes.c.id == process_id, processes.c.keeper == keeper)
            )

    async def leave(self, process_id: str, *, work_left: bool) -> None:
        """End well: the row goes, or says that somebody has to take over at once."""
        mine = processes.c.id == process_id
        statement = processes.update().where(mine).values(seen_at=0.0) if work_left else None
        async with self.store.write() as connection:
            await connection.execute(processes.delete().where(mine) if statement is None else statement)

    async def count_death(self, workflow_id: str) -> int:
        """Count one more process that ended in the middle of this work; give how many there were."""
        statement = self.store.insert(deaths).values(workflow_id=workflow_id, times=1, at=self._now)
        statement = statement.on_conflict_do_update(
            index_elements=["workflow_id"], set_={"times": deaths.c.times + 1, "at": self._now}
        ).returning(deaths.c.times)
        async with self.store.write() as connection:
            return int(await connection.scalar(statement) or 0)

    async def forget_deaths(self, seconds: float) -> None:
        """Forget what was counted longer ago."""
        async with self.store.write() as connection:
            await connection.execute(deaths.delete().where(deaths.c.at < self._now - seconds))

    @property
    def _now(self) -> sa.ColumnElement[float]:
        text = _SQLITE_NOW if self.store.engine.dialect.name == "sqlite" else _POSTGRESQL_NOW
        return sa.literal_column(text, sa.Float())


def _seen(row: Any) -> Seen:
    mode = Mode(row.mode) if row.mode in set(Mode) else Mode.WORKER
    return Seen(Process(row.id, mode, row.place, row.pid), float(row.age), row.keeper)


def _lost(process_id: str) -> dict[str, Any]:
    return {
        "id": process_id,
        "mode": Mode.WORKER.value,
        "place": "",
        "pid": 0,
        "started_at": 0.0,
        "seen_at": 0.0,
    }
