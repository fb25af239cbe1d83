"""Connections: a full house keeps those who ask, and nothing is logged about what is no HTTP."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.server import serve

ASK = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
ENOUGH = 300


@pytest.fixture
async def connect():
    """Open connections to a server that answers; all are closed at the end."""
    application = web.Application()

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="here")

    application.router.add_get("/healthz", answer)
    opened = []
    async with serve(application, "127.0.0.1", 0) as address:
        host, _, port = address.removeprefix("http://").partition(":")

        async def connect():
            connection = await asyncio.open_connection(host, int(port))
            opened.append(connection[1])
            return connection

        yield connect
        for writer in opened:
            writer.close()
        await asyncio.gather(*[writer.wait_closed() for writer in opened], return_exceptions=True)


async def ask(connection):
    """The status line of one answer."""
    reader, writer = connection
    writer.write(ASK)
    return await reader.readline()


async def test_connections_that_are_gone_take_no_place(connect):
    """Three hundred senders came and went: the next two are there at the same time."""
    for _ in range(ENOUGH):
        connection = await connect()
        assert b"200" in await ask(connection)
        connection[1].close()
        await connection[1].wait_closed()
    early = await connect()
    late = await connect()
    assert b"200" in await ask(late)
    assert b"200" in await ask(early)


async def test_a_crowd_that_comes_at_once_is_answered(connect):
    """Each of them asks as soon as it is there; nobody is pushed out before."""

    async def come():
        return await ask(await connect())

    assert set(await asyncio.gather(*[come() for _ in range(ENOUGH)])) == {b"HTTP/1.1 200 OK\r\n"}


async def test_what_is_no_http_is_refused_without_a_word(connect, caplog):
    """Scanners send such things by the thousand; a traceback for each would fill the disk."""
    connection = await connect()
    connection[1].write(b"\x16\x03\x01 is no HTTP\r\n\r\n")
    assert b"400" in await connection[0].readline()
    assert caplog.text == ""
