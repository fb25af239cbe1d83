"""Runs held while a request takes long, taken over by another process, or gone on with by another key."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from bot.errors import ModelParked
from bot.model.backfills import BatchState
from bot.store.backfill_batches import Entry
from bot.store.backfill_rows import Holder
from bot.store.backfill_tables import backfills, batches
from bot.workflows.backfill_session import Session, TakenOver, run_for
from bot.workflows.digest_now import place_named
from bot.workflows.services import provide
from sandbox import messages
from tests.fakes.backfilling import ALL, Filler, times_paid
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import until

SILENCE = 0.6


@pytest.fixture
async def model():
    async with messages.running() as server:
        yield server


@pytest.fixture
def filler(github, app_key, tmp_path, model):
    for number in range(2):
        add_merge(github.state, {f"engine/part_{number}.py": "def work(text):\n    return eval(text)\n"})
    return Filler(github, app_key, tmp_path, model)


def an_entry(run, batch):
    """A question of a batch."""
    names: dict[str, Any] = {"id": f"{batch}-1", "run": run.id, "batch": batch, "hold": None, "content": "c"}
    numbers = {"repository_id": run.repository_id, "installation_id": run.installation_id, "number": 1}
    words: dict[str, Any] = {"model": "m", "task": "t", "prompt": "p", "guarded": ()}
    return Entry(**names, **numbers, **words, max_output=1, held=5, held_money=0.0)


async def freeze(filler):
    """Let the time be over for which a process that says nothing is believed to work."""
    async with filler.services() as services, services.backfills.store.write() as connection:
        await connection.execute(backfills.update().values(held_until=time.time() - 1))


async def stopped_when_sent(filler, model):
    """Run a backfill until the name of its batch is noted, and stop it; the batch ends soon after."""
    said: list[str] = []
    model.batches.seconds = 30.0
    run = asyncio.ensure_future(filler.run(said=said.append))
    await until(lambda: "waiting for the model's answers" in said, 30)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await filler.let_go()
    model.batches.seconds = model.batches.made[0].ends_at = 0.0


async def test_a_run_stays_held_while_nothing_is_said(filler):
    """One upload may take longer than a process may be silent; when it lets go, others have it at once."""
    async with filler.services() as services:
        provide(replace(services, backfills=replace(services.backfills, silence=SILENCE)))
        place = await place_named(services, REPOSITORY)
        run, _ = await run_for(place, ALL)
        session, other = Session(run), Holder(uuid4().hex, "elsewhere", 7)
        await session.hold()
        await asyncio.sleep(2 * SILENCE)
        held = await services.backfills.hold(run.repository_id, run.id, other)
        assert held is not None
        assert held.holder == session.me
        await session.release()
        assert await services.backfills.hold(run.repository_id, run.id, other) is None


async def test_what_was_taken_over_is_worked_on_no_more(filler):
    """The process was stopped for a while; it finds out by itself."""
    async with filler.services() as services:
        provide(replace(services, backfills=replace(services.backfills, silence=SILENCE)))
        run, _ = await run_for(await place_named(services, REPOSITORY), ALL)
        session, other = Session(run), Holder(uuid4().hex, "elsewhere", 7)
        await session.hold()
        await services.backfills.release(session.me.id)
        assert await services.backfills.hold(run.repository_id, run.id, other) is None
        await asyncio.sleep(SILENCE / 2)
        with pytest.raises(TakenOver, match="Another process has taken over"):
            await session.beat()
        await session.fall_silent()


async def test_a_batch_that_another_process_gave_up_is_cancelled_and_paid_once(filler, model):
    """The first process slept in the middle of its upload; the second asked anew, and is done before."""
    gate = asyncio.Event()
    model.batches.gates = [gate]
    first = asyncio.ensure_future(filler.run())
    await until(lambda: model.batches.uploads == 1)
    await freeze(filler)
    done = await filler.run()
    assert done.states == {"done": 2}
    model.batches.seconds = 30.0
    gate.set()
    with pytest.raises(TakenOver):
        await first
    assert [batch.cancelled for batch in model.batches.made] == [False, True]
    assert set(times_paid(model).values()) == {1}
    async with filler.services() as services:
        assert await services.batches.open_batches(done.run.repository_id) == []


async def test_a_batch_changes_only_as_it_may(filler):
    """Given up, it is not sent; sent, it is not given up, and may be noted twice."""
    async with filler.services() as services:
        run, _ = await run_for(await place_named(services, REPOSITORY), ALL)
        for batch in ("gone", "there"):
            await services.batches.intend(run, batch, [an_entry(run, batch)])
        await services.batches.lost("gone")
        assert not await services.batches.about_to_send("gone")
        assert not await services.batches.sent("gone", "msgbatch_1")
        assert await services.batches.sent("there", "msgbatch_2")
        assert await services.batches.sent("there", "msgbatch_2")
        assert not await services.batches.sent("there", "msgbatch_3")
        await services.batches.lost("there")
        (left,) = await services.batches.open_batches(run.repository_id)
        assert (await services.batches.spend(run.id)).held == 5
        assert (left.id, left.remote, left.state) == ("there", "msgbatch_2", BatchState.SENT)


async def test_a_batch_that_the_key_does_not_know_is_not_paid_again(filler, model):
    """The key is another workspace's, or a gateway failed: with the right key it is collected."""
    await stopped_when_sent(filler, model)
    (batch,) = model.batches.made
    model.batches.hidden = {batch.id}
    with pytest.raises(ModelParked, match=f"does not know the batch {batch.id} .* --give-up"):
        await filler.run()
    await filler.let_go()
    model.batches.hidden = set()
    assert (await filler.run()).states == {"done": 2}
    assert (len(model.batches.made), set(times_paid(model).values())) == (1, {1})


async def test_a_batch_is_given_up_at_a_word_and_counts_as_the_most(filler, model):
    """Nobody knows whether it was paid: caps and budgets count it in full, and nothing is held for it."""
    await stopped_when_sent(filler, model)
    model.batches.hidden, filler.give_up = {model.batches.made[0].id}, True
    async with filler.services() as services:
        (run,) = await services.backfills.open_runs()
        held = (await services.batches.spend(run.id)).held
    done = await filler.run()
    assert (done.states, len(model.batches.made), done.spend.held) == ({"done": 2}, 2, 0)
    assert done.spend.spent > held > 0
    async with filler.services() as services:
        place = the_repository(filler.github.state).id
        standings = await services.ledger.standings(4242, place, 0, services.settings.caps)
    assert {one.held for one in standings} == {0}
    assert max(one.spent for one in standings) >= held


async def test_a_batch_of_a_month_ago_is_given_up_by_itself(filler, model):
    """Its results could not be fetched any more with any key."""
    await stopped_when_sent(filler, model)
    model.batches.hidden = {model.batches.made[0].id}
    async with filler.services() as services, services.backfills.store.write() as connection:
        await connection.execute(batches.update().values(sent_at=time.time() - 30 * 86_400))
    assert (await filler.run()).states == {"done": 2}
    assert len(model.batches.made) == 2
