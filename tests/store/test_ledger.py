"""The ledger of budgets: tokens are held before a call, and no budget is ever exceeded."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.model import Caps, Hold, Refusal, Scope
from bot.store import Ledger
from tests.fakes.databases import opened

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()
DAY = 86_400
FREE = Caps()


class Clock:
    """Epoch seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    """It is noon on the last day of a November."""
    return Clock()


@pytest.fixture
def ledger(store, clock):
    """A ledger without an entry."""
    return Ledger(store, clock)


def hold(tokens: int = 100, **fields) -> Hold:
    """A hold of so many tokens for the pull request 12 of repository 99."""
    known = {"installation_id": 7, "repository_id": 99, "number": 12, "tokens": tokens, "seconds": 240.0}
    return Hold(**{**known, **fields})


async def spend(ledger: Ledger, tokens: int, caps: Caps = FREE, **fields) -> Refusal | None:
    """Hold, and spend all of it."""
    wanted = hold(tokens, **fields)
    refusal = await ledger.reserve(wanted, caps)
    if refusal is None:
        await ledger.settle(wanted.id, tokens)
    return refusal


async def stands(ledger) -> dict[Scope, tuple[int, int]]:
    """Spent and held of every budget of the pull request."""
    return {one.scope: (one.spent, one.held) for one in await ledger.standings(7, 99, 12, Caps())}


async def test_a_call_is_charged_to_all_four_budgets(ledger):
    """First what it can come to is held, then what it came to is spent."""
    wanted = hold(100)
    assert await ledger.reserve(wanted, Caps()) is None
    assert set((await stands(ledger)).values()) == {(0, 100)}
    await ledger.settle(wanted.id, 40)
    assert await stands(ledger) == dict.fromkeys(Scope, (40, 0))


async def test_a_call_that_failed_gives_everything_back(ledger):
    """Settled with nothing, nothing is spent."""
    wanted = hold(100)
    await ledger.reserve(wanted, Caps())
    await ledger.settle(wanted.id, 0)
    assert set((await stands(ledger)).values()) == {(0, 0)}


async def test_a_call_is_settled_once(ledger):
    """However often it is told, also when nobody knows the hold."""
    wanted = hold(100)
    await ledger.reserve(wanted, Caps())
    for _ in range(3):
        await ledger.settle(wanted.id, 40)
    await ledger.settle("of nobody", 40)
    assert (await stands(ledger))[Scope.SERVER] == (40, 0)


CAPS = [
    pytest.param(Caps(pull=150), {}, Scope.PULL, id="the pull request has none left"),
    pytest.param(Caps(repository=150), {"number": 13}, Scope.REPOSITORY, id="another pull spent the day's"),
    pytest.param(Caps(repository=150), {"number": 0}, Scope.REPOSITORY, id="a digest pays from it, too"),
    pytest.param(Caps(installation=150), {"repository_id": 98}, Scope.INSTALLATION, id="another repository"),
    pytest.param(Caps(server=150), {"installation_id": 8}, Scope.SERVER, id="another installation"),
    pytest.param(Caps(pull=150), {"number": 13}, None, id="another pull request has its own"),
    pytest.param(Caps(pull=150), {"repository_id": 98}, None, id="the same number elsewhere is another one"),
    pytest.param(Caps(pull=150), {"number": 0}, None, id="a digest is no pull request"),
    pytest.param(Caps(repository=150), {"repository_id": 98}, None, id="another repository has its own"),
    pytest.param(Caps(installation=150), {"installation_id": 8}, None, id="another tenant has its own"),
    pytest.param(Caps(), {}, None, id="nothing is capped"),
    pytest.param(Caps(pull=200, repository=200, installation=200, server=200), {}, None, id="to the last"),
]


@pytest.mark.parametrize(("caps", "fields", "scope"), CAPS)
async def test_what_is_above_a_cap_is_refused(ledger, caps, fields, scope):
    """After 100 tokens for pull request 12, another 100 are asked for."""
    await spend(ledger, 100)
    refusal = await ledger.reserve(hold(100, **fields), caps)
    assert refusal == (Refusal(scope=scope, is_spent=True) if scope else None)
    assert await ledger.look(hold(0, **fields), caps) is None


async def test_what_was_refused_holds_nothing(ledger):
    """Nor does the part that other budgets had room for."""
    await spend(ledger, 100)
    before = await stands(ledger)
    assert await ledger.reserve(hold(100), Caps(server=150)) is not None
    assert await stands(ledger) == before


async def test_what_is_only_held_is_not_spent(ledger):
    """Whoever asks may come back when the calls under way have ended; with one too large they need not."""
    await ledger.reserve(first := hold(100), Caps(server=150))
    assert await ledger.reserve(hold(100), Caps(server=150)) == Refusal(scope=Scope.SERVER, is_spent=False)
    assert await ledger.reserve(hold(151), Caps(server=150)) == Refusal(scope=Scope.SERVER, is_spent=True)
    await ledger.settle(first.id, 50)
    assert await ledger.reserve(hold(100), Caps(server=150)) is None


async def test_a_spent_budget_is_told_before_one_that_is_only_held(ledger):
    """For waiting would not help."""
    await spend(ledger, 100)
    await ledger.reserve(hold(50, number=13), Caps())
    caps = Caps(repository=200, server=150)
    assert await ledger.reserve(hold(60), caps) == Refusal(scope=Scope.SERVER, is_spent=True)
    caps = Caps(repository=200, pull=150)
    assert await ledger.reserve(hold(60), caps) == Refusal(scope=Scope.PULL, is_spent=True)


PERIODS = [
    pytest.param(Scope.REPOSITORY, DAY / 2 - 1, False, id="a repository's day lasts to midnight in UTC"),
    pytest.param(Scope.REPOSITORY, DAY / 2, True, id="and is new then"),
    pytest.param(Scope.SERVER, DAY / 2, True, id="so is the server's"),
    pytest.param(Scope.INSTALLATION, DAY / 2 - 1, False, id="a month lasts to its last midnight"),
    pytest.param(Scope.INSTALLATION, DAY / 2, True, id="and December is another one"),
    pytest.param(Scope.PULL, 90 * DAY, False, id="that of a pull request is for ever"),
]


@pytest.mark.parametrize(("scope", "seconds", "is_new"), PERIODS)
async def test_a_budget_is_renewed_with_its_period(ledger, clock, scope, seconds, is_new):
    """At noon of the last day of November it is spent."""
    caps = Caps(**{scope.value: 100})
    await spend(ledger, 100)
    clock.now += seconds
    assert (await ledger.reserve(hold(100), caps) is None) == is_new


async def test_a_call_over_midnight_is_charged_to_the_day_it_began_in(ledger, clock):
    """What was held of a day is given back to it."""
    clock.now = NOON + DAY / 2 - 1
    await ledger.reserve(wanted := hold(100), Caps())
    clock.now += 60
    await ledger.settle(wanted.id, 100)
    assert (await stands(ledger))[Scope.SERVER] == (0, 0)
    clock.now -= 60
    assert (await stands(ledger))[Scope.SERVER] == (100, 0)


async def test_the_hold_of_a_dead_process_expires(ledger, clock):
    """Nobody waits for it any more; as its call may have been paid for, it counts as spent."""
    await ledger.reserve(lost := hold(100), Caps())
    clock.now += 239
    assert await ledger.reserve(hold(100), Caps(pull=150)) == Refusal(scope=Scope.PULL, is_spent=False)
    clock.now += 2
    assert await ledger.reserve(hold(100), Caps(pull=150)) == Refusal(scope=Scope.PULL, is_spent=True)
    assert (await stands(ledger))[Scope.PULL] == (100, 0)
    await ledger.settle(lost.id, 10)
    assert (await stands(ledger))[Scope.PULL] == (100, 0)


async def test_many_processes_never_exceed_a_cap(url, clock):
    """Four of them hold and settle at the same time, a hundred calls; only what fits is let through."""
    stores = [opened(url) for _ in range(4)]
    ledgers = [Ledger(store, clock) for store in stores]
    caps = Caps(installation=1_000)

    async def one(number: int) -> int:
        ledger, wanted = ledgers[number % 4], hold(70, number=number)
        if await ledger.reserve(wanted, caps) is not None:
            return 0
        held = (await ledger.standings(7, 99, 0, caps))[1]
        assert held.spent + held.held <= 1_000
        await ledger.settle(wanted.id, 60)
        return 60

    spent = sum(await asyncio.gather(*(one(number) for number in range(1, 101))))
    (_, month, _) = await ledgers[0].standings(7, 99, 0, caps)
    assert (month.spent, month.held) == (spent, 0)
    assert 0 < spent <= 1_000
    for store in stores:
        await store.close()


async def test_the_fullest_budget_of_each_scope_is_known(ledger, clock):
    """For an alert, without a label for every repository; budgets of other days do not count."""
    await spend(ledger, 900)
    clock.now += DAY
    await spend(ledger, 100)
    await spend(ledger, 40, repository_id=98, number=1)
    assert await ledger.fullest() == {
        Scope.PULL: 1_000,
        Scope.REPOSITORY: 100,
        Scope.INSTALLATION: 140,
        Scope.SERVER: 140,
    }


async def test_old_budgets_are_forgotten(ledger, clock):
    """And nothing else."""
    await spend(ledger, 100)
    clock.now += 100 * DAY
    await spend(ledger, 10, number=13)
    await ledger.purge(clock.now - DAY)
    assert (await ledger.standings(7, 99, 12, Caps()))[0].spent == 0
    assert (await ledger.standings(7, 99, 13, Caps()))[0].spent == 10


async def test_a_cap_that_is_set_later_counts_what_was_spent_before(ledger):
    """Everything is entered, capped or not."""
    await spend(ledger, 100)
    assert await spend(ledger, 1, Caps(server=100)) == Refusal(scope=Scope.SERVER, is_spent=True)
