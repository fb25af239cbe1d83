"""Digests as data, found by repository, scope and period; their facts in flight; and what is planned."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model import Digest, PeriodFacts
from bot.store.digest_tables import digest_issues, digests
from bot.store.digest_texts import SlimDigest, SlimFacts, slim_of, written
from bot.store.tables import answers, triggers
from bot.store.triggers import insert_triggers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Repository, Trigger
    from bot.store.database import Store
    from bot.store.digest_issues import DigestKey

# The scope of a digest over several repositories, as ``DigestRequest`` has it.
ORGANISATION = "organisation"
_BATCH = 500


@dataclass(frozen=True)
class StoredDigest:
    """A digest as stored, and the language of its text."""

    digest: Digest
    language: str | None


@dataclass(frozen=True)
class PeriodInFlight:
    """Facts kept until their digest is done; ``read_at`` is when the reading began (epoch seconds)."""

    facts: PeriodFacts
    read_at: float


@dataclass(frozen=True)
class Digests:
    """The stored digests."""

    store: Store

    async def keep_facts(
        self, key: DigestKey, installation_id: int, facts: PeriodFacts, read_at: float
    ) -> None:
        """Keep the facts of a period until its digest is done, unless younger ones are there."""
        # Megabytes for a large period: off the loop, both ways.
        text = await asyncio.to_thread(facts.model_dump_json)
        values = {"facts": text, "facts_at": read_at}
        newer = digests.c.facts_at.is_(None) | (digests.c.facts_at <= read_at)
        async with self.store.write() as connection:
            await self._put(connection, _row(key, installation_id, facts) | values, newer)

    async def facts_of(self, key: DigestKey) -> PeriodInFlight | None:
        """Give the facts in flight, or ``None`` once they are dropped, or of another version."""
        query = sa.select(digests.c.facts, digests.c.facts_at).where(*_is(key))
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None or row.facts is None:
            return None
        try:
            facts = await asyncio.to_thread(PeriodFacts.model_validate_json, row.facts)
        except ValidationError:
            return None
        return PeriodInFlight(facts, row.facts_at or 0.0)

    async def facts_read_at(self, key: DigestKey) -> float | None:
        """Tell when the facts in flight were read, without reading them."""
        query = sa.select(digests.c.facts_at).where(*_is(key), digests.c.facts.is_not(None))
        async with self.store.read() as connection:
            read_at: float | None = await connection.scalar(query)
        return read_at

    async def drop_facts(self, key: DigestKey) -> None:
        """Forget the facts: the digest, which holds them, is done, or there is none."""
        await self._drop_facts(sa.and_(*_is(key)))

    async def drop_stale_facts(self, before: float) -> None:
        """Forget facts read before an epoch second, which no work has finished with."""
        await self._drop_facts(digests.c.facts_at < before)

    async def _drop_facts(self, which: sa.ColumnElement[bool]) -> None:
        async with self.store.write() as connection:
            await connection.execute(digests.delete().where(which, digests.c.data.is_(None)))
            await connection.execute(digests.update().where(which).values(facts=None, facts_at=None))

    async def save(self, key: DigestKey, installation_id: int, digest: Digest, language: str) -> None:
        """Store a digest over an earlier one of the same period and scope.

        An equal one keeps the time it was made at, so that its issue stays as it is.
        """
        before = await self._texts(key)
        made_at = before.data if before is not None and before.language == language else None
        text = await asyncio.to_thread(written, digest, made_at)
        values = {"data": text, "language": language}
        async with self.store.write() as connection:
            await self._put(connection, _row(key, installation_id, digest.facts) | values)

    async def get(self, key: DigestKey) -> StoredDigest | None:
        """Give a digest, or ``None`` if it is not there, or another version's."""
        row = await self._texts(key)
        return None if row is None else await asyncio.to_thread(_stored, row)

    async def repositories(self, key: DigestKey) -> tuple[Repository, ...] | None:
        """Give the repositories that a stored digest is about, or ``None`` if there is no such digest."""
        row = await self._texts(key)
        slim = None if row is None else await asyncio.to_thread(slim_of, SlimDigest, row.data)
        return None if slim is None else slim.facts.repositories

    async def _texts(self, key: DigestKey) -> Any:
        query = sa.select(digests.c.data, digests.c.language).where(*_is(key))
        async with self.store.read() as connection:
            return (await connection.execute(query)).first()

    async def list(
        self, repository_id: int, scope: str | None = None, limit: int = 60
    ) -> Sequence[StoredDigest]:
        """Give the digests published in a repository, or those of one scope, the newest period first."""
        query = sa.select(digests.c.data, digests.c.language).where(
            digests.c.repository_id == repository_id, digests.c.data.is_not(None)
        )
        if scope is not None:
            query = query.where(digests.c.scope == scope)
        query = query.order_by(digests.c.since.desc(), digests.c.until.desc(), digests.c.id.desc())
        async with self.store.read() as connection:
            rows = (await connection.execute(query.limit(limit))).all()
        found = [await asyncio.to_thread(_stored, row) for row in rows]
        return [one for one in found if one is not None]

    async def unplanned(self, wanted: Sequence[Trigger]) -> tuple[Trigger, ...]:
        """Give the triggers whose keys are new."""
        known: set[str] = set()
        keys = [trigger.key for trigger in wanted]
        async with self.store.read() as connection:
            for start in range(0, len(keys), _BATCH):
                some = triggers.c.key.in_(keys[start : start + _BATCH])
                known |= set((await connection.scalars(sa.select(triggers.c.key).where(some))).all())
        return tuple(trigger for trigger in wanted if trigger.key not in known)

    async def plan(self, wanted: Sequence[Trigger]) -> int:
        """Store the triggers whose keys are new; give how many. A second process finds them known."""
        new = await self.unplanned(wanted)
        if new:
            async with self.store.write() as connection:
                await insert_triggers(
                    self.store, connection, [(trigger, None) for trigger in new], time.time()
                )
        return len(new)

    async def _put(self, connection: AsyncConnection, values: dict[str, Any], where: Any = None) -> None:
        now = time.time()
        statement = self.store.insert(digests).values(**values, created_at=now, updated_at=now)
        update = {name: statement.excluded[name] for name in (*values, "updated_at")}
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["repository_id", "scope", "period"], set_=update, where=where
            )
        )


async def forget_sources(connection: AsyncConnection, repository_ids: Collection[int]) -> None:
    """Delete, in the caller's transaction, digests over several repositories that tell of one of these.

    What was posted stays on GitHub, as comments do.
    """
    query = sa.select(
        digests.c.id, digests.c.repository_id, digests.c.period, digests.c.data, digests.c.facts
    )
    for row in (await connection.execute(query.where(digests.c.scope == ORGANISATION))).all():
        told, read = slim_of(SlimDigest, row.data), slim_of(SlimFacts, row.facts)
        told_of = {one.id for facts in (told and told.facts, read) if facts for one in facts.repositories}
        if not told_of.isdisjoint(repository_ids):
            await connection.execute(digests.delete().where(digests.c.id == row.id))
            # What the model answered about it quotes the reports; no digest of one repository needs these.
            await connection.execute(
                answers.delete().where(answers.c.repository_id == row.repository_id, answers.c.number == 0)
            )
            await connection.execute(
                digest_issues.delete().where(
                    digest_issues.c.repository_id == row.repository_id,
                    digest_issues.c.scope == ORGANISATION,
                    digest_issues.c.period == row.period,
                )
            )


def _row(key: DigestKey, installation_id: int, facts: PeriodFacts) -> dict[str, Any]:
    return {
        "repository_id": key.repository_id,
        "installation_id": installation_id,
        "scope": key.scope,
        "period": key.period,
        "since": facts.period.since.timestamp(),
        "until": facts.period.until.timestamp(),
    }


def _stored(row: Any) -> StoredDigest | None:
    if row.data is None:
        return None
    try:
        return StoredDigest(Digest.model_validate_json(row.data), row.language)
    except ValidationError:
        return None


def _is(key: DigestKey) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        digests.c.repository_id == key.repository_id,
        digests.c.scope == key.scope,
        digests.c.period == key.period,
    )
