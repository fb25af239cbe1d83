"""Publish rows: the one way by which anything reaches GitHub, each change a compare-and-set."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.database import storable
from bot.store.tables import applied_labels, publications

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.store.database import Store


class PublishState(StrEnum):
    """Where a publication stands.

    ``wanted``: to be posted. ``posting``: a post was begun, and its answer may have been lost.
    ``posted``: GitHub has it, and its id is known. ``dismissed``: a person deleted it.
    ``refused``: GitHub will not have it (locked, archived).
    """

    WANTED = "wanted"
    POSTING = "posting"
    POSTED = "posted"
    DISMISSED = "dismissed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Publication:
    """One publish row. ``fence`` grows with every change; times are epoch seconds."""

    repository_id: int
    number: int
    kind: str
    state: PublishState
    fence: int
    attempted_at: float | None
    comment_id: int | None
    body: str
    body_sha256: str
    posted_sha256: str | None
    reason: str | None

    @property
    def up_to_date(self) -> bool:
        """Whether GitHub already shows this body."""
        return self.state is PublishState.POSTED and self.posted_sha256 == self.body_sha256


class LabelState(StrEnum):
    """What PRHub knows of a label it put on; one that a person removed is never put on again.

    ``adding`` and ``removing`` were begun, and the answer may have been lost. ``found`` was there
    before PRHub wanted it: somebody else's.
    """

    FOUND = "found"
    ADDING = "adding"
    APPLIED = "applied"
    REMOVING = "removing"
    WITHDRAWN = "withdrawn"
    REMOVED_BY_PERSON = "taken_off"


@dataclass(frozen=True)
class AppliedLabel:
    """A label PRHub put on, and since when (epoch seconds) it is in this state."""

    state: LabelState
    since: float


@dataclass(frozen=True)
class Publications:
    """The publish rows and the labels of the store."""

    store: Store

    async def want(self, repository_id: int, number: int, kind: str, body: str) -> Publication:
        """Record what GitHub should show, keeping what is known of what it shows."""
        body = storable(body)
        digest = hashlib.sha256(body.encode()).hexdigest()
        statement = self.store.insert(publications).values(
            repository_id=repository_id,
            number=number,
            kind=kind,
            state=PublishState.WANTED.value,
            fence=0,
            body=body,
            body_sha256=digest,
            updated_at=time.time(),
        )
        statement = statement.on_conflict_do_update(
            index_elements=["repository_id", "number", "kind"],
            set_={
                "body": statement.excluded.body,
                "body_sha256": statement.excluded.body_sha256,
                "updated_at": statement.excluded.updated_at,
            },
        )
        async with self.store.write() as connection:
            await connection.execute(statement)
        row = await self.get(repository_id, number, kind)
        if row is None:
            raise LookupError("the publish row vanished while it was written")
        return row

    async def get(self, repository_id: int, number: int, kind: str) -> Publication | None:
        """Give a publish row, or ``None`` if nothing was ever to be published there."""
        query = sa.select(publications).where(*_is(repository_id, number, kind))
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else _publication(row)

    async def change(self, row: Publication, **values: Any) -> Publication | None:
        """Change a row unless somebody else changed it first; then the answer is ``None``.

        Else it is the row as this change left it: read later, it might be the next one's.
        """
        new = next_values(row.fence, values)
        async with self.store.write() as connection:
            done = await connection.execute(
                publications.update()
                .where(*_is(row.repository_id, row.number, row.kind), publications.c.fence == row.fence)
                .values(**new)
                .returning(*publications.c)
            )
            changed = done.first()
        return None if changed is None else _publication(changed)

    async def labels(self, repository_id: int, number: int) -> dict[str, AppliedLabel]:
        """Give every label PRHub ever put on a pull request, with what became of it."""
        query = sa.select(applied_labels).where(
            applied_labels.c.repository_id == repository_id, applied_labels.c.number == number
        )
        async with self.store.read() as connection:
            rows = (await connection.execute(query)).all()
        return {row.name: AppliedLabel(LabelState(row.state), row.updated_at) for row in rows}

    async def note_labels(
        self, repository_id: int, number: int, names: Iterable[str], state: LabelState
    ) -> None:
        """Record what became of labels."""
        now = time.time()
        rows = [
            {
                "repository_id": repository_id,
                "number": number,
                "name": name,
                "state": state.value,
                "updated_at": now,
            }
            for name in names
        ]
        if not rows:
            return
        statement = self.store.insert(applied_labels)
        statement = statement.on_conflict_do_update(
            index_elements=["repository_id", "number", "name"],
            set_={"state": statement.excluded.state, "updated_at": statement.excluded.updated_at},
        )
        async with self.store.write() as connection:
            await connection.execute(statement, rows)


def next_values(fence: int, values: dict[str, Any]) -> dict[str, Any]:
    """Give what a change writes into a publish row that has this fence."""
    new = values | {"fence": fence + 1, "updated_at": time.time()}
    if "state" in new:
        new["state"] = PublishState(new["state"]).value
    if new.get("reason") is not None:
        new["reason"] = storable(new["reason"])
    return new


def _publication(row: Any) -> Publication:
    fields = row._asdict()
    fields.pop("updated_at")
    return Publication(**fields | {"state": PublishState(row.state)})


def _is(repository_id: int, number: int, kind: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        publications.c.repository_id == repository_id,
        publications.c.number == number,
        publications.c.kind == kind,
    )
