"""Nothing is paid for twice, and whatever was paid for is in the ledger."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import ModelAway, ModelError, ModelRefused
from bot.llm import Size
from sandbox.messages import answer, error, refusal, truncated
from tests.fakes.llm import Memory, asker, question


async def test_the_same_question_twice_is_one_call(desk):
    """The second answer is the first, and says that it is free."""
    first = await desk.model.ask(question(), asker())
    second = await desk.model.ask(question(), asker())
    assert desk.server.calls == 1
    assert (second.text, second.usage, second.reused) == (first.text, first.usage, True)
    assert desk.outcomes == ["answered", "reused"]


async def test_a_crash_after_the_answer_costs_nothing(make_desk):
    """Another process finds the answer where the first one put it."""
    kept = Memory()
    await make_desk(kept).model.ask(question(), asker())
    after = make_desk(kept)
    assert (await after.model.ask(question(), asker())).reused
    assert after.server.calls == 1


async def test_two_who_ask_the_same_at_once_pay_once(desk):
    """The second waits for the answer of the first."""
    answers = await asyncio.gather(*(desk.model.ask(question(), asker(number=n)) for n in range(5)))
    assert desk.server.calls == 1
    assert [each.reused for each in answers] == [False, True, True, True, True]
    assert len(desk.kept.calls) == 1


async def test_two_who_fail_at_once_fail_alike(desk):
    """An error is shared as an answer is, and does not stay."""
    desk.server.queue(refusal())
    failed = await asyncio.gather(
        *(desk.model.ask(question(), asker()) for _ in range(3)), return_exceptions=True
    )
    assert [type(each) for each in failed] == [ModelRefused] * 3
    assert (await desk.model.ask(question(), asker())).text
    assert desk.server.calls == 2


async def test_an_asker_that_is_cancelled_loses_no_answer(desk):
    """The call is paid for: it ends, and whoever asks again has the answer."""
    desk.server.queue(answer("{}", stall="text", seconds=0.2))
    asking = asyncio.ensure_future(desk.model.ask(question("x" * 100), asker()))
    await desk.sent(1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    again = await desk.model.ask(question("x" * 100), asker())
    assert (again.text, again.reused, desk.server.calls) == ("{}", True, 1)


async def test_an_answer_that_comes_while_the_process_stops_is_kept(desk):
    """Calls get a moment to end in; then they are ended."""
    desk.server.queue(answer("{}", stall="text", seconds=0.2))
    asking = asyncio.ensure_future(desk.model.ask(question(), asker()))
    await desk.sent(1)
    await desk.model.aclose()
    assert (await asking).text == "{}"
    assert len(desk.kept.answers) == 1


async def test_both_models_are_asked_for_themselves(desk):
    """An answer of the small model is none of the large one."""
    await desk.model.ask(question(), asker())
    await desk.model.ask(question(size=Size.SMALL), asker())
    assert desk.server.calls == 2


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        pytest.param(refusal(), "refused", id="a refusal is billed"),
        pytest.param(truncated(), "truncated", id="a truncated answer is billed"),
        pytest.param(answer("canarycanary"), "leaked", id="an answer that may not be used is billed"),
        pytest.param(answer("{}", stop_reason="pause_turn"), "unusable", id="a pause is billed"),
        pytest.param(answer("{}", error_after=3), "overloaded", id="input before an error is billed"),
    ],
)
async def test_what_failed_and_cost_is_in_the_ledger(desk, reply, outcome):
    """And its answer is not kept: the next one may be better."""
    desk.server.queue(reply)
    with pytest.raises(ModelError):
        await desk.model.ask(question(), asker())
    call = desk.kept.calls[0]
    assert (call.outcome, call.installation_id, call.repository_id, call.number) == (outcome, 7, 99, 12)
    assert call.usage.tokens_in > 200
    assert not desk.kept.answers
    assert (await desk.model.ask(question(), asker())).text


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(refusal(), id="refused"),
        pytest.param(truncated(), id="cut off"),
        pytest.param(answer("canarycanary"), id="with what must not leave"),
    ],
)
async def test_what_failed_twice_is_not_paid_for_a_third_time_that_day(desk, reply):
    """Else every comment on a pull request that a model refuses would cost its operator the whole of it."""
    desk.server.queue(reply, reply)
    raised = []
    for _ in range(5):
        with pytest.raises(ModelError) as caught:
            await desk.model.ask(question(), asker())
        raised.append(caught.type)
    assert desk.server.calls == 2
    assert len(set(raised)) == 1
    assert desk.outcomes[2:] == ["hopeless"] * 3
    desk.clock.now += 86_400
    assert (await desk.model.ask(question(), asker())).text


async def test_an_outage_makes_no_question_hopeless(desk):
    """It says nothing of the question."""
    desk.server.queue(error(529), refusal(), error(529))
    for _ in range(3):
        with pytest.raises(ModelError):
            await desk.model.ask(question(), asker())
        desk.clock.now += 700
    assert (await desk.model.ask(question(), asker())).text


async def test_what_cost_nothing_is_not_in_the_ledger(desk):
    """An outage of hours would fill it otherwise."""
    desk.server.queue(error(529))
    with pytest.raises(ModelAway):
        await desk.model.ask(question(), asker())
    assert not desk.kept.calls


async def test_the_cache_is_told_apart(desk):
    """Input counts all that was read; what came from the cache or went into it is named beside."""
    first = await desk.model.ask(question("a" * 400), asker())
    second = await desk.model.ask(question("b" * 400), asker())
    fixed = len(question().system) // 4
    assert (first.usage.cache_written, first.usage.cache_read) == (fixed, 0)
    assert (second.usage.cache_written, second.usage.cache_read) == (0, fixed)
    assert first.usage.tokens_in == second.usage.tokens_in == fixed + (400 + len("Write the report.")) // 4


async def test_a_store_that_fails_after_the_answer_does_not_lose_it(desk):
    """It is paid for; only the next one must pay again."""

    class Full(Memory):
        async def put(self, call, text):
            raise OSError("the disk is full")

    desk.model.kept = Full()
    assert (await desk.model.ask(question(), asker())).text


async def test_a_store_that_cannot_be_read_holds_the_question_back(desk):
    """It may be answered and paid for already."""
    desk.kept.broken = True
    with pytest.raises(ModelAway):
        await desk.model.ask(question(), asker())
    assert desk.server.calls == 0
