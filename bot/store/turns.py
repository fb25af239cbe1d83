"""Turns: triggers that wait are taken from every installation alike, however many one of them has."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.tables import triggers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


async def take_turns(
    connection: AsyncConnection, state: str, kinds: Sequence[str], limit: int
) -> Sequence[sa.Row[Any]]:
    """Give up to ``limit`` triggers: the oldest of each installation, then each one's second, and so on.

    Of more installations than that, some by chance.
    """
    installations = list((await connection.scalars(_installations(state))).all())
    if not installations:
        return []
    if len(installations) > limit:
        installations = random.sample(installations, limit)
    oldest = sa.union_all(*(_oldest(state, kinds, one, limit) for one in installations)).subquery()
    query = sa.select(oldest).order_by(oldest.c.turn, oldest.c.id).limit(limit)
    return (await connection.execute(query)).all()


def _installations(state: str) -> sa.Select[Any]:
    """Find every installation with one step in the index each, not one for each trigger."""
    first = sa.select(sa.func.min(triggers.c.installation_id).label("one")).where(triggers.c.state == state)
    found = first.cte("installations", recursive=True)
    following = (
        sa.select(sa.func.min(triggers.c.installation_id))
        .where(triggers.c.state == state, triggers.c.installation_id > found.c.one)
        .scalar_subquery()
    )
    found = found.union_all(sa.select(following).where(found.c.one.is_not(None)))
    return sa.select(found.c.one).where(found.c.one.is_not(None))


def _oldest(state: str, kinds: Sequence[str], installation_id: int, limit: int) -> sa.Select[Any]:
    mine = (
        sa.select(triggers.c.id, triggers.c.key, triggers.c.data, triggers.c.guid, triggers.c.due_at)
        .where(
            triggers.c.state == state,
            triggers.c.installation_id == installation_id,
            triggers.c.kind.in_(kinds),
        )
        .order_by(triggers.c.id)
        .limit(limit)
        .subquery()
    )
    return sa.select(mine, sa.func.row_number().over(order_by=mine.c.id).label("turn"))
