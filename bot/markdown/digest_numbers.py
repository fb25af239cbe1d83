"""The figures of a period: a table of its numbers beside earlier ones, and what they say in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.digest_pieces import rounded, signed
from bot.markdown.escape import Safe, code
from bot.markdown.formats import change, number
from bot.markdown.pieces import LINKED_PATH_LIMIT
from bot.model import Attention

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.markdown.digest_pieces import DigestPieces
    from bot.model import PeriodFacts, PeriodNumbers, Tally

_DAY: Final = 24
_LONG: Final = 48  # hours from which they are told as days
_NAMED: Final = 4
_HALF: Final = 0.05  # of what is shown of a mean
_CLOSE: Final = 6
_NONE: Final = Safe("–")


@dataclass(frozen=True)
class Row:
    """One row of the table: its label and a cell for each shown column."""

    label: Safe
    cells: tuple[Safe, ...]


@dataclass(frozen=True)
class Figures:
    """The table of a period's numbers: the heads of its columns, and its rows."""

    heads: tuple[Safe, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Column:
    """A number of a period, and how it and its change are written."""

    name: str
    value: Callable[[PeriodNumbers], float | None]
    shown: Callable[[float, DigestPieces], Safe]


def figures(facts: PeriodFacts, pieces: DigestPieces) -> Figures:
    """The numbers that there are, with their change against the period before and the mean of four."""
    kind = facts.period.kind.value
    columns = [column for column in _COLUMNS if _tells(column, facts)]
    rows = [(f"digest.this.{kind}", [_cell(column, facts.numbers, pieces) for column in columns])]
    if facts.before is not None:
        before = facts.before
        rows += [("digest.change", [_change(column, facts.numbers, before, pieces) for column in columns])]
    if facts.mean is not None:
        rows += [(f"digest.mean.{kind}", [_cell(column, facts.mean, pieces) for column in columns])]
    return Figures(
        tuple(pieces.catalogue.say(f"digest.number.{column.name}") for column in columns),
        tuple(Row(pieces.catalogue.say(key), tuple(cells)) for key, cells in rows),
    )


def in_words(facts: PeriodFacts, pieces: DigestPieces) -> list[Safe]:
    """What the numbers say, as sentences: for a digest that no model has summed up."""
    say = pieces.catalogue.say
    found = [
        _merged(facts, pieces),
        _compared(facts, pieces),
        _most("digest.summary.tags", facts.tags, _tag, pieces),
        _most("digest.summary.modules", facts.modules, _module, pieces),
    ]
    close = [pull for pull in facts.pulls if pull.gist and pull.gist.attention is Attention.CLOSE]
    close.sort(key=lambda pull: -(pull.gist.importance if pull.gist else 0))
    pulls = pieces.references_of([pull.ref for pull in close], _CLOSE)
    return [*filter(None, found), *([say("digest.summary.close", pulls=pulls)] if close else [])]


def delta(tally: Tally) -> Safe:
    """How a count differs from that of the period before."""
    if tally.before is None:
        return _NONE
    difference = tally.count - tally.before
    return signed(difference, number(abs(difference)))


def mean(tally: Tally) -> Safe:
    """The mean count of the last four periods."""
    return _NONE if tally.mean is None else rounded(tally.mean)


def _merged(facts: PeriodFacts, pieces: DigestPieces) -> Safe:
    """How many were merged, and by how many people."""
    pulls, authors, first = facts.numbers.pulls, facts.numbers.authors, facts.numbers.first_time
    key = "digest.summary.merged_new" if first else "digest.summary.merged"
    return pieces.catalogue.say(
        key, pulls=round(pulls), authors=round(authors), count=round(first) if first else 0
    )


def _compared(facts: PeriodFacts, pieces: DigestPieces) -> Safe:
    """Whether that is more or fewer than in the period before."""
    say = pieces.catalogue.say
    if facts.before is None:
        return Safe()
    was, now = round(facts.before.pulls), round(facts.numbers.pulls)
    before = say(f"digest.before.{facts.period.kind.value}")
    if was == now:
        return say("digest.summary.same", text_before=before)
    key = "digest.summary.more" if now > was else "digest.summary.fewer"
    return say(key, count=abs(now - was), text_before=before, was=was)


def _most(
    key: str, tallies: Sequence[Tally], counted: Callable[[Tally, DigestPieces], Safe], pieces: DigestPieces
) -> Safe:
    """What most pull requests were about, with how many of them."""
    if not tallies:
        return Safe()
    names = pieces.listed(counted(tally, pieces) for tally in tallies[:_NAMED])
    return pieces.catalogue.say(key, names=names, first=tallies[0].count)


def _tag(tally: Tally, pieces: DigestPieces) -> Safe:
    """How many pull requests have a tag, in words: ``7 bug fixes``."""
    known = pieces.catalogue.say(f"digest.tagged.{tally.name}", count=tally.count)
    return known or _counted(code(tally.name, LINKED_PATH_LIMIT), tally, pieces)


def _module(tally: Tally, pieces: DigestPieces) -> Safe:
    """A module, and how many pull requests changed it."""
    return _counted(code(tally.name, LINKED_PATH_LIMIT, keep_end=True), tally, pieces)


def _counted(name: Safe, tally: Tally, pieces: DigestPieces) -> Safe:
    return pieces.catalogue.say("digest.counted", name=name, count=tally.count)


def _tells(column: _Column, facts: PeriodFacts) -> bool:
    """Whether a column has a number, and not only zeros."""
    found = [column.value(one) for one in (facts.numbers, facts.before, facts.mean) if one is not None]
    return column.value(facts.numbers) is not None and any(found)


def _cell(column: _Column, numbers: PeriodNumbers, pieces: DigestPieces) -> Safe:
    """A number of a period."""
    if column.name == "lines":
        return change(round(numbers.additions), round(numbers.deletions))
    value = column.value(numbers)
    return _NONE if value is None else column.shown(value, pieces)


def _change(column: _Column, now: PeriodNumbers, before: PeriodNumbers, pieces: DigestPieces) -> Safe:
    """How a number differs from that of the period before, rounded as both are shown."""
    value, was = column.value(now), column.value(before)
    if value is None or was is None:
        return _NONE
    if column.name == "untested":
        difference: float = round(value * 100) - round(was * 100)
        return signed(difference, number(abs(difference)))
    difference = round(value, 1) - round(was, 1)
    shown = column.shown(abs(difference), pieces)
    return signed(0 if abs(difference) < _HALF else difference, shown)


def _plain(value: float, _: DigestPieces) -> Safe:
    return rounded(value)


def _time(value: float, pieces: DigestPieces) -> Safe:
    """Hours, or days from two of them on."""
    key, shown = ("hours", value) if value < _LONG else ("days", value / _DAY)
    return pieces.catalogue.say(f"digest.unit.{key}", value=rounded(shown))


def _share(value: float, pieces: DigestPieces) -> Safe:
    """A share in percent."""
    return pieces.catalogue.say("digest.unit.share", value=round(value * 100))


_COLUMNS: Final = (
    _Column("pulls", lambda one: one.pulls, _plain),
    _Column("lines", lambda one: one.additions + one.deletions, _plain),
    _Column("authors", lambda one: one.authors, _plain),
    _Column("hours", lambda one: one.hours, _time),
    _Column("importance", lambda one: one.importance, _plain),
    _Column("insight", lambda one: one.insight, _plain),
    _Column("untested", lambda one: one.untested, _share),
)
