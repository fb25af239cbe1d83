"""Backfills over the stand-ins, in this process: run to the end, or to a moment at which they die."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from bot.model.backfills import BackfillOptions, SpendCaps
from bot.settings import load_settings
from bot.store import ReportQuery
from bot.wiring import open_services
from bot.workflows.backfill_parts import opened
from bot.workflows.backfill_session import Session, run_for
from bot.workflows.digest_now import place_named
from bot.workflows.services import provide, provided
from tests.fakes.github import REPOSITORY, the_repository
from tests.fakes.process import FAST, environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.model.backfills import Spend
    from bot.store.backfill_rows import BackfillPull, Run
    from bot.workflows.services import Services
    from sandbox.discussion import Pull
    from sandbox.github import GitHub
    from sandbox.messages import Messages
    from tests.fakes.crashes import Plan
    from tests.fakes.github import AppKey

ALL = BackfillOptions(limit=50)
UNCAPPED = SpendCaps()
# What a backfill uses of the outside, and what it leaves there.
_READS = ("POST /graphql", "POST /app/installations/{installation_id}/access_tokens")
_MORTAL = ("backfills", "answers", "ledger", "reports", "readings", "register")


@dataclass(frozen=True)
class Done:
    """What came of a run."""

    run: Run
    pulls: list[BackfillPull]
    spend: Spend

    @property
    def states(self) -> Counter[str]:
        """How many pull requests ended how."""
        return Counter(one.state.value for one in self.pulls)


class _Mortal:
    """Passes everything on to ``inner``; before and after each call that waits for something it may die."""

    def __init__(self, inner: Any, plan: Plan) -> None:
        self._inner = inner
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name == "batches":
            return _Mortal(found, self._plan)
        if not inspect.iscoroutinefunction(found):
            return found

        @wraps(found)
        async def counted(*arguments: Any, **named: Any) -> Any:
            self._plan.step()
            answer = await found(*arguments, **named)
            self._plan.step()
            return answer

        return counted


@dataclass
class Filler:
    """Runs backfills of the one repository on one database."""

    github: GitHub
    key: AppKey
    folder: Path
    model: Messages | None = None
    changes: dict[str, str] = field(default_factory=dict)
    grace: float = 0.0
    give_up: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """The settings of whoever runs it, or of a server beside it."""
        asking = (
            {}
            if self.model is None
            else {"ANTHROPIC_BASE_URL": self.model.url, "ANTHROPIC_API_KEY": "sk-ant-of-a-test"}
        )
        return environment(self.github, self.key.private, self.folder, **asking, **self.changes)

    @asynccontextmanager
    async def services(self, plan: Plan | None = None) -> AsyncIterator[Services]:
        """Open the services, as the command line does; by ``plan`` they die."""
        before = provided()
        async with open_services(load_settings(self.settings, self.folder), FAST) as (services, _):
            mortal: dict[str, Any] = {
                name: _Mortal(getattr(services, name), plan) for name in _MORTAL if plan is not None
            }
            provide(replace(services, **mortal))
            try:
                yield services
            finally:
                provide(before)

    async def run(
        self,
        options: BackfillOptions = ALL,
        caps: SpendCaps = UNCAPPED,
        *,
        now: bool = False,
        plan: Plan | None = None,
        said: Callable[[str], None] = lambda _: None,
    ) -> Done:
        """Run a backfill to its end, or until it dies by ``plan``."""
        async with self.services(plan) as services:
            place = await place_named(services, REPOSITORY)
            run, _ = await run_for(place, options)
            session = Session(run)
            await session.hold()
            try:
                async with opened(run, caps, now=now, give_up=self.give_up) as backfill:
                    backfill.looks, backfill.say = (0.02,), said
                    if backfill.post is not None:
                        backfill.post.grace = self.grace
                        if plan is not None:
                            backfill.post.client = cast("Any", _Mortal(backfill.client, plan))
                    async with asyncio.timeout(60):
                        await session.work(backfill)
            finally:
                await session.fall_silent()
            await services.backfills.release(session.me.id)
            pulls = await services.backfills.pulls(run.id)
            return Done(run, pulls, await services.batches.spend(run.id))

    async def let_go(self) -> None:
        """Do what the operating system does for a process that died: nobody holds its run any more.

        Nor the database: a connection that a cancelled task left open is closed when it is collected.
        """
        gc.collect()
        async with self.services() as services:
            for run in await services.backfills.open_runs():
                place, me = run.repository_id, Session(run).me
                other = await services.backfills.hold(place, run.id, me)
                await services.backfills.release(me.id if other is None else other.holder.id)

    async def reports(self) -> dict[int, Any]:
        """Every stored report by its number."""
        async with self.services() as services:
            query = ReportQuery(repository_id=the_repository(self.github.state).id)
            return {one.report.head.number or 0: one.report for one in await services.reports.find(query)}


def times_paid(model: Messages) -> Counter[str]:
    """How often each question was paid for, in batches and directly."""
    asked = [one for one in model.asked if one.body.get("stream")] + model.batches.paid
    return Counter(json.dumps({**one.body, "stream": None}, sort_keys=True) for one in asked)


def writes(github: GitHub) -> list[str]:
    """What was written to GitHub, tokens aside."""
    return [
        one.line for one in github.log.records if one.line not in _READS and not one.line.startswith("GET ")
    ]


def merged_earlier(pull: Pull, hours: float) -> None:
    """Let a merge have happened so many hours earlier, with nothing said since."""
    assert pull.merged_at is not None
    pull.merged_at -= timedelta(hours=hours)
    pull.updated_at = pull.merged_at
