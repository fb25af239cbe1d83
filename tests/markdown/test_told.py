"""A model's sentence is plain text with names as code, and can do nothing else (R88)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown.escape import Safe
from bot.markdown.told import stopless, told
from tests.fakes.hostile import ROWS, strings
from tests.fakes.rendered import page

KNOWN = {12: Safe("[#12](x)"), 13: Safe("`#13`")}
PLACES = """our words {0} ours

- {0}
- **b:** {0} ([p](x))

1. {0}

| a | b |
|---|---|
| {0} | {0} |
"""
MARKS = "`*_[]()<>#@|~!$&\\:/-+= \n1ax"


def wrong_with(value: str) -> list[object]:
    """What GitHub would act on if ``value`` stood wherever a report has a model's sentence."""
    found = page(PLACES.format(told(value, KNOWN) or "–"))
    shape = [tag for tag in found.structure if tag != "code"]
    wrong: list[object] = [*found.live, *found.comments, *(link for link in found.links if link != "x")]
    return wrong + (["shape"] if shape != SHAPE or found.unbalanced else [])


SHAPE = [tag for tag in page(PLACES.format("x")).structure if tag != "code"]


@pytest.mark.parametrize("value", ROWS.values(), ids=ROWS.keys())
def test_attack_rows_stay_text(value: str) -> None:
    """Each attack row adds nothing but code spans."""
    assert wrong_with(value) == []


def test_mixtures_stay_text() -> None:
    """So do 3,000 mixtures."""
    assert [value for value in strings(3000, seed=3) if wrong_with(value)] == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*ROWS.values(), *MARKS, "#12", "#13"]), max_size=8))
def test_any_string_stays_text(parts: list[str]) -> None:
    """So does whatever else can be thought of."""
    assert wrong_with("".join(parts)) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("Makes `a_b` async", "Makes `a_b` async", id="a name in backticks is code"),
        pytest.param("uses a_b", "\u200buses a\\_b", id="without them it is text"),
        pytest.param("`__init__` and `**kwargs`", "`__init__` and `**kwargs`", id="letter by letter"),
        pytest.param("`a` is ` open", "`a` is \\` open", id="a backtick without a partner is text"),
        pytest.param("X `` y", "X \\`\\` y", id="nothing between two is text"),
        pytest.param("`a``b`", "`a`\u200b`b`", id="names that touch stay two"),
        pytest.param("See #12.", "See [#12](x).", id="a known number is a link"),
        pytest.param("`a`#13", "`a`\u200b`#13`", id="or code where there is none, apart from a name"),
        pytest.param("See #14", "See \\#\u200b14", id="an unknown number is text"),
        pytest.param("o/r#12", "\u200bo/r\\#\u200b12", id="another repository's number is text"),
        pytest.param("`#12`", "`#12`", id="a number in a name is a name"),
        pytest.param("见#12的改动", "见[#12](x)的改动", id="Chinese needs no space around it"),
        pytest.param("`a|b`", "<code>a&#124;b</code>", id="a pipe breaks no table"),
        pytest.param("`@octo-bot merge` x", "`@\u200bocto-bot merge` x", id="no bot is addressed"),
        pytest.param("`@types/node` x", "`@types/node` x", id="a scoped name stays whole"),
        pytest.param("/merge", "\u200b/merge", id="no line begins with a command"),
        pytest.param("A\n\nb\tc", "A b c", id="one line"),
        pytest.param(" \u200b ", "", id="what shows nothing is empty"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_a_sentence_becomes(value: str, shown: str) -> None:
    """Text is escaped, names are code, known numbers are references."""
    assert told(value, KNOWN) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("word " * 200, "Word word word word…", id="between words"),
        pytest.param("word word `a_long_name_of_code`", "Word word…", id="never within a name"),
        pytest.param("word `a` ends `…", "Word `a` ends \\`…", id="an open backtick of its own is not cut"),
    ],
)
def test_a_long_sentence_is_cut(value: str, shown: str) -> None:
    """At most so many characters, the end marked."""
    assert told(value.replace("word", "Word", 1), KNOWN, 22) == shown


@pytest.mark.parametrize("value", ["x" * 10_000_000, "`" * 1_000_000, "`a" * 1_000_000, "#12" * 1_000_000])
def test_endless_sentences_are_cheap(value: str) -> None:
    """Only as much is looked at as is shown."""
    assert len(told(value, KNOWN)) < 20_000


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("One.", "One", id="a sentence by itself"),
        pytest.param("一句。", "一句", id="in Chinese"),
        pytest.param("One. Two.", "One. Two.", id="two keep theirs"),
        pytest.param("一句。两句。", "一句。两句。", id="two in Chinese"),
        pytest.param("Is v1.2 in `a.b`.", "Is v1.2 in `a.b`", id="a point within is none"),
    ],
)
def test_full_stops(value: str, shown: str) -> None:
    """In a list a sentence by itself has none."""
    assert stopless(told(value)) == shown
