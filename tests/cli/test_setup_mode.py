"""``prhub serve`` without an app, as an operator meets it."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import sys

import aiohttp
import pytest

from tests.cli.test_command_line import prhub

PORT = {"PORT": "0"}


async def started(folder, **settings: str):
    """Start the server; gives the process and what its first line of log says."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "serve"),
        cwd=folder,
        env=kept | PORT | settings,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    return process, json.loads(await process.stderr.readline())


async def test_it_says_where_the_page_is_and_ends_well(tmp_path):
    """One line with the whole address; SIGTERM ends it with 0, and nothing is written before."""
    process, told = await started(tmp_path)
    async with aiohttp.ClientSession() as session, session.get(told["page"]) as page:
        assert (page.status, "Register the GitHub App" in await page.text()) == (200, True)
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0
    assert not (tmp_path / ".env").exists()


async def test_on_a_terminal_the_address_stands_by_itself(tmp_path):
    """Where a person looks, and with how to get there from elsewhere."""
    master, slave = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "serve"),
        cwd=tmp_path,
        env=kept | PORT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=slave,
    )
    os.close(slave)
    said = b""
    while b"used once" not in said:
        said += await asyncio.to_thread(os.read, master, 4096)
    process.kill()
    await process.wait()
    os.close(master)
    lines = [line.strip() for line in said.decode().splitlines()]
    assert any(line.startswith("PRHub is not set up yet. Open http://127.0.0.1:") for line in lines)


@pytest.mark.parametrize("mode", ["--web-only", "--worker-only"])
async def test_half_a_server_does_not_set_up(tmp_path, mode):
    """It says what is missing, and how to get it."""
    done = await prhub(tmp_path, "serve", mode, **PORT)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "APP_ID is missing, PRIVATE_KEY and WEBHOOK_SECRET too" in done.stderr
    assert "`prhub serve`" in done.stderr


@pytest.mark.parametrize("name", ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"])
async def test_half_of_the_credentials_is_a_mistake_and_no_set_up(tmp_path, name):
    """One line names what is missing."""
    done = await prhub(tmp_path, "serve", **PORT, **{name: "7"})
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert " is missing: write " in done.stderr


async def test_what_would_stop_the_server_stops_set_up(tmp_path):
    """Before anybody registers an app in vain."""
    (tmp_path / ".env").write_text("DATABASE_URL=sqlite:////nowhere/at/all.sqlite\n")
    done = await prhub(tmp_path, "serve", **PORT)
    assert (done.returncode, "DATABASE_URL cannot be used" in done.stderr) == (2, True)
