"""Running the server: engine first, then the door; on SIGTERM the door first, then the engine."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import UserError
from bot.server.doorkeeper import KEEP_ALIVE_SECONDS, Doorkeeper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# Connections of a burst that asyncio's own 100 would make wait for a second.
BACKLOG = 1024
# What requests get to end in when the server stops; one cut off was not answered 2xx.
CLOSING_SECONDS = 3.0
log = structlog.get_logger("prhub.server")
_http_log = logging.getLogger("prhub.http")


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell a fault of ours from a request that is no HTTP: those come by the thousand, with tracebacks."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


class Front:
    """What listens at one address and shows one application after the other there, without a gap."""

    def __init__(self) -> None:
        # The last one is shown to new connections.
        self._runners: list[web.AppRunner] = []
        self._doorkeeper = Doorkeeper(self._protocol)
        self._listener: asyncio.Server
        self.address = ""

    async def bind(self, host: str, port: int) -> None:
        """Take an address. Raises ``UserError`` if it cannot be had."""
        try:
            self._listener = await asyncio.get_running_loop().create_server(
                self._doorkeeper, host, port, reuse_address=True, backlog=BACKLOG, start_serving=False
            )
        except (OSError, socket.gaierror) as error:
            raise _not_free(f"{host}:{port}", error) from error
        address, bound = self._listener.sockets[0].getsockname()[:2]
        self.address = f"http://{f'[{address}]' if ':' in address else address}:{bound}"

    def close(self) -> None:
        """Let nobody in any more."""
        self._listener.close()

    @asynccontextmanager
    async def showing(self, application: web.Application) -> AsyncIterator[str]:
        """Show an application until the end of the block; what was shown before ends its requests.

        Whoever shows one inside the block of another replaces it. With the end of the one that is
        shown the door is closed, before its requests are waited for.
        """
        application.middlewares.append(self._doorkeeper.note)
        # Decompressing lets a small body cost gigabytes; GitHub never compresses (R6).
        runner = web.AppRunner(
            application,
            auto_decompress=False,
            access_log=None,
            logger=_http_log,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            handler_cancellation=False,
            shutdown_timeout=CLOSING_SECONDS,
        )
        await runner.setup()
        self._runners.append(runner)
        try:
            await self._start()
            yield self.address
        finally:
            if runner is self._runners[-1]:
                self.close()
            await runner.cleanup()

    def _protocol(self) -> Any:
        return self._runners[-1].server()  # type: ignore[misc]  # it is there after the runner's set-up

    async def _start(self) -> None:
        try:
            await self._listener.start_serving()
        except OSError as error:
            # Another process took the address after it was bound here.
            raise _not_free(self.address, error) from error


def _not_free(address: str, error: OSError) -> UserError:
    return UserError(f"Cannot listen on {address} ({error.strerror}): set HOST and PORT.")


@asynccontextmanager
async def listening(host: str, port: int) -> AsyncIterator[Front]:
    """Take an address until the end of the block; it is answered on once something is shown.

    Raises ``UserError`` if the address cannot be listened on.
    """
    _http_log.addFilter(_is_ours)
    front = Front()
    await front.bind(host, port)
    try:
        yield front
    finally:
        front.close()


@asynccontextmanager
async def serve(application: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Listen and show one application until the end of the block; give the address.

    Raises ``UserError`` if the address cannot be listened on.
    """
    async with listening(host, port) as front, front.showing(application) as address:
        yield address


def stop_signal() -> asyncio.Event:
    """Give an event that SIGTERM and SIGINT set from now on.

    To be called before the server says that it serves: who heard that may stop it at once.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    return stop
