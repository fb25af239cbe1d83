"""Jobs: the triggers as an operator sees them, and what an operator decides about one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model import Trigger
from bot.store.database import storable
from bot.store.installed_tables import repositories
from bot.store.parking import take_up
from bot.store.tables import triggers
from bot.store.triggers import BY_OPERATOR, TriggerState, insert_triggers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.store.database import Store

# What an operator can take up anew: it has ended, and without what was asked for.
RETRIED = (TriggerState.DEAD, TriggerState.DROPPED, TriggerState.PARKED)
# What is not done and not dropped, which is what a person looks for.
OPEN = (TriggerState.NEW, TriggerState.STARTED, TriggerState.PARKED, TriggerState.DEAD)


@dataclass(frozen=True)
class Job:
    """One trigger with its row; times are epoch seconds. ``trigger`` is ``None`` if it cannot be read."""

    key: str
    kind: str
    repository_id: int
    installation_id: int
    repository: str
    number: int
    state: TriggerState
    reason: str | None
    guid: str | None
    due_at: float
    created_at: float
    updated_at: float
    trigger: Trigger | None

    @property
    def round(self) -> int:
        """How often it was taken up anew."""
        return 0 if self.trigger is None else self.trigger.round


@dataclass(frozen=True)
class JobQuery:
    """What to list: ``repository`` is OWNER/REPO as it is or was called, without case."""

    states: Collection[TriggerState] = OPEN
    repository: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class Jobs:
    """The jobs of a store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def find(self, query: JobQuery) -> list[Job]:
        """Give the newest jobs that match, the newest last."""
        wanted = _jobs().where(triggers.c.state.in_([state.value for state in query.states]))
        if query.repository is not None:
            name = storable(query.repository).lower()
            written = sa.func.lower(triggers.c.data).contains(f'"repository":"{name}"', autoescape=True)
            wanted = wanted.where(written | (sa.func.lower(repositories.c.full_name) == name))
        wanted = wanted.order_by(triggers.c.id.desc()).limit(query.limit)
        async with self.store.read() as connection:
            return [_job(row) for row in (await connection.execute(wanted)).all()][::-1]

    async def named(self, keys: Sequence[str]) -> dict[str, Job]:
        """Give the jobs with these keys, by key."""
        wanted = _jobs().where(triggers.c.key.in_([storable(key) for key in keys]))
        async with self.store.read() as connection:
            return {row.key: _job(row) for row in (await connection.execute(wanted)).all()}

    async def of_delivery(self, guid: str) -> list[Job]:
        """Give the jobs that a delivery was the first to ask for, the oldest first."""
        wanted = _jobs().where(triggers.c.guid == storable(guid)).order_by(triggers.c.id)
        async with self.store.read() as connection:
            return [_job(row) for row in (await connection.execute(wanted)).all()]

    async def retry(self, keys: Sequence[str]) -> int:
        """Take up ended jobs anew, each as another round; give how many still were as they were read."""
        which = triggers.c.key.in_(keys) & triggers.c.state.in_([state.value for state in RETRIED])
        async with self.store.write() as connection:
            return await take_up(connection, which, self.clock())

    async def retry_dead(self) -> int:
        """Take up everything anew that is dead; give how much it was."""
        async with self.store.write() as connection:
            return await take_up(connection, triggers.c.state == TriggerState.DEAD.value, self.clock())

    async def drop(self, keys: Sequence[str]) -> int:
        """End jobs that are not done, for the reason that the operator wants it; give how many it were.

        Work that is under way finds out before its next step, and ends there.
        """
        ended = {"state": TriggerState.DROPPED.value, "reason": BY_OPERATOR, "updated_at": self.clock()}
        open_states = [state.value for state in OPEN]
        async with self.store.write() as connection:
            done = await connection.execute(
                triggers.update()
                .where(triggers.c.key.in_(keys), triggers.c.state.in_(open_states))
                .values(**ended)
            )
        return done.rowcount

    async def ask(self, trigger: Trigger, guid: str) -> TriggerState | None:
        """Ask for a trigger's work once more, whatever became of it before.

        Gives the state that it was in, ``None`` if it was not stored. What is under way stays as it is.
        """
        now = self.clock()
        is_it = triggers.c.key == trigger.key
        query = sa.select(triggers.c.state).where(is_it).with_for_update()
        async with self.store.write() as connection:
            found = await connection.scalar(query)
            if found is None:
                await insert_triggers(self.store, connection, [(trigger, guid)], now)
                return None
            before = TriggerState(found)
            if before not in {TriggerState.NEW, TriggerState.STARTED}:
                await take_up(connection, is_it, now)
            return before


def _jobs() -> sa.Select[Any]:
    same = repositories.c.id == triggers.c.repository_id
    return sa.select(triggers, repositories.c.full_name).outerjoin(repositories, same)


def _job(row: Any) -> Job:
    try:
        trigger = Trigger.model_validate_json(row.data)
    except ValidationError:
        trigger = None
    return Job(
        key=row.key,
        kind=row.kind,
        repository_id=row.repository_id,
        installation_id=row.installation_id,
        # As it is called today, where that is known.
        repository=row.full_name or (trigger.repository if trigger is not None else ""),
        number=row.number,
        state=TriggerState(row.state),
        reason=row.reason,
        guid=row.guid,
        due_at=row.due_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        trigger=trigger,
    )
