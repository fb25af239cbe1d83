"""A server that answers as a test says, byte by byte if need be, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.github import Credentials, GitHub
from bot.github.transport import Transport
from tests.fakes.gates import quick_gate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.github import Gate

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TOKEN = "ghs_canary_" + "x" * 40


@dataclass
class Server:
    """Where it is, and the requests so far as (method, path, Authorization)."""

    url: str
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)


@asynccontextmanager
async def answering(handler: Handler) -> AsyncIterator[Server]:
    """Serve every request with one handler, on a free port of 127.0.0.1."""
    server = Server("")

    async def noted(request: web.Request) -> web.StreamResponse:
        server.asked.append((request.method, request.path_qs, request.headers.get("Authorization")))
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", noted)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def sending_bytes(answers: Callable[[], bytes]) -> AsyncIterator[str]:
    """Answer every request with raw bytes, then close the connection; gives the address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def client_of(url: str, gate: Gate | None = None) -> AsyncIterator[GitHub]:
    """The client of a person with a token, whose gate costs no time unless one is given."""
    async with aiohttp.ClientSession() as session:
        urls = (url, f"{url}/graphql")
        credentials = Credentials(token=SecretStr(TOKEN))
        yield GitHub(Transport(session, urls), gate or quick_gate(), credentials, urls)
