"""A set-up to be examined: a stand-in GitHub, a stand-in model, a running server, and the doctor."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.doctor import examine
from bot.settings import load_settings
from sandbox.github import running
from sandbox.messages import running as running_model
from tests.fakes.github import REPOSITORY, add_merge, engine_state
from tests.fakes.process import SECRET, environment, prhub_over, send_merge, settled

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.doctor import Finding
    from bot.wiring import Running
    from sandbox.github import GitHub
    from sandbox.messages import Messages
    from sandbox.state import State

MODEL_KEY = "sk-ant-" + SECRET[:24]


@dataclass
class Patient:
    """What is examined; ``environ`` are the settings that the doctor is run with."""

    github: GitHub
    model: Messages
    folder: Path
    environ: dict[str, str]
    running: Running | None = None
    merged: int = field(default=0)

    @property
    def state(self) -> State:
        """What GitHub knows."""
        return self.github.state

    async def merge(self) -> int:
        """Merge a pull request, and send the webhook; the status it was answered with."""
        self.merged += 1
        changes = {"engine/store.py": f"def save():\n    return {self.merged}\n"}
        return await send_merge(self.github, REPOSITORY, add_merge(self.state, changes))

    async def examined(self, **changes: str) -> list[Finding]:
        """All findings, with some settings changed."""
        return await examine(self.environ | changes, self.folder)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Running]:
        """Run the server, and have one merge reported on."""
        settings = load_settings(self.environ, self.folder)
        async with prhub_over(self.github, settings) as here:
            self.running = here
            assert await self.merge() == 202
            await settled(here)
            yield here
            self.running = None


def of(findings: list[Finding], check: str) -> list[Finding]:
    """What one check found."""
    return [one for one in findings if one.check == check]


def bad(findings: list[Finding]) -> dict[str, str]:
    """The checks that found something, with how bad it is."""
    return {one.check: one.severity.value for one in findings if one.severity.rank > 1}


@pytest.fixture
async def patient(app_key, tmp_path):
    """PRHub as it was set up, and not running."""
    async with running(engine_state(app_key.public)) as github, running_model() as model:
        environ = environment(
            github,
            app_key.private,
            tmp_path,
            ANTHROPIC_API_KEY=MODEL_KEY,
            ANTHROPIC_BASE_URL=model.url,
        )
        github.state.app.webhook_secret = SECRET
        yield Patient(github, model, tmp_path, environ)
