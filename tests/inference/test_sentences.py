"""Inline Markdown becomes plain words, and wrapped lines become whole sentences."""

from __future__ import annotations

import pytest

from bot.inference.sentences import clip, clip_words, paragraph_chunks, plain, sentences


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        pytest.param("calls `__init__` first", "calls __init__ first", id="code keeps its underscores"),
        pytest.param("calls __init__ first", "calls __init__ first", id="a bare dunder is no emphasis"),
        pytest.param("fix _save_checkpoint here", "fix _save_checkpoint here", id="a private name stays"),
        pytest.param("`**kwargs` and *args", "**kwargs and *args", id="stars of code and of arguments stay"),
        pytest.param("**Key idea**: less", "Key idea: less", id="strong marks go"),
        pytest.param("an *important* word", "an important word", id="emphasis goes"),
        pytest.param("_two words_ here", "two words here", id="underlined words lose their marks"),
        pytest.param("see [the plan](https://x.test/a_b)", "see the plan", id="a link leaves its text"),
        pytest.param("`handlers[name](arg)` runs", "handlers[name](arg) runs", id="code is no link"),
        pytest.param("![shot](https://x.test/a.png) done", "done", id="an image leaves nothing"),
        pytest.param("<https://x.test/a>", "https://x.test/a", id="an autolink leaves its address"),
        pytest.param("a &lt; b &amp;&amp; c", "a < b && c", id="entities become characters"),
        pytest.param("&#8238;x", "&#8238;x", id="numeric entities cannot bring back hidden characters"),
        pytest.param("a `b", "a `b", id="a lone backtick stays"),
        pytest.param("", "", id="nothing stays nothing"),
    ],
)
def test_plain(markdown: str, words: str) -> None:
    """Marks go, words stay."""
    assert plain(markdown) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two! Three?", ["One.", "Two!", "Three?"], id="each mark ends a sentence"),
        pytest.param(
            "Needs v0.8.0 now. Then go.", ["Needs v0.8.0 now.", "Then go."], id="versions stay whole"
        ),
        pytest.param("Use e.g. NPUs here.", ["Use e.g. NPUs here."], id="an abbreviation ends nothing"),
        pytest.param(
            "Closes #5. It fails.", ["Closes #5.", "It fails."], id="a number of one digit is no initial"
        ),
        pytest.param("1. It fails", ["1. It fails"], id="the number of an item ends nothing"),
        pytest.param("Call `a. B` once.", ["Call a. B once."], id="code is not split"),
        pytest.param("修复崩溃。新增测试。", ["修复崩溃。", "新增测试。"], id="Chinese needs no blank"),
        pytest.param("it fails. then it works", ["it fails. then it works"], id="a small letter goes on"),
        pytest.param("no end", ["no end"], id="a sentence may lack its mark"),
        pytest.param(
            "It is slow. https://x.test says so.", ["It is slow.", "https://x.test says so."], id="an address"
        ),
    ],
)
def test_sentences(text: str, expected: object) -> None:
    """A paragraph falls apart where its sentences end."""
    assert list(sentences(text)) == expected


def test_hard_wrapped_lines_are_joined() -> None:
    """Lines wrapped at 72 columns are one paragraph again."""
    lines = [
        "The reader keeps the last snapshot when a save fails, because the loss",
        "of a whole night of work was reported by three teams in one month, and",
        "nobody could restore it.",
    ]
    assert paragraph_chunks(lines) == [" ".join(lines)]


def test_a_line_broken_early_on_purpose_stays_by_itself() -> None:
    """A heading without marks is not glued to the sentence below it."""
    lines = [
        "Async iteration",
        "Because the receiver returns an async generator, the loop over it raised a",
        "TypeError.",
    ]
    assert paragraph_chunks(lines)[0] == "Async iteration"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            [
                "The feed is back since the operators restarted it on Monday. With this the southern",
                "cluster is up again, so the tables need no second source any more and it can be taken out",
                "of the list.",
            ],
            id="a line that ends within a sentence, before the width is used up",
        ),
        pytest.param(
            ["A reader that was opened twice kept the first handle of the snapshot, which", "Windows locks."],
            id="a capital after a word that cannot end a sentence",
        ),
        pytest.param(
            [
                "Because every table was asked for on each request, one station made the feed slow, and",
                "Windows timed out; the limit is now one request for each station and hour, whoever asks.",
            ],
            id="lines wrapped near 100 columns",
        ),
    ],
)
def test_a_sentence_is_joined_over_lines(lines: list[str]) -> None:
    """Whatever the width at which its author wrapped it."""
    assert paragraph_chunks(lines) == [" ".join(lines)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ["fixes the reader when it is opened twice", "adds a test of it"], id="notes in small letters"
        ),
        pytest.param(["Async iteration over weights", "the loop is gone"], id="a short line is a heading"),
        pytest.param(
            ["It lists what the reader accepts now:", "plain files and folders"], id="a line that announces"
        ),
        pytest.param(
            ["修复了读取快照时崩溃的问题，并补充了相应的测试用例与说明文字", "vllm 升级"], id="Chinese notes"
        ),
    ],
)
def test_notes_without_marks_stay_apart(lines: list[str]) -> None:
    """Lines that each say something of their own are not glued together."""
    assert paragraph_chunks(lines) == lines


def test_chinese_lines_are_joined_without_a_blank() -> None:
    """Two halves of a Chinese sentence meet without a space."""
    line = "这是一个很长的句子" * 8
    assert paragraph_chunks([line, line]) == [line + line]


def test_unwrapped_lines_stay_apart() -> None:
    """In a text that nobody wrapped, each line is its own."""
    assert len(paragraph_chunks(["word " * 30, "short line", "another"])) == 3


def test_clip_cuts_at_a_word() -> None:
    """A cut shows, and does not split a word."""
    assert clip("alpha beta gamma", 12) == "alpha beta…"
    assert clip("alpha", 12) == "alpha"


def test_clip_words_counts_wide_characters_as_halves() -> None:
    """Thirty words are sixty Chinese characters."""
    assert clip_words("one two three", 2) == "one two…"
    assert clip_words("字" * 100, 30) == "字" * 60 + "…"
