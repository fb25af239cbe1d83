"""One run: the world, the servers, what is sent and what fails, until everything has come to an end."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox import messages
from sandbox.github import running
from sandbox.limits import STRICT
from tests.chaos import storm
from tests.chaos.fleet import Fleet
from tests.chaos.ledger import Ledger
from tests.chaos.plan import add_faults, deaths
from tests.chaos.scaled import settings_of
from tests.chaos.verdict import judged
from tests.chaos.world import World, state_of
from tests.fakes.databases import start_postgres
from tests.fakes.github import make_key
from tests.fakes.process import environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sandbox.messages import Asked, Reply
    from tests.chaos.figures import Figures
    from tests.chaos.plan import Plan

# A failure may be followed by the longest wait between two tries; beside that nothing takes longer.
LONGEST_WAIT = 7200.0
PATIENCE = 60.0
LOOK_SECONDS = 0.5
QUIET_LOOKS = 3


@dataclass
class Paid:
    """Answers as ``responder`` gives them, counted: each of them costs money."""

    responder: Callable[[Asked], Reply] = messages.plausible
    answers: Counter[str] = field(default_factory=Counter)

    def __call__(self, asked: Asked) -> Reply:
        """Answer, and count it if it is an answer."""
        reply = self.responder(asked)
        if reply.status == 200 and reply.stop_reason == "end_turn" and not reply.stall:
            content = json.dumps(asked.body, sort_keys=True).encode("utf-8", "replace")
            self.answers[hashlib.sha256(content).hexdigest()] += 1
        return reply


@dataclass
class Site:
    """Everything of a run, while it runs."""

    plan: Plan
    world: World
    fleet: Fleet
    ledger: Ledger
    model: messages.Messages
    paid: Paid
    started: float
    is_kept: bool = False
    work_left: bool = True
    busy: int = 0

    async def watch(self) -> None:
        """Look at the ledger now and then, so that the fleet knows whether there is work."""
        while True:
            self.busy = await self.ledger.busy()
            self.work_left = self.busy != 0 or not self._all_here()
            # Where GitHub sends again what it was asked for.
            self.world.state.app.webhook_url = await self.fleet.living_url() or self.world.urls[0]
            await asyncio.sleep(LOOK_SECONDS)

    def posted(self) -> int:
        """How many merges have a comment."""
        app_id = self.world.state.app.id
        return sum(1 for one in self.world.merges if one.comments(app_id))

    def _all_here(self) -> bool:
        silent = sum(one.silent for one in self.world.merges)
        return self.posted() + silent >= len(self.world.merges) >= self.plan.merges

    async def settle(self) -> bool:
        """Wait until all lives have ended and no work is left; whether that came to be.

        A run in which nothing happens for a while that no wait of the plan explains has lost something.
        """
        quiet, before, end = 0, (-1, -1), 0.0
        while quiet < QUIET_LOOKS:
            await asyncio.sleep(LOOK_SECONDS)
            self.fleet.check()
            now = (self.posted(), self.busy)
            if now != before or not self.fleet.over:
                before, end = now, time.monotonic() + PATIENCE + LONGEST_WAIT / self.plan.factor
            quiet = 0 if self.work_left or not self.fleet.over else quiet + 1
            if time.monotonic() > end:
                return False
        return True


@asynccontextmanager
async def site(plan: Plan, paid: Paid | None = None) -> AsyncIterator[Site]:
    """Set everything up; of a run that failed or broke a promise logs and database are left."""
    paid, key = paid or Paid(), make_key()
    folder = Path(tempfile.mkdtemp(prefix="prhub-chaos-"))
    state = state_of(plan, key.public)
    limits = replace(STRICT, scale=plan.factor)
    async with running(state, limits=limits, seed=plan.seed) as github, messages.running(paid) as model:
        settings = environment(github, key.private, folder, **settings_of(plan.factor))
        settings |= {"DATABASE_URL": database(plan, folder), "PRHUB_SCAN_INTERVAL": "0", "PORT": "0"}
        if plan.model:
            settings |= {"ANTHROPIC_API_KEY": "sk-ant-of-a-test", "ANTHROPIC_BASE_URL": model.url}
        settings |= dict(plan.settings)
        state.app.webhook_secret = settings["WEBHOOK_SECRET"]
        fleet = Fleet(plan, settings, folder)
        ledger = Ledger(settings["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))
        world = World(plan, github, fleet.urls())
        here = Site(plan, world, fleet, ledger, model, paid, time.monotonic())
        fleet.idle, fleet.has_work = lambda: not here.work_left, lambda: here.busy > 0
        fleet.done = here.posted
        watching = asyncio.create_task(here.watch())
        try:
            yield here
        except BaseException:
            here.is_kept = True
            raise
        finally:
            watching.cancel()
            await fleet.stop()
            github.faults.clear()
            if not here.is_kept:
                shutil.rmtree(folder, ignore_errors=True)


def database(plan: Plan, folder: Path) -> str:
    """The address of a new database."""
    if plan.database == "sqlite":
        return f"sqlite:///{folder / 'prhub.sqlite'}"
    return start_postgres().empty().replace("postgresql+psycopg://", "postgresql://", 1)


async def run(plan: Plan) -> Figures:
    """Run a plan to its end and judge what came of it."""
    async with site(plan) as here:
        add_faults(here.world.github.faults, plan)
        here.fleet.start(deaths(plan))
        await here.fleet.up()
        raging = asyncio.create_task(storm.rage(here.world)) if plan.stormy else None
        await here.world.send_all()
        if raging is not None:
            await raging
        await here.settle()
        return await judged(here)
