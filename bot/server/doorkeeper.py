"""The doorkeeper: at most so many connections, and none that stays without asking anything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.web_protocol import RequestHandler

# GitHub needs a handful; 256 leave room for probes and scrapers (R7).
MAX_CONNECTIONS = 256
# A connection gets this long to send its first bytes before another may push it out.
YOUNG_SECONDS = 1.0
# In that time there may be more of them; beyond this nobody is spared.
MOST_CONNECTIONS = 2 * MAX_CONNECTIONS
# aiohttp has no limit on the time that headers may take.
HEADER_SECONDS = 10.0
# A connection that has asked before may rest: closing it could cross its next delivery.
KEEP_ALIVE_SECONDS = 75.0


class Doorkeeper:
    """A protocol factory around aiohttp's, for ``loop.create_server``.

    When all places are taken, the oldest connection that has not asked anything yet makes room: a
    crowd of silent ones cannot keep an honest sender out.
    """

    def __init__(self, factory: Callable[[], Any]) -> None:
        self._factory = factory
        # When each connection last began a request; negative: it never did, and came at that time.
        self._open: dict[RequestHandler, float] = {}
        # A protocol has no transport before its connection is made, and none after it is lost.
        self._arriving: set[RequestHandler] = set()

    def __call__(self) -> asyncio.Protocol:
        """Give the protocol of a new connection."""
        if len(self._open) >= MAX_CONNECTIONS:
            self._make_room()
        handler: RequestHandler = self._factory()
        loop = asyncio.get_running_loop()
        self._open[handler] = -loop.time()
        self._arriving.add(handler)
        # The loop makes the connection in its next round, of which this is the end.
        loop.call_soon(loop.call_soon, self._arriving.discard, handler)
        loop.call_later(HEADER_SECONDS, self._look, handler)
        return handler

    @web.middleware
    async def note(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Remember, as a middleware, that a connection asked something."""
        if request.protocol in self._open:
            self._open[request.protocol] = asyncio.get_running_loop().time()
        return await handler(request)

    def _make_room(self) -> None:
        for handler in [handler for handler in self._open if not self._is_open(handler)]:
            del self._open[handler]
        if len(self._open) < MAX_CONNECTIONS:
            return
        idle = {handler: asked for handler, asked in self._open.items() if not is_handling(handler)}
        silent = [handler for handler, asked in idle.items() if asked < 0]
        resting = [handler for handler, asked in idle.items() if asked >= 0]
        young = asyncio.get_running_loop().time() - YOUNG_SECONDS
        if silent and (-idle[silent[0]] < young or len(self._open) >= MOST_CONNECTIONS):
            self._close(silent[0])
        elif not silent and resting:
            self._close(min(resting, key=idle.__getitem__))

    def _look(self, handler: RequestHandler) -> None:
        """Close a connection that is silent for too long; look again at any other."""
        asked = self._open.get(handler)
        if asked is None or not self._is_open(handler):
            self._open.pop(handler, None)
            return
        loop = asyncio.get_running_loop()
        resting = asked >= 0 and loop.time() - asked < KEEP_ALIVE_SECONDS + HEADER_SECONDS
        if resting or is_handling(handler):
            loop.call_later(HEADER_SECONDS, self._look, handler)
        else:
            self._close(handler)

    def _close(self, handler: RequestHandler) -> None:
        self._open.pop(handler, None)
        if handler.transport is not None:
            handler.transport.abort()

    def _is_open(self, handler: RequestHandler) -> bool:
        transport = handler.transport
        return handler in self._arriving or (transport is not None and not transport.is_closing())


def is_handling(handler: RequestHandler) -> bool:
    """Tell whether a handler runs a request; aiohttp keeps it in a private attribute."""
    return getattr(handler, "_current_request", None) is not None
