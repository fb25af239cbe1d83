"""The world of a run of digests: one repository, one server, and the clock that its schedule reads."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.github import running
from sandbox.limits import STRICT
from sandbox.payloads import installation_payload
from sandbox.webhooks import deliver
from tests.chaos.fleet import free_port
from tests.chaos.ledger import Ledger
from tests.chaos.run import database
from tests.chaos.scaled import settings_of
from tests.fakes.github import engine_state, make_key, the_repository
from tests.fakes.process import SECRET, environment
from tests.fakes.weeks import digest_issues

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sandbox.discussion import Issue
    from sandbox.github import GitHub
    from tests.chaos.plan import Plan

ZONE = "Europe/Berlin"
SCHEDULE = "0 9 * * 1"
LONGEST_WAIT = 30.0
LOOK_SECONDS = 0.03


@dataclass
class Years:
    """The world, the one server in it, and the clock that its schedule reads."""

    plan: Plan
    github: GitHub
    settings: dict[str, str]
    folder: Path
    ledger: Ledger
    started: float = field(default_factory=time.monotonic)
    kills: Counter[str] = field(default_factory=Counter)
    empty: set[str] = field(default_factory=set)
    late: list[str] = field(default_factory=list)
    process: asyncio.subprocess.Process | None = None
    armed: str | None = None
    broken: bool = False

    @property
    def clock(self) -> Path:
        """The file that the schedule reads the time in."""
        return self.folder / "clock"

    def set_clock(self, moment: float) -> None:
        """Let it be another time, in one piece."""
        draft = self.folder / "clock.new"
        draft.write_text(str(moment), "ascii")
        draft.replace(self.clock)

    async def start(self, point: str | None = None) -> None:
        """Start the server; it dies when it gets to ``point``."""
        self.armed = point
        extra = {} if point is None else {"PRHUB_FAILPOINT": point}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PRHUB_")}
        with (self.folder / "server.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.chaos.serve_digests"),
                *(str(self.clock), str(self.plan.factor)),
                env=kept | self.settings | extra,
                stdout=log,
                stderr=log,
            )

    async def kill(self, where: str) -> None:
        """Let the server die."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self.kills[where] += 1

    async def look_after(self) -> None:
        """Start the server again if it died at its point; raise if it ended in another way."""
        process = self.process
        if process is None or process.returncode is None:
            return
        if process.returncode != -9:
            raise RuntimeError(f"the server ended with {process.returncode}")
        self.kills[self.armed or "random"] += 1
        await self.start()

    def issues(self) -> list[tuple[str, Issue]]:
        """The digests that GitHub shows."""
        return digest_issues(the_repository(self.github.state), self.github.state.app.id)

    async def until(self, condition: Callable[[], bool]) -> bool:
        """Wait until something is so and no work is left; give whether that came to be."""
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            await self.look_after()
            if condition() and await self.ledger.busy() == 0:
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False


async def install(years: Years, begins: float) -> None:
    """Start the server for the first time, and tell it of the installation."""
    years.set_clock(begins)
    await years.start()
    state = years.github.state
    (installation,) = state.installations.values()
    await _up(int(years.settings["PORT"]))
    await deliver(state, "installation", installation_payload(state, installation))
    await years.until(lambda: True)


async def _up(port: int) -> None:
    """Wait until the server listens."""
    async with asyncio.timeout(LONGEST_WAIT):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


@asynccontextmanager
async def years_of(plan: Plan) -> AsyncIterator[Years]:
    """Set everything up; of a run that failed logs and database are left."""
    key, folder = make_key(), Path(tempfile.mkdtemp(prefix="prhub-digests-"))
    state = engine_state(key.public)
    async with running(state, limits=replace(STRICT, scale=plan.factor), seed=plan.seed) as github:
        settings = environment(github, key.private, folder, **settings_of(plan.factor))
        settings |= {"DATABASE_URL": database(plan, folder), "PRHUB_SCAN_INTERVAL": "0"}
        settings |= {
            "PRHUB_DELIVERY_POLL": "0",
            "PRHUB_DIGEST_SCHEDULE": SCHEDULE,
            "PRHUB_TIME_ZONE": ZONE,
            "PORT": str(free_port()),
        }
        state.app.webhook_secret = SECRET
        state.app.webhook_url = f"http://127.0.0.1:{settings['PORT']}/api/github/webhooks"
        _add_faults(github, plan)
        url = settings["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
        years = Years(plan, github, settings, folder, Ledger(url))
        is_whole = False
        try:
            yield years
            is_whole = not years.broken
        finally:
            if years.process is not None and years.process.returncode is None:
                years.process.terminate()
                await years.process.wait()
            github.faults.clear()
            if is_whole:
                shutil.rmtree(folder, ignore_errors=True)


def _add_faults(github: GitHub, plan: Plan) -> None:
    faults = github.faults
    faults.seed = plan.seed
    if plan.lost:
        writes = {"methods": ("POST",), "path": "/issues$"}
        faults.add("drop_after", probability=plan.lost, **writes)
        faults.add("error_after", probability=plan.lost / 2, status=502, **writes)
        faults.add("drop_after", probability=plan.lost, methods=("PATCH",), path="/issues/[0-9]+$")
    if plan.stale:
        faults.add("stale", probability=0.5, seconds=plan.lag / plan.factor)
