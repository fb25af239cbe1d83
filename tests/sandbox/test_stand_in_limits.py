"""GitHub's limits on the stand-in, with a clock that stands still unless it is moved."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sandbox.github import GitHub, running
from sandbox.limits import LENIENT, STRICT
from tests.fakes.github import Reply, add_merge, ask, engine_state

if TYPE_CHECKING:
    from sandbox.state import State

COMMENTS = "/repos/octo-org/engine/issues/1/comments"
REPO = "/repos/octo-org/engine"
START = 1_800_000_000.0


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the state."""
    return Clock()


@pytest.fixture
def state(clock: Clock) -> State:
    """A state with a merge, at a standing clock."""
    state = engine_state()
    state.clock = clock
    add_merge(state)
    return state


async def comment(github: GitHub, times: int = 1) -> Reply:
    """The last of so many answers to writing a comment."""
    for _ in range(times):
        reply = await ask(github, "POST", COMMENTS, json={"body": "x"})
    return reply


async def test_eighty_comments_a_minute_are_the_most(state: State, clock: Clock) -> None:
    """The 81st is refused, 403 and 429 in turn, with the seconds to wait; after that it goes on."""
    async with running(state) as github:
        assert (await comment(github, 80)).status == 201
        clock.now += 20
        refused = [await comment(github), await comment(github)]
        assert [reply.status for reply in refused] == [403, 429]
        assert [reply.headers["Retry-After"] for reply in refused] == ["40", "40"]
        assert "secondary rate limit" in refused[0].json["message"]
        clock.now += 40
        assert (await comment(github)).status == 201


async def test_five_hundred_comments_an_hour_are_the_most(state: State, clock: Clock) -> None:
    """However they are spread over the minutes."""
    settings = replace(STRICT, points_per_minute=10**6)
    async with running(state, limits=settings) as github:
        for _ in range(10):
            await comment(github, 50)
            clock.now += 60
        refused = await comment(github)
        assert (refused.status, refused.headers["Retry-After"]) == (403, "3000")


async def test_900_points_a_minute_are_the_most(state: State, clock: Clock) -> None:
    """A read is one point, a write five."""
    settings = replace(STRICT, points_per_minute=20)
    async with running(state, limits=settings) as github:
        await comment(github, 3)
        statuses = [(await ask(github, "GET", REPO)).status for _ in range(6)]
        assert statuses == [200] * 5 + [403]
        clock.now += 60
        assert (await ask(github, "GET", REPO)).status == 200


async def test_the_primary_limit_has_its_headers(state: State, clock: Clock) -> None:
    """Every answer says what is left; at nothing it is 403, until the hour is over."""
    async with running(state, limits=replace(STRICT, primary_per_hour=2)) as github:
        replies = [await ask(github, "GET", REPO) for _ in range(3)]
        assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["1", "0", "0"]
        assert [reply.status for reply in replies] == [200, 200, 403]
        assert replies[2].headers["X-RateLimit-Reset"] == str(int(START) + 3600)
        clock.now += 3600
        assert (await ask(github, "GET", REPO)).status == 200


async def test_graphql_says_it_with_status_200(state: State) -> None:
    """Its own points are used up, and the error has a type."""
    query = {"query": "{ rateLimit { cost remaining } }"}
    async with running(state, limits=replace(STRICT, primary_per_hour=1)) as github:
        first, second = [await ask(github, "POST", "/graphql", json=query) for _ in range(2)]
        assert first.json["data"]["rateLimit"] == {"cost": 1, "remaining": 0}
        assert (second.status, second.json["errors"][0]["type"]) == (200, "RATE_LIMITED")
        assert (await ask(github, "GET", REPO)).status == 200


async def test_a_factor_makes_every_period_shorter(state: State, clock: Clock) -> None:
    """Scaled by 60, a minute lasts a second."""
    async with running(state, limits=replace(STRICT, scale=60)) as github:
        await comment(github, 80)
        assert (await comment(github)).headers["Retry-After"] == "1"
        clock.now += 1
        assert (await comment(github)).status == 201


async def test_too_many_at_once_are_refused(state: State) -> None:
    """The limit on concurrent requests counts those that are still being answered."""
    async with running(state, limits=replace(STRICT, concurrent=3)) as github:
        github.faults.add("delay_before", probability=1, seconds=0.2)
        replies = await asyncio.gather(*(ask(github, "GET", REPO) for _ in range(5)))
        assert sorted(reply.status for reply in replies)[:3] == [200, 200, 200]
        assert all(reply.status in {403, 429} for reply in replies if reply.status != 200)
        assert github.limits.refused["concurrent"] == 2


async def test_lenient_limits_leave_only_the_primary_ones(state: State) -> None:
    """For tests that are not about limits."""
    async with running(state, limits=LENIENT) as github:
        assert (await comment(github, 90)).status == 201
        assert github.limits.refused == {}
