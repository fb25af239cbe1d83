"""The issue about a broken file: a crash between any two steps, a lost answer, two workers: one issue."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from bot.errors import Later
from bot.publishing import Outcome
from bot.store import PublishState
from tests.fakes.config_desk import config_desk_over
from tests.fakes.crashes import Crash, Mortal, Plan, Standing
from tests.fakes.databases import opened
from tests.fakes.desk import QUARANTINE

ISSUES = "issues$"
MOST_MOMENTS = 60
HOUR = 3601.0


@pytest.fixture
async def desk(github, app_key, sqlite_files):
    """A desk on SQLite."""
    store = opened(sqlite_files.migrated())
    async with config_desk_over(github, app_key, store) as opening:
        yield opening
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def either(request, github, app_key, sqlite_files):
    """A desk on SQLite, and one on PostgreSQL."""
    databases = sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")
    store = opened(databases.migrated())
    async with config_desk_over(github, app_key, store) as opening:
        yield opening
    await store.close()


async def first_post(desk):
    """An issue is to be opened."""
    await desk.broken("new")


async def update(desk):
    """An issue is to say something else."""
    await desk.broken("old")
    await desk.settle()
    desk.clock.now += HOUR
    await desk.broken("new")


async def closing(desk):
    """An issue is to be closed."""
    await desk.broken("old")
    await desk.settle()
    desk.clock.now += HOUR
    await desk.mended("new")


async def reopening(desk):
    """A closed issue is to be opened again."""
    await closing(desk)
    await desk.settle()
    desk.clock.now += HOUR
    await desk.broken("new")


async def lost_answer(desk):
    """An issue was opened, but the answer was lost, and it is to be found again."""
    await desk.broken("old")
    desk.github.faults.add("drop_after", times=1, methods=("POST",), path=ISSUES)
    with contextlib.suppress(Later):
        await desk.publisher().publish()
    desk.clock.now += QUARANTINE + 1
    await desk.broken("new")


async def lost_and_mended(desk):
    """The answer was lost, and the file is mended before the issue is found again."""
    await lost_answer(desk)
    await desk.mended("new")


async def deleted(desk):
    """A person deleted the issue, and there are other problems since."""
    await update(desk)
    desk.delete()


SITUATIONS = [first_post, update, closing, reopening, lost_answer, lost_and_mended, deleted]


async def dies(desk, moment: int) -> bool:
    """Publish until the given moment; tells whether there was one so late."""
    plan = Plan(moment)
    mortal = desk.publisher(Mortal(desk.writer(), plan), Mortal(desk.rows, plan))
    try:
        await mortal.publish()
    except Crash:
        return True
    except Later as error:
        desk.clock.now += error.seconds
    return False


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__doc__)
async def test_killed_between_any_two_steps_there_is_one_issue(either, situation):
    """Before and after each call to GitHub or the store; restarted at once, and once more killed there."""
    desk, crashes = either, 0
    for moment in range(MOST_MOMENTS):
        desk.next()
        await situation(desk)
        killed = await dies(desk, moment)
        if killed:
            await dies(desk, moment)
        await desk.settle()
        row = await desk.row()
        state = "open" if row.open else "closed"
        assert [(one.state, desk.text(one)) for one in desk.own()] == [(state, "new")], f"at {moment}"
        assert row.up_to_date
        crashes += killed
        if not killed:
            break
    assert 4 <= crashes < MOST_MOMENTS


async def test_two_workers_at_once_open_one_issue(either):
    """Whoever is second finds the row changed, and comes back later."""
    await either.broken("new")
    await asyncio.gather(*(either.publisher().publish() for _ in range(4)), return_exceptions=True)
    await either.settle()
    assert [either.text(one) for one in either.own()] == ["new"]


async def test_a_worker_that_stood_still_leaves_one_issue_open(desk):
    """Another one took over meanwhile, and both posted: the higher number points at the lower one."""
    await desk.broken("new")

    async def another():
        desk.clock.now += 10 * QUARANTINE
        await desk.settle()

    with contextlib.suppress(Later):
        await desk.publisher(Standing(desk.writer(), another, sent=False)).publish()
    await desk.settle()
    await desk.publisher().tidy()
    assert [desk.text(one) for one in desk.own()] == ["new"]


@pytest.mark.parametrize("fault", ["drop_after", "error_after", "truncated", "drop_before"])
async def test_a_lost_answer_is_found_again(desk, fault):
    """Whether the issue was opened or not."""
    await desk.broken("new")
    desk.github.faults.add(fault, times=1, methods=("POST",), path=ISSUES)
    with pytest.raises(Later) as raised:
        await desk.publisher().publish()
    assert raised.value.seconds >= QUARANTINE
    assert await desk.settle() is Outcome.RECOVERED
    assert [desk.text(one) for one in desk.own()] == ["new"]


async def test_a_lost_post_of_a_file_that_is_mended_by_now_is_not_made_again(desk):
    """The request never arrived: there is nothing to close."""
    await desk.broken("old")
    desk.github.faults.add("drop_before", times=1, methods=("POST",), path=ISSUES)
    with contextlib.suppress(Later):
        await desk.publisher().publish()
    await desk.mended("new")
    assert await desk.settle() is Outcome.UNCHANGED
    assert (desk.own(), (await desk.row()).state) == ([], PublishState.WANTED)


async def test_an_hour_lies_between_two_changes(desk):
    """In both directions of the clock."""
    await desk.broken("old")
    await desk.settle()
    await desk.broken("new")
    with pytest.raises(Later) as raised:
        await desk.publisher().publish()
    assert 3500 < raised.value.seconds <= 3600
    desk.clock.now -= 86_400
    assert await desk.publisher().publish() is Outcome.UPDATED


async def test_a_store_that_lost_its_row_finds_the_issue(desk):
    """By the label, though it is a month old; a digest's label is never on it."""
    await desk.broken("old")
    await desk.settle()
    desk.clock.now += 30 * 86_400
    await desk.forget_row()
    await desk.broken("new")
    assert await desk.settle() is Outcome.RECOVERED
    (issue,) = desk.own()
    assert (desk.text(issue), issue.labels.value) == ("new", ("prhub",))
