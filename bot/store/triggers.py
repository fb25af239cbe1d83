"""Triggers: what is to be done, until the engine has taken it, and what became of it."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model import Trigger, TriggerKind
from bot.store.database import storable
from bot.store.tables import reports, triggers
from bot.store.turns import take_turns

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store


# Why work on a pull request ends that GitHub does not show as merged; a scan that sees it merged takes it up.
NOT_MERGED = "not merged"
# Why work ends that an operator does not want; steps that are still to come look for it.
BY_OPERATOR = "dropped by the operator"
TAKEN_UP_ANEW = "it was taken up anew meanwhile"


class TriggerState(StrEnum):
    """``new`` is not with the engine yet; ``started`` is; the others are ends.

    ``parked`` is an end that is taken back when its installation works again.
    """

    NEW = "new"
    STARTED = "started"
    PARKED = "parked"
    DONE = "done"
    DROPPED = "dropped"
    DEAD = "dead"


@dataclass(frozen=True)
class StoredTrigger:
    """A trigger with the delivery it came from; ``due_at`` is in epoch seconds."""

    trigger: Trigger
    guid: str | None
    due_at: float


async def insert_triggers(
    store: Store, connection: AsyncConnection, new: Sequence[tuple[Trigger, str | None]], now: float
) -> None:
    """Add triggers inside the caller's transaction; one with a known key is already there."""
    if not new:
        return
    rows = [
        {
            "key": trigger.key,
            "kind": trigger.kind.value,
            "installation_id": trigger.installation_id,
            "repository_id": trigger.repository_id,
            "number": trigger.number,
            "data": trigger.model_dump_json(),
            "guid": guid,
            "state": TriggerState.NEW.value,
            "due_at": now + trigger.delay,
            "created_at": now,
            "updated_at": now,
        }
        for trigger, guid in new
    ]
    await connection.execute(store.insert(triggers).on_conflict_do_nothing(), rows)


@dataclass(frozen=True)
class Triggers:
    """The triggers of the store."""

    store: Store

    async def add(self, trigger: Trigger, guid: str | None = None) -> None:
        """Store a trigger that did not come with a delivery."""
        async with self.store.write() as connection:
            await insert_triggers(self.store, connection, [(trigger, guid)], time.time())

    async def new(self, limit: int) -> list[StoredTrigger]:
        """Give triggers the engine has not taken yet, the oldest of each installation first.

        One that cannot be read becomes dead, so that it does not stand before all that follow (R34).
        A kind this version does not know is left to the newer process that stored it.
        """
        known = [kind.value for kind in TriggerKind]
        async with self.store.read() as connection:
            rows = await take_turns(connection, TriggerState.NEW.value, known, limit)
        found, unreadable = [], []
        for row in rows:
            try:
                found.append(StoredTrigger(Trigger.model_validate_json(row.data), row.guid, row.due_at))
            except ValidationError:
                unreadable.append(row.key)
        await self.finish(unreadable, TriggerState.DEAD, "the stored trigger cannot be read")
        return found

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Tell whether it is this process's turn to drain: on PostgreSQL one does at a time.

        A process that stands still in its turn loses it after 15 s; a slow batch takes less.
        """
        if self.store.engine.dialect.name != "postgresql":
            yield True
            return
        async with self.store.write() as connection:
            await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 15000")
            number = sa.func.hashtextextended("drain", 0)
            mine = await connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(number)))
            yield bool(mine)

    async def mark_started(self, keys: Sequence[str]) -> None:
        """Note that the engine has these triggers; one that already ended meanwhile stays ended."""
        if not keys:
            return
        async with self.store.write() as connection:
            await connection.execute(
                triggers.update()
                .where(triggers.c.key.in_(keys), triggers.c.state == TriggerState.NEW.value)
                .values(state=TriggerState.STARTED.value, updated_at=time.time())
            )

    async def finish(self, keys: Sequence[str], state: TriggerState, reason: str | None = None) -> None:
        """Move triggers to another state, with the reason a person would want to read."""
        if not keys:
            return
        async with self.store.write() as connection:
            await connection.execute(_moved(keys, state, reason))

    async def overtaken(self, trigger: Trigger) -> str | None:
        """Tell why work on a trigger has nothing more to do, or ``None``.

        It was dropped by hand, or taken up anew: then a later round does all that is left.
        """
        async with self.store.read() as connection:
            return _overtaken((await connection.execute(_standing(trigger))).first(), trigger)

    async def close(self, trigger: Trigger, state: TriggerState, reason: str | None) -> None:
        """Move a trigger to its end, unless its work was overtaken meanwhile: that stays as it is."""
        async with self.store.write() as connection:
            row = (await connection.execute(_standing(trigger).with_for_update())).first()
            if _overtaken(row, trigger) is None:
                await connection.execute(_moved([trigger.key], state, reason))

    async def expects_report(self, repository_id: int, number: int) -> bool:
        """Tell whether a pull request has a report or is about to get one."""
        report = sa.select(sa.literal(1)).where(
            reports.c.repository_id == repository_id, reports.c.number == number
        )
        asked = sa.select(sa.literal(1)).where(
            triggers.c.repository_id == repository_id,
            triggers.c.number == number,
            triggers.c.kind == TriggerKind.REPORT.value,
            triggers.c.state != TriggerState.DROPPED.value,
        )
        async with self.store.read() as connection:
            return (await connection.scalar(report.union_all(asked).limit(1))) is not None

    async def counts(self) -> dict[str, int]:
        """Count triggers by state, for metrics."""
        query = sa.select(triggers.c.state, sa.func.count()).group_by(triggers.c.state)
        async with self.store.read() as connection:
            return {row[0]: row[1] for row in (await connection.execute(query)).all()}

    async def ages(self, now: float) -> dict[str, float]:
        """Give the seconds since the oldest trigger that is not ended was due, by state; 0 without one."""
        waiting = (TriggerState.NEW.value, TriggerState.STARTED.value)
        # A minimum for each state: one step in the index each, however long the queue is.
        oldest = [
            sa.select(sa.func.min(triggers.c.due_at)).where(triggers.c.state == state) for state in waiting
        ]
        query = sa.select(*(one.scalar_subquery() for one in oldest))
        async with self.store.read() as connection:
            found = (await connection.execute(query)).one()
        return {
            state: max(now - due, 0.0) if due is not None else 0.0
            for state, due in zip(waiting, found, strict=True)
        }

    async def outcome(self, key: str) -> tuple[TriggerState, str | None] | None:
        """Tell what became of the trigger with this key, or ``None`` if there is none."""
        query = sa.select(triggers.c.state, triggers.c.reason).where(triggers.c.key == key)
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else (TriggerState(row.state), row.reason)

    async def purge(self, before: float) -> None:
        """Forget ended triggers last touched before an epoch second, but for reports and digests.

        Their triggers stay: the key is what keeps a late redelivery, or a schedule, from starting over.
        """
        ended = [state.value for state in (TriggerState.DONE, TriggerState.DROPPED, TriggerState.DEAD)]
        async with self.store.write() as connection:
            await connection.execute(
                triggers.delete().where(
                    triggers.c.updated_at < before,
                    triggers.c.state.in_(ended),
                    triggers.c.kind.not_in([TriggerKind.REPORT.value, TriggerKind.DIGEST.value]),
                )
            )


def _standing(trigger: Trigger) -> sa.Select[Any]:
    return sa.select(triggers.c.state, triggers.c.reason, triggers.c.data).where(
        triggers.c.key == trigger.key
    )


def _overtaken(row: sa.Row[Any] | None, trigger: Trigger) -> str | None:
    if row is None:
        return None
    if row.state == TriggerState.DROPPED.value and row.reason == BY_OPERATOR:
        return BY_OPERATOR
    with suppress(ValidationError):
        if Trigger.model_validate_json(row.data).round > trigger.round:
            return TAKEN_UP_ANEW
    return None


def _moved(keys: Sequence[str], state: TriggerState, reason: str | None) -> sa.Update:
    values = {"state": state.value, "reason": reason and storable(reason), "updated_at": time.time()}
    return triggers.update().where(triggers.c.key.in_(keys)).values(values)
