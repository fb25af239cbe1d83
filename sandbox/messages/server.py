"""The stand-in Messages API: takes requests on a port of its own, checks them, and answers as it is told."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.messages import events
from sandbox.messages.asked import Asked, violations
from sandbox.messages.batches import Batches
from sandbox.messages.plausible import plausible
from sandbox.messages.reply import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Responder = Callable[[Asked], Reply]
_MAX_REQUEST = 32 * 1024 * 1024
_PING_SECONDS = 0.05


@dataclass
class Messages:
    """The stand-in. What is in the queue is answered first, then what ``responder`` says.

    ``asked`` are all requests in their order; ``running`` is how many are being answered, ``most`` how
    many were at the same time.
    """

    responder: Responder = plausible
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    running: int = 0
    most: int = 0
    batches: Batches = field(init=False)
    _queue: deque[Reply] = field(default_factory=deque)
    _cached: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.batches = Batches(self)

    def queue(self, *replies: Reply) -> None:
        """Answer the next requests with these."""
        self._queue.extend(replies)

    @property
    def calls(self) -> int:
        """How many requests came."""
        return len(self.asked)

    @property
    def violations(self) -> Counter[str]:
        """What was wrong with the requests, and how often; it must stay empty."""
        return Counter(found for asked in self.asked for found in asked.violations)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        try:
            body = await request.read()
        except ConnectionError:
            # Who asked was killed in the middle of it.
            return web.Response(status=400)
        asked = self._note(request, json.loads(body))
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            return await self._send(request, asked, self.next_reply(asked))
        finally:
            self.running -= 1

    def next_reply(self, asked: Asked) -> Reply:
        """What a request is answered: what is queued, or what the responder says."""
        return self._queue.popleft() if self._queue else self.responder(asked)

    def _note(self, request: web.Request, body: dict[str, Any]) -> Asked:
        headers = {name.lower(): value for name, value in request.headers.items()}
        found = violations(headers, body)
        asked = Asked(len(self.asked) + 1, headers, body, time.monotonic(), found)
        self.asked.append(asked)
        return asked

    async def _send(self, request: web.Request, asked: Asked, reply: Reply) -> web.StreamResponse:
        headers = {"request-id": f"req_{asked.number}", **reply.headers}
        if reply.stall == "connect":
            await asyncio.sleep(reply.seconds)
        if reply.raw is not None:
            kind = {} if "content-type" in headers else {"content-type": "application/json"}
            return web.Response(status=reply.status, body=reply.raw, headers={**kind, **headers})
        usage = self.usage(asked, reply)
        if not asked.body.get("stream"):
            return web.json_response(events.message(asked, reply, usage), headers=headers)
        response = web.StreamResponse(headers={"content-type": "text/event-stream", **headers})
        try:
            await response.prepare(request)
            await _stream(response, asked, reply, usage)
        except ConnectionError:
            return response
        return response

    def usage(self, asked: Asked, reply: Reply) -> dict[str, Any]:
        """Four letters are a token; a system prompt seen before with the same model comes from the cache."""
        key, fixed = (asked.model, asked.system), len(asked.system) // 4
        read = fixed if key in self._cached else 0
        self._cached.add(key)
        counts = {
            "input_tokens": sum(len(part) for part in asked.parts) // 4,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": fixed - read,
            "output_tokens": len(reply.text) // 4 + 1,
        }
        return {**counts, **reply.usage}


async def _stream(response: web.StreamResponse, asked: Asked, reply: Reply, usage: dict[str, Any]) -> None:
    sent = 0
    for number, (place, part) in enumerate(events.stream(asked, reply, usage)):
        if number == reply.error_after:
            said = {"type": reply.error_type, "message": "Overloaded"}
            await response.write(events.event("error", error=said))
            return
        if place and place == reply.stall:
            await _silence(response, reply)
        left = len(part) if reply.cut is None else min(len(part), reply.cut - sent)
        if left:
            await response.write(part[:left])
        sent += left
        if sent == reply.cut:
            if not reply.cut_cleanly:
                _hang_up(response)
            return


async def _silence(response: web.StreamResponse, reply: Reply) -> None:
    end = time.monotonic() + reply.seconds
    while (left := end - time.monotonic()) > 0:
        await asyncio.sleep(min(left, _PING_SECONDS))
        if reply.pings:
            await response.write(events.event("ping"))


def _hang_up(response: web.StreamResponse) -> None:
    request = response._req  # noqa: SLF001 - aiohttp closes connections in order only
    if request is not None and request.transport is not None:
        request.transport.close()


@asynccontextmanager
async def running(responder: Responder = plausible, port: int = 0) -> AsyncIterator[Messages]:
    """Serve the stand-in on 127.0.0.1 until the end of the block."""
    messages = Messages(responder)
    app = web.Application(client_max_size=_MAX_REQUEST)
    app.router.add_post("/v1/messages", messages.answer)
    app.router.add_routes(messages.batches.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        messages.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield messages
    finally:
        await runner.cleanup()
