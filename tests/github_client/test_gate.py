"""GitHub's limits: a pause binds every request of the installation, and ends; the quota keeps a reserve."""

from __future__ import annotations

import pytest

from bot.errors import NotSent, RateLimited
from bot.github import Gate
from bot.model import Pause
from tests.fakes.gates import WIDE, Clock, MemoryLimits


@pytest.fixture
def clock():
    """A clock that only the test moves."""
    return Clock()


@pytest.fixture
def gate(clock):
    """A gate without pace."""
    return Gate(MemoryLimits(), WIDE, clock, clock.sleep)


async def pauses_of(gate, clock, count, told=None) -> list[int]:
    """The seconds of ``count`` pauses in a row, each waited out."""
    seconds = []
    for _ in range(count):
        error = RateLimited(told, "limited")
        await gate.limited(1, error)
        seconds.append(round(error.seconds))
        clock.now += error.seconds
        gate._pauses.clear()  # what its memory of two seconds would do
    return seconds


async def test_without_a_word_the_pause_doubles_up_to_an_hour(gate, clock):
    """60 s, then twice as long each time (R49)."""
    assert await pauses_of(gate, clock, 8) == [60, 120, 240, 480, 960, 1920, 3600, 3600]


async def test_what_github_says_is_obeyed(gate, clock):
    """Neither longer nor shorter."""
    assert await pauses_of(gate, clock, 2, told=7.0) == [7, 7]


async def test_strikes_are_forgotten_after_a_success(gate, clock):
    """The next pause is a first one again."""
    await pauses_of(gate, clock, 3)
    await gate.check_open(1)
    await gate.succeeded(1)
    assert await pauses_of(gate, clock, 1) == [60]


async def test_requests_refused_together_are_one_strike(gate, clock):
    """Ten under way at once get ten refusals: one minute, not an hour."""
    errors = [RateLimited(None, "limited") for _ in range(10)]
    for error in errors:
        await gate.limited(1, error)
    assert {round(error.seconds) for error in errors} == {60}
    clock.now += 61
    gate._pauses.clear()
    assert await pauses_of(gate, clock, 1) == [120]


async def test_a_shorter_word_does_not_cut_a_longer_pause(gate):
    """The last answer to come in need not be the wisest."""
    for told in (300.0, 1.0):
        error = RateLimited(told, "limited")
        await gate.limited(1, error)
    assert round(error.seconds) == 300


async def test_a_success_beside_the_pause_does_not_end_it(gate):
    """A request that was sent before comes back well after another one was refused."""
    await gate.limited(1, RateLimited(60.0, "limited"))
    await gate.succeeded(1)
    with pytest.raises(NotSent):
        await gate.check_open(1)


async def test_a_success_beside_the_pause_does_not_forget_it(gate, clock):
    """The next pause is the second one."""
    error = RateLimited(None, "limited")
    await gate.limited(1, error)
    await gate.succeeded(1)
    clock.now += error.seconds
    gate._pauses.clear()
    assert await pauses_of(gate, clock, 1) == [120]


async def test_another_installation_goes_on(gate):
    """A limit is an installation's own."""
    await gate.limited(1, RateLimited(60.0, "limited"))
    await gate.enter(2, "GET", "/x")


async def test_a_pause_from_a_clock_that_was_put_right_holds_nobody(clock):
    """Set while the clock was a day ahead (R124)."""
    store = MemoryLimits({1: Pause(clock.now + 86_400, 4)})
    gate = Gate(store, WIDE, clock, clock.sleep)
    await gate.check_open(1)
    assert await pauses_of(gate, clock, 1) == [960]


def quota_headers(limit: str, remaining: str, reset: str) -> dict[str, str]:
    """What GitHub says about the quota with each answer."""
    return {"x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}


def left(remaining: object, clock, resource: str = "core") -> dict[str, str]:
    """The headers of what is left of 5,000."""
    headers = quota_headers("5000", str(remaining), str(int(clock.now) + 900))
    return headers | {"x-ratelimit-resource": resource}


@pytest.mark.parametrize("resource", ["core", "graphql"])
async def test_a_fifth_of_the_quota_is_left_to_others(gate, clock, resource):
    """Background work stops below 1,000 of 5,000, and goes on after the reset (R50)."""
    gate.learn(1, left(1000, clock, resource))
    await gate.enter(1, "GET", "/x")
    gate.learn(1, left(999, clock, resource))
    with pytest.raises(NotSent) as raised:
        await gate.enter(1, "GET", "/x")
    assert 0 < raised.value.seconds <= 901
    await gate.enter(2, "GET", "/x")
    clock.now += raised.value.seconds
    await gate.enter(1, "GET", "/x")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param(
            {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "few", "x-ratelimit-reset": "1"}, id="text"
        ),
        pytest.param(
            {"x-ratelimit-limit": "0", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 15}, id="zero"
        ),
    ],
)
async def test_bad_quota_headers_stop_nobody(gate, headers):
    """Enterprise Server has limits switched off by default."""
    gate.learn(1, headers)
    await gate.enter(1, "GET", "/x")
