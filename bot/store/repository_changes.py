"""What an event changes about repositories, inside the transaction of whoever notes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import ChangeKind, KnownRepository, LifecycleChange, Standing
from bot.store.database import storable
from bot.store.installed_tables import repositories
from bot.store.tables import metadata, reports

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store

# Since when a transferred repository is missing: for ever, so that it is gone if GitHub finds it nowhere.
TRANSFERRED_AT = 0.0
# What was paid for stays with who paid.
_NOT_MOVED = frozenset({"model_calls"})
_FLAGS = {
    ChangeKind.PRIVATIZED: {"private": True},
    ChangeKind.PUBLICIZED: {"private": False},
}
_OF_INSTALLATIONS = frozenset({ChangeKind.SUSPENDED, ChangeKind.RESUMED, ChangeKind.UNINSTALLED})


async def apply_to_repositories(
    store: Store, connection: AsyncConnection, change: LifecycleChange, first_seen: float
) -> None:
    """Note what an event tells of repositories, in the caller's transaction."""
    times = (first_seen, change.at or 0.0)
    for one in change.repositories if change.kind not in _OF_INSTALLATIONS else ():
        await know(store, connection, one, change.installation_id, times)
        if change.kind is ChangeKind.REMOVED:
            await _end(connection, one.id, change.installation_id, times)
        elif change.kind in {ChangeKind.INSTALLED, ChangeKind.ADDED}:
            await begin(connection, one.id, change.installation_id, times)
        else:
            await _update(connection, change, one, first_seen)


async def know(
    store: Store,
    connection: AsyncConnection,
    one: KnownRepository,
    installation_id: int,
    times: tuple[float, float],
) -> None:
    """Have a row of a repository. A new one is due for a scan, which only notes how far GitHub is."""
    first_seen, told_at = times
    row = {"id": one.id, "installation_id": installation_id, "standing": Standing.ACTIVE.value}
    row |= {"full_name": storable(one.full_name)[:255], "private": one.private, "archived": one.archived}
    row |= {"first_seen_at": first_seen, "changed_at": first_seen, "told_at": told_at, "scan_at": first_seen}
    await connection.execute(store.insert(repositories).values(row).on_conflict_do_nothing())


async def begin(
    connection: AsyncConnection, repository_id: int, installation_id: int, times: tuple[float, float]
) -> None:
    """Work on a repository that was away, or in another installation.

    Of one that was gone and is back, what was merged until now is not reported.
    """
    now, at = times
    here = {"installation_id": installation_id, "standing": Standing.ACTIVE.value, "changed_at": now}
    gone = repositories.c.standing == Standing.GONE.value
    away = (repositories.c.standing == Standing.MISSING.value) | (
        repositories.c.installation_id != installation_id
    )
    known = (repositories.c.id == repository_id) & _fresh(at) & (repositories.c.changed_at <= now)
    anew = {"told_at": at, "first_seen_at": now, "scan_at": now, "scanned_until": None, "etag": None}
    again = await connection.execute(repositories.update().where(known, gone).values(here | anew))
    back = await connection.execute(repositories.update().where(known, away).values(here))
    if again.rowcount or back.rowcount:
        await move(connection, repository_id, installation_id)


async def _end(
    connection: AsyncConnection, repository_id: int, installation_id: int, times: tuple[float, float]
) -> None:
    now, at = times
    mine = (repositories.c.id == repository_id) & (repositories.c.installation_id == installation_id)
    gone = Standing.GONE.value
    await connection.execute(
        repositories.update()
        .where(mine, repositories.c.standing != gone, _fresh(at))
        .values(standing=gone, changed_at=now, told_at=at)
    )


async def _update(
    connection: AsyncConnection, change: LifecycleChange, one: KnownRepository, now: float
) -> None:
    at = change.at or 0.0
    values: dict[str, Any] = told(one) | _FLAGS.get(change.kind, {}) | {"told_at": at, "etag": None}
    if change.kind is ChangeKind.PUBLICIZED:
        values["public_from"] = now
    if change.kind is ChangeKind.TRANSFERRED:
        # Where it belongs now is GitHub's to say: until then nothing is done or shown there.
        values |= {"standing": Standing.MISSING.value, "changed_at": TRANSFERRED_AT}
    mine = (repositories.c.id == one.id) & (repositories.c.standing != Standing.GONE.value)
    done = await connection.execute(repositories.update().where(mine, _fresh(at)).values(values))
    if done.rowcount:
        await _rename_reports(connection, one)


def _fresh(at: float) -> sa.ColumnElement[bool]:
    """Whether an event is not older than the last one; without a time of its own it is taken as it comes."""
    return repositories.c.told_at <= at if at else sa.true()


def told(one: KnownRepository) -> dict[str, Any]:
    """Give the columns that were told."""
    flags = {"private": one.private, "archived": one.archived}
    known = {name: value for name, value in flags.items() if value is not None}
    return {"full_name": storable(one.full_name)[:255], **known}


async def _rename_reports(connection: AsyncConnection, one: KnownRepository) -> None:
    name = storable(one.full_name)[:255]
    await connection.execute(
        reports.update()
        .where(reports.c.repository_id == one.id, reports.c.repository != name)
        .values(repository=name)
    )


async def move(connection: AsyncConnection, repository_id: int, installation_id: int) -> None:
    """Give everything of a repository to another installation; the former one has no row of it left."""
    for table in metadata.sorted_tables:
        columns = table.c.keys()
        both = "repository_id" in columns and "installation_id" in columns
        if both and table.name not in _NOT_MOVED:
            await connection.execute(
                table.update()
                .where(table.c.repository_id == repository_id, table.c.installation_id != installation_id)
                .values(installation_id=installation_id)
            )
