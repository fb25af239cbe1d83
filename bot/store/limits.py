"""What GitHub's limits left us: pauses and recent writes of each installation, across restarts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.model import Pause
from bot.store.tables import pauses, writes

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Pace
    from bot.store.database import Store


# GitHub is asked again after an hour, whatever it said.
LONGEST_PAUSE = 3600.0


@dataclass(frozen=True)
class Limits:
    """Persisted pauses and writes."""

    store: Store

    async def pause(self, installation_id: int) -> Pause:
        """Give the installation's pause; one that never was has ended long ago."""
        query = sa.select(pauses.c.until, pauses.c.strikes).where(pauses.c.installation_id == installation_id)
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        return Pause() if row is None else Pause(row.until, row.strikes)

    async def set_pause(self, installation_id: int, pause: Pause, reason: str) -> None:
        """Record a pause, or with ``until`` in the past its end.

        A longer one stays: another process may have set it meanwhile. One that ends over an hour later
        does not: that was set under a wrong clock.
        """
        statement = self.store.insert(pauses).values(
            installation_id=installation_id, until=pause.until, strikes=pause.strikes, reason=reason
        )
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["installation_id"],
            set_={name: new[name] for name in ("until", "strikes", "reason")},
            where=(pauses.c.until <= new.until) | (pauses.c.until > new.until + LONGEST_PAUSE),
        )
        async with self.store.write() as connection:
            await connection.execute(statement)

    async def reserve(self, installation_id: int, pace: Pace, now: float, *, content: bool) -> float:
        """Take the next free moment for a write and give it in epoch seconds.

        A moment more than ``pace.patience`` away is not taken, only told: whoever gets it should come
        back then.
        """
        mine = writes.c.installation_id == installation_id
        longest = max(seconds for seconds, _ in pace.windows)
        async with self.store.write() as connection:
            await self.store.lock(connection, f"writes:{installation_id}")
            # Nobody took a moment that far ahead: the clock was put back since.
            strange = writes.c.at > now + 2 * pace.patience
            await connection.execute(writes.delete().where(mine, (writes.c.at < now - longest) | strange))
            moment = await _next(connection, mine, pace, now, content=content)
            if moment - now <= pace.patience:
                row = {"installation_id": installation_id, "content": content, "at": moment}
                await connection.execute(writes.insert(), [row])
        return moment

    async def purge(self, before: float) -> None:
        """Forget writes and pauses that ended before an epoch second."""
        async with self.store.write() as connection:
            await connection.execute(writes.delete().where(writes.c.at < before))
            await connection.execute(pauses.delete().where(pauses.c.until < before))


async def _next(
    connection: AsyncConnection, mine: sa.ColumnElement[bool], pace: Pace, now: float, *, content: bool
) -> float:
    last = await connection.scalar(sa.select(sa.func.max(writes.c.at)).where(mine))
    moment = now if last is None else max(now, last + pace.write_gap)
    if not content:
        return moment
    times = sa.select(writes.c.at).where(mine, writes.c.content).order_by(writes.c.at.desc())
    taken = list((await connection.scalars(times)).all())
    if taken:
        moment = max(moment, taken[0] + pace.content_gap)
    for seconds, most in pace.windows:
        if len(taken) >= most:
            moment = max(moment, taken[most - 1] + seconds)
    return float(moment)
