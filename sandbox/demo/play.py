"""The play: a stand-in GitHub on loopback, ``prhub serve`` as a process, and signed webhooks."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
from click import ClickException
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.demo.digests import write_digests
from sandbox.github import running
from sandbox.payloads import pull_request_payload
from sandbox.sample import FEATURED, REPOSITORY, sample_state
from sandbox.webhooks import deliver, redeliver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from sandbox.discussion import Issue, Pull
    from sandbox.github import GitHub
    from sandbox.state import State

PATIENCE_SECONDS = 50.0
# With a key the model reads the sample, two pull requests at a time; if it is away, the rules speak.
MODEL_PATIENCE_SECONDS = 60.0
PATIENCE_WITH_MODEL_SECONDS = 400.0
# What the operator says of the model holds for the demo too; all other settings are the demo's own.
_OF_THE_MODEL = ("PRHUB_MODEL", "PRHUB_MAX_", "PRHUB_STRUCTURED_OUTPUT")


@dataclass(frozen=True)
class Played:
    """What the play left: pull requests and digests as GitHub has them now, and the figures of the run."""

    folder: Path
    pulls: tuple[Pull, ...]
    digests: tuple[Issue, ...]
    app_id: int
    deliveries: int
    requests: int
    seconds: float


async def play(folder: Path, language: str, say: Callable[[str], None]) -> Played:
    """Send every merge of the sample twice, wait for the reports, and stop the server.

    Raises ``ClickException`` if the server does not start or a report does not come in time.
    """
    started = time.monotonic()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    state = sample_state(public.decode())
    state.app.webhook_secret = secrets.token_hex(32)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    async with running(state) as github:
        environment = _environment(folder, github, pem.decode(), language)
        async with _server(folder, github, environment):
            say(f"sending {2 * len(FEATURED)} signed webhooks for {len(FEATURED)} merges")
            pulls = await _send_all(state)
            await _wait_for_reports(state, pulls, say)
            digests = await write_digests(folder, environment, state, say)
        return Played(
            folder=folder,
            pulls=tuple(pulls),
            digests=digests,
            app_id=state.app.id,
            deliveries=len(state.deliveries),
            requests=len(github.log.records),
            seconds=time.monotonic() - started,
        )


def _environment(folder: Path, github: GitHub, pem: str, language: str) -> dict[str, str]:
    """The settings of the demo's server and of the commands beside it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PRHUB_") or name.startswith(_OF_THE_MODEL)
    }
    return kept | {
        "APP_ID": str(github.state.app.id),
        "PRIVATE_KEY": pem,
        "WEBHOOK_SECRET": github.state.app.webhook_secret or "",
        "GITHUB_API_URL": github.url,
        "GITHUB_GRAPHQL_URL": f"{github.url}/graphql",
        "DATABASE_URL": f"sqlite:///{folder / 'prhub.sqlite'}",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "PRHUB_LANGUAGE": language,
        "PRHUB_LOG_FORMAT": "json",
        "PRHUB_REFRESH_DELAY": "1",
        "PRHUB_MODEL_PATIENCE": str(MODEL_PATIENCE_SECONDS),
    }


@asynccontextmanager
async def _server(folder: Path, github: GitHub, environment: dict[str, str]) -> AsyncIterator[None]:
    """Run ``prhub serve`` in the folder, on a free port, until the block ends."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", "serve", cwd=folder, env=environment, stdout=output, stderr=output
        )
    try:
        address = await _address(log, process)
        github.state.app.webhook_url = f"{address}/api/github/webhooks"
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _address(log: Path, process: asyncio.subprocess.Process) -> str:
    """Wait until the server says where it listens and answers there."""
    for _ in range(200):
        text = await asyncio.to_thread(log.read_text, "utf-8", "replace")
        found = [line for line in text.splitlines() if '"serving"' in line]
        if found:
            address = found[0].partition('"address": "')[2].partition('"')[0]
            async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as answer:
                if answer.ok:
                    return address
        if process.returncode is not None:
            break
        await asyncio.sleep(0.1)
    raise ClickException(f"The server did not start: {log} says why.")


async def _send_all(state: State) -> list[Pull]:
    repository = state.repository(REPOSITORY)
    if repository is None:
        raise ClickException("The sample repository is missing.")
    pulls = [repository.pulls[number] for number in FEATURED]
    for pull in pulls:
        payload = pull_request_payload(state, repository, pull, "closed")
        first = await deliver(state, "pull_request", payload)
        await redeliver(state, first)  # GitHub may send anything twice
    return pulls


async def _wait_for_reports(state: State, pulls: list[Pull], say: Callable[[str], None]) -> None:
    """Wait until every merge by a person has its comment, and the reverted one says so."""
    waiting = [pull for pull in pulls if not pull.user or not pull.user.is_bot]
    asks = bool(os.environ.get("ANTHROPIC_API_KEY"))
    end = time.monotonic() + (PATIENCE_WITH_MODEL_SECONDS if asks else PATIENCE_SECONDS)
    while True:
        done = [pull for pull in waiting if _is_done(state, pull)]
        say(f"{len(done)} of {len(waiting)} reports posted, at the pace GitHub allows")
        if len(done) == len(waiting):
            return
        if time.monotonic() > end:
            missing = ", ".join(f"#{pull.number}" for pull in waiting if pull not in done)
            raise ClickException(f"No report came on {missing}: server.log in the folder says why.")
        await asyncio.sleep(0.2)


def _is_done(state: State, pull: Pull) -> bool:
    bodies = [comment.body for comment in pull.comments.value if comment.app_id == state.app.id]
    return bool(bodies) and (pull.number != _REVERTED or _REVERT_LINK in bodies[0])


# The report on #9 is refreshed when its revert, #11, has been reported.
_REVERTED = 9
_REVERT_LINK = "/pull/11"
