"""Feedback: what people said about reports, and how often they reacted to them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.command_tables import feedback, report_reactions
from bot.store.database import storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store.database import Store


@dataclass(frozen=True)
class Saying:
    """What somebody said about the report of a pull request; ``at`` is in epoch seconds."""

    number: int
    comment_id: int
    author: str
    text: str
    at: float


@dataclass(frozen=True)
class Feedback:
    """The feedback of the store."""

    store: Store

    async def add(self, repository_id: int, said: Saying) -> None:
        """Note what somebody said; the same comment again changes nothing."""
        statement = self.store.insert(feedback).values(
            repository_id=repository_id,
            comment_id=said.comment_id,
            number=said.number,
            author=storable(said.author),
            text=storable(said.text),
            at=said.at,
        )
        async with self.store.write() as connection:
            await connection.execute(statement.on_conflict_do_nothing())

    async def said(self, repository_id: int) -> list[Saying]:
        """Give all that was said in a repository, by pull request and time."""
        query = (
            sa.select(feedback)
            .where(feedback.c.repository_id == repository_id)
            .order_by(feedback.c.number, feedback.c.at, feedback.c.comment_id)
        )
        async with self.store.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Saying(row.number, row.comment_id, row.author, row.text, row.at) for row in rows]

    async def reacted(self, repository_id: int, number: int, counts: Mapping[str, int]) -> None:
        """Note how often people reacted to the report of a pull request; 0 forgets a reaction."""
        is_it = (report_reactions.c.repository_id == repository_id) & (report_reactions.c.number == number)
        rows: list[dict[str, Any]] = [
            {"repository_id": repository_id, "number": number, "content": name[:16], "times": count}
            | {"updated_at": time.time()}
            for name, count in sorted(counts.items())
            if count > 0
        ]
        async with self.store.write() as connection:
            await self.store.lock(connection, f"reactions {repository_id} {number}")
            await connection.execute(report_reactions.delete().where(is_it))
            if rows:
                await connection.execute(report_reactions.insert(), rows)

    async def reactions(self, repository_id: int) -> dict[int, dict[str, int]]:
        """Give how often people reacted to the reports of a repository, by number and reaction."""
        query = sa.select(report_reactions).where(report_reactions.c.repository_id == repository_id)
        found: dict[int, dict[str, int]] = {}
        async with self.store.read() as connection:
            for row in (await connection.execute(query)).all():
                found.setdefault(row.number, {})[row.content] = row.times
        return found
