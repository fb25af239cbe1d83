"""Cleaned text has nothing in it that the eye cannot see, and no length that was not asked for."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import clean, clean_line

HIDDEN = [
    *(chr(code) for code in (*range(9), 0x0B, 0x0C, 0x0E, 0x1B, 0x7F, 0x80, 0x9F)),
    *"\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e",
    *"\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206f\ufeff\ufff9\ufffb",
    *"\u034f\u115f\u1160\u17b4\u17b5\u180b\u3164\uffa0",
    *"\U000e0001\U000e0020\U000e0041\U000e007f\U000e0100\U000e01ef\ue000\uf8ff\U000f0000\U0010fffd",
    *"\ud800\udfff",
]


@pytest.mark.parametrize("character", HIDDEN, ids=ascii)
def test_a_hidden_character_goes(character: str) -> None:
    """Trojan source, tags, fillers, private and surrogate characters do not survive between two letters."""
    assert clean(f"a{character}b", 10) == "ab"


KEPT = [
    pytest.param("a\n\tb", "a\n\tb", id="line feeds and tabs stay"),
    pytest.param("a\r\nb\r\n", "a\nb\n", id="Windows line ends become plain ones"),
    pytest.param("a\rb", "ab", id="a lone carriage return goes"),
    pytest.param("e\u0301", "é", id="marks are composed"),
    pytest.param("中文，标点。", "中文，标点。", id="Chinese stays"),
    pytest.param("❤\ufe0f", "❤\ufe0f", id="an emoji keeps its selector"),
    pytest.param("a" + "\ufe0f\ufe01" * 50, "a\ufe0f", id="a row of selectors carries hidden text and goes"),
    pytest.param("👩\u200d💻", "👩💻", id="joined emoji fall apart"),
    pytest.param("\u202eabc\u202c", "abc", id="reversed text stands as it is stored"),
]


@pytest.mark.parametrize(("text", "expected"), KEPT)
def test_the_rest_stays(text: str, expected: str) -> None:
    """Only what is hidden changes."""
    assert clean(text, 1000) == expected


def test_text_is_cut_at_the_limit() -> None:
    """The limit counts characters after cleaning."""
    assert clean("\u200b" * 10 + "abcdef", 3) == "abc"


LINES = [
    pytest.param("  a \n\n b\t c  ", "a b c", id="white space is one blank"),
    pytest.param("a\u2028b\x0bc\x85d", "a b c d", id="every line end is one blank"),
    pytest.param("a \u200b b", "a b", id="what is hidden leaves no second blank"),
    pytest.param("\u3000a\u00a0b", "a b", id="foreign blanks are blanks"),
    pytest.param("\u200b\u200b", "", id="nothing but hidden is nothing"),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_line_is_one_line(text: str, expected: str) -> None:
    """White space is collapsed, line ends too."""
    assert clean_line(text, 100) == expected


def test_a_cut_line_does_not_end_in_a_blank() -> None:
    """The limit may fall on a blank, which then goes."""
    assert clean_line("ab cd", 3) == "ab"


@given(st.text(max_size=200))
def test_any_text_comes_out_clean_and_stays_so(text: str) -> None:
    """Whatever goes in: nothing hidden comes out, NFC, as many lines as before, and again the same."""
    result = clean(text, 10_000)
    assert not {unicodedata.category(character) for character in result if character not in "\n\t"} & {
        "Cc",
        "Cf",
        "Co",
        "Cs",
    }
    assert unicodedata.is_normalized("NFC", result)
    assert result.count("\n") == text.count("\n")
    assert clean(result, 10_000) == result


@pytest.mark.parametrize(
    "mark", ["\u0315\u0300", "\u0f73", "\u0344", "\u200b", "\ufe0f", "\ud800"], ids=ascii
)
def test_piles_of_marks_cost_no_time(mark: str) -> None:
    """Half a million marks on one letter, which Unicode would sort for minutes, take a moment."""
    start = time.process_time()
    clean("a" + mark * 500_000, 1_000_000)
    assert time.process_time() - start < 1.0
