"""Several servers on one database, each a process of its own that can be paused, stopped and killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.logs import set_up_logs
from bot.model import Pace
from bot.server.run import stop_signal
from bot.settings import load_settings
from bot.store.processes import Mode
from bot.wiring import running_server
from bot.workflows.heartbeat import Pulse
from tests.fakes.forked import Forked, fork
from tests.fakes.process import FAST, SECRET, environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.github import GitHub
    from tests.fakes.github import AppKey

# A silent process is dead after 2 s instead of 30.
QUICK = Pulse(beat=0.2, silence=2.0)


@dataclass
class Member:
    """One running server."""

    process: Forked
    address: str

    def hears(self, github: GitHub) -> None:
        """Let the stand-in send its webhooks here."""
        github.state.app.webhook_secret = SECRET
        github.state.app.webhook_url = f"{self.address}/api/github/webhooks"

    async def kill(self) -> None:
        """End it as an out-of-memory killer would."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """End it as an orchestrator would; its exit code."""
        self.process.terminate()
        return await self.process.wait()

    def pause(self) -> None:
        """Let it stand still."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)


@dataclass(frozen=True)
class Crews:
    """Starts servers on one database."""

    github: GitHub
    key: AppKey
    folder: Path
    settings: dict[str, str]

    @asynccontextmanager
    async def member(
        self, mode: Mode = Mode.ALL, pulse: Pulse = QUICK, pace: Pace = FAST
    ) -> AsyncIterator[Member]:
        """Start a server; it is stopped with the block unless it has ended before."""
        settings = environment(self.github, self.key.private, self.folder, **self.settings)
        arguments = (mode.value, str(pulse.beat), str(pulse.silence), _packed(pace))
        log = Path("/dev/stderr" if "SHOW_LOGS" in os.environ else os.devnull)
        process = await fork("tests.fakes.crew", *arguments, env=_clean_environment() | settings, log=log)
        try:
            assert process.stdout is not None
            line = await process.stdout.readline()
            member = Member(process, json.loads(line or b'{"address": ""}')["address"])
            if mode is not Mode.WORKER:
                member.hears(self.github)
            yield member
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
            await process.wait()


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PRHUB_")}


def _packed(pace: Pace) -> str:
    return json.dumps([pace.windows, pace.content_gap, pace.write_gap, pace.points])


def _unpacked(text: str) -> Pace:
    windows, content_gap, write_gap, points = json.loads(text)
    return Pace(tuple((seconds, most) for seconds, most in windows), content_gap, write_gap, points)


async def _main(mode: str, beat: str, silence: str, pace: str) -> None:
    settings = load_settings(os.environ, Path("/nonexistent"))
    set_up_logs(settings)
    pulse = Pulse(float(beat), float(silence))
    stop = stop_signal()
    async with running_server(settings, _unpacked(pace), Mode(mode), pulse) as running:
        sys.stdout.write(json.dumps({"address": running.address}) + "\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
