"""Running the server: engine first, then the door; on SIGTERM the door first, then the engine."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

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


@asynccontextmanager
async def serve(application: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Listen until the end of the block; give the address, with the port that was free if 0 was asked.

    Raises ``UserError`` if the address cannot be listened on.
    """
    # Decompressing lets a small body cost gigabytes; GitHub never compresses (R6).
    _http_log.addFilter(_is_ours)
    runner = web.AppRunner(
        application,
        auto_decompress=False,
        access_log=None,
        logger=_http_log,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        handler_cancellation=False,
        shutdown_timeout=CLOSING_SECONDS,
    )
    doorkeeper = Doorkeeper(lambda: runner.server())  # type: ignore[misc]  # noqa: PLW0108 - it is there after setup
    application.middlewares.append(doorkeeper.note)
    await runner.setup()
    try:
        listener = await asyncio.get_running_loop().create_server(
            doorkeeper, host, port, reuse_address=True, backlog=BACKLOG
        )
    except (OSError, socket.gaierror) as error:
        await runner.cleanup()
        raise UserError(f"Cannot listen on {host}:{port} ({error.strerror}): set HOST and PORT.") from error
    address, bound = listener.sockets[0].getsockname()[:2]
    try:
        yield f"http://{f'[{address}]' if ':' in address else address}:{bound}"
    finally:
        listener.close()
        await runner.cleanup()


def stop_signal() -> asyncio.Event:
    """Give an event that SIGTERM and SIGINT set from now on.

    To be called before the server says that it serves: who heard that may stop it at once.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    return stop
