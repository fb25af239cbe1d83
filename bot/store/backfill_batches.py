"""Batches: what was asked of the Batches API, noted before it is sent, and what came of each question."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model.backfills import BatchState, EntryState, Spend
from bot.store.backfill_tables import batch_entries as entries
from bot.store.backfill_tables import batches
from bot.store.database import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model.backfills import SpendCaps
    from bot.store.backfill_rows import Run
    from bot.store.database import Store

_MOST = 2**40


@dataclass(frozen=True)
class Batch:
    """One batch; ``sent_at`` is when it was last about to be sent, ``remote`` how the server calls it."""

    id: str
    run: str
    remote: str | None
    state: BatchState
    size: int
    sent_at: float


@dataclass(frozen=True)
class Entry:
    """One question that was asked, or is about to be. ``outcome`` is a word like those of the ledger."""

    id: str
    run: str
    batch: str | None
    repository_id: int
    installation_id: int
    number: int
    content: str
    model: str
    task: str
    prompt: str
    guarded: tuple[str, ...]
    max_output: int
    hold: str | None
    held: int
    held_money: float
    state: EntryState = EntryState.OPEN
    outcome: str | None = None
    spent: int = 0
    spent_money: float = 0.0


@dataclass(frozen=True)
class Batches:
    """Batches and their entries; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = field(default=time.time)

    async def spend(self, run_id: str) -> Spend:
        """Give what a run has spent, and what is held for what it asks now."""
        async with self.store.read() as connection:
            return await _spend(connection, run_id)

    async def intend(self, run: Run, batch_id: str, asked: Sequence[Entry]) -> None:
        """Note a batch and its questions, before it is sent."""
        now = self.clock()
        row = {
            "id": batch_id,
            "run": run.id,
            "repository_id": run.repository_id,
            "installation_id": run.installation_id,
            "state": BatchState.INTENDED.value,
            "size": len(asked),
            "sent_at": now,
            "updated_at": now,
        }
        async with self.store.write() as connection:
            await connection.execute(batches.insert(), [row])
            await connection.execute(entries.insert(), [_values(entry, now) for entry in asked])

    async def drop(self, batch_id: str, entry_ids: Sequence[str]) -> None:
        """Forget questions of a batch that no budget has room for; it is not sent yet."""
        async with self.store.write() as connection:
            await connection.execute(entries.delete().where(entries.c.id.in_(entry_ids)))
            smaller = {"size": batches.c.size - len(entry_ids)}
            await connection.execute(batches.update().where(batches.c.id == batch_id).values(smaller))

    async def about_to_send(self, batch_id: str) -> bool:
        """Note that a batch is sent now; by this moment it is found again if the answer is lost.

        Gives whether it is still to be sent: another process may have taken the run over, and given it up.
        """
        return await self._move(batch_id, BatchState.INTENDED, sent_at=self.clock())

    async def take(self, entry: Entry, caps: SpendCaps) -> bool:
        """Note a question that is asked by itself, unless the run's caps have no room for it."""
        async with self.store.write() as connection:
            await self.store.lock(connection, f"backfill spend {entry.run}")
            known = await _spend(connection, entry.run)
            tokens = known.held + known.spent + entry.held
            if not caps.allows(tokens, known.held_money + known.spent_money + entry.held_money):
                return False
            await connection.execute(entries.insert(), [_values(entry, self.clock())])
        return True

    async def open_batches(self, repository_id: int) -> list[Batch]:
        """Give the batches of a repository that are intended or sent, the oldest first."""
        wanted = [BatchState.INTENDED.value, BatchState.SENT.value]
        query = (
            sa.select(batches)
            .where(batches.c.repository_id == repository_id, batches.c.state.in_(wanted))
            .order_by(batches.c.sent_at)
        )
        async with self.store.read() as connection:
            return [_batch(row) for row in (await connection.execute(query)).all()]

    async def known_remotes(self) -> set[str]:
        """Give the server's names of all batches that we know."""
        query = sa.select(batches.c.remote).where(batches.c.remote.is_not(None))
        async with self.store.read() as connection:
            return set((await connection.scalars(query)).all())

    async def sent(self, batch_id: str, remote: str) -> bool:
        """Note how the server calls a batch; give whether it is known by this name now.

        It is not if another process has given it up meanwhile: then its questions may be asked anew.
        """
        name = storable(remote)[:255]
        if await self._move(batch_id, BatchState.SENT, remote=name):
            return True
        named = sa.select(batches.c.id).where(batches.c.id == batch_id, batches.c.remote == name)
        async with self.store.read() as connection:
            return await connection.scalar(named) is not None

    async def collected(self, batch_id: str) -> None:
        """Note that everything of a batch has come in; whatever entry is still open, has no answer."""
        await self._close(batch_id, BatchState.SENT, BatchState.COLLECTED, "expired")

    async def lost(self, batch_id: str) -> None:
        """Note that a batch never came to be: its questions were not asked, and cost nothing.

        One that has a name is left as it is.
        """
        await self._close(batch_id, BatchState.INTENDED, BatchState.LOST, "unsent")

    async def entries_of(self, batch_id: str) -> list[Entry]:
        """Give the entries of a batch."""
        async with self.store.read() as connection:
            rows = await connection.execute(sa.select(entries).where(entries.c.batch == batch_id))
            return [_entry(row) for row in rows.all()]

    async def asked(self, content: str, model: str) -> list[Entry]:
        """Give how often a question was asked, and what came of it, the first time first."""
        query = (
            sa.select(entries)
            .where(entries.c.content == content, entries.c.model == model)
            .order_by(entries.c.created_at)
        )
        async with self.store.read() as connection:
            return [_entry(row) for row in (await connection.execute(query)).all()]

    async def stray(self, repository_id: int) -> list[Entry]:
        """Give the questions that were asked by themselves, and of which a killed process knew no end."""
        query = sa.select(entries).where(
            entries.c.repository_id == repository_id,
            entries.c.batch.is_(None),
            entries.c.state == EntryState.OPEN.value,
        )
        async with self.store.read() as connection:
            return [_entry(row) for row in (await connection.execute(query)).all()]

    async def settle(self, entry_id: str, outcome: str, spent: int, money: float) -> bool:
        """Enter what came of a question, in place of what was held for it; once, the first time counts."""
        values = {
            "state": EntryState.ENDED.value,
            "outcome": outcome[:32],
            "spent": min(max(spent, 0), _MOST),
            "spent_money": money,
            "held": 0,
            "held_money": 0.0,
            "updated_at": self.clock(),
        }
        is_open = (entries.c.id == entry_id) & (entries.c.state == EntryState.OPEN.value)
        async with self.store.write() as connection:
            done = await connection.execute(
                entries.update().where(is_open).values(**values).returning(entries.c.id)
            )
            return done.first() is not None

    async def _move(self, batch_id: str, state: BatchState, **values: Any) -> bool:
        """Change a batch that is intended; tell whether it was."""
        changed = _changed(batch_id, BatchState.INTENDED, state, self.clock()).values(**values)
        async with self.store.write() as connection:
            return (await connection.execute(changed.returning(batches.c.id))).first() is not None

    async def _close(self, batch_id: str, before: BatchState, state: BatchState, outcome: str) -> None:
        now = self.clock()
        closed = _changed(batch_id, before, state, now).returning(batches.c.id)
        left = (entries.c.batch == batch_id) & (entries.c.state == EntryState.OPEN.value)
        ended = {"state": EntryState.ENDED.value, "outcome": outcome, "held": 0, "held_money": 0.0}
        async with self.store.write() as connection:
            if (await connection.execute(closed)).first() is not None:
                await connection.execute(entries.update().where(left).values(**ended, updated_at=now))


def _changed(batch_id: str, before: BatchState, state: BatchState, now: float) -> sa.Update:
    expected = (batches.c.id == batch_id) & (batches.c.state == before.value)
    return batches.update().where(expected).values(state=state.value, updated_at=now)


async def _spend(connection: AsyncConnection, run_id: str) -> Spend:
    names = tuple(Spend.model_fields)
    sums = [sa.func.coalesce(sa.func.sum(entries.c[name]), 0) for name in names]
    row = (await connection.execute(sa.select(*sums).where(entries.c.run == run_id))).one()
    return Spend(held=int(row[0]), spent=int(row[1]), held_money=float(row[2]), spent_money=float(row[3]))


def _values(entry: Entry, now: float) -> dict[str, Any]:
    texts = {"guarded": json.dumps(entry.guarded), "state": entry.state.value, "model": entry.model[:255]}
    return {**vars(entry), **texts, "created_at": now, "updated_at": now}


def _batch(row: Any) -> Batch:
    return Batch(row.id, row.run, row.remote, BatchState(row.state), row.size, row.sent_at)


def _entry(row: Any) -> Entry:
    values = {name: getattr(row, name) for name in Entry.__dataclass_fields__}
    guarded = tuple(json.loads(row.guarded))
    return Entry(**{**values, "guarded": guarded, "state": EntryState(row.state)})
