"""A reverse proxy as some companies put before Enterprise Server: all of it lies below a prefix."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_DROPPED = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "connection", "date", "server"}
)


@asynccontextmanager
async def below(prefix: str, target: str) -> AsyncIterator[str]:
    """Give the address under which ``target`` is reached; links in its answers lead back through here."""
    async with aiohttp.ClientSession(auto_decompress=True) as session:
        runner = web.AppRunner(web.Application(client_max_size=2**26))
        address = ""

        async def forward(request: web.Request) -> web.Response:
            path = request.raw_path.removeprefix(prefix)
            kept = {name: value for name, value in request.headers.items() if name.lower() != "host"}
            async with session.request(
                request.method, target + path, headers=kept, data=await request.read(), allow_redirects=False
            ) as answer:
                body = (await answer.read()).replace(target.encode(), address.encode())
                headers = {
                    name: value.replace(target, address)
                    for name, value in answer.headers.items()
                    if name.lower() not in _DROPPED
                }
                return web.Response(status=answer.status, body=body, headers=headers)

        runner.app.router.add_route("*", prefix + "/{path:.*}", forward)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        address = f"http://{host}:{port}{prefix}"
        try:
            yield address
        finally:
            await runner.cleanup()
