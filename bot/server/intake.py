"""The webhook route: checked, parsed, on disk, and only then answered."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import get_contextvars

from bot import failpoint
from bot.deliveries import Policy, check_headers, parse_delivery, to_trigger, verify
from bot.errors import RejectedDelivery
from bot.logged import about_delivery, also_about, guid_of, lines_about
from bot.store import Receipt
from bot.store.failures import in_words
from bot.traces import OFF, Side

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.deliveries import Envelope
    from bot.model import Delivery
    from bot.store import Inbox
    from bot.traces import Traces
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
_ADVICE = {
    400: "if GitHub sent it: compare APP_ID with the app's page",
    401: "if GitHub sent it: WEBHOOK_SECRET is not the secret on the app's page",
}


@dataclass
class Intake:
    """Takes webhook requests of one app. ``secrets`` are the active ones, the first in use."""

    inbox: Inbox
    app_id: int
    secrets: Sequence[bytes]
    policy: Policy
    meters: Meters
    traces: Traces = OFF
    _bodies: int = field(default=0, init=False)
    _buffered: int = field(default=0, init=False)
    # A large body takes several times its size while it is parsed and packed: one after the other.
    _large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), init=False)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer 202 once the delivery and its trigger are committed, 503 if they cannot be."""
        guid = request.headers.get("X-GitHub-Delivery")
        return await self._traced(guid, request.headers, lambda: self._body(request))

    async def relayed(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take a delivery that came another way; checked like any other. Gives the status of its answer."""

        async def whole() -> bytes:
            return body

        guid = next((value for name, value in headers.items() if name.lower() == "x-github-delivery"), None)
        return (await self._traced(guid, headers, whole)).status

    async def _traced(
        self, guid: str | None, headers: Mapping[str, str], read: Callable[[], Awaitable[bytes]]
    ) -> web.Response:
        told = {"http.request.method": "POST"}
        begun = (
            self.traces.begin(guid, "webhook", Side.SERVER, **told) if guid else self.traces.span("webhook")
        )
        with lines_about(delivery=guid_of(guid)), begun as span:
            try:
                answer = await self._receive(headers, read)
            except Exception:
                # Ours: said here, where the line still knows of which delivery it is.
                log.exception("delivery failed")
                self.meters.deliveries.labels("unknown", "unstored").inc()
                answer = _answer(500, {"error": "the delivery could not be taken, send it again"})
            span.set(**{f"prhub.{name}": value for name, value in get_contextvars().items()})
            span.set(**{"http.response.status_code": answer.status})
            if answer.status >= 500:
                span.failed(str(answer.status))
            return answer

    async def _receive(
        self, headers: Mapping[str, str], read: Callable[[], Awaitable[bytes]]
    ) -> web.Response:
        event = "unknown"
        try:
            envelope = check_headers(headers.items(), self.app_id)
            body = await read()
            if len(body) > LARGE_BODY:
                await asyncio.to_thread(verify, body, envelope.signature, self.secrets)
            else:
                verify(body, envelope.signature, self.secrets)
            event = envelope.event
            outcome, status = await self._take(envelope, body)
        except RejectedDelivery as error:
            self.meters.deliveries.labels(event, f"rejected_{error.status}").inc()
            log.warning("delivery rejected", status=error.status, reason=error.reason, **_hint(error.status))
            return _answer(error.status, {"error": error.reason}, close=True)
        except (SQLAlchemyError, OSError) as error:
            # GitHub shows a failed delivery, which can be redelivered; a 2xx would lose it (R11).
            self.meters.deliveries.labels(event, "unstored").inc()
            log.exception("delivery not stored", reason=in_words(error))
            return _answer(503, {"error": "the delivery could not be stored, send it again"})
        self.meters.deliveries.labels(event, outcome).inc()
        return _answer(status, {"status": outcome})

    async def _take(self, envelope: Envelope, body: bytes) -> tuple[str, int]:
        if len(body) <= LARGE_BODY:
            return await self._keep(parse_delivery(envelope, body), body)
        async with self._large:
            return await self._keep(await asyncio.to_thread(parse_delivery, envelope, body), body)

    async def _keep(self, delivery: Delivery, body: bytes) -> tuple[str, int]:
        also_about(**about_delivery(delivery))
        if delivery.event == "ping":
            return "pong", 200
        trigger = to_trigger(delivery, self.policy.model_copy(update={"now": time.time()}))
        failpoint.reached("before_delivery_committed")
        receipt = await self.inbox.put(delivery, body, trigger)
        failpoint.reached("after_delivery_committed")
        if receipt is Receipt.DUPLICATE:
            return receipt.value, 202
        log.info("delivery stored", event_name=delivery.event, action=delivery.action)
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


def _hint(status: int) -> dict[str, str]:
    """Say what to do about a refusal that GitHub itself may have met with."""
    return {"advice": _ADVICE[status]} if status in _ADVICE else {}


def _answer(status: int, data: dict[str, str], *, close: bool = False) -> web.Response:
    response = web.json_response(data, status=status)
    if close:
        # What is left of a refused body is not read: the connection cannot carry another request.
        response.force_close()
    return response
