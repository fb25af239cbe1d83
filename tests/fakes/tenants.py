"""A tenant with a row in every table that can hold one, and counts of what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.tables import metadata

if TYPE_CHECKING:
    from bot.store import Store

_SAMPLES: dict[type[Any], Any] = {int: 1, float: 1.0, str: "x", bytes: b"x", bool: False}
_OWN_ID = {"installations": "installation_id", "repositories": "repository_id"}
# Filled by the installation itself.
_KNOWN = frozenset({"installations", "repositories"})


async def fill_tenant(store: Store, app_id: int, installation_id: int, repository_id: int) -> None:
    """Put one row into every table that names an installation or a repository."""
    async with store.write() as connection:
        for table in metadata.sorted_tables:
            if table.name in _KNOWN or not {"installation_id", "repository_id"} & set(table.c.keys()):
                continue
            row = {column.name: _SAMPLES[column.type.python_type] for column in table.c}
            # Unlike those of other tenants, where a table has keys of its own.
            named = [name for name in ("key", "guid", "content", "run") if isinstance(row.get(name), str)]
            row |= {name: f"{name} {repository_id}" for name in named}
            row |= {name: repository_id for name in ("id", "report_id") if isinstance(row.get(name), int)}
            row |= {name: f"{repository_id}" for name in ("id",) if isinstance(row.get(name), str)}
            given = {"app_id": app_id, "installation_id": installation_id, "repository_id": repository_id}
            row |= {name: value for name, value in given.items() if name in row}
            await connection.execute(table.insert(), [row])


async def rows_of_installation(store: Store, installation_id: int, repository_id: int) -> dict[str, int]:
    """Count a tenant's rows by table; a delivery counts while its body is there."""
    return await _rows(store, {"installation_id": installation_id, "repository_id": repository_id})


async def rows_of_repository(store: Store, repository_id: int) -> dict[str, int]:
    """Count a repository's rows by table."""
    return await _rows(store, {"repository_id": repository_id})


async def _rows(store: Store, wanted: dict[str, int]) -> dict[str, int]:
    found = {}
    for table in metadata.sorted_tables:
        names = {name: value for name, value in wanted.items() if name in table.c}
        own = _OWN_ID.get(table.name)
        if own in wanted:
            names["id"] = wanted[own]
        having = [table.c[name] == value for name, value in names.items()]
        if not having:
            continue
        query = sa.select(sa.func.count()).select_from(table).where(sa.or_(*having))
        if table.name == "deliveries":
            query = query.where(table.c.body.is_not(None))
        async with store.read() as connection:
            number = int(await connection.scalar(query) or 0)
        if number:
            found[table.name] = number
    return found
