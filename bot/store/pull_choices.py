"""What people decided about single pull requests: ignored, featured, or told in a language."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.command_tables import pull_choices

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.store.database import Store


@dataclass(frozen=True)
class PullChoice:
    """What was decided about one pull request; ``language`` is ``None`` where nobody asked for one."""

    ignored: bool = False
    featured: bool = False
    language: str | None = None


@dataclass(frozen=True)
class PullChoices:
    """The decisions of the store."""

    store: Store

    async def get(self, repository_id: int, number: int) -> PullChoice:
        """Give what was decided about a pull request; nothing of it, if nothing was."""
        query = sa.select(pull_choices).where(
            pull_choices.c.repository_id == repository_id, pull_choices.c.number == number
        )
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        return PullChoice() if row is None else PullChoice(row.ignored, row.featured, row.language)

    async def set(self, repository_id: int, number: int, **values: Any) -> None:
        """Set some fields of ``PullChoice`` for a pull request, and leave the others."""
        first = PullChoice()
        row = {"ignored": first.ignored, "featured": first.featured, "language": first.language} | values
        statement = self.store.insert(pull_choices).values(
            repository_id=repository_id, number=number, **row, updated_at=time.time()
        )
        changed = {name: statement.excluded[name] for name in (*values, "updated_at")}
        async with self.store.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["repository_id", "number"], set_=changed)
            )

    async def featured(self, repository_ids: Collection[int]) -> frozenset[tuple[int, int]]:
        """Give the featured pull requests of repositories, each as the repository's id and its number."""
        return await self._having(repository_ids, pull_choices.c.featured)

    async def ignored(self, repository_ids: Collection[int]) -> frozenset[tuple[int, int]]:
        """Give the ignored pull requests of repositories in the same way."""
        return await self._having(repository_ids, pull_choices.c.ignored)

    async def _having(
        self, repository_ids: Collection[int], column: sa.ColumnElement[bool]
    ) -> frozenset[tuple[int, int]]:
        query = sa.select(pull_choices.c.repository_id, pull_choices.c.number).where(
            pull_choices.c.repository_id.in_(sorted(repository_ids)), column.is_(sa.true())
        )
        async with self.store.read() as connection:
            return frozenset((row[0], row[1]) for row in (await connection.execute(query)).all())
