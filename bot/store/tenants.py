"""Tenants: what is deleted when the app was uninstalled, or taken out of a repository (R57)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.model import Standing
from bot.store.digests import forget_sources
from bot.store.installed_tables import installations, repositories
from bot.store.listings import forget_lists
from bot.store.tables import deliveries, metadata, reports, triggers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store

# Work that was under way, and deliveries that GitHub sends again, may leave rows for as long as that.
SWEPT_SECONDS = 9 * 86400.0
# What was paid for is not the repository's: it goes with the installation.
_OF_THE_INSTALLATION = frozenset({"model_calls"})
# Without the GUID a late delivery would look new; its body goes.
_TOMBSTONES = frozenset({"deliveries", "repositories", "installations"})


@dataclass(frozen=True)
class Tenants:
    """Deletes what belongs to those who left; ``clock`` gives epoch seconds.

    A table is found by its columns: a new one with ``repository_id`` or ``installation_id`` is covered.
    """

    store: Store
    clock: Callable[[], float] = time.time

    async def gone_installations(self) -> list[int]:
        """Give the installations that were uninstalled lately."""
        return await self._gone(installations)

    async def gone_repositories(self) -> list[int]:
        """Give the repositories that were taken out or deleted lately."""
        return await self._gone(repositories)

    async def _gone(self, table: sa.Table) -> list[int]:
        query = sa.select(table.c.id).where(
            table.c.standing == Standing.GONE.value, table.c.changed_at > self.clock() - SWEPT_SECONDS
        )
        async with self.store.read() as connection:
            return list((await connection.scalars(query)).all())

    async def repositories_of(self, installation_ids: Sequence[int]) -> list[int]:
        """Give the repositories of which there may be something under these installations."""
        columns = (
            (repositories.c.id, repositories.c.installation_id),
            (
                reports.c.repository_id,
                reports.c.installation_id,
            ),
            (triggers.c.repository_id, triggers.c.installation_id),
        )
        queries = [sa.select(one).where(owner.in_(installation_ids)) for one, owner in columns]
        async with self.store.read() as connection:
            found = await connection.scalars(sa.union(*queries))
            return sorted(one for one in found.all() if one)

    async def forget_installations(self, installation_ids: Sequence[int]) -> None:
        """Delete all that belongs to installations; their rows stay, without the account's name."""
        ids = await self._not_elsewhere(installation_ids)
        async with self.store.write() as connection:
            await delete_repositories(connection, ids)
            for table in _tables_with("installation_id"):
                theirs = table.c.installation_id.in_(installation_ids)
                await connection.execute(table.delete().where(theirs))
            await connection.execute(
                deliveries.update()
                .where(deliveries.c.installation_id.in_(installation_ids))
                .values(body=None)
            )
            for one in installation_ids:
                await connection.execute(triggers.delete().where(triggers.c.key.like(f"lifecycle:{one}:%")))
            theirs = repositories.c.installation_id.in_(installation_ids)
            await connection.execute(repositories.delete().where(theirs))
            await connection.execute(
                installations.update().where(installations.c.id.in_(installation_ids)).values(account=None)
            )

    async def _not_elsewhere(self, installation_ids: Sequence[int]) -> list[int]:
        """Give the repositories of installations that no other one has by now."""
        found = await self.repositories_of(installation_ids)
        query = sa.select(repositories.c.id).where(
            repositories.c.id.in_(found), repositories.c.installation_id.not_in(installation_ids)
        )
        async with self.store.read() as connection:
            elsewhere = set((await connection.scalars(query)).all())
        return [one for one in found if one not in elsewhere]

    async def forget_repositories(self, repository_ids: Sequence[int]) -> None:
        """Delete all that belongs to repositories; their rows stay, without the name."""
        async with self.store.write() as connection:
            await delete_repositories(connection, repository_ids)
            await connection.execute(
                repositories.update().where(repositories.c.id.in_(repository_ids)).values(full_name=None)
            )


async def delete_repositories(connection: AsyncConnection, repository_ids: Sequence[int]) -> None:
    """Delete, in the caller's transaction, all that belongs to repositories; their rows stay.

    What the model's calls cost stays too: numbers, under the repository's id.
    """
    await forget_lists(connection, repository_ids)
    await forget_sources(connection, repository_ids)
    for table in tables_of_repositories():
        await connection.execute(table.delete().where(table.c.repository_id.in_(repository_ids)))
    await connection.execute(
        deliveries.update().where(deliveries.c.repository_id.in_(repository_ids)).values(body=None)
    )


def tables_of_repositories() -> list[sa.Table]:
    """Give the tables whose rows are deleted with their repository, those that others refer to last."""
    return [table for table in _tables_with("repository_id") if table.name not in _OF_THE_INSTALLATION]


def _tables_with(column: str) -> list[sa.Table]:
    """Give the tables with a column, those that others refer to last."""
    tables = metadata.sorted_tables[::-1]
    return [table for table in tables if column in table.c and table.name not in _TOMBSTONES]
