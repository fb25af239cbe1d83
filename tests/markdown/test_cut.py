"""A text that is too long is cut between its items, and says so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown.cut import Shortened, fit, shorten, size
from bot.markdown.escape import Safe

LISTED = Safe("**Steps**\n\n" + "".join(f"- item {index} {'x' * 80}\n  - nested\n" for index in range(20)))
TABLE = Safe(
    "**Files**\n\n| a | b |\n|---|--:|\n" + "".join(f"| row {index} | {'x' * 80} |\n" for index in range(20))
)


def note(count: int) -> Safe:
    """The line that says how much is missing."""
    return Safe(f"*{count} left out*")


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("abc", 3), ("中文", 2), ("😀", 2), ("a😀\U0010ffff", 5), ("\ud800", 1)]
)
def test_size_counts_as_github_does(text: str, units: int) -> None:
    """A character beyond the basic plane counts twice (L12)."""
    assert size(text) == units


def test_what_fits_stays_as_it_is() -> None:
    """Nothing is touched without need."""
    assert shorten(LISTED, size(LISTED), note).body is LISTED


def test_a_list_is_cut_between_its_items() -> None:
    """What is kept ends with a whole item, its nested lines included."""
    short = shorten(LISTED, 600, note)
    *kept, last = short.body.split("\n\n")
    assert last == "*17 left out*"
    assert kept[-1].endswith("item 2 " + "x" * 80 + "\n  - nested")
    assert short.left_out == 17


def test_a_table_is_cut_between_its_rows() -> None:
    """No row is broken, and the note stands outside the table."""
    body = shorten(TABLE, 600, note).body
    table, last = body.removeprefix("**Files**\n\n").split("\n\n")
    assert all(line.startswith("|") and line.endswith("|") for line in table.split("\n"))
    assert last == "*17 left out*"


@pytest.mark.parametrize("room", [210, 240, 290])
def test_nothing_is_announced_that_does_not_follow(room: int) -> None:
    """A label or a table's head without a row under it goes too."""
    assert shorten(TABLE, room, note).body == "*20 left out*"


@pytest.mark.parametrize("room", [-5, 0, 199])
def test_without_room_nothing_is_left(room: int) -> None:
    """Not even the note."""
    assert shorten(TABLE, room, note) == Shortened(Safe(), 20)


def test_short_sections_stay_whole_beside_long_ones() -> None:
    """Only what is longer than its fair share pays."""
    short, long = Safe("- one\n"), Safe("- two\n" * 10_000)
    cut = fit([short, long, short], 5_000, note)
    assert [item.left_out > 0 for item in cut] == [False, True, False]
    assert 4_000 < size(cut[1].body) <= 5_000 - 12


def test_long_sections_share_what_there_is() -> None:
    """No section vanishes because another one is huge."""
    cut = fit([Safe("- a\n" * 100_000), Safe("- b\n" * 1_000)], 4_000, note)
    assert all(1_800 < size(item.body) <= 2_000 for item in cut)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(alphabet="a-|*\n 😀中", max_size=400).map(Safe), max_size=6),
    st.integers(min_value=-10, max_value=3000),
)
def test_the_sum_never_exceeds_the_room(bodies: list[Safe], room: int) -> None:
    """Whatever the sections are, together they fit."""
    assert sum(size(item.body) for item in fit(bodies, room, note)) <= max(room, 0)


def test_ten_megabytes_are_cut() -> None:
    """Cutting is linear: this would not end otherwise."""
    assert size(shorten(Safe("- 😀\n" * 2_500_000), 60_000, note).body) <= 60_000
