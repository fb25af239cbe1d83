"""Commands: each comment that was one, what was decided about it, and who is muted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.command_tables import commands, mutes
from bot.store.database import storable
from bot.store.tables import triggers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Store

MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0
# R67: how much is carried out, of one person, in one repository, and of what costs the model on one pull.
PER_PERSON_AN_HOUR = 10
PER_REPOSITORY_A_DAY = 60
COSTLY_SECONDS = 5 * MINUTE
# R65: more answers than these are a loop; the repository is then not answered for an hour.
PER_PULL_IN_TEN_MINUTES = 5
PER_REPOSITORY_AN_HOUR = 30
MUTE_SECONDS = HOUR


class Verdict(StrEnum):
    """What is decided about a command: it is carried out, or why it is not."""

    ADMITTED = "admitted"
    NOT_ALLOWED = "not_allowed"
    OVER = "over"
    MUTED = "muted"


@dataclass(frozen=True)
class Entry:
    """A command as it is entered. ``costly`` ones ask the model, and are rarer."""

    repository_id: int
    comment_id: int
    number: int
    author_id: int
    name: str
    costly: bool


@dataclass(frozen=True)
class Decided:
    """A verdict, and whether its author is told of it by a reaction."""

    verdict: Verdict
    tell: bool


@dataclass(frozen=True)
class Commands:
    """The commands of the store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def decided(self, repository_id: int, comment_id: int) -> Decided | None:
        """Give what was decided about a comment's command, or ``None``."""
        async with self.store.read() as connection:
            return await _decided(connection, repository_id, comment_id)

    async def enter(self, entry: Entry, *, allowed: bool, costly_names: tuple[str, ...] = ()) -> Decided:
        """Decide about a command and note it; done twice, it gives the same.

        Of what is not carried out a person is told once an hour, if not allowed once a day. ``costly_names``
        are the commands that share the place of a costly one.
        """
        async with self.store.write() as connection:
            await self.store.lock(connection, f"commands {entry.repository_id}")
            known = await _decided(connection, entry.repository_id, entry.comment_id)
            if known is not None:
                return known
            decided = await self._decide(connection, entry, allowed=allowed, costly_names=costly_names)
            await connection.execute(
                commands.insert().values(
                    repository_id=entry.repository_id,
                    comment_id=entry.comment_id,
                    number=entry.number,
                    author_id=entry.author_id,
                    name=entry.name,
                    verdict=decided.verdict.value,
                    tell=decided.tell,
                    at=self.clock(),
                )
            )
        return decided

    async def _decide(
        self, connection: AsyncConnection, entry: Entry, *, allowed: bool, costly_names: tuple[str, ...]
    ) -> Decided:
        if await _muted_until(connection, entry.repository_id) > self.clock():
            return Decided(Verdict.MUTED, tell=False)
        if not allowed:
            is_new = await self._is_new(connection, entry, Verdict.NOT_ALLOWED, DAY)
            return Decided(Verdict.NOT_ALLOWED, tell=is_new)
        if await self._is_over(connection, entry, costly_names):
            return Decided(Verdict.OVER, tell=await self._is_new(connection, entry, Verdict.OVER, HOUR))
        return Decided(Verdict.ADMITTED, tell=True)

    async def _is_over(
        self, connection: AsyncConnection, entry: Entry, costly_names: tuple[str, ...]
    ) -> bool:
        by_person = commands.c.author_id == entry.author_id
        here = commands.c.repository_id == entry.repository_id
        if await self._count(connection, HOUR, by_person) >= PER_PERSON_AN_HOUR:
            return True
        if await self._count(connection, DAY, here) >= PER_REPOSITORY_A_DAY:
            return True
        if not entry.costly:
            return False
        same = here & (commands.c.number == entry.number) & commands.c.name.in_(costly_names)
        return await self._count(connection, COSTLY_SECONDS, same) > 0

    async def _count(self, connection: AsyncConnection, seconds: float, where: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).where(
            where,
            commands.c.verdict == Verdict.ADMITTED.value,
            commands.c.at > self.clock() - seconds,
        )
        return int(await connection.scalar(query) or 0)

    async def _is_new(
        self, connection: AsyncConnection, entry: Entry, verdict: Verdict, seconds: float
    ) -> bool:
        told = sa.select(sa.func.count()).where(
            commands.c.repository_id == entry.repository_id,
            commands.c.author_id == entry.author_id,
            commands.c.verdict == verdict.value,
            commands.c.tell.is_(sa.true()),
            commands.c.at > self.clock() - seconds,
        )
        return not await connection.scalar(told)

    async def posted(self, repository_id: int, comment_id: int) -> str | None:
        """Note that an answer was posted; give why the repository is muted now, or ``None``."""
        now = self.clock()
        async with self.store.write() as connection:
            await self.store.lock(connection, f"commands {repository_id}")
            number = await connection.scalar(
                commands.update()
                .where(*_is(repository_id, comment_id))
                .values(posted_at=now)
                .returning(commands.c.number)
            )
            here = commands.c.repository_id == repository_id
            soon = here & (commands.c.number == number) & (commands.c.posted_at > now - 10 * MINUTE)
            on_pull = await _number_of(connection, soon)
            in_all = await _number_of(connection, here & (commands.c.posted_at > now - HOUR))
            if on_pull <= PER_PULL_IN_TEN_MINUTES and in_all <= PER_REPOSITORY_AN_HOUR:
                return None
            reason = f"{on_pull} answers on #{number} in ten minutes, {in_all} in the repository in an hour"
            await self._mute(connection, repository_id, reason)
        return reason

    async def _mute(self, connection: AsyncConnection, repository_id: int, reason: str) -> None:
        values = {"until": self.clock() + MUTE_SECONDS, "reason": storable(reason)[:255]}
        statement = self.store.insert(mutes).values(repository_id=repository_id, **values)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["repository_id"], set_=values)
        )

    async def muted(self, repository_id: int) -> bool:
        """Tell whether commands of a repository are left unanswered now."""
        async with self.store.read() as connection:
            return await _muted_until(connection, repository_id) > self.clock()

    async def waiting(self, repository_id: int) -> dict[str, int]:
        """Count the work of one repository that is not done, by its state."""
        query = (
            sa.select(triggers.c.state, sa.func.count())
            .where(
                triggers.c.repository_id == repository_id,
                triggers.c.state.in_(["new", "started", "parked", "dead"]),
                # Looks for duplicates, and commands such as the one that asks.
                triggers.c.kind.not_in(["tidy", "command"]),
            )
            .group_by(triggers.c.state)
        )
        async with self.store.read() as connection:
            return {row[0]: row[1] for row in (await connection.execute(query)).all()}

    async def purge(self, before: float) -> None:
        """Forget commands from before an epoch second, and mutes that are over."""
        async with self.store.write() as connection:
            await connection.execute(commands.delete().where(commands.c.at < before))
            await connection.execute(mutes.delete().where(mutes.c.until < before))


async def _decided(connection: AsyncConnection, repository_id: int, comment_id: int) -> Decided | None:
    query = sa.select(commands.c.verdict, commands.c.tell).where(*_is(repository_id, comment_id))
    row: Any = (await connection.execute(query)).first()
    return None if row is None else Decided(Verdict(row.verdict), bool(row.tell))


async def _number_of(connection: AsyncConnection, where: sa.ColumnElement[bool]) -> int:
    return int(await connection.scalar(sa.select(sa.func.count()).where(where)) or 0)


async def _muted_until(connection: AsyncConnection, repository_id: int) -> float:
    until = await connection.scalar(sa.select(mutes.c.until).where(mutes.c.repository_id == repository_id))
    return float(until or 0.0)


def _is(repository_id: int, comment_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return commands.c.repository_id == repository_id, commands.c.comment_id == comment_id
