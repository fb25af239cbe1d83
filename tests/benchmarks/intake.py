"""Durable acknowledgements: how many a second, and how late the latest at GitHub's pace."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from typing import TYPE_CHECKING

import aiohttp

from sandbox.github import running
from sandbox.webhooks import headers_of
from tests.benchmarks.figures import Figure
from tests.benchmarks.process import megabytes, server
from tests.fakes.github import engine_state, make_key

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.github import GitHub

BODY = 30_000
BURST = 4_000
AT_ONCE = 32
STEADY = 50
STEADY_SECONDS = 20


async def run(folder: Path) -> list[Figure]:
    """Measure a burst of 4,000 deliveries of 30 kB, then 50 a second for 20 s, then idle memory."""
    key = make_key()
    async with running(engine_state(key.public)) as github, server(github, key, folder) as process:
        await asyncio.sleep(1.0)
        idle = megabytes(process)
        rate = await _burst(github)
        late = await _steady(github)
    return [
        Figure("durable acknowledgements", f"{rate:.0f}/s", ">= 400/s", 1 / rate),
        Figure(f"p99 at {STEADY}/s", f"{late * 1000:.1f} ms", "<= 50 ms", late),
        Figure("resident memory, idle", f"{idle:.0f} MB", "<= 150 MB"),
    ]


def _text() -> str:
    """Text that compresses about as badly as it can: the store must not look faster than it is."""
    return secrets.token_hex(BODY // 2)


def _requests(github: GitHub, count: int) -> list[tuple[bytes, dict[str, str]]]:
    made = []
    for number in range(1, count + 1):
        payload = {
            "action": "labeled",
            "number": number,
            "pull_request": {"id": number, "number": number, "body": _text()},
            "repository": {"id": 5, "full_name": "octo-org/engine"},
            "installation": {"id": 1},
        }
        body = json.dumps(payload).encode()
        made.append((body, headers_of(github.state, "pull_request", str(uuid.uuid4()), body)))
    return made


async def _burst(github: GitHub) -> float:
    requests = iter(_requests(github, BURST))
    async with aiohttp.ClientSession() as session:
        started = time.perf_counter()

        async def sender() -> None:
            for body, headers in requests:
                await _send(session, github, body, headers)

        await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
        return BURST / (time.perf_counter() - started)


async def _steady(github: GitHub) -> float:
    requests = _requests(github, STEADY * STEADY_SECONDS)
    async with aiohttp.ClientSession() as session:
        started = time.perf_counter()
        sends = []
        for index, (body, headers) in enumerate(requests):
            await asyncio.sleep(max(started + index / STEADY - time.perf_counter(), 0))
            sends.append(asyncio.create_task(_send(session, github, body, headers)))
        times = sorted(await asyncio.gather(*sends))
    return times[int(len(times) * 0.99)]


async def _send(
    session: aiohttp.ClientSession, github: GitHub, body: bytes, headers: dict[str, str]
) -> float:
    started = time.perf_counter()
    async with session.post(github.state.app.webhook_url or "", data=body, headers=headers) as answer:
        assert answer.status == 202, await answer.text()
    return time.perf_counter() - started
