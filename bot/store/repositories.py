"""Repositories: those the app is installed on, under whatever name they have, keyed by GitHub's id."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import KnownRepository, Standing
from bot.store.installed_tables import installations, repositories
from bot.store.repository_changes import TRANSFERRED_AT, begin, know, move, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store

# As with installations: what GitHub did not show is looked for this long before it counts as gone.
MISSING_SECONDS = 22 * 3600.0


@dataclass(frozen=True)
class StoredRepository:
    """A repository as the store knows it; ``None`` where nobody told. Times are epoch seconds."""

    id: int
    installation_id: int
    full_name: str | None
    standing: Standing
    private: bool | None
    archived: bool | None
    public_from: float | None
    first_seen_at: float

    def shows(self, written_at: float) -> bool:
        """Tell whether a report of that time may be shown to everybody.

        One written while the repository was private stays private when it is made public (R59).
        """
        public = self.standing is Standing.ACTIVE and self.private is False
        return public and (self.public_from is None or written_at >= self.public_from)


@dataclass(frozen=True)
class Repositories:
    """The repositories of the store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def get(self, repository_id: int) -> StoredRepository | None:
        """Give a repository, or ``None`` if it was never told of."""
        async with self.store.read() as connection:
            row = (await connection.execute(_select().where(repositories.c.id == repository_id))).first()
        return None if row is None else _stored(row)

    async def may_show(self, repository_id: int, other: str) -> bool:
        """Tell whether what stands in a repository, by name, may show in another, by id.

        That is so if the other is private or internal itself, or if the first is known to be public.
        """
        found = await self.get(repository_id)
        if found is not None and found.private is True:
            return True
        query = sa.select(repositories.c.id).where(
            sa.func.lower(repositories.c.full_name) == other.lower(),
            repositories.c.private.is_(sa.false()),
            repositories.c.standing == Standing.ACTIVE.value,
        )
        async with self.store.read() as connection:
            return (await connection.execute(query.limit(1))).first() is not None

    async def working(self) -> list[StoredRepository]:
        """Give the repositories that the app can work in now, archived ones left out."""
        active = Standing.ACTIVE.value
        shut = sa.select(installations.c.id).where(installations.c.standing != active)
        query = _select().where(
            repositories.c.standing == active,
            repositories.c.archived.is_not(sa.true()),
            repositories.c.full_name.is_not(None),
            repositories.c.installation_id.not_in(shut),
        )
        async with self.store.read() as connection:
            rows = (await connection.execute(query.order_by(repositories.c.id))).all()
        return [_stored(row) for row in rows]

    async def missing(self, *, transferred: bool) -> list[StoredRepository]:
        """Give repositories whose installation has to be found out: transferred ones, or others."""
        moved = repositories.c.changed_at == TRANSFERRED_AT
        query = _select().where(
            repositories.c.standing == Standing.MISSING.value, moved if transferred else ~moved
        )
        async with self.store.read() as connection:
            rows = (await connection.execute(query.order_by(repositories.c.id))).all()
        return [_stored(row) for row in rows]

    async def resolve(self, one: KnownRepository, former: int, installation_id: int | None) -> None:
        """Note in which installation GitHub says a repository is now; ``None``: in none.

        What is in none is gone when it was missing for 22 hours, or was transferred. ``former`` is the
        installation to name with one that is not known yet.
        """
        now, repository_id = self.clock(), one.id
        mine = repositories.c.id == repository_id
        not_gone = repositories.c.standing != Standing.GONE.value
        async with self.store.write() as connection:
            await know(self.store, connection, one, former, (now, 0.0))
            if installation_id is not None:
                await connection.execute(
                    repositories.update()
                    .where(mine)
                    .values(installation_id=installation_id, standing=Standing.ACTIVE.value, changed_at=now)
                )
                await move(connection, repository_id, installation_id)
                return
            missing = repositories.c.standing == Standing.MISSING.value
            long = repositories.c.changed_at < now - MISSING_SECONDS
            gone = {"standing": Standing.GONE.value, "changed_at": now}
            await connection.execute(repositories.update().where(mine, missing, long).values(gone))
            lost = {"standing": Standing.MISSING.value, "changed_at": now}
            await connection.execute(repositories.update().where(mine, not_gone, ~missing).values(lost))

    async def reconcile(
        self, installation_id: int, found: Iterable[KnownRepository], asked_at: float
    ) -> None:
        """Bring the store to a whole list of an installation's repositories, given at ``asked_at``."""
        listed = list(found)
        async with self.store.write() as connection:
            for one in listed:
                await know(self.store, connection, one, installation_id, (asked_at, 0.0))
                await begin(connection, one.id, installation_id, (asked_at, 0.0))
                await connection.execute(
                    repositories.update().where(repositories.c.id == one.id).values(told(one))
                )
            await self._miss(connection, installation_id, [one.id for one in listed], asked_at)

    async def _miss(
        self, connection: AsyncConnection, installation_id: int, ids: Sequence[int], asked_at: float
    ) -> None:
        mine = (repositories.c.installation_id == installation_id) & repositories.c.id.not_in(ids)
        active = repositories.c.standing == Standing.ACTIVE.value
        await connection.execute(
            repositories.update()
            .where(mine, active, repositories.c.changed_at < asked_at)
            .values(standing=Standing.MISSING.value, changed_at=self.clock())
        )


def _select() -> sa.Select[Any]:
    return sa.select(*(repositories.c[name] for name in StoredRepository.__dataclass_fields__))


def _stored(row: Any) -> StoredRepository:
    return StoredRepository(**row._asdict() | {"standing": Standing(row.standing)})
