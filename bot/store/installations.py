"""Installations: where the app may work, as GitHub's events and answers tell it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.model import ChangeKind, Standing
from bot.store.database import storable
from bot.store.installed_tables import installations, repositories
from bot.store.parking import resume
from bot.store.repository_changes import apply_to_repositories

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import LifecycleChange
    from bot.store.database import Store

# What GitHub did not show may be a fault of GitHub's: it is looked for this long before it counts as gone
# and its data is deleted, which has to be within 24 hours (R57).
MISSING_SECONDS = 22 * 3600.0
# A first event may come late by as long as GitHub sends deliveries again.
LATEST_FIRST_EVENT = 7 * 86400.0
_ENDS = {
    ChangeKind.SUSPENDED: Standing.SUSPENDED,
    ChangeKind.RESUMED: Standing.ACTIVE,
    ChangeKind.UNINSTALLED: Standing.GONE,
}


@dataclass(frozen=True)
class FoundInstallation:
    """An installation as GitHub lists it."""

    id: int
    account: str | None
    suspended: bool


@dataclass(frozen=True)
class Installations:
    """The installations of the store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def standing(self, installation_id: int) -> Standing:
        """Tell how an installation stands; one that is not known yet is taken to work."""
        query = sa.select(installations.c.standing).where(installations.c.id == installation_id)
        async with self.store.read() as connection:
            found = await connection.scalar(query)
        return Standing.ACTIVE if found is None else Standing(found)

    async def active(self) -> list[int]:
        """Give the ids of the installations that work."""
        query = sa.select(installations.c.id).where(installations.c.standing == Standing.ACTIVE.value)
        async with self.store.read() as connection:
            return list((await connection.scalars(query.order_by(installations.c.id))).all())

    async def any_shut(self) -> bool:
        """Tell whether there is an installation that GitHub has to be asked about."""
        shut = installations.c.standing.in_([Standing.SUSPENDED.value, Standing.MISSING.value])
        async with self.store.read() as connection:
            found = await connection.scalar(sa.select(installations.c.id).where(shut).limit(1))
        return found is not None

    async def apply(self, change: LifecycleChange) -> None:
        """Note what an event tells. Applied twice, or older than what is known, it changes nothing."""
        now = self.clock()
        first_seen = now
        if change.kind is ChangeKind.INSTALLED and change.at is not None:
            first_seen = min(max(change.at, now - LATEST_FIRST_EVENT), now)
        async with self.store.write() as connection:
            await self._know(connection, change.installation_id, change.account, first_seen)
            if await _standing(connection, change.installation_id) is Standing.GONE:
                return  # ids are never used again: this event is late
            if change.kind in _ENDS:
                await self._turn(connection, change)
            await apply_to_repositories(self.store, connection, change, first_seen)

    async def _turn(self, connection: AsyncConnection, change: LifecycleChange) -> None:
        standing, now = _ENDS[change.kind], self.clock()
        mine = installations.c.id == change.installation_id
        # An old suspension that comes after the end of it; the end itself carries no time of its own.
        late = change.at is not None and standing is Standing.SUSPENDED
        fresh = installations.c.told_at <= change.at if late else sa.true()
        told_at = change.at if late and change.at is not None else now
        await connection.execute(
            installations.update()
            .where(mine, fresh)
            .values(standing=standing.value, changed_at=now, told_at=told_at)
        )
        if standing is Standing.ACTIVE:
            await resume(connection, [change.installation_id], now)
        if standing is Standing.GONE:
            await connection.execute(
                repositories.update()
                .where(repositories.c.installation_id == change.installation_id)
                .values(standing=standing.value, changed_at=now)
            )

    async def shut(self, installation_id: int, standing: Standing) -> None:
        """Note that GitHub refused a token: the installation is suspended, or not there."""
        now = self.clock()
        async with self.store.write() as connection:
            await self._know(connection, installation_id, None, now)
            await connection.execute(
                installations.update()
                .where(
                    installations.c.id == installation_id,
                    installations.c.standing.not_in([Standing.GONE.value, standing.value]),
                )
                .values(standing=standing.value, changed_at=now)
            )

    async def reconcile(self, found: Sequence[FoundInstallation], asked_at: float) -> None:
        """Bring the store to a whole list of installations that GitHub gave at ``asked_at``.

        One that is not in it is missing, and gone when it was missing for 22 hours.
        """
        async with self.store.write() as connection:
            for one in found:
                await self._know(connection, one.id, one.account, asked_at)
            suspended = [one.id for one in found if one.suspended]
            working = [one.id for one in found if not one.suspended]
            await self._set(connection, suspended, Standing.SUSPENDED, asked_at)
            await self._set(connection, working, Standing.ACTIVE, asked_at)
            await self._miss(connection, [one.id for one in found], asked_at)

    async def _set(
        self, connection: AsyncConnection, ids: Sequence[int], standing: Standing, asked_at: float
    ) -> None:
        """Set a standing that differs and has not changed since GitHub was asked."""
        await connection.execute(
            installations.update()
            .where(
                installations.c.id.in_(ids),
                installations.c.standing.not_in([Standing.GONE.value, standing.value]),
                installations.c.changed_at <= asked_at,
            )
            .values(standing=standing.value, changed_at=self.clock())
        )

    async def _miss(self, connection: AsyncConnection, ids: Sequence[int], asked_at: float) -> None:
        not_there = installations.c.id.not_in(ids) & (installations.c.changed_at < asked_at)
        missing = installations.c.standing == Standing.MISSING.value
        long = installations.c.changed_at < self.clock() - MISSING_SECONDS
        await connection.execute(
            installations.update()
            .where(not_there, missing, long)
            .values(standing=Standing.GONE.value, changed_at=self.clock())
        )
        await connection.execute(
            installations.update()
            .where(not_there, ~missing, installations.c.standing != Standing.GONE.value)
            .values(standing=Standing.MISSING.value, changed_at=self.clock())
        )

    async def _know(
        self, connection: AsyncConnection, installation_id: int, account: str | None, first_seen: float
    ) -> None:
        """Have a row of an installation, and its account's name if that is told."""
        statement = self.store.insert(installations).values(
            id=installation_id,
            account=None if account is None else storable(account)[:255],
            standing=Standing.ACTIVE.value,
            first_seen_at=first_seen,
            changed_at=first_seen,
            told_at=0.0,
        )
        statement = statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"account": statement.excluded.account},
            where=statement.excluded.account.is_not(None) & (installations.c.standing != Standing.GONE.value),
        )
        await connection.execute(statement)


async def _standing(connection: AsyncConnection, installation_id: int) -> Standing:
    query = sa.select(installations.c.standing).where(installations.c.id == installation_id)
    return Standing(str(await connection.scalar(query)))
