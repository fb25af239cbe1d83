"""An outage: a server is left alone, found to be back, and not met with a burst (R100, R102)."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import ModelAway, ModelError, ModelTooLong
from bot.llm import Size
from sandbox.messages import answer, error
from tests.fakes.llm import asker, question


async def ask(desk, name, installation=7):
    """Ask one question; give the error, if that is what comes."""
    try:
        await desk.model.ask(question(f"data {name}"), asker(installation))
    except ModelError as problem:
        return problem
    return None


async def broken(make_desk, **fields):
    """A model whose circuit has just opened."""
    desk = make_desk(**fields)
    desk.server.queue(*[error(529)] * 5)
    for number in range(5):
        await ask(desk, number)
    return desk


async def test_fifty_529_are_five_requests(make_desk):
    """After five the server is left alone; everybody else is sent away at once (G8)."""
    desk = make_desk()
    desk.server.queue(*[error(529)] * 50)
    problems = [await ask(desk, number) for number in range(50)]
    assert desk.server.calls == 5
    assert all(isinstance(problem, ModelAway) for problem in problems)
    assert desk.model.away_for() == pytest.approx(120)
    assert problems[-1] is not None
    assert 120 <= problems[-1].seconds <= 130


async def test_waits_grow_with_failures(make_desk):
    """Five seconds, doubled by each failure up to ten minutes, if they follow one another."""
    desk = make_desk()
    waits = []
    for number in range(12):
        desk.server.queue(error(503))
        problem = await ask(desk, number)
        waits.append(problem.seconds)
        desk.clock.now += 121
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600]


async def test_failures_at_the_same_time_are_one_step(make_desk):
    """Eight calls that fail together have met one outage, not eight."""
    desk = make_desk()
    desk.server.queue(*[error(500, stall="connect", seconds=0.1)] * 4)
    problems = await asyncio.gather(*(ask(desk, number, installation=number) for number in range(4)))
    assert [problem.seconds for problem in problems] == [5] * 4


async def test_one_probe_finds_the_server_back(make_desk):
    """After two minutes one question goes through; the others wait for what it finds."""
    desk = await broken(make_desk)
    desk.clock.now += 121
    desk.server.queue(answer("{}", stall="text", seconds=0.2))
    problems = await asyncio.gather(*(ask(desk, f"probe {n}", installation=n) for n in range(6)))
    assert desk.server.calls == 6
    assert [problem is None for problem in problems].count(True) == 1
    assert desk.model.away_for() == 0


async def test_a_probe_that_fails_closes_the_door_again(make_desk):
    """For two more minutes, by one request."""
    desk = await broken(make_desk)
    desk.clock.now += 121
    desk.server.queue(error(529))
    assert isinstance(await ask(desk, "probe"), ModelAway)
    assert desk.model.away_for() == pytest.approx(120)
    assert isinstance(await ask(desk, "after"), ModelAway)
    assert desk.server.calls == 6


async def test_a_probe_that_is_refused_has_found_the_server(make_desk):
    """A 400 is an answer: the server is there."""
    desk = await broken(make_desk)
    desk.clock.now += 121
    desk.server.queue(error(400))
    await ask(desk, "probe")
    assert desk.model.away_for() == 0


async def test_kept_answers_need_no_server(make_desk):
    """While the circuit is open, what was answered is given."""
    desk = make_desk()
    await ask(desk, "known")
    desk.server.queue(*[error(529)] * 5)
    for number in range(5):
        await ask(desk, number)
    assert await ask(desk, "known") is None
    assert isinstance(await ask(desk, "unknown"), ModelAway)


async def test_no_burst_follows_an_outage(make_desk):
    """One call at a time at first, and one more after each answer: never more than the answers allow."""
    desk = await broken(make_desk, concurrency=8)
    desk.clock.now += 121
    await ask(desk, "probe")
    running: list[tuple[int, int]] = []

    def note(_asked):
        done = sum(1 for outcome in desk.outcomes if outcome == "answered")
        running.append((done, desk.server.running))
        return answer("{}", stall="text", seconds=0.1)

    desk.server.responder = note
    await asyncio.gather(*(ask(desk, f"after {n}", installation=n) for n in range(40)))
    assert len(running) == 40
    assert running[0][1] == 1
    assert all(at_once <= min(done, 8) for done, at_once in running), running
    assert max(at_once for _, at_once in running) > 4


async def test_a_server_that_fails_now_and_then_is_asked_on(make_desk):
    """One call in ten fails: the circuit stays closed, though five fail within a minute."""
    desk = make_desk()
    for number in range(100):
        desk.server.queue(error(529) if number % 10 == 0 else answer("{}"))
        await ask(desk, number)
    assert desk.server.calls == 100
    assert desk.model.away_for() == 0


async def test_a_rate_limit_holds_one_model(make_desk):
    """For as long as was asked; the other model, and the time after, are free."""
    desk = make_desk()
    desk.server.queue(error(429, headers={"retry-after": "60"}))
    assert (await ask(desk, 1)).seconds == 60
    assert 60 <= (await ask(desk, 2)).seconds <= 70
    assert desk.server.calls == 1
    assert (await desk.model.ask(question(size=Size.SMALL), asker())).text
    desk.clock.now += 61
    assert await ask(desk, 3) is None


async def test_those_who_wait_for_room_are_sent_away_when_the_circuit_opens(make_desk):
    """They hold no worker until the last slow call has ended."""
    desk = make_desk(concurrency=5)
    desk.server.responder = lambda _: error(529, stall="connect", seconds=0.1)
    problems = await asyncio.gather(*(ask(desk, n, installation=n) for n in range(30)))
    # Four may take the room of the first four that failed, before the fifth did.
    assert desk.server.calls <= 9
    assert all(isinstance(problem, ModelAway) for problem in problems)


@pytest.mark.parametrize(
    ("limit", "fits"),
    [
        pytest.param("50000", True, id="it fits"),
        pytest.param("2000", False, id="it does not fit"),
        pytest.param("-1", True, id="a negative limit says nothing"),
        pytest.param("lots", True, id="a limit in words says nothing"),
        pytest.param("3", True, id="a limit that nobody has says nothing"),
    ],
)
async def test_what_the_minute_limit_cannot_let_through_is_made_smaller(make_desk, limit, fits):
    """It is not sent at all, and the asker is told how much would fit."""
    desk = make_desk()
    desk.server.queue(answer("{}", headers={"anthropic-ratelimit-input-tokens-limit": limit}))
    await ask(desk, "small")
    problem = await ask(desk, "large " + "word " * 2_000)
    assert desk.server.calls == (2 if fits else 1)
    if not fits:
        assert isinstance(problem, ModelTooLong)
        assert problem.tokens == 2_000
