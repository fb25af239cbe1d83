"""The register: the risks of each repository, under numbers that never change, and what became of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.model import PlaceHints, PullReport, RegisteredRisk, RegisterState, RegisterView, RiskVerdict
from bot.store.database import storable
from bot.store.digest_tables import registered_risks as table
from bot.store.installed_tables import repositories
from bot.store.register_drafts import drafts, fingerprint, same_one, updated
from bot.store.register_rows import (
    is_of,
    later_query,
    newest,
    next_number,
    risk_of,
    rows_of,
    values_of,
    write,
)
from bot.store.register_state import MergeMoment, accepted, concluded, looked_at, reopened
from bot.store.register_view import view_of
from bot.store.tables import reports

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Message, PersonsWord
    from bot.store.database import Store

NO_HINTS = PlaceHints()


@dataclass(frozen=True)
class Register:
    """The registered risks of the store.

    Every change holds the repository's lock (of the register) until it is committed.
    """

    store: Store

    async def note(self, report: PullReport, hints: PlaceHints = NO_HINTS) -> tuple[RegisteredRisk, ...]:
        """Enter the open risks of a report, and give them in its order, with their numbers.

        One that is there keeps its number and what became of it. One that the report no longer names is
        withdrawn if it is open. If the store has a newer report of the pull request, that one counts.
        A report without a number has none: ``ValueError``.
        """
        if report.head.number is None:
            raise ValueError("risks are registered under their pull request's number")
        repository_id, pull = report.head.repository.id, report.head.number
        async with self.store.write() as connection:
            await self._lock(connection, repository_id)
            report = await newest(connection, report)
            found = await rows_of(connection, is_of(repository_id, table.c.pull == pull))
            left = {row.number: risk_of(row) for row in found}
            named = []
            for draft in drafts(report, hints):
                known = same_one(draft, list(left.values()))
                if known is not None:
                    del left[known.number]
                named.append((known, draft))
            for risk in left.values():
                if risk.state is RegisterState.OPEN:
                    await write(connection, risk, concluded(risk.model_copy(update={"withdrawn": True})))
            return await self._entered(connection, named, {row.fingerprint for row in found})

    async def _entered(
        self,
        connection: AsyncConnection,
        named: Sequence[tuple[RegisteredRisk | None, RegisteredRisk]],
        taken: set[str],
    ) -> tuple[RegisteredRisk, ...]:
        entered = []
        for known, draft in named:
            if known is not None:
                risk = concluded(updated(known, draft))
                await write(connection, known, risk)
            else:
                risk = draft.model_copy(update={"number": await next_number(connection, draft.repository_id)})
                mark = fingerprint(risk, taken)
                taken.add(mark)
                values = values_of(risk) | {"repository_id": risk.repository_id, "pull": risk.pull}
                await connection.execute(
                    table.insert().values(**values, number=risk.number, fingerprint=mark)
                )
            entered.append(risk)
        return tuple(entered)

    async def get(self, repository_id: int, number: int) -> RegisteredRisk | None:
        """Give a risk by its number, or ``None``."""
        found = await self._find(is_of(repository_id, table.c.number == number))
        return found[0] if found else None

    async def all(
        self, repository_id: int, states: Collection[RegisterState] = tuple(RegisterState)
    ) -> tuple[RegisteredRisk, ...]:
        """Give the risks of a repository in these states, by number."""
        wanted = table.c.state.in_([state.value for state in states])
        return await self._find(is_of(repository_id, wanted))

    async def numbered(self, repository_id: int, numbers: Collection[int]) -> tuple[RegisteredRisk, ...]:
        """Give the risks with these numbers, by number."""
        return await self._find(is_of(repository_id, table.c.number.in_(sorted(numbers))))

    async def of_pull(self, repository_id: int, pull: int) -> tuple[RegisteredRisk, ...]:
        """Give the risks that a pull request brought, whatever became of them, by number."""
        return await self._find(is_of(repository_id, table.c.pull == pull))

    async def open_risks(
        self, repository_id: int, paths: Collection[str] | None = None
    ) -> tuple[RegisteredRisk, ...]:
        """Give the open risks of a repository, or those of them that stand in one of these files."""
        found = await self.all(repository_id, (RegisterState.OPEN,))
        if paths is None:
            return found
        wanted = frozenset(paths)
        return tuple(risk for risk in found if not wanted.isdisjoint(risk.standing_paths))

    async def standing(self, repository_id: int, merged_at: datetime) -> tuple[RegisteredRisk, ...]:
        """Give what a merge at that time may say something of: risks of earlier merges, not ended by then.

        Withdrawn and accepted ones are among them: what is proved of them counts if they are opened again.
        """
        at = merged_at.timestamp()
        earlier = (table.c.opened_at < at) & (table.c.closed_at.is_(None) | (table.c.closed_at > at))
        return await self._find(is_of(repository_id, earlier))

    async def touch(self, repository_id: int, verdicts: Sequence[RiskVerdict], merge: MergeMoment) -> None:
        """Note what a merge shows of risks; the same again, or in another order, comes to the same."""
        async with self.store.write() as connection:
            await self._lock(connection, repository_id)
            found = {verdict.number: verdict for verdict in verdicts}
            rows = await rows_of(connection, is_of(repository_id, table.c.number.in_(sorted(found))))
            for risk in map(risk_of, rows):
                await write(connection, risk, looked_at(risk, found[risk.number], merge))

    async def close(
        self, repository_id: int, numbers: Collection[int], reason: Message, merge: MergeMoment
    ) -> None:
        """End whole risks by a merge; an earlier proof stays."""
        verdicts = [RiskVerdict(number=number, ended=reason) for number in sorted(numbers)]
        await self.touch(repository_id, verdicts, merge)

    async def accept(self, repository_id: int, number: int, word: PersonsWord) -> RegisteredRisk | None:
        """Accept an open risk, for a person. ``None``: there is none, or it is not open."""
        return await self._decide(repository_id, number, lambda risk: accepted(risk, word))

    async def reopen(self, repository_id: int, number: int, word: PersonsWord) -> RegisteredRisk | None:
        """Open an accepted or closed risk again, for a person; only later merges can then close it.

        ``None``: there is none, or its own report took it back.
        """
        return await self._decide(repository_id, number, lambda risk: reopened(risk, word))

    async def _decide(
        self, repository_id: int, number: int, decide: Callable[[RegisteredRisk], RegisteredRisk | None]
    ) -> RegisteredRisk | None:
        async with self.store.write() as connection:
            await self._lock(connection, repository_id)
            rows = await rows_of(connection, is_of(repository_id, table.c.number == number))
            known = risk_of(rows[0]) if rows else None
            decided = decide(known) if known is not None else None
            if known is not None and decided is not None:
                await write(connection, known, decided)
        return decided

    async def repository_named(self, full_name: str) -> int | None:
        """Give the id of the repository that has a name now, or had it at its newest report."""
        name = storable(full_name).lower()
        listed = sa.select(repositories.c.id).where(sa.func.lower(repositories.c.full_name) == name)
        told = sa.select(reports.c.repository_id).where(sa.func.lower(reports.c.repository) == name)
        async with self.store.read() as connection:
            found: int | None = await connection.scalar(listed.order_by(repositories.c.id.desc()).limit(1))
            if found is None:
                found = await connection.scalar(told.order_by(reports.c.merged_at.desc()).limit(1))
        return found

    async def later_reports(
        self, repository_id: int, merged_at: datetime, paths: Collection[str], most: int = 50
    ) -> list[PullReport]:
        """Give the first reports of later merges that changed, or soon after renamed, one of these files."""
        query = later_query(repository_id, merged_at, sorted(paths)).limit(most)
        async with self.store.read() as connection:
            found: Sequence[str] = (await connection.scalars(query)).all()  # type: ignore[assignment]
        return [PullReport.model_validate_json(data) for data in found]

    async def view(
        self,
        repository_ids: Collection[int],
        since: datetime,
        until: datetime,
        *,
        most: int = 50,
        path: str | None = None,
    ) -> RegisterView:
        """Give the register as it stood at ``until``, of these repositories, or of a folder or file in them.

        Written later it is the same, unless a report or a person took something back. ``most`` limits the
        older ones that are still open.
        """
        is_there = table.c.repository_id.in_(repository_ids) & (table.c.opened_at < until.timestamp())
        return view_of(await self._find(is_there), since, until, most=most, path=path)

    async def _find(self, where: sa.ColumnElement[bool]) -> tuple[RegisteredRisk, ...]:
        async with self.store.read() as connection:
            rows = await rows_of(connection, where)
        return await asyncio.to_thread(lambda: tuple(map(risk_of, rows)))

    async def _lock(self, connection: AsyncConnection, repository_id: int) -> None:
        await self.store.lock(connection, f"register {repository_id}")
