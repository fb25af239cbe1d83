"""Batches of a backfill: answers that are lost, entries that end badly, batches that take their time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
import pytest

from bot.model import WithoutModel
from sandbox import messages
from sandbox.messages import answer, refusal
from tests.fakes.backfilling import Filler, times_paid
from tests.fakes.github import add_merge
from tests.fakes.process import until

CHANGE = "def work(text):\n    return eval(text)\n"


@pytest.fixture
async def model():
    async with messages.running() as server:
        yield server


@pytest.fixture
def filler(github, app_key, tmp_path, model):
    for number in range(2):
        add_merge(github.state, {f"engine/part_{number}.py": CHANGE})
    return Filler(github, app_key, tmp_path, model)


async def test_a_batch_whose_answer_was_lost_is_found_and_not_made_again(filler, model):
    """The server made it; its list has it, and its results have our ids."""
    model.batches.lose, model.batches.seconds = 1, 0.3
    done = await filler.run()
    assert done.states == {"done": 2}
    assert len(model.batches.made) == 1
    assert set(times_paid(model).values()) == {1}


async def test_a_batch_of_somebody_else_is_left_alone(filler, model):
    """Of the same size, made at the same moment, with the same key: its results tell that it is not ours."""
    foreign = {"custom_id": "theirs-1", "params": {"model": "m", "max_tokens": 1, "messages": []}}
    await _make(model, [foreign, {**foreign, "custom_id": "theirs-2"}])
    model.batches.lose = 1
    done = await filler.run()
    assert done.states == {"done": 2}
    assert len(model.batches.made) == 2


async def test_a_batch_that_never_came_to_be_is_made_again(filler, model):
    """The server failed before it had it: after a while it is asked anew."""
    model.batches.refuse = [500]
    done = await filler.run()
    assert done.states == {"done": 2}
    assert len(model.batches.made) == 1


async def test_a_refused_batch_gives_back_what_was_held(filler, model):
    """429: nothing was made; it is sent again when the server says."""
    model.batches.refuse = [429]
    done = await filler.run()
    assert done.states == {"done": 2}
    async with filler.services() as services:
        standings = await services.ledger.standings(4242, done.run.repository_id, 0, services.settings.caps)
    assert {one.held for one in standings} == {0}


@pytest.mark.parametrize(
    ("fate", "without"),
    [
        pytest.param("expired", WithoutModel.UNAVAILABLE, id="expired three times is given up"),
        pytest.param("canceled", WithoutModel.UNAVAILABLE, id="cancelled three times is given up"),
        pytest.param("overloaded", WithoutModel.UNAVAILABLE, id="three failures of the server are given up"),
        pytest.param("refused", WithoutModel.UNUSABLE, id="an invalid request is not sent again as it is"),
    ],
)
async def test_an_entry_that_always_ends_badly_ends(filler, model, fate, without):
    """The report is made by rules, and nothing was paid."""
    model.batches.fate = lambda _asked, _name: fate
    done = await filler.run()
    assert (done.states, done.spend.spent, done.spend.held) == ({"done": 2}, 0, 0)
    assert {one.provenance.without_model for one in (await filler.reports()).values()} == {without}
    assert len(model.batches.made) <= 3


async def test_an_entry_that_ended_badly_once_is_asked_again(filler, model):
    """Only that one."""
    seen = []

    def once(_asked, name):
        seen.append(name)
        return "expired" if len(seen) == 1 else "succeeded"

    model.batches.fate = once
    done = await filler.run()
    assert done.states == {"done": 2}
    assert (len(seen), set(times_paid(model).values())) == (3, {1})


@pytest.mark.parametrize(
    ("reply", "without"),
    [
        pytest.param(refusal(), WithoutModel.REFUSED, id="a refusal is final"),
        pytest.param(answer("no JSON at all"), WithoutModel.UNUSABLE, id="no JSON is asked for once more"),
        pytest.param(messages.tool_use(), WithoutModel.UNUSABLE, id="a tool nobody gave is no answer"),
    ],
)
async def test_an_answer_that_is_none_ends_as_it_does_directly(github, app_key, tmp_path, reply, without):
    """With a reason, and in a report by rules."""
    add_merge(github.state, {"engine/part.py": CHANGE})
    async with messages.running(lambda _asked: reply) as model:
        filler = Filler(github, app_key, tmp_path, model)
        assert (await filler.run()).states == {"done": 1}
        (report,) = (await filler.reports()).values()
        assert report.provenance.without_model is without


async def test_results_that_expired_are_asked_for_anew(filler, model):
    """After 29 days they are gone: the batch was paid for, and must be paid again."""
    model.batches.seconds = 30.0
    await stopped(filler, model)
    (batch,) = model.batches.made
    batch.ends_at, batch.archived, model.batches.seconds = 0.0, True, 0.0
    done = await filler.run()
    assert (done.states, len(model.batches.made)) == ({"done": 2}, 2)


async def test_a_batch_that_takes_long_is_waited_for_by_the_next_process(filler, model):
    """Stopped while the batch runs, nothing is sent again."""
    model.batches.seconds = 1.0
    await stopped(filler, model)
    assert (await filler.run()).states == {"done": 2}
    assert (len(model.batches.made), set(times_paid(model).values())) == (1, {1})


async def test_a_server_without_a_list_says_what_to_do(filler, model):
    """A lost batch cannot be looked for there: nothing is risked."""
    model.batches.lose, model.batches.listed = 1, False
    with pytest.raises(Exception, match="no list to look for it in; run prhub backfill with --give-up"):
        await filler.run()
    assert len(model.batches.made) == 1
    await filler.let_go()
    filler.give_up = True
    assert (await filler.run()).states == {"done": 2}
    assert len(model.batches.made) == 2


async def stopped(filler, model):
    """Run a backfill until it has sent a batch, and stop it."""
    run = asyncio.ensure_future(filler.run())
    await until(lambda: bool(model.batches.made), 30)
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run
    await filler.let_go()


async def _make(model, rows):
    async with aiohttp.ClientSession() as session:
        headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
        await session.post(f"{model.url}/v1/messages/batches", json={"requests": rows}, headers=headers)
