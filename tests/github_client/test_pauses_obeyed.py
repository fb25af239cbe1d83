"""Over HTTP: during a pause nothing of the installation is sent, by whatever way it would go."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.errors import NotSent, RateLimited
from bot.github import Gate
from bot.store import Limits
from tests.fakes.answering import answering, client_of
from tests.fakes.databases import SqliteFiles, opened
from tests.fakes.gates import WIDE, Clock, MemoryLimits


@pytest.fixture
def clock():
    """A clock that only the test moves."""
    return Clock()


def limited(status, **headers):
    """A secondary limit."""
    return web.json_response(
        {"message": "You have exceeded a secondary rate limit."}, status=status, headers=headers
    )


WAYS = {
    "GET": lambda api: api.getitem("/x"),
    "a list": lambda api: anext(api.getiter("/x")),
    "POST": lambda api: api.post("/x/comments", data={}),
    "PATCH": lambda api: api.patch("/x", data={}),
    "DELETE": lambda api: api.delete("/x", {}),
    "GraphQL": lambda api: api.graphql_data("{x}", {}),
    "a diff": lambda api: api.diff("/x", {}),
}


@pytest.mark.parametrize("status", [403, 429])
async def test_during_a_pause_nothing_is_sent_even_after_a_restart(tmp_path, clock, status):
    """Every way to ask stops, in this process and in one that starts on the same store."""

    async def answer(_request):
        return limited(status, **{"Retry-After": "60"})

    url = SqliteFiles(tmp_path).migrated()
    async with answering(answer) as home:
        for number in range(3):
            store = opened(url)
            async with client_of(home.url, Gate(Limits(store), WIDE, clock, clock.sleep)) as github:
                if number == 0:
                    with pytest.raises(RateLimited):
                        await github.as_person().post("/x", data={})
                for ask in WAYS.values():
                    with pytest.raises(NotSent) as raised:
                        await ask(github.as_person())
                    assert 0 < raised.value.seconds <= 60
                    assert not raised.value.maybe_done
            await store.close()
        assert len(home.asked) == 1


async def test_requests_that_already_wait_for_their_turn_are_not_sent_either(clock):
    """Ten are under way, ninety wait behind them; the ten are refused, and the ninety stay here."""

    async def answer(_request):
        await asyncio.sleep(0.05)
        return limited(429)

    gate = Gate(MemoryLimits(), WIDE, clock, clock.sleep)
    async with answering(answer) as home, client_of(home.url, gate) as github:
        asking = (github.as_person().getitem("/x") for _ in range(100))
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert len(home.asked) == 10
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotSent"] * 90 + ["RateLimited"] * 10


async def test_a_retry_does_not_run_into_a_pause(clock):
    """A GET meets a 502, and while it waits to be tried again another one is told to be quiet."""
    answers = {"/bad": web.HTTPBadGateway, "/limit": web.HTTPTooManyRequests}

    async def answer(request):
        raise answers[request.path]

    gate = Gate(MemoryLimits(), WIDE, clock, lambda _seconds: asyncio.sleep(0.1))
    async with answering(answer) as home, client_of(home.url, gate) as github:
        first = asyncio.ensure_future(github.as_person().getitem("/bad"))
        await asyncio.sleep(0.05)
        with pytest.raises(RateLimited):
            await github.as_person().getitem("/limit")
        with pytest.raises(NotSent):
            await first
        assert [path for _, path, _ in home.asked] == ["/bad", "/limit"]


async def test_graphqls_limit_under_a_200_pauses_and_doubles(clock):
    """The success that HTTP reports must not forget the strikes."""

    async def answer(_request):
        return web.json_response({"errors": [{"type": "RATE_LIMITED", "message": "limit"}]})

    gate = Gate(MemoryLimits(), WIDE, clock, clock.sleep)
    async with answering(answer) as home, client_of(home.url, gate) as github:
        waits = []
        for _ in range(3):
            with pytest.raises(RateLimited) as raised:
                await github.as_person().graphql_data("{x}", {})
            waits.append(round(raised.value.seconds))
            clock.now += raised.value.seconds
            gate._pauses.clear()
    assert waits == [60, 120, 240]


async def test_at_most_ten_requests_are_under_way(clock):
    """For one installation; a slow GitHub is not piled up on (R48)."""
    running = most = 0

    async def answer(_request):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return web.json_response({})

    async with (
        answering(answer) as home,
        client_of(home.url, Gate(MemoryLimits(), WIDE, clock, clock.sleep)) as github,
    ):
        await asyncio.gather(*(github.as_person().getitem("/x") for _ in range(60)))
    assert most == 10
