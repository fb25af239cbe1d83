"""Foreign strings lose what cannot be seen, and are cut where a reader would cut them."""

from __future__ import annotations

import time
import unicodedata

import pytest

from bot.markdown.clean import clip, literal, path_end, prose


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("  a \t b\r\nc  ", "a b c", id="white space becomes single spaces"),
        pytest.param("a\x00b\x1b[31mc\x7f", "ab[31mc", id="control characters go"),
        pytest.param("ad\u200bm\u2060in\u200d\ufeff", "admin", id="zero-width characters go"),
        pytest.param("\u202eevil\u202c \u2066x\u2069", "evil x", id="bidirectional controls go (L14)"),
        pytest.param("a\U000e0041\U000e0042b", "ab", id="tag characters go (D2)"),
        pytest.param("a\ud800b\ue000c", "abc", id="surrogates and private characters go"),
        pytest.param("a\ufe01b\U000e0101c", "abc", id="selectors that hide data go"),
        pytest.param("a\u3164b\u2800c\u115fd", "abcd", id="letters that show nothing go"),
        pytest.param("❤\ufe0f 中文", "❤\ufe0f 中文", id="emoji style and other scripts stay"),
        pytest.param("e\u0301", "é", id="composed (NFC)"),
        pytest.param("a" + "\u0300" * 50, "à" + "\u0300" * 7, id="at most eight marks in a row"),
        pytest.param("a\u2028b\u2029c\x85d", "a b c d", id="Unicode's line ends are white space"),
        pytest.param("", "", id="nothing stays nothing"),
    ],
)
def test_prose_is_one_visible_line(value: str, shown: str) -> None:
    """Running text holds only what a reader sees."""
    assert prose(value, 100) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("a\nb", "a␊b", id="a line break in a name is shown (D4)"),
        pytest.param("a\tb\x00c\x7f", "a␉b␀c␡", id="other controls too"),
        pytest.param("a\u2028b\x85c", "a␊b␊c", id="Unicode's line ends too"),
        pytest.param("a  b", "a  b", id="spaces stay as they are"),
        pytest.param("a\u00a0b\u3000c", "a b c", id="odd spaces become plain ones"),
        pytest.param("evil\u202egpj.py", "evilgpj.py", id="direction overrides go"),
    ],
)
def test_literal_shows_what_is_there(value: str, shown: str) -> None:
    """Code is shown letter by letter, controls included."""
    assert literal(value, 100) == shown


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        pytest.param("abc", 3, "abc", id="what fits stays whole"),
        pytest.param("one two three", 9, "one two…", id="between words"),
        pytest.param("abcdefghij" * 4, 10, "abcdefghi…", id="within a word that is too long"),
        pytest.param("修复异步生成器的错误", 5, "修复异步…", id="anywhere in a script without spaces"),
        pytest.param("abcde\u0301fgh", 6, "abcd…", id="never between a letter and its mark"),
        pytest.param("abc👍🏽defg", 5, "abc…", id="never between an emoji and its colour"),
        pytest.param(
            "x" + "\u0301" * 99, 50, "x" + "\u0301" * 32 + "…", id="endless marks do not hold it up"
        ),
    ],
)
def test_clip_keeps_what_belongs_together(value: str, limit: int, shown: str) -> None:
    """A cut never separates what a reader sees as one."""
    assert clip(value, limit) == shown


def test_a_path_is_cut_at_its_front() -> None:
    """Of a path, its end says most."""
    assert literal("x/" * 100 + "name.py", 10, keep_end=True) == "…x/name.py"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("engine/weights.py", "engine/weights.py", id="short enough"),
        pytest.param("engine/core/utils/weights.py", "…/utils/weights.py", id="between folders"),
        pytest.param("engine/a_very_long_file_name.py", "…/a_very_long_file_name.py", id="the name"),
        pytest.param("a_long_name_without_a_folder", "a_long_name_without_a_folder", id="no folder"),
        pytest.param("/" + "x" * 30, "/" + "x" * 30, id="only a leading slash"),
    ],
)
def test_path_end(path: str, shown: str) -> None:
    """The last folders that fit, and always the whole name."""
    assert path_end(path, 20) == shown


def test_a_cut_at_the_front_leaves_no_lone_mark() -> None:
    """The first character shown stands by itself."""
    assert not unicodedata.combining(literal("a" * 9 + "e\u0302\u0323" + "z" * 8, 10, keep_end=True)[1])


@pytest.mark.parametrize(
    "value", ["a" * 10**7, "\u0301" * 10**7, " " * 10**7, "\u200b" * 10**7, "😀" * 10**7]
)
def test_ten_megabytes_cost_nothing(value: str) -> None:
    """Only the part that can be shown is looked at."""
    started = time.perf_counter()
    assert len(prose(value, 300)) <= 300
    assert len(literal(value, 300, keep_end=True)) <= 300
    assert time.perf_counter() - started < 0.2
