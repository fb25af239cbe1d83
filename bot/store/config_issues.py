"""The publish rows of configuration issues: what each repository is to be told, and what GitHub has of it."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.config_tables import config_issues
from bot.store.database import storable
from bot.store.publications import PublishState, next_values
from bot.store.triggers import insert_triggers

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import Trigger
    from bot.store.database import Store

_UNSHOWN = frozenset({PublishState.WANTED, PublishState.REFUSED, PublishState.DISMISSED})


@dataclass(frozen=True)
class ConfigWish:
    """What a repository's issue is to say; ``open`` tells whether the file is broken, else it is closed.

    ``problems_sha256`` stands for what is wrong: with the same, nothing new is wanted.
    """

    repository_id: int
    open: bool
    problems_sha256: str
    title: str
    body: str


@dataclass(frozen=True)
class ConfigIssue:
    """The publish row of a repository's configuration issue; times are epoch seconds.

    ``fence`` grows with every change, ``wish`` with everything new that the issue is to say. ``told_at``
    is when GitHub was last written to, ``asked_at`` when the work for that was last asked for.
    """

    repository_id: int
    state: PublishState
    fence: int
    wish: int
    open: bool
    problems_sha256: str
    attempted_at: float | None
    issue_number: int | None
    title: str
    body: str
    body_sha256: str
    posted_sha256: str | None
    told_at: float | None
    asked_at: float | None
    reason: str | None

    @property
    def key(self) -> int:
        """Which issue this is: that of a repository."""
        return self.repository_id

    @property
    def up_to_date(self) -> bool:
        """Whether GitHub already has this title, body and state."""
        return self.state is PublishState.POSTED and self.posted_sha256 == self.body_sha256

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do: it is up to date, or would be closed and was never shown."""
        return self.up_to_date or (not self.open and self.state in _UNSHOWN)


@dataclass(frozen=True)
class ConfigIssues:
    """The publish rows of the store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def want(self, wish: ConfigWish, trigger: Callable[[int], Trigger]) -> bool:
        """Record what the issue should say, and in the same transaction the work that makes it so.

        ``trigger`` gives that work for the wish's number. Nothing is recorded, and the answer is
        ``False``, if the same was wanted before. Who deleted an issue gets another one only for
        something new.
        """
        async with self.store.write() as connection:
            query = sa.select(config_issues).where(_is(wish.repository_id)).with_for_update()
            before = (await connection.execute(query)).first()
            if not _is_new(before, wish):
                return False
            number = 1 if before is None else before.wish + 1
            values = self._values(wish, number)
            first = {"state": PublishState.WANTED.value, "fence": 0}
            statement = self.store.insert(config_issues).values(
                repository_id=wish.repository_id, **first, **values
            )
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["repository_id"], set_=values)
            )
            await insert_triggers(self.store, connection, [(trigger(number), None)], time.time())
        return True

    def _values(self, wish: ConfigWish, number: int) -> dict[str, Any]:
        title, body = storable(wish.title), storable(wish.body)
        told = f"{title}\0{body}\0{wish.open}"
        return {
            "wish": number,
            "open": wish.open,
            "problems_sha256": wish.problems_sha256,
            "title": title,
            "body": body,
            "body_sha256": hashlib.sha256(told.encode()).hexdigest(),
            "asked_at": self.clock(),
            "updated_at": self.clock(),
        }

    async def ask_again(self, row: ConfigIssue, trigger: Trigger) -> None:
        """Have the work on a row done once more, unless the row was changed meanwhile."""
        async with self.store.write() as connection:
            done = await connection.execute(
                config_issues.update()
                .where(_is(row.repository_id), config_issues.c.fence == row.fence)
                .values(**next_values(row.fence, {"asked_at": self.clock()}))
            )
            if done.rowcount:
                await insert_triggers(self.store, connection, [(trigger, None)], time.time())

    async def get(self, key: int) -> ConfigIssue | None:
        """Give the publish row of a repository, or ``None`` if its file was never broken."""
        async with self.store.read() as connection:
            row = (await connection.execute(sa.select(config_issues).where(_is(key)))).first()
        return None if row is None else _issue(row)

    async def change(self, row: ConfigIssue, **values: Any) -> ConfigIssue | None:
        """Change a row unless somebody else changed it first; then the answer is ``None``.

        Else it is the row as this change left it: read later, it might be the next one's.
        """
        new = next_values(row.fence, values)
        async with self.store.write() as connection:
            done = await connection.execute(
                config_issues.update()
                .where(_is(row.repository_id), config_issues.c.fence == row.fence)
                .values(**new)
                .returning(*config_issues.c)
            )
            changed = done.first()
        return None if changed is None else _issue(changed)


def _is_new(row: Any, wish: ConfigWish) -> bool:
    """Tell whether a wish differs from the one that a row holds; without a row there is nothing to close."""
    if row is None or not row.open:
        return wish.open
    return not wish.open or bool(row.problems_sha256 != wish.problems_sha256)


def _issue(row: Any) -> ConfigIssue:
    fields = row._asdict()
    fields.pop("updated_at")
    return ConfigIssue(**fields | {"state": PublishState(row.state)})


def _is(repository_id: int) -> sa.ColumnElement[bool]:
    return config_issues.c.repository_id == repository_id
