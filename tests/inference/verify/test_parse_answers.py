"""Answers are read leniently: what can be mended is mended, the rest is left out item by item."""

import json
import random
import re
import typing

import pytest

from bot.errors import ModelUnusable
from bot.inference.verify import bounds, parse
from bot.model import (
    Attention,
    BriefClaims,
    NotesClaims,
    RepairClaims,
    ReportClaims,
    ReviewClaims,
    RiskKey,
    claims,
)
from tests.fakes.claims import report_claims
from tests.fakes.secret_samples import FORMS, made

ANSWER = report_claims().model_dump_json()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ANSWER, id="the object alone"),
        pytest.param(f"Here it is:\n```json\n{ANSWER}\n```\nAnything else?", id="a fence and prose"),
        pytest.param(f"\ufeff  {ANSWER}", id="a byte order mark"),
        pytest.param(f"The set {{a, b}} is empty.\n{ANSWER}", id="braces in the prose before"),
        pytest.param(f'{{"report": {ANSWER}}}', id="wrapped in one more object"),
        pytest.param(f'{{"thoughts": 1}} {ANSWER}', id="another object before"),
        pytest.param(ANSWER[:-1] + ', "mood": "fine"}', id="an extra key"),
        pytest.param(ANSWER + ANSWER, id="twice"),
    ],
)
def test_the_object_is_found(text):
    """Whatever stands around the object, the claims are the same."""
    assert parse(text, ReportClaims).claims == report_claims()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("I cannot help with that.", id="prose"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="an empty object"),
        pytest.param("null", id="null"),
        pytest.param(ANSWER[:-20], id="cut off"),
        pytest.param('{"risks": 5}', id="a field of the wrong kind"),
        pytest.param('{"summary": {"text": ' * 70 + "1" + "}}" * 70, id="nested too deep"),
        pytest.param('{"a":' * 100_000, id="nested and never closed"),
        pytest.param("[" * 100_000, id="brackets"),
        pytest.param('{"summary": NaN}', id="NaN"),
        pytest.param('{"summary": "' + "x" * 1_000_001 + '"}', id="more than a megabyte"),
        pytest.param('{"summary": "\ud800', id="half a surrogate pair"),
        pytest.param('"{" ' * 50_000, id="quotes and braces"),
    ],
)
def test_what_is_no_answer_is_unusable(text):
    """Without an object of the shape there is one error, and no other (L8)."""
    with pytest.raises(ModelUnusable):
        parse(text, ReportClaims)


def read(**changes):
    """A report's answer with raw values in some fields."""
    return parse(json.dumps(json.loads(ANSWER) | changes), ReportClaims)


def test_a_bad_item_is_left_out_alone():
    """A wrong enum value costs that one item, and is told."""
    good = {"key": "Missing Tests", "severity": "LOW", "state": "open", "text": "x", "evidence": []}
    parsed = read(risks=[good, good | {"key": "bogus"}, 7, good | {"text": None}, good | {"text": "y"}])
    assert [risk.text for risk in parsed.claims.risks] == ["x", "y"]
    assert [loss.claim for loss in parsed.losses] == ["risks 2", "risks 3", "risks 4"]
    assert "missing-tests" in parsed.losses[0].reasons[0]


@pytest.mark.parametrize("spelling", ["missing-tests", "Missing Tests", "MISSING_TESTS", " missing tests "])
def test_choices_are_read_in_any_spelling(spelling):
    """Case, blanks and underscores do not matter."""
    item = {"key": spelling, "severity": "low", "state": "open", "text": "x", "evidence": []}
    assert read(risks=[item]).claims.risks[0].key is RiskKey.MISSING_TESTS


@pytest.mark.parametrize(("given", "level"), [(9, 3), (-4, 0), ("2", 2), (1.9, 1), (10**17, 3)], ids=str)
def test_levels_are_clamped(given, level):
    """A level beyond the rubric is the nearest one."""
    assert read(rubric=[{"item": "reach", "level": given, "reason": ""}]).claims.rubric[0].level == level


@pytest.mark.parametrize("given", [None, True, [], "high", float("1e300")], ids=str)
def test_a_number_that_is_none_costs_the_item(given):
    """A related number has to be one."""
    parsed = read(related=[{"number": given, "text": "x"}, {"number": "#9", "text": "y"}])
    assert [item.number for item in parsed.claims.related] == [9]


def test_lists_are_cut_and_duplicates_go():
    """Ten thousand items leave what there is room for, each once."""
    items = [{"text": f"Step {number % 9}", "evidence": []} for number in range(10_000)]
    parsed = read(steps=items)
    assert len(parsed.claims.steps) == len(set(parsed.claims.steps)) == 8
    assert parsed.losses[-1].reasons == ("there is room for 8 of the 10000",)


def test_the_room_is_what_the_shape_says():
    """The counts and lengths in the descriptions are those that are kept to."""
    for kind in vars(claims).values():
        for field, info in getattr(kind, "model_fields", {}).items():
            if kind.__module__ != claims.__name__:
                continue
            told = re.search(r"[Aa]t most (\d+)", info.description or "")
            key = (kind.__name__, field)
            if told is None:
                continue
            is_list = typing.get_origin(info.annotation) is tuple
            room = bounds.COUNTS[key] if is_list else bounds.LENGTHS.get(key, bounds.LONGEST)
            assert "words" in info.description or room == int(told[1]), key


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("a\u202eb\u200bc", "abc", id="unseen characters (L14)"),
        pytest.param("two\nlines\x00 here", "two lines here", id="controls"),
        pytest.param("lone \ud800 half", "lone half", id="a lone surrogate"),
        pytest.param("**bold** and *soft* and ~~gone~~", "bold and soft and gone", id="emphasis"),
        pytest.param("a * b * c and `**kwargs`", "a * b * c and `**kwargs`", id="asterisks that are none"),
        pytest.param("- [x] done", "done", id="a task"),
        pytest.param("# Title", "Title", id="a heading"),
        pytest.param("It (1) reads; (2) writes.", "It reads; writes.", id="enumerators"),
        pytest.param("It reads (2) files.", "It reads (2) files.", id="a number in brackets"),
        pytest.param("Ｎｏ．１２", "No．12", id="fullwidth letters"),
        pytest.param("```py\nx = 1\n```", "`x = 1`", id="a fence"),
        pytest.param("`" * 10_000, "", id="backticks"),
        pytest.param("see `a` `b", "see `a` b", id="a lone backtick"),
    ],
)
def test_sentences_are_plain_text(given, kept):
    """A sentence is one line without markup of its own."""
    assert read(summary={"text": given, "evidence": []}).claims.summary.text == kept


def test_a_long_sentence_is_cut_at_a_word():
    """What is too long ends in an ellipsis, neither in a word nor in code."""
    text = read(summary={"text": "word " * 200, "evidence": []}).claims.summary.text
    assert text.endswith("word…")
    assert len(text) <= 300
    code = read(summary={"text": "x" * 280 + " `a_very_long_name_that_goes_on`", "evidence": []})
    assert code.claims.summary.text == "x" * 280 + "…"


def test_quotes_keep_their_lines():
    """Evidence is copied letter by letter, line ends too."""
    place = {"where": "a.py", "quote": "if x:\n    **kwargs"}
    assert read(suspicious=[place]).claims.suspicious[0].quote == "if x:\n    **kwargs"


def test_a_bare_sentence_is_a_claim():
    """A sentence instead of an object with one is a claim without evidence."""
    assert read(steps=["Adds retries."]).claims.steps[0].text == "Adds retries."


def test_secrets_are_redacted():
    """A thousand secrets that a model gives away are not handed on (R91)."""
    source = random.Random(4)
    for form in (
        FORMS[name] for name in ("a GitHub personal token", "an AWS access key") for _ in range(500)
    ):
        secret = made(form, source)
        answer = read(summary={"text": f"The key is {secret} now.", "evidence": []}).claims
        assert secret not in answer.model_dump_json()


@pytest.mark.parametrize("shape", [BriefClaims, ReviewClaims, NotesClaims, RepairClaims])
def test_every_shape_can_be_empty_handed(shape):
    """A list that is empty is an answer; a missing one is read as empty."""
    name = next(iter(shape.model_fields))
    nothing = {"text": "x", "evidence": []} if shape is BriefClaims else []
    answer = {name: nothing}
    parsed = parse(json.dumps(answer), shape)
    assert getattr(parsed.claims, list(shape.model_fields)[-1]) == ()


def test_an_attention_that_cannot_be_read_is_normal():
    """A choice of the whole answer has a default, and is told."""
    parsed = read(attention="panic")
    assert parsed.claims.attention is Attention.NORMAL
    assert parsed.losses[0].claim == "attention"
