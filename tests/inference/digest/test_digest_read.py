"""A period is read in two calls, and nothing that the model cannot bear out comes through."""

from __future__ import annotations

import json

import pytest

from bot.errors import ModelAway, ModelRefused, ModelTooLong
from bot.inference.digest import build_digest, read_digest
from bot.inference.prompts import estimate
from bot.llm import Answer
from bot.model import HighlightRule, RegisterView, Told, Usage, WithoutModel
from sandbox.messages import Asked, hostile, plausible
from tests.fakes.periods import NOW, period_facts, pull, ref, register_view
from tests.fakes.prompts import blocks, terms
from tests.fakes.reports import repository

EMPTY: dict[str, list[object]] = {
    "summary": [],
    "themes": [],
    "risk_watch": [],
    "picks": [],
    "follow_ups": [],
    "suspicious": [],
}
HEADLINE = {"text": "#1232 removes the legacy router.", "pulls": ["#1232"]}
PICK = {"pull": "#1232", "rule": "contract-changed", "text": "The legacy router is removed."}


class Scripted:
    """A model that answers in turn, as JSON or by raising; it remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.questions = []

    async def __call__(self, question):
        self.questions.append(question)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return Answer(text=text, model="a-model", usage=Usage(calls=1, tokens_in=10, tokens_out=5))

    @property
    def tasks(self):
        return [question.task for question in self.questions]


class Standing:
    """The stand-in's answers without its server."""

    def __init__(self, responder):
        self.responder = responder
        self.asked = 0

    async def __call__(self, question):
        self.asked += 1
        turn = {"role": "user", "content": [{"text": question.data}, {"text": question.ask}]}
        schema = {"format": {"schema": question.shape.model_json_schema()}}
        body = {"messages": [turn], "output_config": schema}
        return Answer(text=self.responder(Asked(self.asked, {}, body)).text, model="m", usage=Usage())


def read(*answers, facts=None, **changes):
    model = Scripted(*answers)
    return model, read_digest(facts or period_facts(), register_view(), terms(), model, **changes)


def claims(**changes):
    return {**EMPTY, **changes}


async def test_the_headline_sees_the_picks_alone():
    """Two calls, and the second knows of nothing that was not picked."""
    model, reading = read(claims(picks=[PICK]), {"headline": HEADLINE, "suspicious": []})
    found = await reading
    assert model.tasks == ["digest", "headline"]
    assert [head.split()[0] for head in blocks(model.questions[1]) if "#" in head] == ["#1232"]
    assert found.headline == Told(text="#1232 removes the legacy router.")
    assert (found.picks[0].ref, found.picks[0].rule) == (ref(1232), HighlightRule.CONTRACT_CHANGED)


async def test_without_a_pick_there_is_no_second_call():
    """There is nothing to head."""
    model, reading = read(claims())
    assert (await reading).headline is None
    assert model.tasks == ["digest"]


@pytest.mark.parametrize(
    ("pick", "why"),
    [
        pytest.param({**PICK, "rule": "risk-of-mine"}, "is not one of", id="a rule that there is not"),
        pytest.param(
            {**PICK, "rule": "assumption-changed"}, "may not be featured", id="one that does not hold"
        ),
        pytest.param({**PICK, "pull": "#1101"}, "is not in the data", id="outside of the period"),
        pytest.param({**PICK, "pull": "#1231"}, "may not be featured", id="under the threshold"),
        pytest.param({**PICK, "pull": "#1236"}, "may not be featured", id="without a report"),
    ],
)
async def test_a_pick_without_a_valid_rule_is_dropped(pick, why):
    """Whatever the model says for it."""
    _, reading = read(claims(picks=[pick]), facts=None, repairing=False)
    found = await reading
    assert found.picks == ()
    assert why in " ".join(reason for verdict in found.verdicts for reason in verdict.reasons)


async def test_a_pick_whose_sentence_falls_is_kept_without_it():
    """Its rule holds all the same."""
    _, reading = read(
        claims(picks=[{**PICK, "text": "It closes #1."}]),
        {"headline": HEADLINE, "suspicious": []},
        repairing=False,
    )
    assert [pick.told for pick in (await reading).picks] == [None]


async def test_what_fails_is_repaired_once():
    """By its name; what fails again is dropped."""
    summary = [
        {"text": "The legacy router goes to `nobody.py`.", "pulls": ["#1232"]},
        {"text": "The legacy router is slow.", "pulls": ["#1232"]},
    ]
    repairs = {
        "claims": [
            {"id": "summary 1", "text": "The legacy router is removed.", "evidence": []},
            {"id": "summary 2", "text": "The legacy router leaks.", "evidence": []},
        ]
    }
    model, reading = read(claims(summary=summary), repairs)
    found = await reading
    assert model.tasks == ["digest", "repair"]
    assert found.summary == (Told(text="The legacy router is removed."),)
    assert (found.repaired, found.dropped) == (1, 1)


async def test_a_risk_is_watched_where_it_is_open():
    """By a key that the pull request has; those that have it not are left out."""
    watch = {"key": "breaking-change", "text": "The legacy router is removed.", "pulls": ["#1232", "#1230"]}
    none = {"key": "security", "text": "The legacy router is removed.", "pulls": ["#1232"]}
    _, reading = read(claims(risk_watch=[watch, none]), repairing=False)
    found = await reading
    assert [theme.pulls for theme in found.risk_watch] == [(ref(1232),)]
    assert found.dropped == 1


async def test_a_theme_needs_a_heading_that_holds():
    """Else its text has no place."""
    theme = {"title": "The router of #900", "text": "The legacy router is removed.", "pulls": ["#1232"]}
    _, reading = read(claims(themes=[theme]), repairing=False)
    assert (await reading).themes == ()


@pytest.mark.parametrize(
    ("answers", "without"),
    [
        pytest.param((ModelRefused("no"),), WithoutModel.REFUSED, id="refused"),
        pytest.param(("nothing", "nothing"), WithoutModel.UNUSABLE, id="no object, twice"),
        pytest.param(
            (ModelTooLong("cut"),), WithoutModel.UNUSABLE, id="too long, and hardly anything to cut"
        ),
    ],
)
async def test_a_model_that_fails_leaves_the_facts(answers, without):
    """The digest is made of them alone, and says why."""
    _, reading = read(*answers)
    found = await reading
    digest = build_digest(period_facts(), register_view(), now=NOW, version="1", reading=found)
    assert (found.without, digest.provenance.without_model, digest.headline) == (without, without, None)
    assert digest.themes


async def test_a_model_that_is_away_is_waited_for():
    """By whoever asked."""
    _, reading = read(ModelAway(60.0, "later"))
    with pytest.raises(ModelAway):
        await reading


async def test_a_headline_that_fails_is_left_out():
    """The digest is there without it."""
    _, reading = read(claims(picks=[PICK]), ModelRefused("no"))
    found = await reading
    assert (found.headline, found.without, len(found.picks)) == (None, None, 1)


async def test_a_period_without_a_report_is_not_asked_about():
    """There is nothing to read but titles."""
    facts = period_facts(pulls=(pull(1, why="never_seen"),))
    model, reading = read(facts=facts)
    assert (await reading).without is WithoutModel.TRIVIAL
    assert model.questions == []


async def test_a_large_period_is_within_the_call():
    """The heaviest are shown, the others by title as far as there is room, and none twice."""
    pulls = tuple(
        pull(number, title=f"change the part {number} of the engine", importance=number % 10)
        for number in range(1, 1501)
    )
    model = Scripted(claims())
    asked = terms(call_tokens=6_000)
    await read_digest(period_facts(pulls=pulls), RegisterView(), asked, model)
    assert estimate(model.questions[0].data) <= 6_000
    shown = blocks(model.questions[0])
    assert "others" in shown
    assert any(head.startswith("#9 ") for head in shown)


async def test_nothing_of_another_repository_is_sent():
    """The data is that of the period's own pull requests (R78)."""
    model, reading = read(
        claims(), facts=period_facts(repositories=(repository(full_name="octo-org/engine"),))
    )
    await reading
    assert "top_tags" not in model.questions[0].data
    numbers = {head.split()[0] for head in blocks(model.questions[0])} - {"end"}
    assert numbers == {f"#{number}" for number in range(1230, 1239)}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_stand_in_answers_honestly(language):
    """What it says is kept, so that the demo has a digest to show."""
    asked = terms(language=language)
    found = await read_digest(period_facts(), RegisterView(), asked, Standing(plausible))
    assert all((found.headline, found.summary, found.themes, found.picks, found.risk_watch))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("first", range(8))
async def test_nothing_hostile_comes_through(language, first):
    """However the stand-in spoils its answers."""
    model = Standing(hostile)
    model.asked = first
    found = await read_digest(period_facts(), RegisterView(), terms(language=language), model)
    said = found.model_dump_json(exclude={"verdicts"})
    for poison in (
        "evil",
        "@octo",
        "#987654",
        "4711",
        "<script",
        "<!--",
        "javascript",
        "closes #1",
        "invented/",
    ):
        assert poison not in said
