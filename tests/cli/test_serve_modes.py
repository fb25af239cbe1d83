"""``prhub serve`` and its modes, as an operator meets them."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.store import migrate
from tests.cli.test_command_line import prhub
from tests.fakes.forked import fork
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import environment, own_comments


@asynccontextmanager
async def serving(folder, settings, *arguments):
    """Run ``prhub serve`` until the end of the block; its address is in its log."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    process = await fork("app", "serve", *arguments, cwd=folder, env=kept | settings)
    try:
        assert process.stderr is not None
        while b"127.0.0.1" not in (line := await process.stderr.readline()) or b"serving" not in line:
            assert line, "it ended before it served"
        yield process, line.decode().partition('"address": "')[2].partition('"')[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("--web-only", "--worker-only"), "exclude each other", id="both modes at once"),
        pytest.param(("--web-only",), "WEBHOOK_SECRET", id="deliveries without a secret"),
        pytest.param(("--worker-only",), "PRIVATE_KEY", id="work without the app's key"),
    ],
)
async def test_what_cannot_be_is_one_line_and_exit_code_2(github, app_key, tmp_path, arguments, words):
    """Before anything is opened."""
    settings = environment(github, app_key.private, tmp_path)
    settings.pop(words, None)
    done = await prhub(tmp_path, "serve", *arguments, **settings)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr


async def test_a_second_server_on_sqlite_refuses_and_a_command_that_publishes_does_not(
    github, app_key, tmp_path
):
    """The first goes on; after a kill the next one starts at once (R125)."""
    settings = environment(github, app_key.private, tmp_path)
    pull = add_merge(github.state)
    async with serving(tmp_path, settings) as (process, _):
        second = await prhub(tmp_path, "serve", **settings)
        assert second.returncode == 2
        assert f"process {process.pid}" in second.stderr
        assert "PostgreSQL" in second.stderr
        by_hand = await prhub(tmp_path, "report", f"{REPOSITORY}#{pull.number}", "--publish", **settings)
        assert (by_hand.returncode, len(own_comments(github, pull))) == (0, 1)
        process.kill()
        await process.wait()
    async with serving(tmp_path, settings):
        pass


async def test_sigterm_ends_it_well_even_with_a_request_that_hangs(github, app_key, tmp_path):
    """A sender that never finishes holds it for 3 s, not for its own 10 (R36)."""
    settings = environment(github, app_key.private, tmp_path)
    async with serving(tmp_path, settings) as (process, address):
        host, _, port = address.removeprefix("http://").partition(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{")
        await writer.drain()
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert time.monotonic() - started < 10
        writer.close()


async def test_a_worker_needs_no_webhook_secret_and_has_no_webhook_route(github, app_key, tmp_path):
    """What faces the internet and what works are configured apart."""
    settings = environment(github, app_key.private, tmp_path)
    del settings["WEBHOOK_SECRET"]
    await asyncio.to_thread(migrate, settings["DATABASE_URL"])
    async with serving(tmp_path, settings, "--worker-only") as (_, address), aiohttp.ClientSession() as http:
        assert (await http.get(f"{address}/readyz")).status == 200
        assert (await http.post(f"{address}/api/github/webhooks")).status == 404
