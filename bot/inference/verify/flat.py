"""A text as one line of regular white space, in which quotes are found and traced back to their lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.inference.lines import LINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SAME: Final = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\xa0": " ", "…": "..."}
)
_MARKS: Final = str.maketrans("", "", "`*~_")
_DIFF_MARK: Final = re.compile(r"^[+\-](?!-)", re.MULTILINE)
_ELLIPSIS: Final = re.compile(r"^(?:\.{3}|\s)+|(?:\.{3}|\s)+$")
_VISIBLE: Final = re.compile(r"\S")
_ALNUM: Final = re.compile(r"\w")
_FEWEST_VISIBLE: Final = 4
_FEWEST_LETTERS: Final = 2
_MOST_PLACES: Final = 200
_GAP: Final = 4_000  # characters between two lines of a quote that left lines out


class Spot(NamedTuple):
    """Where a quote begins and ends in a flat text, and the 1-based numbers of its first and last line."""

    start: int
    end: int
    first: int
    last: int


def flattened(text: str) -> str:
    """``text`` with one kind of quotation mark and dash and single blanks for all white space."""
    return " ".join(text.translate(_SAME).split())


def telling(quote: str, fewest: int = _FEWEST_VISIBLE) -> bool:
    """Whether ``quote`` has enough visible characters to be recognised."""
    letters = sum(2 if character > "\u2e80" else 1 for character in _ALNUM.findall(quote[:200]))
    visible = sum(2 if character > "\u2e80" else 1 for character in _VISIBLE.findall(quote[:200]))
    return visible >= fewest and letters >= _FEWEST_LETTERS


class FlatText:
    """Lines with their numbers, joined by blanks."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self.lines: list[str] = []
        self.numbers: list[int] = []
        self._starts: list[int] = []
        position = 0
        for number, raw in lines:
            line = raw[:LINE_LIMIT]
            line = " ".join(line.split()) if line.isascii() else flattened(line)
            if line:
                self.lines.append(line)
                self.numbers.append(number)
                self._starts.append(position)
                position += len(line) + 1
        self.text = " ".join(self.lines)

    @classmethod
    def of(cls, text: str) -> FlatText:
        """All lines of ``text``, counted from 1."""
        return cls(enumerate(text.split("\n"), 1))

    def find(self, quote: str, near: int | None = None) -> Spot | None:
        """The place of ``quote`` nearest to line ``near`` (the first one without it), if it is there.

        White space, kinds of quotation marks, the marks of a diff and an ellipsis at either end do not
        count; lines may have been left out between the lines of the quote, words may not be cut.
        """
        for form, is_open in _forms(quote):
            spots = list(self._spots(form, is_open=is_open))
            if spots:
                return min(spots, key=lambda spot: abs(spot.first - near)) if near is not None else spots[0]
        return self._scattered(quote)

    def line_at(self, spot: Spot) -> str:
        """The line in which the quote begins."""
        return self.lines[bisect_right(self._starts, spot.start) - 1]

    def shown(self, spot: Spot) -> str:
        """The words that were found."""
        return self.text[spot.start : spot.end]

    def all(self, quote: str) -> Iterator[Spot]:
        """Every place of ``quote``, the first two hundred."""
        return self._spots(flattened(quote))

    def _spots(self, wanted: str, *, is_open: bool = False) -> Iterator[Spot]:
        if not wanted:
            return
        position = self.text.find(wanted)
        for _ in range(_MOST_PLACES):
            if position < 0:
                return
            end = position + len(wanted)
            if _whole(self.text, position, len(self.text) if is_open else end):
                yield self._spot(position, end)
            position = self.text.find(wanted, position + 1)

    def _spot(self, start: int, end: int) -> Spot:
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        return Spot(start, end, self.numbers[first], self.numbers[last])

    def _scattered(self, quote: str) -> Spot | None:
        """A quote of several lines that left lines out: each must follow the one before, not far off."""
        parts = [flattened(_DIFF_MARK.sub("", line)) for line in quote.split("\n")]
        parts = [part for part in parts if telling(part)]
        if len(parts) < 2:
            return None
        for spot in self._spots(parts[0]):
            position = spot.end
            for part in parts[1:]:
                found = self.text.find(part, position, position + _GAP)
                if found < 0:
                    break
                position = found + len(part)
            else:
                return spot
        return None


class ProseText(FlatText):
    """What people wrote: marks of Markdown in it do not count either."""

    def find(self, quote: str, near: int | None = None) -> Spot | None:
        """As for any text; else without marks and capitals, and then the spot is the whole line."""
        found = super().find(quote, near)
        if found is not None:
            return found
        wanted = _bare(quote)
        if not telling(wanted):
            return None
        for index, line in enumerate(self.lines):
            bare = _bare(line)
            position = bare.find(wanted)
            if position >= 0 and _whole(bare, position, position + len(wanted)):
                start = self._starts[index]
                return self._spot(start, start + len(line))
        return None


def _bare(text: str) -> str:
    return flattened(text.translate(_MARKS)).casefold().strip(" .,;:!?。，；：！？")


def _forms(quote: str) -> Iterator[tuple[str, bool]]:
    """The quote as it is, then with what models add to it taken off; and whether its end is open."""
    whole = flattened(quote)
    yield whole, False
    for form in (whole.strip("`"), flattened(_DIFF_MARK.sub("", quote))):
        if form != whole and telling(form):
            yield form, False
    form = _ELLIPSIS.sub("", whole)
    if form != whole and telling(form):
        yield form, True


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end."""
    cut_before = start > 0 and _is_word(text[start - 1]) and _is_word(text[start])
    cut_after = end < len(text) and _is_word(text[end]) and _is_word(text[end - 1])
    return not (cut_before or cut_after)


def _is_word(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalnum())
