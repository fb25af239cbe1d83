"""The publish rows of digests: what each digest's issue should say, and what GitHub has of it."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.database import storable
from bot.store.digest_tables import digest_issues
from bot.store.publications import PublishState, next_values

if TYPE_CHECKING:
    from bot.store.database import Store

_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class DigestKey:
    """Which digest: where it is published, what it covers there, and the key of its period."""

    repository_id: int
    scope: str
    period: str


@dataclass(frozen=True)
class DigestIssue:
    """The publish row of one digest. ``fence`` grows with every change; times are epoch seconds.

    ``since`` is when the period began. ``closed`` says that PRHub has closed the issue because a newer
    one exists, or found that a person had decided about that.
    """

    repository_id: int
    scope: str
    period: str
    since: float
    state: PublishState
    fence: int
    attempted_at: float | None
    issue_number: int | None
    title: str
    body: str
    body_sha256: str
    posted_sha256: str | None
    closed: bool
    reason: str | None

    @property
    def key(self) -> DigestKey:
        """Which digest this is of."""
        return DigestKey(self.repository_id, self.scope, self.period)

    @property
    def up_to_date(self) -> bool:
        """Whether GitHub already shows this title and body."""
        return self.state is PublishState.POSTED and self.posted_sha256 == self.body_sha256


@dataclass(frozen=True)
class DigestIssues:
    """The publish rows of the store."""

    store: Store

    async def want(self, key: DigestKey, since: float, title: str, body: str) -> DigestIssue:
        """Record what the issue should say, keeping what is known of it; ``since`` begins the period."""
        title, body = storable(title), storable(body)
        wanted = {"title": title, "body": body, "body_sha256": _digest(title, body), "since": since}
        statement = self.store.insert(digest_issues).values(
            repository_id=key.repository_id,
            scope=key.scope,
            period=key.period,
            state=PublishState.WANTED.value,
            fence=0,
            closed=False,
            updated_at=time.time(),
            **wanted,
        )
        statement = statement.on_conflict_do_update(
            index_elements=["repository_id", "scope", "period"],
            set_={name: statement.excluded[name] for name in (*wanted, "updated_at")},
        )
        async with self.store.write() as connection:
            await connection.execute(statement)
        row = await self.get(key)
        if row is None:
            raise LookupError("the publish row vanished while it was written")
        return row

    async def get(self, key: DigestKey) -> DigestIssue | None:
        """Give a publish row, or ``None`` if that digest was never to be published."""
        return await self._first(sa.select(digest_issues).where(*_is(key)))

    async def numbered(self, repository_id: int, number: int) -> DigestIssue | None:
        """Give the publish row of the digest that an issue of a repository is, or ``None``."""
        is_it = (digest_issues.c.repository_id == repository_id) & (digest_issues.c.issue_number == number)
        return await self._first(sa.select(digest_issues).where(is_it).limit(1))

    async def change(self, row: DigestIssue, **values: Any) -> DigestIssue | None:
        """Change a row unless somebody else changed it first; then the answer is ``None``.

        Else it is the row as this change left it: read later, it might be the next one's.
        """
        new = next_values(row.fence, values)
        async with self.store.write() as connection:
            done = await connection.execute(
                digest_issues.update()
                .where(*_is(row.key), digest_issues.c.fence == row.fence)
                .values(**new)
                .returning(*digest_issues.c)
            )
            changed = done.first()
        return None if changed is None else _issue(changed)

    async def previous(self, key: DigestKey, since: float) -> DigestIssue | None:
        """Give the posted digest before this one: of the same scope and kind, begun last before ``since``.

        Weeks follow weeks and months follow months; other periods stand alone, and have none.
        """
        at = digest_issues.c.since
        return await self._neighbour(key, at < since, at.desc())

    async def following(self, key: DigestKey, since: float) -> DigestIssue | None:
        """Give the posted digest after this one, in the same way."""
        at = digest_issues.c.since
        return await self._neighbour(key, at > since, at.asc())

    async def _neighbour(
        self, key: DigestKey, where: sa.ColumnElement[bool], order: sa.UnaryExpression[float]
    ) -> DigestIssue | None:
        pattern = _row_of(key.period)
        if pattern is None:
            return None
        query = (
            sa.select(digest_issues.c.period)
            .where(
                digest_issues.c.repository_id == key.repository_id,
                digest_issues.c.scope == key.scope,
                digest_issues.c.state == PublishState.POSTED.value,
                where,
            )
            .order_by(order, digest_issues.c.period)
        )
        async with self.store.read() as connection:
            periods = (await connection.scalars(query)).all()
        found = next((period for period in periods if pattern.fullmatch(period)), None)
        return None if found is None else await self.get(DigestKey(key.repository_id, key.scope, found))

    async def _first(self, query: sa.Select[Any]) -> DigestIssue | None:
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else _issue(row)


def _digest(title: str, body: str) -> str:
    return hashlib.sha256(f"{title}\0{body}".encode()).hexdigest()


def _row_of(period: str) -> re.Pattern[str] | None:
    """Give what the keys of the row look like that a period belongs to, or ``None`` if it stands alone."""
    return next((pattern for pattern in (_WEEK, _MONTH) if pattern.fullmatch(period)), None)


def _issue(row: Any) -> DigestIssue:
    fields = row._asdict()
    for name in ("id", "updated_at"):
        fields.pop(name)
    return DigestIssue(**fields | {"state": PublishState(row.state)})


def _is(key: DigestKey) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        digest_issues.c.repository_id == key.repository_id,
        digest_issues.c.scope == key.scope,
        digest_issues.c.period == key.period,
    )
