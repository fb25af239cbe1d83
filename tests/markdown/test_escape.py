"""No foreign string does anything in a comment but stand there (R88 to R90)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown.escape import Safe, code, joined, snippet, text
from tests.fakes.hostile import ROWS, findings, strings
from tests.fakes.rendered import page

FRAGMENTS = st.lists(st.sampled_from([*ROWS.values(), *"`*_[]()<>#@|~!$&\\:/-+= \n1ax"]), max_size=6)
ANYTHING = st.one_of(st.text(max_size=80), FRAGMENTS.map("".join))


@pytest.mark.parametrize("value", ROWS.values(), ids=ROWS.keys())
def test_attack_rows_stay_text(value: str) -> None:
    """Each attack row, as text and as code, adds no element, link, mention or reference."""
    assert findings([value]) == []


def test_mixtures_stay_text() -> None:
    """So do 4,000 mixtures; ``python -m tests.fakes.hostile 1000000 1`` runs a million."""
    assert findings(list(strings(4000, seed=1))) == []


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_any_string_stays_text(value: str) -> None:
    """So does whatever else can be thought of."""
    assert findings([value]) == []


@pytest.mark.parametrize(
    "value",
    [
        "@octo",
        "#1",
        "www.a.example",
        "4f1d2a9",
        ":tada:",
        "[!NOTE]",
        "[x]",
        "$a$",
        "GH-1",
        "https://a.example",
    ],
)
def test_the_check_sees_what_is_not_broken(value: str) -> None:
    """The check bites: these are live on GitHub, however they are escaped for the parser alone."""
    assert page(value.replace("[", "\\[")).live or page(value).links


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("plain words, and more.", "plain words, and more.", id="plain words stay as they are"),
        pytest.param("super().__init__()", r"super().\_\_init\_\_()", id="underscores survive"),
        pytest.param("List<int> & more", "List&lt;int&gt; &amp; more", id="HTML is text"),
        pytest.param("a | b", "a &#124; b", id="a pipe breaks no table"),
        pytest.param("costs $5", "costs <span>$</span>5", id="a dollar sign starts no formula"),
        pytest.param(
            "ask @octo about #12", "ask @\u200bocto about \\#\u200b12", id="no mention, no reference"
        ),
        pytest.param("- [x] done", "\\- \\[\u200bx\\] done", id="no list, no task"),
        pytest.param("12. x", r"12\. x", id="no numbered list"),
        pytest.param("1.2.3", "1.2.3", id="a version number is not one"),
        pytest.param("wow!", r"wow\!", id="no image with a link of ours after it"),
        pytest.param(" \u200b ", "", id="what shows nothing is empty"),
    ],
)
def test_text_is_escaped_no_more_than_needed(value: str, shown: str) -> None:
    """Escaped text can still be read as it stands, in a mail or a terminal."""
    assert text(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("__init__", "`__init__`", id="underscores survive"),
        pytest.param("a`b", "``a`b``", id="a backtick"),
        pytest.param("`a`", "`` `a` ``", id="backticks at the ends"),
        pytest.param("``` `", "`` ``` ` ``", id="the shortest fence that is free"),
        pytest.param(" a ", "`  a  `", id="spaces at the ends"),
        pytest.param("a\nb", "`a␊b`", id="a line break (D4)"),
        pytest.param("a|b", "<code>a&#124;b</code>", id="a pipe, which would break a table"),
        pytest.param("a]:b", "<code>a\\]:\u200bb</code>", id="what would define a link"),
        pytest.param("x <!-- y", "`x <!\u200b-- y`", id="a comment opens nowhere, not even in the raw text"),
        pytest.param(
            "x @octo-bot merge", "`x @\u200bocto-bot merge`", id="no bot is addressed in the raw text"
        ),
        pytest.param("@types/node", "`@types/node`", id="a scoped name stays whole"),
        pytest.param("", "–", id="nothing"),
        pytest.param(" \u202e ", "–", id="nothing that shows"),
    ],
)
def test_code_is_shown_letter_by_letter(value: str, shown: str) -> None:
    """A path or symbol is shown as it is."""
    assert code(value) == shown


@pytest.mark.parametrize(
    "value",
    [
        "__init__",
        "a`b",
        "`a`",
        "``",
        " a",
        "a|b",
        "a\\|b|c",
        "<T>",
        "&lt;",
        "*p",
        "C:\\x\\",
        "a**b",
        "[x](y)",
        "operator||",
    ],
)
@pytest.mark.parametrize("place", ["x {} y", "| a |\n|---|\n| {} |", "- {}", "**b** {}"])
def test_code_survives_the_parser(value: str, place: str) -> None:
    """GitHub's parser gives back the very letters, in a table too."""
    assert page(place.format(code(value))).codes == [value]


def test_ten_thousand_backticks() -> None:
    """A fence is never longer than the parser knows (L4)."""
    shown = code(" ".join("`" * count for count in range(1, 200)))
    assert page(shown).codes
    assert page(code("`" * 10_000)).codes[0].startswith("`" * 100)


def test_lengths_are_bounded() -> None:
    """A limit counts characters shown, and ends in an ellipsis."""
    assert text("word " * 500, 20) == "word word word word…"
    assert code("x" * 500, 20) == f"`{'x' * 19}…`"
    assert code("dir/" * 500 + "name.py", 20, keep_end=True).endswith("name.py`")


def test_a_snippet_has_no_indentation() -> None:
    """A quoted line of code begins with its code."""
    assert snippet("\t    return x\n") == "`return x`"


def test_joined_leaves_out_what_is_empty() -> None:
    """Separators stand only between parts."""
    assert joined([Safe("a"), Safe(), Safe("b")], Safe(", ")) == "a, b"
