"""A backfill that is killed between any two steps goes on: nothing is read, asked, paid or posted twice."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from bot.model.backfills import BackfillOptions
from sandbox import messages
from sandbox.github import running
from sandbox.limits import LENIENT
from tests.fakes.backfilling import ALL, Filler, times_paid, writes
from tests.fakes.crashes import Crash, Plan
from tests.fakes.github import add_merge, engine_state, the_repository
from tests.fakes.process import own_comments

POSTED = BackfillOptions(limit=50, comment=True)


@pytest.fixture
async def github(app_key):
    """Without limits: each life asks for tokens of its own."""
    async with running(engine_state(app_key.public), limits=LENIENT) as stand_in:
        yield stand_in


@pytest.fixture
async def model():
    async with messages.running() as server:
        yield server


@pytest.fixture
def filler(github, app_key, tmp_path, model):
    for number in range(3):
        add_merge(
            github.state,
            {f"engine/part_{number}.py": f"def work(text):\n    return eval(text)  # {number}\n"},
        )
    return Filler(github, app_key, tmp_path, model)


async def lived_through(filler, chance, options=ALL, *, now=False):
    """Run one life after the other, each killed after some steps, until one gets to the end; how many."""
    for lives in range(1, 400):
        with suppress(Crash, BaseExceptionGroup):
            plan = Plan(last=chance.randint(1, 140))
            await filler.run(options, plan=plan, now=now)
            return lives
        await filler.let_go()
    raise AssertionError("it never ended")


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_paid_twice_however_often_it_is_killed(filler, github, model, seed):
    """Every life ends after up to 140 steps: between any two calls of store and model."""
    lives = await lived_through(filler, random.Random(seed))
    assert lives > 2
    assert set(times_paid(model).values()) == {1}
    assert len(await filler.reports()) == 3
    assert github.log.count("GET /repos/{owner}/{repo}/pulls") <= lives
    assert writes(github) == []


async def test_nothing_is_posted_twice_however_often_it_is_killed(filler, github, model):
    """One comment each, and every risk once in the register."""
    await lived_through(filler, random.Random(7), POSTED)
    assert [len(own_comments(github, pull)) for pull in _pulls(github)] == [1, 1, 1]
    assert set(times_paid(model).values()) == {1}
    async with filler.services() as services:
        risks = await services.register.all(the_repository(github.state).id)
    assert [risk.pull for risk in risks if risk.rule == "dangerous-calls"] == [1, 2, 3]


async def test_nothing_is_paid_twice_on_postgresql(filler, github, model, postgresql):
    """The same on the other database, with reports that are posted."""
    filler.changes["DATABASE_URL"] = postgresql
    await lived_through(filler, random.Random(11), POSTED)
    assert [len(own_comments(github, pull)) for pull in _pulls(github)] == [1, 1, 1]
    assert set(times_paid(model).values()) == {1}
    assert len(await filler.reports()) == 3


def _pulls(github):
    return list(the_repository(github.state).pulls.values())
