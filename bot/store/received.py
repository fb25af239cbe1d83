"""Deliveries as they were received: what is known of one, and its body for as long as it is kept."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.database import storable
from bot.store.tables import deliveries

if TYPE_CHECKING:
    from bot.store.database import Store


@dataclass(frozen=True)
class ReceivedDelivery:
    """A stored delivery; ``received_at`` is in epoch seconds, ``body`` is ``None`` once it is purged."""

    guid: str
    event: str
    action: str | None
    received_at: float
    body: bytes | None

    @property
    def name(self) -> str:
        """The event and its action, as handlers are named."""
        return self.event if self.action is None else f"{self.event}.{self.action}"


@dataclass(frozen=True)
class Received:
    """The deliveries of a store. Only reads."""

    store: Store

    async def get(self, guid: str, app_id: int | None = None) -> ReceivedDelivery | None:
        """Give a delivery (of one app, where several share the store), or ``None``."""
        wanted = sa.select(deliveries).where(deliveries.c.guid == storable(guid).lower())
        if app_id is not None:
            wanted = wanted.where(deliveries.c.app_id == app_id)
        async with self.store.read() as connection:
            row = (await connection.execute(wanted.order_by(deliveries.c.id))).first()
            if row is None:
                return None
            # The same body sent under another GUID is kept once, with the first.
            same = sa.select(deliveries.c.body).where(
                deliveries.c.body_sha256 == row.body_sha256, deliveries.c.body.is_not(None)
            )
            packed = row.body if row.body is not None else await connection.scalar(same.limit(1))
        body = None if packed is None else zlib.decompress(packed)
        return ReceivedDelivery(row.guid, row.event, row.action, row.received_at, body)
