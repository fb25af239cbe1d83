"""The same merges make the same register: told in any order, twice, by several workers, with crashes."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from bot.store import Triggers
from bot.workflows.registering import register_late
from bot.workflows.services import provide
from tests.fakes.crashes import Crash, Mortal, Plan
from tests.fakes.databases import opened
from tests.fakes.register import report_of
from tests.fakes.register_merges import STORE
from tests.fakes.register_story import PLACE, TOLD, Desk


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request, sqlite_files):
    """SQLite always, PostgreSQL unless it cannot be had."""
    return sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")


@pytest.fixture
async def desk(databases):
    """A desk over a new store."""
    store = opened(databases.migrated())
    yield Desk(store)
    provide(None)
    await store.close()


async def test_in_the_order_of_the_merges(desk):
    """Nothing has to be read again."""
    for number in range(1, 8):
        await desk.tell(number)
    assert await desk.told() == TOLD
    assert await desk.read_again() == 0


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_order_and_some_twice(desk, seed):
    """What came late has the later ones read again, a few of them, and then nothing more."""
    dice = random.Random(seed)
    order = [*dice.sample(range(1, 8), 7), *dice.choices(range(1, 8), k=3)]
    for number in order:
        await desk.tell(number)
        if dice.random() < 0.3:
            await desk.read_again()
    again = await desk.read_again()
    assert (await desk.told(), again <= 12) == (TOLD, True), order


@pytest.mark.parametrize("seed", range(2))
async def test_by_several_workers_at_once(desk, seed):
    """All seven begin in one moment, each by two workers."""
    numbers = [*range(1, 8)] * 2
    random.Random(seed).shuffle(numbers)
    await asyncio.gather(*(desk.tell(number) for number in numbers))
    await desk.read_again()
    assert await desk.told() == TOLD
    assert len({number for number, *_ in await desk.told()}) == 2


@pytest.mark.parametrize("first", range(2))
async def test_with_a_crash_between_any_two_steps(sqlite_files, first):
    """Before and after writes and reads of the store, every sixth from here; the step then runs again."""
    last, crashed = first * 3, True
    while crashed:
        store = opened(sqlite_files.migrated())
        crashed = await _told_with_a_crash(Desk(store), Plan(last))
        provide(None)
        await store.close()
        last += 6
    assert last > 40


async def _told_with_a_crash(desk: Desk, plan: Plan) -> bool:
    crashed, whole = False, dict(vars(desk.services))
    mortal = {name: Mortal(whole[name], plan) for name in ("register", "triggers")}
    for number in (1, 4, 2, 3, 7, 6, 5):
        try:
            vars(desk.services).update({} if crashed else mortal)
            await desk.tell(number)
        except Crash:
            crashed = True
            vars(desk.services).update(whole)
            await desk.tell(number)
    vars(desk.services).update(whole)
    await desk.read_again()
    assert await desk.told() == TOLD, plan.last
    return crashed


async def test_an_old_report_has_nothing_read_again(desk):
    """A backfill would ask for everything: what later reports know must do, and the rest stays open."""
    old = timedelta(days=30)
    desk.pulls = {
        number: pull.model_copy(update={"merged_at": pull.merged_at - old})
        for number, pull in desk.pulls.items()
    }
    for number in range(7, 0, -1):
        await desk.tell(number)
    assert await Triggers(desk.store).new(10) == []
    assert await desk.told() == [
        (1, "dangerous-calls", "open", None, None, None, (STORE, 2)),
        (1, "swallowed-errors", "open", None, None, None, (STORE, 6)),
        (5, "dangerous-calls", "closed", 6, "register.closed.reverted", 6, None),
    ]


async def test_what_an_older_release_stored_is_entered_when_it_is_finished(desk):
    """By the step after it, from the facts that are still there; once."""
    facts = desk.pulls[1]
    report = report_of(facts)
    await desk.services.reports.save(report, 1)
    await desk.services.reports.keep_facts(facts, 1.0)
    item = desk.item(1)
    for _ in range(2):
        await register_late(item, report)
    assert [risk.id for risk in await desk.services.register.all(PLACE)] == ["R1", "R2"]


async def test_numbers_are_given_once(desk):
    """Whatever is told how often: no gap, no number twice."""
    await asyncio.gather(*(desk.tell(number) for number in [*range(1, 8)] * 3))
    await desk.read_again()
    found = await desk.services.register.all(PLACE)
    assert [risk.number for risk in found] == [1, 2, 3]
