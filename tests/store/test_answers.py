"""Answers: each is paid for once, each call is counted once, and none is kept for long."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.model import KeptAnswer, Usage
from bot.store import Answers, tables
from tests.fakes.calls import CONTENT, MODEL, USAGE, model_call

NOW = 1_780_000_000.0


@pytest.fixture
def answers(store):
    """The answers of a new store, at a fixed time."""
    return Answers(store, clock=lambda: NOW)


async def count(store, table: sa.Table) -> int:
    """How many rows a table has."""
    async with store.read() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def test_an_answer_comes_back_as_it_was(answers):
    """Its text to the letter, with what it cost when it was paid for."""
    text = '{"summary": "ein Büro 数 \U0001f600 \\u0000 \\ud800"}'
    assert await answers.get(CONTENT, MODEL) is None
    await answers.put(model_call(), text)
    assert await answers.get(CONTENT, MODEL) == KeptAnswer(text=text, model=MODEL, usage=USAGE)


@pytest.mark.parametrize(
    ("content", "model"),
    [
        pytest.param("cd" * 32, MODEL, id="another question"),
        pytest.param(CONTENT, "claude-opus-5-5", id="another model"),
        pytest.param(CONTENT, MODEL.upper(), id="another letter case"),
        pytest.param(CONTENT[:-1], MODEL, id="a part of the digest"),
        pytest.param("%", MODEL, id="no wildcard"),
        pytest.param("'; DROP TABLE answers; --", MODEL, id="SQL is text"),
        pytest.param("\0", "\ud800", id="what no database takes"),
        pytest.param(CONTENT, "x" * 100_000, id="100,000 characters"),
        pytest.param("", "", id="nothing"),
    ],
)
async def test_another_question_or_model_has_no_answer(answers, content, model):
    """Both decide what is kept."""
    await answers.put(model_call(), "{}")
    assert await answers.get(content, model) is None


async def test_the_same_call_put_twice_is_one(answers, store):
    """A step may run again after its commit: nothing is paid or counted twice."""
    call = model_call()
    for _ in range(2):
        await answers.put(call, "{}")
        await answers.charge(call)
    assert await answers.usage() == USAGE
    assert await count(store, tables.answers) == 1


async def test_the_first_of_two_answers_stays(answers):
    """Everybody works with the same one; both were paid for."""
    await answers.put(model_call(), "first")
    await answers.put(model_call(), "second")
    kept = await answers.get(CONTENT, MODEL)
    assert kept is not None
    assert kept.text == "first"
    assert await answers.usage() == USAGE + USAGE


async def test_many_put_at_once_and_none_fails(answers, store):
    """Several processes may have asked the same."""
    texts = [f"answer {number}" for number in range(12)]
    await asyncio.gather(*(answers.put(model_call(), text) for text in texts))
    kept = await answers.get(CONTENT, MODEL)
    assert kept is not None
    assert kept.text in texts
    assert await answers.usage() == Usage(**{name: 12 * value for name, value in USAGE})
    assert await count(store, tables.answers) == 1


async def test_one_call_put_by_many_at_once_is_counted_once(answers):
    """A resumed workflow may run beside the one that was thought dead."""
    call = model_call()
    await asyncio.gather(
        *(answers.put(call, "{}") for _ in range(6)), *(answers.charge(call) for _ in range(6))
    )
    assert await answers.usage() == USAGE


async def test_an_answer_without_its_cost_is_not_kept(answers, store):
    """Both or neither: what is kept was counted."""
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE model_calls RENAME TO away")
    with pytest.raises(SQLAlchemyError):
        await answers.put(model_call(), "{}")
    assert await answers.get(CONTENT, MODEL) is None
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE away RENAME TO model_calls")
    await answers.put(model_call(), "{}")
    assert await answers.get(CONTENT, MODEL) is not None


async def test_a_charge_keeps_no_answer(answers, store):
    """A refusal costs, and is nothing to use again."""
    await answers.charge(model_call(outcome="refused"))
    assert await answers.get(CONTENT, MODEL) is None
    assert (await count(store, tables.answers), await answers.usage()) == (0, USAGE)


@pytest.mark.parametrize(
    "usage",
    [
        pytest.param(Usage(tokens_in=10**30), id="more than a database can count"),
        pytest.param(Usage(tokens_out=-(10**30)), id="less than nothing"),
        pytest.param(Usage(), id="nothing"),
    ],
)
async def test_a_server_may_count_as_it_likes(answers, usage):
    """What it says it used is its own text too; a sum of a thousand such calls still fits."""
    for _ in range(1000 if usage == Usage() else 20):
        await answers.charge(model_call(usage=usage))
    total = await answers.usage()
    assert 0 <= total.tokens_in <= 20 * 2**40
    assert total.tokens_out == 0


async def test_hostile_words_are_stored_short(answers):
    """A model's name or an outcome of any length and form raises nothing."""
    odd = "x\0\ud800" * 1000
    await answers.put(model_call(task=odd, prompt=odd, model=odd, outcome=odd), "a\0b\ud800c")
    kept = await answers.get(CONTENT, odd)
    assert kept is not None
    assert kept.text == "a\ufffdb?c"
    assert await answers.usage(model=odd) == USAGE


CALLS = [(1, 10, "a"), (1, 10, "b"), (1, 11, "a"), (2, 12, "a"), (0, 10, "a")]


@pytest.fixture
async def ledger(store):
    """Five calls, one second apart, of two installations, three repositories and two models."""
    moment = NOW
    answers = Answers(store, clock=lambda: moment)
    for installation, repository, model in CALLS:
        call = model_call(installation_id=installation, repository_id=repository, model=model)
        await answers.charge(call)
        moment += 1
    return answers


@pytest.mark.parametrize(
    ("wanted", "calls"),
    [
        pytest.param({}, 5, id="everything"),
        pytest.param({"installation_id": 1}, 3, id="an installation"),
        pytest.param({"installation_id": 0}, 1, id="the command line, which has none"),
        pytest.param({"repository_id": 10}, 3, id="a repository"),
        pytest.param({"model": "b"}, 1, id="a model"),
        pytest.param({"installation_id": 1, "repository_id": 10, "model": "a"}, 1, id="all three"),
        pytest.param({"since": NOW + 3}, 2, id="since a moment, that included"),
        pytest.param({"since": NOW + 60}, 0, id="since later"),
        pytest.param({"installation_id": 3}, 0, id="an installation that never asked"),
        pytest.param({"model": "' OR 1=1 --"}, 0, id="SQL is text"),
    ],
)
async def test_usage_is_summed_for_whoever_is_asked_about(ledger, wanted, calls):
    """Budgets stand on these sums."""
    found = await ledger.usage(**wanted)
    assert found == Usage(**{name: calls * value for name, value in USAGE})


async def test_answers_are_purged_and_the_ledger_stays(store):
    """Quotes of code go after 30 days; what was spent is still known."""
    moment = 100.0
    answers = Answers(store, clock=lambda: moment)
    await answers.put(model_call(content="old"), "{}")
    moment = 200.0
    await answers.put(model_call(content="new"), "{}")
    for _ in range(2):
        await answers.purge(200.0)
    assert await answers.get("old", MODEL) is None
    assert await answers.get("new", MODEL) is not None
    assert await answers.usage() == USAGE + USAGE


async def test_the_ledger_is_purged_on_its_own(store):
    """Later than the answers, and without them."""
    moment = 100.0
    answers = Answers(store, clock=lambda: moment)
    await answers.put(model_call(), "{}")
    moment = 200.0
    await answers.charge(model_call(outcome="refused"))
    for _ in range(2):
        await answers.purge_calls(200.0)
    assert await answers.usage() == USAGE
    assert await answers.get(CONTENT, MODEL) is not None


async def test_a_repositorys_answers_are_forgotten(answers):
    """Those of others are not, and neither is what was spent."""
    await answers.put(model_call(content="mine", repository_id=1), "{}")
    await answers.put(model_call(content="other", repository_id=2), "{}")
    for _ in range(2):
        await answers.forget(1)
    assert await answers.get("mine", MODEL) is None
    assert await answers.get("other", MODEL) is not None
    assert await answers.usage(repository_id=1) == USAGE
