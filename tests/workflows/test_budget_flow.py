"""Budgets over a running server: what is spent ends in the rules' report at once, and says so."""

from __future__ import annotations

from functools import partial

import aiohttp
import pytest
import sqlalchemy as sa

from bot.model import Caps, Scope, WithoutModel
from bot.store import DigestKey
from bot.store.tables import answers
from sandbox.payloads import issue_comment_payload
from sandbox.talk import add_comment
from tests.fakes.github import add_merge, the_repository
from tests.fakes.weeks import ask_for, digest_issues, digest_trigger, this_week
from tests.workflows.test_killed_while_asking import LARGE

CHANGE = {
    "engine/store.py": "def save(path, rows):\n"
    "    with open(path, 'w') as file:\n"
    "        for row in rows:\n"
    "            file.write(row)\n"
    "    return len(rows)\n",
}
ONE_BY_ONE = {"PRHUB_MODEL_CONCURRENCY": "1", "PRHUB_MAX_OUTPUT_TOKENS": "2000"}


@pytest.fixture
def bounded(beside_model):
    """Start PRHub with a key and budgets, beside a stand-in for the model; a model away is waited for."""
    return partial(beside_model, PRHUB_MODEL_PATIENCE="3600")


async def standings(play, pull=None):
    """Spent and held, by scope, of all that the pull request is charged to."""
    repository = the_repository(play.state)
    (installation,) = play.state.installations
    ledger = play.running.services.ledger
    number = 0 if pull is None else pull.number
    found = await ledger.standings(installation, repository.id, number, Caps())
    return {one.scope: (one.spent, one.held) for one in found}


async def say_something(play, pull):
    """Write a comment after the merge, and wait until the report is refreshed."""
    comment = add_comment(play.state, pull, "octo-dev", "Thanks, this helps us a lot.")
    payload = issue_comment_payload(play.state, the_repository(play.state), pull.number, comment)
    await play.send("issue_comment", payload)


async def test_what_a_report_cost_is_charged_to_all_its_budgets(bounded):
    """As the report itself says it; nothing stays held."""
    async with bounded() as (play, _):
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull)
        usage = (await play.report(pull)).provenance.usage
        spent = usage.tokens_in + usage.tokens_out
        assert await standings(play, pull) == dict.fromkeys(Scope, (spent, 0))


SPENT = [
    pytest.param("PRHUB_BUDGET_PULL", "pull", id="of the pull request"),
    pytest.param("PRHUB_BUDGET_REPOSITORY_DAY", "repository", id="of the repository's day"),
    pytest.param("PRHUB_BUDGET_INSTALLATION_MONTH", "installation", id="of the installation's month"),
    pytest.param("PRHUB_BUDGET_DAY", "server", id="of the server's day"),
]


@pytest.mark.parametrize(("setting", "scope"), SPENT)
async def test_without_a_budget_the_report_is_posted_at_once_and_says_so(bounded, setting, scope):
    """Nothing is asked, nobody waits, nothing is left to do; the refusal is counted."""
    async with bounded(**{setting: "100"}) as (play, server):
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull)
        (body,) = play.comments(pull)
        assert "The budget for the model is spent" in body
        assert (await play.report(pull)).provenance.without_model is WithoutModel.BUDGET
        assert server.calls == 0
        async with aiohttp.ClientSession() as session:
            text = await (await session.get(f"{play.running.address}/metrics")).text()
        assert f'prhub_budget_refused_total{{scope="{scope}"}} 1.0' in text
        assert f'prhub_budget_tokens{{scope="{scope}"}} 0.0' in text


async def test_a_report_the_budget_refused_is_asked_for_again_by_the_next_refresh(bounded):
    """On another day, or with a higher budget; by itself it stays as it is."""
    async with bounded(PRHUB_BUDGET_DAY="100") as (play, _):
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull)
        await say_something(play, pull)
        assert (await play.report(pull)).provenance.without_model is WithoutModel.BUDGET
    async with bounded() as (play, _):
        await say_something(play, pull)
        (body,) = play.comments(pull)
        assert (await play.report(pull)).provenance.without_model is None
        assert "budget" not in body


async def test_a_large_pull_request_stops_in_the_middle_of_its_notes(bounded):
    """The rules' report comes at once; what was answered is kept, and not paid for again."""
    async with bounded(PRHUB_BUDGET_PULL="60000", **ONE_BY_ONE) as (play, server):
        pull = add_merge(play.state, LARGE)
        await play.merge(pull)
        asked, spent = server.calls, (await standings(play, pull))[Scope.PULL]
        assert (await play.report(pull)).provenance.without_model is WithoutModel.BUDGET
        assert asked > 0
        assert 0 < spent[0] <= 60_000
        assert spent[1] == 0
        assert await kept(play) == asked
    async with bounded(PRHUB_BUDGET_PULL="0", **ONE_BY_ONE) as (play, server):
        await say_something(play, pull)
        assert (await play.report(pull)).provenance.without_model is None
        assert not {title(one) for one in server.asked} - {"NotesClaims", "ReportClaims", "RepairClaims"}
        assert (await standings(play, pull))[Scope.PULL][0] > spent[0]
        usage = (await play.report(pull)).provenance.usage
        assert usage.calls == server.calls + asked


def title(asked):
    """What kind of answer was asked for."""
    return asked.schema.get("title")


async def kept(play):
    """How many answers are kept."""
    async with play.running.services.answers.store.read() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(answers))


async def test_a_digest_is_charged_to_the_repository_it_is_published_in(bounded):
    """To no pull request."""
    async with bounded() as (play, _):
        await play.merge(add_merge(play.state, CHANGE))
        before = await standings(play)
        await ask_for(play, digest_trigger(play.state, this_week()))
        after = await standings(play)
        assert Scope.PULL not in after
        assert all(after[scope][0] > before[scope][0] for scope in after)


async def test_a_digest_without_a_budget_is_posted_and_says_so(bounded):
    """At once, and once."""
    async with bounded(PRHUB_BUDGET_REPOSITORY_DAY="100") as (play, server):
        await play.merge(add_merge(play.state, CHANGE))
        await ask_for(play, digest_trigger(play.state, this_week()))
        repository = the_repository(play.state)
        stored = await play.running.services.digests.get(DigestKey(repository.id, "", this_week()))
        assert stored.digest.provenance.without_model is WithoutModel.BUDGET
        ((_, issue),) = digest_issues(repository, play.state.app.id)
        assert "The budget for the model is spent" in (issue.body or "")
        assert server.calls == 0


async def test_with_prices_the_report_says_what_it_cost(bounded):
    """In the line of its tokens, and stored; without them it says nothing of money."""
    prices = "claude-sonnet-5-5=3000/15000/300/3750,claude-haiku-5-5=1000/5000"
    async with bounded(PRHUB_PRICES=prices, PRHUB_CURRENCY="EUR") as (play, _):
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull)
        made = (await play.report(pull)).provenance
        plain = made.usage.tokens_in - made.usage.cache_read - made.usage.cache_written
        amount = plain * 3 + made.usage.tokens_out * 15
        amount += made.usage.cache_read * 0.3 + made.usage.cache_written * 3.75
        assert (made.cost.amount, made.cost.currency) == (pytest.approx(amount / 1_000), "EUR")
        (body,) = play.comments(pull)
        assert f"{made.cost.amount:,.2f}".rstrip("0").rstrip(".") + " EUR" in body
