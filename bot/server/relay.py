"""The relay's client: takes webhooks from a channel of server-sent events, where GitHub cannot reach us."""

from __future__ import annotations

import asyncio
import json
import random
import re
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.server.sse import EventStream, OversizedEvent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from bot.server.sse import Event

    Take = Callable[[Mapping[str, str], bytes], Awaitable[int]]

log = structlog.get_logger("prhub.relay")

# Parsing more than this would hold the event loop for too long, as in the intake.
LARGE_EVENT = 1024 * 1024
_NOT_HEADERS = frozenset({"body", "query", "timestamp"})
_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"
# A webhook has some thirty headers.
_MOST_MEMBERS = 500
_MARKS = re.compile(r'[][{},]|"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_UNAVAILABLE = 503


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for a connection, for the next byte of it, and before the next one.

    Relays send a sign of life every half minute; ``longest`` bounds what a relay may ask for, too.
    ``redo`` are the waits before a delivery is offered again to a store that is away, and ``ending`` is
    how long the end of the process waits for the one in hand.
    """

    connect: float = 10.0
    silence: float = 90.0
    shortest: float = 1.0
    longest: float = 60.0
    redo: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 15.0)
    ending: float = 3.0


PATIENT = Patience()


@dataclass
class Relay:
    """Reads one channel for ever and hands each webhook to ``take``, which answers with a status."""

    url: str
    take: Take
    patience: Patience = PATIENT
    _failures: int = field(default=0, init=False)
    _lost: bool = field(default=False, init=False)
    _last_id: str = field(default="", init=False)
    _retry: float | None = field(default=None, init=False)

    async def run(self) -> None:
        """Connect, read, and connect again, until cancelled."""
        timeout = aiohttp.ClientTimeout(
            total=None, connect=self.patience.connect, sock_read=self.patience.silence
        )
        # No proxy from the environment: requests go where the settings say (R54).
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False, auto_decompress=False) as session:
            while True:
                why = await self._once(session)
                if not self._lost:
                    self._lost = True
                    log.warning("relay lost, trying again", relay=self._host, reason=why)
                await asyncio.sleep(self._wait())
                self._failures += 1

    async def _once(self, session: aiohttp.ClientSession) -> str:
        """Read one connection to its end; tell why it ended."""
        try:
            async with session.get(self.url, headers=self._headers(), allow_redirects=False) as answer:
                if answer.status != 200 or answer.content_type != "text/event-stream":
                    return f"it answered {answer.status} with {answer.content_type}, and not with a stream"
                self._lost = False
                log.info("relay connected", relay=self._host)
                await self._read(answer.content)
                return "it ended the connection"
        except OversizedEvent:
            return "it sent an event that is too large"
        except TimeoutError:
            return "it was silent for too long"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return type(error).__name__

    async def _read(self, content: aiohttp.StreamReader) -> None:
        stream = EventStream(last_id=self._last_id)
        async for part in content.iter_any():
            # Whoever sends is there: the next loss begins with short waits again.
            self._failures = 0
            for event in stream.feed(part):
                if event.name == "message":
                    await self._hand_on(event)
            self._last_id, self._retry = stream.last_id, stream.retry

    async def _hand_on(self, event: Event) -> None:
        large = len(event.data) > LARGE_EVENT
        request = await asyncio.to_thread(unpacked, event.data) if large else unpacked(event.data)
        if request is None:
            log.warning("relay sent what is no webhook", relay=self._host)
            return
        # The relay has answered GitHub already, and will not send it again.
        for wait in (*self.patience.redo, None):
            try:
                status = await self._taken(*request)
            except Exception:
                log.exception("relayed webhook not taken")
                return
            if status != _UNAVAILABLE or wait is None:
                return
            await asyncio.sleep(wait)

    async def _taken(self, headers: Mapping[str, str], body: bytes) -> int:
        """Hand one webhook on; the end of the process waits for it, for nobody has it besides."""
        taking = asyncio.ensure_future(self.take(headers, body))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            await asyncio.wait([taking], timeout=self.patience.ending)
            raise

    def _headers(self) -> dict[str, str]:
        # Nothing is inflated: an event's size is known before it is kept.
        headers = {
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Cache-Control": "no-store",
        }
        if self._last_id and self._last_id.isprintable() and self._last_id.isascii():
            headers["Last-Event-ID"] = self._last_id
        return headers

    def _wait(self) -> float:
        """Wait longer after each failure in a row, and not all clients at the same time."""
        base = max(self.patience.shortest, self._retry or 0.0)
        least = min(self.patience.longest, base * 2.0 ** min(self._failures, 16))
        return least * random.uniform(1.0, 1.5)  # noqa: S311 - jitter is no secret

    @property
    def _host(self) -> str:
        # The channel's name is left out: who knows it reads the webhooks.
        return urlsplit(self.url).hostname or ""


@asynccontextmanager
async def relaying(url: str | None, take: Take | None) -> AsyncIterator[None]:
    """Run the relay's client until the end of the block, if there is a relay and who takes what it has."""
    if url is None or take is None:
        yield
        return
    task = asyncio.create_task(Relay(url, take).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def unpacked(data: str) -> tuple[dict[str, str], bytes] | None:
    """Give headers and body of the webhook in a relay's message, or ``None`` if there is none in it.

    The message is an object of the request's headers, and of ``body``: the webhook's JSON. Its text is
    taken as it stands there, for GitHub signed those very bytes; written anew it may differ. A body
    that is a string is the text itself.
    """
    try:
        members = _members(data)
        value, written = members["body"]
        body = (value if isinstance(value, str) else written).encode()
    except (ValueError, KeyError):
        return None
    headers = {name: value for name, (value, _) in members.items() if name not in _NOT_HEADERS}
    return {name: value for name, value in headers.items() if isinstance(value, str)}, body


def _members(data: str) -> dict[str, tuple[str | None, str]]:
    """Give an object's members by name, as written, and those that are strings read as well.

    The others are skipped: read before anybody has checked who sent it, a small body could fill the memory.
    Raises ``ValueError``.
    """
    members: dict[str, tuple[str | None, str]] = {}
    place = _after(data, 0, "{")
    while len(members) < _MOST_MEMBERS:
        name, place = _text(data, _skipped(data, place))
        place = _skipped(data, _after(data, place, ":"))
        is_text = data.startswith('"', place)
        value, end = _text(data, place) if is_text else (None, _end_of_value(data, place))
        if end == place:
            raise ValueError("a name has no value")
        members[name] = (value, data[place:end])
        place = _skipped(data, end)
        if data.startswith("}", place):
            return members
        place = _after(data, place, ",")
    raise ValueError("an object has too many members")


def _text(data: str, place: int) -> tuple[str, int]:
    if not data.startswith('"', place):
        raise ValueError("a name is no string")
    text, end = _DECODER.raw_decode(data, place)
    return str(text), end


def _end_of_value(data: str, place: int) -> int:
    """Tell where the value that begins at ``place`` ends, by its brackets and strings alone."""
    depth = 0
    for found in _MARKS.finditer(data, place):
        closes = found[0] in ("]", "}")
        if not depth and (closes or found[0] == ","):
            return found.start()
        depth += (found[0] in ("[", "{")) - closes
        if closes and depth <= 0:
            return found.end()
    raise ValueError("a value has no end")


def _after(data: str, place: int, mark: str) -> int:
    place = _skipped(data, place)
    if data[place : place + 1] != mark:
        raise ValueError("something is missing in an object")
    return place + 1


def _skipped(data: str, place: int) -> int:
    while data[place : place + 1] in _SPACE and place < len(data):
        place += 1
    return place
