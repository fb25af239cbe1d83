"""A whole PRHub over a stand-in GitHub: settings, the running server, and webhooks sent to it."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Pace
from bot.settings import load_settings
from bot.store.tables import triggers
from bot.wiring import Running, running_server
from sandbox.payloads import pull_request_payload
from sandbox.webhooks import deliver
from tests.fakes.github import REPOSITORY, the_repository

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.model import PullReport
    from bot.settings import Settings
    from sandbox.discussion import Pull
    from sandbox.github import GitHub
    from sandbox.state import State

# GitHub's limits without their waiting times: what waits is tested where the waiting is.
FAST = Pace(windows=((60.0, 10_000), (3600.0, 10_000)), content_gap=0.0, write_gap=0.0)
SECRET = secrets.token_hex(32)


def environment(github: GitHub, pem: str, folder: Path, **changes: str) -> dict[str, str]:
    """What ``prhub serve`` would be started with; ``changes`` win."""
    return {
        "APP_ID": str(github.state.app.id),
        "PRIVATE_KEY": pem,
        "WEBHOOK_SECRET": SECRET,
        "GITHUB_API_URL": github.url,
        "DATABASE_URL": f"sqlite:///{folder / 'prhub.sqlite'}",
        "PORT": "0",
        "PRHUB_POSTING_QUARANTINE": "0.3",
        "PRHUB_REFRESH_DELAY": "0.2",
        # Requests are counted: who tests the sweeps switches them on.
        "PRHUB_DELIVERY_POLL": "0",
        "PRHUB_SCAN_INTERVAL": "0",
        "PRHUB_DIGEST_SCHEDULE": "off",
        **changes,
    }


def settings_for(github: GitHub, pem: str, folder: Path, **changes: str) -> Settings:
    """The settings of such a process."""
    return load_settings(environment(github, pem, folder, **changes), folder)


@asynccontextmanager
async def prhub_over(github: GitHub, settings: Settings) -> AsyncIterator[Running]:
    """Run the server; the stand-in knows where to send webhooks, and the secret."""
    async with running_server(settings, FAST) as running:
        github.state.app.webhook_secret = SECRET
        github.state.app.webhook_url = f"{running.address}/api/github/webhooks"
        yield running


async def send_merge(github: GitHub, full_name: str, pull: Pull) -> int:
    """Send the webhook of a merge; the answer's status."""
    repository = github.state.repository(full_name)
    assert repository is not None
    payload = pull_request_payload(github.state, repository, pull, "closed")
    return (await deliver(github.state, "pull_request", payload)).status_code


def own_comments(github: GitHub, pull: Pull) -> list[str]:
    """The comments the app wrote on a pull request."""
    return [comment.body for comment in pull.comments.value if comment.app_id == github.state.app.id]


async def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait until something is so; fails after some seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be in time"
        await asyncio.sleep(0.02)


async def settled(running: Running, seconds: float = 20.0) -> None:
    """Wait until no trigger is new or with the engine; later looks for doubles and notices do not count."""
    busy = sa.select(triggers.c.key, triggers.c.state).where(
        triggers.c.state.in_(["new", "started"]), triggers.c.kind.not_in(["tidy", "config"])
    )
    end = time.monotonic() + seconds
    while True:
        async with running.services.triggers.store.read() as connection:
            left = (await connection.execute(busy)).all()
        if not left:
            return
        assert time.monotonic() < end, f"work is left: {left}"
        await asyncio.sleep(0.05)


@dataclass
class Play:
    """A running PRHub and the GitHub it works on; what a maintainer does and sees."""

    github: GitHub
    running: Running

    @property
    def state(self) -> State:
        """What GitHub knows."""
        return self.github.state

    async def merge(self, *pulls: Pull) -> None:
        """Send the webhooks of merges and wait until nothing is left to do."""
        for pull in pulls:
            assert await send_merge(self.github, REPOSITORY, pull) == 202
        await settled(self.running)

    async def send(self, event: str, payload: dict[str, Any]) -> None:
        """Send another webhook and wait until nothing is left to do."""
        assert (await deliver(self.state, event, payload)).status_code == 202
        await settled(self.running)

    def comments(self, pull: Pull) -> list[str]:
        """The app's comments on a pull request."""
        return own_comments(self.github, pull)

    async def report(self, pull: Pull) -> PullReport | None:
        """The stored report of a pull request."""
        stored = await self.running.services.reports.get(the_repository(self.state).id, pull.number)
        return None if stored is None else stored.report

    async def outcome(self, pull: Pull) -> tuple[str, str | None]:
        """What became of the merge's trigger, and why."""
        key = f"report:{the_repository(self.state).id}:{pull.number}:{pull.merge_sha}"
        found = await self.running.services.triggers.outcome(key)
        assert found is not None
        return found[0].value, found[1]


@asynccontextmanager
async def play_over(github: GitHub, pem: str, folder: Path, **changes: str) -> AsyncIterator[Play]:
    """Run PRHub over a stand-in GitHub."""
    async with prhub_over(github, settings_for(github, pem, folder, **changes)) as running:
        yield Play(github, running)
