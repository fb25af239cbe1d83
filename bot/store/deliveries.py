"""The inbox: a delivery and its trigger are on disk before GitHub gets its answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.database import storable
from bot.store.tables import deliveries
from bot.store.triggers import insert_triggers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Delivery, Trigger
    from bot.store.database import Store

# Redelivery is possible for 3 to 30 days, by GitHub's edition and time (R15).
DEDUPE_SECONDS = 30 * 86400.0
BODY_SECONDS = 7 * 86400.0
MAX_BATCH = 100
# Hashing and compressing more than this would hold the event loop for too long.
PACK_IN_THREAD = 1024 * 1024


class Receipt(StrEnum):
    """What became of a delivery."""

    STORED = "stored"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class _Entry:
    delivery: Delivery
    body: bytes
    sha256: str
    trigger: Trigger | None
    done: asyncio.Future[Receipt]


@dataclass
class Inbox:
    """Takes deliveries of one app; many concurrent ones share one transaction and one disk sync.

    ``on_stored`` is called after each commit that brought a trigger; ``clock`` gives epoch seconds.
    """

    store: Store
    app_id: int
    on_stored: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.time
    _waiting: list[_Entry] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None

    async def put(self, delivery: Delivery, body: bytes, trigger: Trigger | None) -> Receipt:
        """Store a delivery with its raw body and trigger; return when they are committed.

        Raises ``sqlalchemy.exc.SQLAlchemyError`` if they could not be: nothing is stored then.
        """
        if len(body) > PACK_IN_THREAD:
            digest, packed = await asyncio.to_thread(_pack, delivery.event, body)
        else:
            digest, packed = _pack(delivery.event, body)
        done: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Entry(delivery, packed, digest, trigger, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await done

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            try:
                receipts = await self._write(batch)
            except BaseException as error:
                for entry in batch:
                    _settle(entry.done, error)
                if not isinstance(error, Exception):
                    raise
            else:
                for entry, receipt in zip(batch, receipts, strict=True):
                    _settle(entry.done, receipt)

    async def _write(self, batch: list[_Entry]) -> list[Receipt]:
        now = self.clock()
        async with self.store.write() as connection:
            # One writer at a time, in all processes: two copies of a body must see each other.
            await self.store.lock(connection, f"inbox:{self.app_id}")
            known_guids, known_bodies = await self._known(connection, batch, now)
            rows: list[dict[str, Any]] = []
            triggers: list[tuple[Trigger, str]] = []
            receipts = []
            for entry in batch:
                guid = entry.delivery.guid
                replay = entry.sha256 in known_bodies
                if guid not in known_guids:
                    rows.append(self._row(entry, now, with_body=not replay))
                if entry.trigger is not None and guid not in known_guids and not replay:
                    triggers.append((entry.trigger, guid))
                fresh = guid not in known_guids and not replay
                receipts.append(Receipt.STORED if fresh else Receipt.DUPLICATE)
                known_guids.add(guid)
                known_bodies.add(entry.sha256)
            if rows:
                await connection.execute(self.store.insert(deliveries).on_conflict_do_nothing(), rows)
            await insert_triggers(self.store, connection, triggers, now)
        if triggers:
            self.on_stored()
        return receipts

    async def _known(
        self, connection: AsyncConnection, batch: list[_Entry], now: float
    ) -> tuple[set[str], set[str]]:
        guids = sa.select(deliveries.c.guid).where(
            deliveries.c.app_id == self.app_id,
            deliveries.c.guid.in_([entry.delivery.guid for entry in batch]),
        )
        bodies = sa.select(deliveries.c.body_sha256).where(
            deliveries.c.body_sha256.in_([entry.sha256 for entry in batch]),
            deliveries.c.received_at > now - DEDUPE_SECONDS,
        )
        return (
            set((await connection.scalars(guids)).all()),
            set((await connection.scalars(bodies)).all()),
        )

    def _row(self, entry: _Entry, now: float, *, with_body: bool) -> dict[str, Any]:
        action = entry.delivery.action
        return {
            "app_id": self.app_id,
            "guid": entry.delivery.guid,
            "event": entry.delivery.event,
            "action": None if action is None else storable(action)[:64],
            "body_sha256": entry.sha256,
            "body": entry.body if with_body else None,
            "received_at": now,
            "installation_id": _id_at(entry.delivery, "installation"),
            "repository_id": _id_at(entry.delivery, "repository"),
        }

    async def payload(self, guid: str) -> dict[str, Any] | None:
        """Give the payload of a stored delivery, or ``None`` if unknown or past its 7 days."""
        query = sa.select(deliveries.c.body).where(
            deliveries.c.app_id == self.app_id, deliveries.c.guid == guid
        )
        async with self.store.read() as connection:
            body = await connection.scalar(query)
        return None if body is None else json.loads(zlib.decompress(body))

    async def purge(self, now: float) -> None:
        """Drop bodies after 7 days and the keys for deduplication after 30 (R15)."""
        async with self.store.write() as connection:
            old = deliveries.c.received_at < now - BODY_SECONDS
            await connection.execute(
                deliveries.update().where(old, deliveries.c.body.is_not(None)).values(body=None)
            )
            await connection.execute(
                deliveries.delete().where(deliveries.c.received_at < now - DEDUPE_SECONDS)
            )


def _id_at(delivery: Delivery, name: str) -> int | None:
    """Give whose delivery it is: its body is deleted with the installation or the repository."""
    owner = delivery.payload.get(name)
    found = owner.get("id") if isinstance(owner, dict) else None
    is_id = isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**63
    return found if is_id else None


def _pack(event: str, body: bytes) -> tuple[str, bytes]:
    # With the event's name, which is not signed: a body replayed under another name must not
    # stand in for the genuine delivery.
    digest = hashlib.sha256(event.encode() + b"\0")
    digest.update(body)
    return digest.hexdigest(), zlib.compress(body, 1)


def _settle(done: asyncio.Future[Receipt], outcome: Receipt | BaseException) -> None:
    if done.done():  # the sender hung up
        return
    if isinstance(outcome, asyncio.CancelledError):
        done.cancel()
    elif isinstance(outcome, BaseException):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)
