"""A call is made only if everything it can come to fits the budgets; what it came to is charged."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace

import pytest

from bot.errors import BudgetSpent, ModelAway, ModelError
from bot.llm import Budget, request
from bot.llm.budget import _hold, _spent
from bot.llm.reply import Reply
from bot.llm.sdk import schema_of
from bot.model import Caps, Scope, Usage
from bot.store import Ledger
from sandbox.messages import answer, error, refusal
from tests.fakes.databases import opened
from tests.fakes.llm import Shape, asker, question


@pytest.fixture
async def ledger(sqlite_files):
    """A ledger on SQLite."""
    store = opened(sqlite_files.migrated())
    yield Ledger(store)
    await store.close()


@pytest.fixture
def bounded(desk, ledger):
    """Give the model some caps; the scopes that refused are noted."""

    def give(**caps: int):
        refused: list[Scope] = []
        desk.model.budget = Budget(ledger, Caps(**caps), refused.append)
        return desk, refused

    return give


def most(desk, asked) -> int:
    """The most that a question can come to."""
    return request.most(request.body(asked, desk.model.settings, schema_of(Shape)))


async def standing(ledger, scope=Scope.PULL):
    """How one budget of the asker stands."""
    found = await ledger.standings(7, 99, 12, Caps())
    return next((one.spent, one.held) for one in found if one.scope is scope)


async def test_what_a_call_came_to_is_charged_and_nothing_stays_held(bounded, ledger):
    """Input, with what came from the cache, and output."""
    desk, refused = bounded(pull=100_000)
    usage = (await desk.model.ask(question(), asker())).usage
    assert await standing(ledger) == (usage.tokens_in + usage.tokens_out, 0)
    assert refused == []


async def test_a_question_without_room_is_not_sent(bounded, ledger):
    """It is refused at once, counted, and nothing stays held."""
    desk, refused = bounded(server=1_000)
    with pytest.raises(BudgetSpent) as caught:
        await desk.model.ask(question(), asker())
    assert (caught.value.scope, refused, desk.server.calls) == ("server", [Scope.SERVER], 0)
    assert desk.outcomes == ["budget"]
    assert await standing(ledger, Scope.SERVER) == (0, 0)


async def test_a_call_fits_to_the_last_token(bounded, desk):
    """The most that it can come to is the least room that it needs."""
    size = most(desk, question())
    for cap, calls in ((size - 1, 0), (size, 1)):
        bounded(pull=cap)
        with pytest.raises(BudgetSpent) if not calls else nullcontext():
            await desk.model.ask(question(), asker())
        assert desk.server.calls == calls


async def test_a_kept_answer_costs_nothing(bounded, ledger):
    """Also when the budget is spent."""
    desk, _ = bounded(pull=100_000)
    await desk.model.ask(question(), asker())
    before = await standing(ledger)
    bounded(pull=1)
    assert (await desk.model.ask(question(), asker())).reused
    assert await standing(ledger) == before


async def test_a_repository_can_only_lower_the_caps(bounded):
    """Its own are taken where they are lower."""
    desk, refused = bounded(pull=100_000, repository=1)
    lower, higher = Caps(pull=1), Caps(repository=100_000)
    for caps, scope in ((lower, Scope.PULL), (higher, Scope.REPOSITORY)):
        with pytest.raises(BudgetSpent):
            await desk.model.ask(question(), replace(asker(), caps=caps))
        assert refused.pop() is scope


CHARGED = [
    pytest.param(error(529), 0, id="an overload costs nothing"),
    pytest.param(error(429), 0, id="nor does a limit"),
    pytest.param(error(401), 0, id="nor a wrong key"),
    pytest.param(refusal(), None, id="a refusal costs what the server says"),
    pytest.param(answer("{}", cut=700), "all", id="of an answer that is cut off nobody knows its length"),
    pytest.param(answer("{}", error_after=3), "all", id="nor of one that ends in an error"),
    pytest.param(answer("canarycanary"), None, id="an answer that may not be used was paid for"),
]


@pytest.mark.parametrize(("reply", "charged"), CHARGED)
async def test_a_call_that_failed_is_charged_as_far_as_it_may_be_billed(bounded, ledger, reply, charged):
    """Never for less; and its hold is given back."""
    desk, _ = bounded(pull=100_000)
    desk.server.queue(reply)
    with pytest.raises(ModelError):
        await desk.model.ask(question(), asker())
    spent, held = await standing(ledger)
    billed = sum(call.usage.tokens_in + call.usage.tokens_out for call in desk.kept.calls)
    least = question().max_output_tokens if charged == "all" else billed
    assert held == 0
    assert spent == charged if charged == 0 else spent >= max(least, 1)


async def test_calls_at_the_same_time_cannot_exceed_a_cap_together(bounded, ledger):
    """One has room, and whoever finds only held tokens comes back; nobody is refused for good."""
    desk, refused = bounded(pull=most(bounded()[0], question()) + 10)
    desk.server.queue(answer("{}", stall="text", seconds=0.3))
    first = asyncio.ensure_future(desk.model.ask(question("a" * 8), asker()))
    await desk.sent(1)
    with pytest.raises(ModelAway):
        await desk.model.ask(question("b" * 8), asker())
    await first
    assert (desk.server.calls, refused) == (1, [])


async def test_a_ledger_that_fails_holds_the_question_back(desk):
    """What cannot be entered could be spent without end."""

    class Broken:
        async def look(self, hold, caps):
            return None

        async def reserve(self, hold, caps):
            raise OSError("the disk is full")

        async def settle(self, hold_id, tokens):
            raise AssertionError("nothing was held")

    desk.model.budget = Budget(Broken(), Caps(pull=1))
    with pytest.raises(ModelAway):
        await desk.model.ask(question(), asker())
    assert desk.server.calls == 0


async def test_a_ledger_that_fails_after_the_answer_does_not_lose_it(desk, ledger):
    """The hold stays, and counts as spent when it expires."""

    class Full(Ledger):
        async def settle(self, hold_id, tokens):
            raise OSError("the disk is full")

    desk.model.budget = Budget(Full(ledger.store), Caps())
    assert (await desk.model.ask(question(), asker())).text
    assert await standing(ledger) == (0, most(desk, question()))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("x" * 5_000, id="letters"),
        pytest.param("\U0001f9ff" * 5_000, id="four bytes each"),
        pytest.param("\n\"\\'\t" * 1_000, id="what JSON escapes"),
        pytest.param("\ud800" * 500, id="halves of pairs"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_held_is_never_less_than_the_bytes_that_are_sent(desk, data):
    """No tokeniser makes more tokens than bytes; the cheap look before is never above that."""
    asked = question(data)
    texts = (asked.system, data, asked.ask)
    sent = sum(len(text.encode("utf-8", "replace")) for text in texts)
    assert most(desk, asked) >= request.least(asked) >= sent + asked.max_output_tokens


def test_an_answer_without_counts_is_charged_in_full():
    """A server of another kind may not tell what it used."""
    hold = _hold(asker(), 5_000)
    assert _spent(hold, Reply(has_begun=True, stop_reason="end_turn"), 2_000) == 5_000
    told = Reply(has_begun=True, stop_reason="end_turn", counts={"input_tokens": 10, "output_tokens": 3})
    assert _spent(hold, told, 2_000) == 13
    assert told.usage == Usage(calls=1, tokens_in=10, tokens_out=3)
