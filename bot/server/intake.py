"""The webhook route: checked, parsed, on disk, and only then answered."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot import failpoint
from bot.deliveries import Policy, check_headers, parse_delivery, to_trigger, verify
from bot.errors import RejectedDelivery
from bot.store import Receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.deliveries import Envelope
    from bot.model import Delivery
    from bot.store import Inbox
    from bot.workflows.services import Meters

log = structlog.get_logger("prhub.intake")

# GitHub caps payloads at 25 MB; the rest is room for headers of its making (R5).
MAX_BODY = 25 * 1024 * 1024 + 64 * 1024
# GitHub waits 10 s for an answer; a sender slower than that is not GitHub (R7).
BODY_SECONDS = 10.0
MAX_BODIES = 64
# Bodies up to this take no place: they are here with their headers, and slow ones cannot crowd them out.
SMALL_BODY = 256 * 1024
MAX_BUFFERED = 128 * 1024 * 1024
# Checking and parsing more than this would hold the event loop for too long (R3).
LARGE_BODY = 1024 * 1024


@dataclass
class Intake:
    """Takes webhook requests of one app. ``secrets`` are the active ones, the first in use."""

    inbox: Inbox
    app_id: int
    secrets: Sequence[bytes]
    policy: Policy
    meters: Meters
    _bodies: int = field(default=0, init=False)
    _buffered: int = field(default=0, init=False)
    # A large body takes several times its size while it is parsed and packed: one after the other.
    _large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), init=False)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer 202 once the delivery and its trigger are committed, 503 if they cannot be."""
        event = "unknown"
        try:
            envelope = check_headers(request.headers.items(), self.app_id)
            body = await self._body(request)
            if len(body) > LARGE_BODY:
                await asyncio.to_thread(verify, body, envelope.signature, self.secrets)
            else:
                verify(body, envelope.signature, self.secrets)
            event = envelope.event
            outcome, status = await self._take(envelope, body)
        except RejectedDelivery as error:
            self.meters.deliveries.labels(event, f"rejected_{error.status}").inc()
            log.warning("delivery rejected", status=error.status, reason=error.reason)
            return _answer(error.status, {"error": error.reason}, close=True)
        except (SQLAlchemyError, OSError):
            # GitHub shows a failed delivery, which can be redelivered; a 2xx would lose it (R11).
            self.meters.deliveries.labels(event, "unstored").inc()
            log.exception("delivery not stored")
            return _answer(503, {"error": "the delivery could not be stored, send it again"})
        self.meters.deliveries.labels(event, outcome).inc()
        return _answer(status, {"status": outcome})

    async def _take(self, envelope: Envelope, body: bytes) -> tuple[str, int]:
        if len(body) <= LARGE_BODY:
            return await self._keep(parse_delivery(envelope, body), body)
        async with self._large:
            return await self._keep(await asyncio.to_thread(parse_delivery, envelope, body), body)

    async def _keep(self, delivery: Delivery, body: bytes) -> tuple[str, int]:
        if delivery.event == "ping":
            return "pong", 200
        trigger = to_trigger(delivery, self.policy.model_copy(update={"now": time.time()}))
        failpoint.reached("before_delivery_committed")
        receipt = await self.inbox.put(delivery, body, trigger)
        failpoint.reached("after_delivery_committed")
        if receipt is Receipt.DUPLICATE:
            return receipt.value, 202
        log.info("delivery stored", delivery=delivery.guid, event_name=delivery.event, action=delivery.action)
        return ("accepted" if trigger is not None else "ignored"), 202

    async def _body(self, request: web.Request) -> bytes:
        length = request.content_length or 0
        large = request.content_length is None or length > SMALL_BODY
        if length > MAX_BODY:
            raise RejectedDelivery(413, "the body is over 25 MiB")
        if (large and self._bodies >= MAX_BODIES) or self._buffered + length > MAX_BUFFERED:
            raise RejectedDelivery(503, "too many deliveries at once, send it again")
        self._bodies += large
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for part in request.content.iter_any():
                    body += part
                    self._buffered += len(part)
                    self._check(len(body))
        except TimeoutError as error:
            raise RejectedDelivery(408, "the body came too slowly") from error
        except web.HTTPException as error:
            raise RejectedDelivery(400, "the body is malformed") from error
        finally:
            self._bodies -= large
            self._buffered -= len(body)
        return bytes(body)

    def _check(self, size: int) -> None:
        if size > MAX_BODY:
            raise RejectedDelivery(413, "the body is over 25 MiB")
        if self._buffered > MAX_BUFFERED:
            raise RejectedDelivery(503, "too many deliveries at once, send it again")


def _answer(status: int, data: dict[str, str], *, close: bool = False) -> web.Response:
    response = web.json_response(data, status=status)
    if close:
        # What is left of a refused body is not read: the connection cannot carry another request.
        response.force_close()
    return response
