"""A stand-in relay: what is posted to a channel is told to whoever listens there, as smee does."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_MAX_BODY = 32 * 1024 * 1024


@dataclass
class StandInRelay:
    """One channel. ``spoil`` changes a message before it is told; ``preamble`` is sent to who connects."""

    url: str = ""
    spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda message: message
    preamble: str = "retry: 50\n\nevent: ready\ndata: {}\n\n"
    status: int = 200
    last_ids: list[str | None] = field(default_factory=list)
    _listeners: dict[web.StreamResponse, asyncio.Event] = field(default_factory=dict)
    _told: int = 0

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Tell a listener what comes until it is dropped."""
        self.last_ids.append(request.headers.get("Last-Event-ID"))
        answer = web.StreamResponse(status=self.status, headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        await answer.write(self.preamble.encode())
        dropped = self._listeners[answer] = asyncio.Event()
        await dropped.wait()
        return answer

    async def post(self, request: web.Request) -> web.Response:
        """Take a webhook and tell it on: headers, and the body read and written anew."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = json.loads(await request.read())
        message = {**headers, "body": body, "query": {}, "timestamp": int(time.time() * 1000)}
        data = json.dumps(self.spoil(message), ensure_ascii=False, separators=(",", ":"))
        self._told += 1
        await self.write(f"id: {self._told}\ndata: {data}\n\n".encode())
        return web.json_response({"listeners": len(self._listeners)})

    async def write(self, text: bytes) -> None:
        """Send bytes to everybody who listens."""
        for listener in list(self._listeners):
            with suppress(ConnectionError):
                await listener.write(text)

    def drop(self) -> None:
        """End every connection."""
        for dropped in self._listeners.values():
            dropped.set()
        self._listeners.clear()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)


@asynccontextmanager
async def relay_running() -> AsyncIterator[StandInRelay]:
    """Serve a channel on 127.0.0.1 until the block ends."""
    relay = StandInRelay()
    app = web.Application(client_max_size=_MAX_BODY)
    app.router.add_get("/channel", relay.listen)
    app.router.add_post("/channel", relay.post)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        relay.url = f"http://127.0.0.1:{runner.addresses[0][1]}/channel"
        yield relay
    finally:
        relay.drop()
        await runner.cleanup()
