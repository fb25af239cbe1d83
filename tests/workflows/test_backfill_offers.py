"""The server's own backfills: off unless switched on, once for each new repository, and never posted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.model.backfills import BackfillOptions
from bot.store.forgetting import Forgetting
from bot.workflows.backfill_offers import NEW_SECONDS, Offers
from bot.workflows.backfill_session import run_for
from bot.workflows.digest_now import place_named
from bot.workflows.keeper import Keeper
from bot.workflows.services import provide
from bot.workflows.sweep import sweep_of
from sandbox import messages
from tests.fakes.backfilling import Filler, merged_earlier, times_paid, writes
from tests.fakes.github import REPOSITORY, add_merge, the_repository


@pytest.fixture
async def model():
    async with messages.running() as server:
        yield server


@pytest.fixture
def filler(github, app_key, tmp_path, model):
    for number in range(4):
        pull = add_merge(
            github.state, {f"engine/part_{number}.py": "def work(text):\n    return eval(text)\n"}
        )
        merged_earlier(pull, 9 - number)
    return Filler(github, app_key, tmp_path, model, {"PRHUB_BACKFILL_ON_INSTALL": "2"})


async def offered(filler, services, times=4, **changes):
    """Let the server look at its own backfills, so many times."""
    offers = Offers(services.settings, services.installed, services.backfills, **changes)
    for _ in range(times):
        await offers.run_once()
        offers._due.clear()


async def known(services):
    """Let the server learn where it is installed."""
    await Keeper(services.github, services.installed, lists=True).reconcile()


async def test_a_new_repository_gets_its_newest_reports_and_no_comment(filler, github, model):
    """Two of four; looked at again, nothing is asked or written."""
    async with filler.services() as services:
        await known(services)
        await offered(filler, services)
        assert await services.backfills.open_runs() == []
    reports = await filler.reports()
    assert sorted(reports) == [3, 4]
    assert (writes(github), set(times_paid(model).values())) == ([], {1})
    assert len(times_paid(model)) == 2


async def test_it_is_once_for_ever(filler, model):
    """Also when the reports, and all that is known of the run, were deleted."""
    async with filler.services() as services:
        await known(services)
        await offered(filler, services)
        calls = model.calls
        await services.installed.tenants.forget_repositories([the_repository(filler.github.state).id])
        await offered(filler, services)
        assert (model.calls, await services.backfills.open_runs()) == (calls, [])


async def test_what_was_forgotten_is_not_filled_again(filler):
    """It is as if seen for the first time then; what was merged before stays forgotten all the same."""
    async with filler.services() as services:
        await known(services)
        await Forgetting(services.backfills.store).forget([the_repository(filler.github.state).id])
        await known(services)
        await offered(filler, services)
        assert await services.backfills.open_runs() == []
    assert await filler.reports() == {}


async def test_what_was_installed_long_ago_is_left_out(filler):
    """Whoever switches it on does not mean the repositories of last year."""
    async with filler.services() as services:
        await known(services)
        late = services.installed.clock() + NEW_SECONDS + 60
        await offered(filler, services, clock=lambda: late)
        assert await services.backfills.open_runs() == []
    assert await filler.reports() == {}


async def test_what_the_operator_leaves_out_is_left_out(filler):
    """``PRHUB_REPOSITORIES``."""
    filler.changes["PRHUB_REPOSITORIES"] = "octo-org/other"
    async with filler.services() as services:
        await known(services)
        await offered(filler, services)
    assert await filler.reports() == {}


async def test_the_sweep_does_it_by_itself(filler, github):
    """Beside its other duties; switched off, it has none of it."""
    async with filler.services() as services:
        await known(services)
        sweep = replace(sweep_of(services), backfill_interval=0.01)
        for _ in range(4):
            await sweep.backfill()
            assert sweep.offers is not None
            sweep.offers._due.clear()
            await asyncio.sleep(0.02)
    assert sorted(await filler.reports()) == [3, 4]
    assert writes(github) == []


class _Poisoned:
    """Passes everything on to the backfills; every look at one run's merges fails."""

    def __init__(self, inner, run_id):
        self._inner, self._run_id = inner, run_id

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def pulls(self, run_id, *arguments):
        if run_id == self._run_id:
            raise RuntimeError("a fault of ours")
        return await self._inner.pulls(run_id, *arguments)


async def test_a_run_that_always_fails_waits_and_lets_the_others_go_on(filler):
    """It is the older one of two, and would come first every time."""
    async with filler.services() as services:
        await known(services)
        place = await place_named(services, REPOSITORY)
        bad, _ = await run_for(place, BackfillOptions(limit=1), offered=True)
        backfills: Any = _Poisoned(services.backfills, bad.id)
        provide(replace(services, backfills=backfills))
        offers = Offers(services.settings, services.installed, backfills)
        for _ in range(4):
            await offers.run_once()
            offers._due = {run: due for run, due in offers._due.items() if run == bad.id}
        assert [run.id for run in await services.backfills.open_runs()] == [bad.id]
        assert offers._due[bad.id] > offers.clock() + 500
    assert sorted(await filler.reports()) == [3, 4]


async def test_it_is_off_unless_switched_on(filler):
    """Nothing is begun."""
    del filler.changes["PRHUB_BACKFILL_ON_INSTALL"]
    async with filler.services() as services:
        assert sweep_of(services).offers is None
