"""Parking: work that cannot go on in an installation ends, and is taken up anew when it can."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model import Standing, Trigger
from bot.store.installed_tables import installations, repositories
from bot.store.tables import triggers
from bot.store.triggers import TriggerState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store

# After a week nobody waits for a report any more (R56).
PARKED_SECONDS = 7 * 86400.0
# Every process must have noticed that the installation works again.
SETTLING_SECONDS = 3.0
BATCH = 500


async def resume(connection: AsyncConnection, installation_ids: Sequence[int], now: float) -> int:
    """Take up the parked work of installations anew, in the caller's transaction; give how much it was."""
    parked = triggers.c.state == TriggerState.PARKED.value
    return await take_up(connection, parked & triggers.c.installation_id.in_(installation_ids), now)


async def take_up(connection: AsyncConnection, which: sa.ColumnElement[bool], now: float) -> int:
    """Make ended triggers new again, in their repository's installation of today; give how many.

    Each begins another round: the engine knows its former id as ended.
    """
    today = sa.func.coalesce(repositories.c.installation_id, triggers.c.installation_id)
    query = (
        sa.select(triggers.c.id, triggers.c.data, today.label("installation_id"))
        .outerjoin(repositories, repositories.c.id == triggers.c.repository_id)
        .where(which)
        .order_by(triggers.c.id)
    )
    rows = (await connection.execute(query)).all()
    for row in rows:
        again = {"state": TriggerState.NEW.value, "reason": None, "updated_at": now}
        again |= {"due_at": now + SETTLING_SECONDS, "installation_id": row.installation_id}
        with suppress(ValidationError):  # unreadable: it becomes dead when it is next read
            trigger = Trigger.model_validate_json(row.data)
            update = {"round": trigger.round + 1, "installation_id": row.installation_id}
            again["data"] = trigger.model_copy(update=update).model_dump_json()
        await connection.execute(triggers.update().where(triggers.c.id == row.id).values(again))
    return len(rows)


@dataclass(frozen=True)
class Parking:
    """The parked triggers of the store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def release(self) -> int:
        """Take up what is parked where nothing stands in the way any more; give how much it was.

        Work that was under way when its installation came back is parked after that was noted.
        """
        shut = sa.select(installations.c.id).where(installations.c.standing != Standing.ACTIVE.value)
        away = sa.select(repositories.c.id).where(repositories.c.standing != Standing.ACTIVE.value)
        free = sa.select(triggers.c.id).where(
            triggers.c.state == TriggerState.PARKED.value,
            triggers.c.installation_id.not_in(shut),
            triggers.c.repository_id.not_in(away),
        )
        async with self.store.write() as connection:
            some = triggers.c.id.in_(free.order_by(triggers.c.id).limit(BATCH))
            return await take_up(connection, some, self.clock())

    async def give_up(self) -> int:
        """Drop what was parked for a week, with the reason; give how much it was."""
        now = self.clock()
        async with self.store.write() as connection:
            done = await connection.execute(
                triggers.update()
                .where(
                    triggers.c.state == TriggerState.PARKED.value,
                    triggers.c.updated_at < now - PARKED_SECONDS,
                )
                .values(
                    state=TriggerState.DROPPED.value,
                    reason="parked for a week: the app could not work there",
                    updated_at=now,
                )
            )
            return done.rowcount
