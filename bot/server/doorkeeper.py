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

    def __call__(self) -> asyncio.Protocol:
        """Give the protocol of a new connection."""
        if len(self._open) >= MAX_CONNECTIONS:
            self._make_room()
        handler: RequestHandler = self._factory()
        loop = asyncio.get_running_loop()
        self._open[handler] = -loop.time()
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
        gone = [handler for handler in self._open if not _is_open(handler)]
        for handler in gone:
            del self._open[handler]
        silent = [handler for handler, asked in self._open.items() if asked < 0 and not is_handling(handler)]
        idle = silent or [handler for handler in self._open if not is_handling(handler)]
        if not gone and idle:
            self._close(idle[0])

    def _look(self, handler: RequestHandler) -> None:
        """Close a connection that is silent for too long; look again at any other."""
        asked = self._open.get(handler)
        if asked is None or not _is_open(handler):
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


def is_handling(handler: RequestHandler) -> bool:
    """Tell whether a handler runs a request; aiohttp keeps it in a private attribute."""
    return getattr(handler, "_current_request", None) is not None


def _is_open(handler: RequestHandler) -> bool:
    # Between the factory's call and the connection there is no transport yet.
    transport = handler.transport
    return transport is None or not transport.is_closing()
