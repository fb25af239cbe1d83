"""Backfills: runs that make reports of past merges, who works on each, and how far each merge is."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa

from bot.errors import UserError
from bot.model import SCHEMA_VERSION, PullFacts, Relation, TriggerKind
from bot.model.backfills import PullState, RunState
from bot.store.backfill_batches import Batches
from bot.store.backfill_rows import PULL_COLUMNS, BackfillPull, Held, Holder, Run, pull_of, run_of
from bot.store.backfill_tables import backfill_pulls as pulls
from bot.store.backfill_tables import backfills
from bot.store.database import storable
from bot.store.tables import reports, triggers
from bot.store.triggers import TriggerState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.store.database import Store

# Who works on a run says so at least this often; who was silent for longer is gone.
HELD_SECONDS = 120.0


@dataclass(frozen=True)
class Backfills:
    """Runs and their pull requests; ``clock`` gives epoch seconds.

    After ``silence`` seconds without a word, whoever holds a run is believed to be gone.
    """

    store: Store
    clock: Callable[[], float] = field(default=time.time)
    silence: float = HELD_SECONDS

    @property
    def batches(self) -> Batches:
        """The batches of these runs."""
        return Batches(self.store, self.clock)

    async def begin(self, run: Run) -> Run:
        """Store a new run; ``id`` is given to it here."""
        run = Run(**{**vars(run), "id": uuid4().hex})
        now = self.clock()
        values = {
            "id": run.id,
            "repository_id": run.repository_id,
            "installation_id": run.installation_id,
            "repository": storable(run.repository),
            "options": run.options.model_dump_json(),
            "offered": run.offered,
            "state": run.state.value,
        }
        async with self.store.write() as connection:
            await connection.execute(backfills.insert().values(**values, created_at=now, updated_at=now))
        return run

    async def open_runs(self, repository_id: int | None = None, *, offered: bool | None = None) -> list[Run]:
        """Give the runs that have not ended, the oldest first."""
        query = sa.select(backfills).where(backfills.c.state == RunState.OPEN.value)
        if repository_id is not None:
            query = query.where(backfills.c.repository_id == repository_id)
        if offered is not None:
            query = query.where(backfills.c.offered.is_(offered))
        async with self.store.read() as connection:
            rows = (await connection.execute(query.order_by(backfills.c.created_at))).all()
        return [run_of(row) for row in rows]

    async def hold(self, repository_id: int, run_id: str, me: Holder) -> Held | None:
        """Take a run, or go on holding it; give who else works on the repository, or ``None``: it is mine.

        Raises ``UserError`` if there is no such run any more.
        """
        now = self.clock()
        async with self.store.write() as connection:
            await self.store.lock(connection, f"backfill {repository_id}")
            query = sa.select(backfills).where(
                backfills.c.repository_id == repository_id,
                backfills.c.holder.is_not(None),
                backfills.c.holder != me.id,
                backfills.c.held_until > now,
            )
            row = (await connection.execute(query)).first()
            if row is not None:
                other = Holder(row.holder, row.place or "", row.pid or 0)
                return Held(other, row.held_until - now)
            mine = {"holder": me.id, "place": me.place, "pid": me.pid, "held_until": now + self.silence}
            held = backfills.update().where(backfills.c.id == run_id).values(**mine).returning(backfills.c.id)
            if (await connection.execute(held)).first() is None:
                raise UserError("The repository was forgotten meanwhile: its backfill is not there any more.")
        return None

    async def release(self, holder_id: str) -> None:
        """Let go of whatever this holder held: it has ended, or is known to be dead."""
        async with self.store.write() as connection:
            await connection.execute(
                backfills.update().where(backfills.c.holder == holder_id).values(holder=None, held_until=None)
            )

    async def end(self, run_id: str) -> None:
        """End a run: everything that it was to do is done, or left."""
        await self._change(run_id, state=RunState.ENDED.value)

    async def listed(self, run: Run, found: Sequence[tuple[int, float]]) -> None:
        """Store the merges of a run, each with its time, and that these are all: the list is read once."""
        now = self.clock()
        rows = [
            {
                "run": run.id,
                "number": number,
                "repository_id": run.repository_id,
                "merged_at": merged_at,
                "state": PullState.FOUND.value,
                "quiet": False,
                "reverts": "[]",
                "tries": 0,
                "updated_at": now,
            }
            for number, merged_at in found
        ]
        async with self.store.write() as connection:
            if rows:
                await connection.execute(self.store.insert(pulls).on_conflict_do_nothing(), rows)
            await connection.execute(
                backfills.update().where(backfills.c.id == run.id).values(listed_at=now, updated_at=now)
            )

    async def pulls(
        self, run_id: str, states: Collection[PullState] = tuple(PullState)
    ) -> list[BackfillPull]:
        """Give the merges of a run in these states, newest first."""
        query = (
            sa.select(*(pulls.c[name] for name in PULL_COLUMNS))
            .where(pulls.c.run == run_id, pulls.c.state.in_([state.value for state in states]))
            .order_by(pulls.c.merged_at.desc(), pulls.c.number.desc())
        )
        async with self.store.read() as connection:
            rows = (await connection.execute(query)).all()
        return [pull_of(row) for row in rows]

    async def move(self, run_id: str, number: int, state: PullState, **values: Any) -> None:
        """Note how far a merge is; ``quiet``, ``tries`` and ``reason`` may be set as well.

        What is ended keeps no facts: they hold lines of the diff.
        """
        ended = state in {PullState.DONE, PullState.SKIPPED, PullState.LEFT, PullState.FAILED}
        if ended:
            values["facts"] = None
        if values.get("reason"):
            values["reason"] = storable(str(values["reason"]))[:255]
        await self._write(run_id, number, state=state.value, **values)

    async def keep_facts(self, run_id: str, facts: PullFacts, read_at: float) -> None:
        """Keep what was read of a merge, so that it is read once, however often the run is killed."""
        data = await asyncio.to_thread(facts.model_dump_json)
        originals = {one.number for one in facts.related if one.relation is Relation.REVERTS}
        reverts = json.dumps([[number, facts.title] for number in sorted(originals)])
        values = {"state": PullState.READ.value, "facts": data, "read_at": read_at, "reverts": reverts}
        await self._write(run_id, facts.number or 0, **values)

    async def facts(self, run_id: str, number: int) -> tuple[PullFacts, float] | None:
        """Give what was read of a merge, and when, or ``None``."""
        query = sa.select(pulls.c.facts, pulls.c.read_at).where(
            pulls.c.run == run_id, pulls.c.number == number
        )
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None or row.facts is None:
            return None
        return await asyncio.to_thread(PullFacts.model_validate_json, row.facts), row.read_at or 0.0

    async def reported(self, repository_id: int) -> set[int]:
        """Give the pull requests of a repository that have reports of today's form."""
        query = sa.select(reports.c.number).where(
            reports.c.repository_id == repository_id, reports.c.schema_version >= SCHEMA_VERSION
        )
        async with self.store.read() as connection:
            return set((await connection.scalars(query)).all())

    async def is_in_work(self, repository_id: int, number: int) -> bool:
        """Tell whether the server is at work on a pull request, or is about to be."""
        busy = [TriggerState.NEW.value, TriggerState.STARTED.value]
        query = sa.select(triggers.c.id).where(
            triggers.c.repository_id == repository_id,
            triggers.c.number == number,
            triggers.c.kind == TriggerKind.REPORT.value,
            triggers.c.state.in_(busy),
        )
        async with self.store.read() as connection:
            return await connection.scalar(query.limit(1)) is not None

    async def is_quiet(self, repository_id: int, number: int) -> bool:
        """Tell whether a pull request's report is a backfill's, made without a comment."""
        query = sa.select(pulls.c.number).where(
            pulls.c.repository_id == repository_id, pulls.c.number == number, pulls.c.quiet.is_(sa.true())
        )
        async with self.store.read() as connection:
            return await connection.scalar(query.limit(1)) is not None

    async def purge(self, before: float) -> None:
        """Forget the facts of runs that nobody took up again since an epoch second; they are read anew."""
        stale = pulls.c.facts.is_not(None) & (pulls.c.updated_at < before)
        unmade = stale & (pulls.c.state == PullState.READ.value)
        made = stale & pulls.c.state.in_([PullState.MADE.value, PullState.POSTED.value])
        async with self.store.write() as connection:
            found, done = PullState.FOUND.value, PullState.DONE.value
            await connection.execute(pulls.update().where(unmade).values(facts=None, state=found))
            await connection.execute(pulls.update().where(made).values(facts=None, state=done))

    async def _change(self, run_id: str, **values: Any) -> None:
        async with self.store.write() as connection:
            await connection.execute(
                backfills.update().where(backfills.c.id == run_id).values(**values, updated_at=self.clock())
            )

    async def _write(self, run_id: str, number: int, **values: Any) -> None:
        async with self.store.write() as connection:
            await connection.execute(
                pulls.update()
                .where(pulls.c.run == run_id, pulls.c.number == number)
                .values(**values, updated_at=self.clock())
            )
