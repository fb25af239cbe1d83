"""Lists of repositories in what GitHub told of an installation: one who is forgotten is in none of them."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model import Trigger, TriggerKind
from bot.store.tables import deliveries, triggers

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncConnection

_LISTS = ("repositories", "repositories_added", "repositories_removed")


async def forget_lists(connection: AsyncConnection, repository_ids: Collection[int]) -> None:
    """Delete, in the caller's transaction, bodies and lifecycle triggers that list one of the repositories.

    The other repositories that such a body lists are known already: it was carried out when it came.
    """
    query = sa.select(deliveries.c.id, deliveries.c.body).where(
        deliveries.c.repository_id.is_(None), deliveries.c.body.is_not(None)
    )
    bodies = (await connection.execute(query)).all()
    naming = await asyncio.to_thread(
        lambda: [row.id for row in bodies if not _listed(row.body).isdisjoint(repository_ids)]
    )
    for one in naming:
        await connection.execute(deliveries.update().where(deliveries.c.id == one).values(body=None))
    changes = sa.select(triggers.c.id, triggers.c.data).where(
        triggers.c.kind == TriggerKind.LIFECYCLE.value, triggers.c.state != "new"
    )
    for row in (await connection.execute(changes)).all():
        if not _changed(row.data).isdisjoint(repository_ids):
            await connection.execute(triggers.delete().where(triggers.c.id == row.id))


def _listed(packed: bytes) -> set[int]:
    """Give the ids in the lists of a body; a body that cannot be read was never carried out, and has none."""
    try:
        payload: Any = json.loads(zlib.decompress(packed))
    except (ValueError, zlib.error):
        return set()
    lists = (payload.get(name) for name in _LISTS) if isinstance(payload, dict) else ()
    items = (item for found in lists if isinstance(found, list) for item in found)
    return {item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), int)}


def _changed(data: str) -> set[int]:
    try:
        change = Trigger.model_validate_json(data).change
    except ValidationError:
        return set()
    return set() if change is None else {one.id for one in change.repositories}
