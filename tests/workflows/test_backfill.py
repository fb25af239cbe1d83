"""A backfill over real HTTP: reports of past merges in batches, for half the price, and nothing is posted."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.llm import request
from bot.model import Prices, WithoutModel
from bot.model.backfills import BackfillOptions, PullState, SpendCaps
from bot.workflows.backfill_session import Session, run_for
from bot.workflows.digest_now import place_named
from sandbox import messages
from sandbox.payloads import issue_comment_payload
from sandbox.talk import add_comment
from sandbox.webhooks import deliver
from tests.fakes.backfilling import ALL, Filler, merged_earlier, times_paid, writes
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import own_comments, prhub_over, settings_for, settled

FAULT = "def load(text):\n    return eval(text)\n"
MENDED = "def load(text):\n    return json.loads(text)\n"
PRICES = {"PRHUB_PRICES": "claude-sonnet-5-5=3/15/0.3/3.75,claude-haiku-5-5=1/5/0.1/1.25"}
POSTED = BackfillOptions(limit=50, comment=True)


@pytest.fixture
async def model():
    async with messages.running() as server:
        yield server


@pytest.fixture
def filler(github, app_key, tmp_path, model):
    return Filler(github, app_key, tmp_path, model, dict(PRICES))


def add_merges(github, count):
    """So many merges, an hour apart, the last one now."""
    pulls = [add_merge(github.state, {f"engine/part_{number}.py": FAULT}) for number in range(count)]
    for number, pull in enumerate(pulls):
        merged_earlier(pull, count - number)
    return pulls


async def test_reports_are_made_in_one_batch_and_nothing_is_posted(filler, github, model):
    """Each report with the model's part; GitHub is only read."""
    add_merges(github, 4)
    done = await filler.run()
    reports = await filler.reports()
    assert done.states == {"done": 4}
    assert [one.provenance.model for one in reports.values()] == ["claude-sonnet-5-5"] * 4
    assert (len(model.batches.made), model.violations) == (1, {})
    assert not [asked for asked in model.asked if asked.body.get("stream")]
    assert writes(github) == []


async def test_a_batch_costs_half(filler, github, model):
    """In the report, in the run, and in the ledger, where batches stand under a name of their own."""
    add_merges(github, 1)
    done = await filler.run()
    (report,) = (await filler.reports()).values()
    prices = Prices(models=settings_for(github, filler.key.private, filler.folder, **PRICES).prices.models)
    whole = prices.amount("claude-sonnet-5-5", report.provenance.usage) or 0.0
    assert report.provenance.cost.amount == pytest.approx(whole / 2, abs=1e-6)
    assert done.spend.spent_money == pytest.approx(whole / 2, abs=1e-6)
    async with filler.services() as services:
        usage = await services.answers.usage(model="claude-sonnet-5-5 (batch)")
    assert usage == report.provenance.usage


async def test_what_has_a_report_is_skipped_and_not_asked_about(filler, github, model):
    """Run again, it reads the list alone; with ``again`` the reports are made anew, and nothing is paid."""
    add_merges(github, 3)
    await filler.run()
    github.log.clear()
    again = await filler.run()
    assert again.states == {"skipped": 3}
    assert github.log.count("POST /graphql") == 0
    anew = await filler.run(BackfillOptions(limit=50, again=True))
    assert anew.states == {"done": 3}
    assert set(times_paid(model).values()) == {1}


async def test_the_newest_are_taken(filler, github):
    """A limit counts from the newest merge; days bound it on both sides."""
    pulls = add_merges(github, 5)
    first = await filler.run(BackfillOptions(limit=2))
    assert {one.number for one in first.pulls} == {pulls[3].number, pulls[4].number}
    since, until = pulls[1].merged_at.timestamp(), pulls[3].merged_at.timestamp()
    second = await filler.run(BackfillOptions(since=since, until=until))
    assert [one.number for one in second.pulls] == [pulls[2].number, pulls[1].number]


async def test_reports_are_posted_if_told_to_once_each(filler, github):
    """One comment each, with labels; run again, nothing is written."""
    pulls = add_merges(github, 3)
    await filler.run(POSTED)
    assert [len(own_comments(github, pull)) for pull in pulls] == [1, 1, 1]
    github.log.clear()
    await filler.run(POSTED)
    assert writes(github) == []


async def test_stored_reports_can_be_posted_later_without_paying_again(filler, github, model):
    """First look, then post."""
    pulls = add_merges(github, 2)
    await filler.run()
    assert [own_comments(github, pull) for pull in pulls] == [[], []]
    calls = model.calls
    await filler.run(POSTED)
    assert [len(own_comments(github, pull)) for pull in pulls] == [1, 1]
    assert model.calls == calls


async def test_the_register_has_risks_in_the_order_of_the_merges(filler, github):
    """Reports come newest first; the older risk has the lower number, and the later merge has closed it."""
    first = add_merge(github.state, {"engine/load.py": FAULT})
    second = add_merge(github.state, {"engine/other.py": FAULT})
    third = add_merge(github.state, {"engine/load.py": MENDED})
    for hours, pull in ((9, first), (6, second), (3, third)):
        merged_earlier(pull, hours)
    await filler.run()
    async with filler.services() as services:
        risks = await services.register.all(the_repository(github.state).id)
    calls = [risk for risk in risks if risk.rule == "dangerous-calls"]
    assert [(risk.pull, risk.state.value, risk.closed_by) for risk in calls] == [
        (first.number, "closed", third.number),
        (second.number, "open", None),
    ]
    assert [risk.number for risk in calls] == sorted(risk.number for risk in calls)


async def test_caps_hold_and_the_rest_is_left_for_the_next_run(filler, github, model):
    """There is room for one question after another, and at last for none; the next run goes on."""
    add_merges(github, 4)
    whole = (await filler.run(BackfillOptions(limit=1))).spend.spent
    caps = SpendCaps(tokens=request.most(model.asked[0].body) + whole + 200)
    done = await filler.run(caps=caps)
    assert done.states == {"skipped": 1, "done": 2, "left": 1}
    assert done.spend.spent <= caps.tokens
    assert {one.number for one in done.pulls if one.state is PullState.LEFT} == {1}
    assert (await filler.run()).states == {"skipped": 3, "done": 1}
    assert set(times_paid(model).values()) == {1}


async def test_money_is_capped_as_well(filler, github):
    """At the price of batches: what could cost more is not sent."""
    add_merges(github, 3)
    done = await filler.run(caps=SpendCaps(money=0.20))
    assert 0 < done.spend.spent_money <= 0.20
    none = await filler.run(BackfillOptions(limit=49), SpendCaps(money=0.0001))
    assert (none.states["left"], none.spend.spent) == (3 - done.states["done"], 0)


async def test_an_operators_budget_holds_and_the_rest_is_left(github, app_key, tmp_path, model):
    """A day's budget of the repository: what it has no room for is left, and not made without the model."""
    add_merges(github, 3)
    free = Filler(github, app_key, tmp_path, model)
    whole = (await free.run(BackfillOptions(limit=1))).spend.spent
    budget = request.most(model.asked[0].body) + whole + 200
    filler = Filler(github, app_key, tmp_path, model, {"PRHUB_BUDGET_REPOSITORY_DAY": str(budget)})
    done = await filler.run()
    assert done.states == {"skipped": 1, "done": 1, "left": 1}
    assert [one.reason for one in done.pulls if one.reason][-1] == "the budget of the repository is spent"
    assert all(one.provenance.model for one in (await filler.reports()).values())


async def test_asked_directly_it_is_the_usual_way_and_the_full_price(filler, github, model):
    """``--now``."""
    add_merges(github, 3)
    done = await filler.run(now=True)
    assert done.states == {"done": 3}
    assert (model.batches.made, len(model.asked)) == ([], 3)
    (first, *_) = (await filler.reports()).values()
    prices = settings_for(github, filler.key.private, filler.folder, **PRICES).prices
    whole = prices.amount("claude-sonnet-5-5", first.provenance.usage)
    assert first.provenance.cost.amount == pytest.approx(whole, abs=1e-6)


async def test_without_a_model_reports_are_made_by_rules(github, app_key, tmp_path):
    """No key, no question."""
    add_merges(github, 2)
    filler = Filler(github, app_key, tmp_path)
    assert (await filler.run()).states == {"done": 2}
    assert {one.provenance.without_model for one in (await filler.reports()).values()} == {WithoutModel.OFF}


async def test_a_remark_on_a_report_that_was_made_quietly_posts_nothing(filler, github):
    """A server runs beside it later: its refresh changes the stored report alone."""
    (pull,) = add_merges(github, 1)
    await filler.run()
    settings = settings_for(
        github,
        filler.key.private,
        filler.folder,
        **{name: value for name, value in filler.settings.items() if name.startswith(("ANTHROPIC", "PRHUB"))},
    )
    async with prhub_over(github, settings) as running:
        comment = add_comment(github.state, pull, "octo-dev", "Thanks, this helps us a lot.")
        payload = issue_comment_payload(github.state, the_repository(github.state), pull.number, comment)
        assert (await deliver(github.state, "issue_comment", payload)).status_code == 202
        await settled(running)
    assert own_comments(github, pull) == []


async def test_two_at_once_are_refused(filler, github):
    """The second one is told who works, and changes nothing."""
    add_merges(github, 1)
    async with filler.services() as services:
        place = await place_named(services, REPOSITORY)
        run, _ = await run_for(place, ALL)
        await Session(run).hold()
    with pytest.raises(UserError, match="Another backfill of octo-org/engine is running"):
        await filler.run()
