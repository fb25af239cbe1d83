"""Hunk by hunk, the lines that were added and removed are traced to the definitions they belong to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from bot.facts.outline import Definition, Outline, indent_of, method_or, outline, qualified
from bot.facts.signatures import Signature, signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.facts.languages import Language
    from bot.model import Hunk

# How many blank lines may lie between a removed line and what it belonged to.
_NEAR = 5


@dataclass(slots=True)
class Touch:
    """What was seen of one symbol: its definition as merged (as it was, if removed), before and after."""

    definition: Definition
    added: bool = False
    removed: bool = False
    head_touched: bool = False
    before: Signature | None = None
    after: Signature | None = None


class Touches:
    """Collects the touches of one file; ``merged`` is its whole outline, ``None`` if only hunks are known."""

    def __init__(self, language: Language, merged: Outline | None, lines: Mapping[int, str]) -> None:
        self._language = language
        self._merged = merged
        self._lines = lines
        self.found: dict[str, Touch] = {}

    def read(self, hunk: Hunk) -> None:
        """Take up one hunk."""
        rows = [*_rows(hunk)]
        new_lines = {row.new: row.text for row in rows if row.mark != "-"}
        old_lines = {row.old: row.text for row in rows if row.mark != "+"}
        sides = _Sides(
            new=self._merged or outline(new_lines.items(), self._language, hunk.section),
            old=outline(old_lines.items(), self._language, hunk.section),
            new_lines=self._lines or new_lines,
            old_lines=old_lines,
            places={row.old: row.new for row in rows if row.mark != "+"},
            kept=frozenset(row.old for row in rows if row.mark == " "),
            whole=self._merged is not None,
        )
        for row in rows:
            if row.mark == "+" and row.text.strip():
                self._add(row, sides)
            elif row.mark == "-" and row.text.strip():
                self._remove(row, sides)

    def _add(self, row: _Row, sides: _Sides) -> None:
        definition = sides.new.owners.get(row.new)
        if definition is None:
            return
        touch = self._touch(definition, sides)
        touch.added = touch.added or definition.line == row.new
        _note_head(touch, row)

    def _remove(self, row: _Row, sides: _Sides) -> None:
        old = sides.old.owners.get(row.old)
        if old is None or old.line is None:
            if around := sides.around(row.new, row.text):
                _note_head(self._touch(around, sides), row)
            return
        touch = self._touch(sides.as_merged(old), sides)
        touch.before = touch.before or signature(sides.old_lines, old.line)
        touch.removed = touch.removed or old.line not in sides.kept

    def _touch(self, definition: Definition, sides: _Sides) -> Touch:
        touch = self.found.setdefault(definition.name, Touch(definition))
        if touch.definition.line is None:
            touch.definition = definition
        if touch.after is None and definition.line is not None:
            touch.after = signature(sides.new_lines, definition.line)
        return touch


class _Row(NamedTuple):
    """A line of a hunk; ``old`` and ``new`` number it, or the next line on the side where it is not."""

    mark: str
    old: int
    new: int
    text: str


@dataclass(frozen=True, slots=True)
class _Sides:
    """A hunk before and after; ``places`` gives for an old line where it is, or would be, in the new text."""

    new: Outline
    old: Outline
    new_lines: Mapping[int, str]
    old_lines: Mapping[int, str]
    places: Mapping[int, int]
    kept: frozenset[int]
    whole: bool

    def as_merged(self, old: Definition) -> Definition:
        """The definition of the old side as the new side knows it; one that is gone has no line."""
        if old.line is None:
            return old
        kept = self.new.owners.get(self.places[old.line]) if old.line in self.kept else None
        if kept is not None and kept.line == self.places[old.line]:
            return kept
        parent = old.parent
        if parent is not None and parent.line is not None:
            parent = self.as_merged(parent)
        elif self.whole and not old.owned:
            parent = self.around(self.places[old.line], " " * old.indent + ".")
        name = old.name.removeprefix(f"{old.parent.name}.") if old.parent else old.name
        kind = method_or(old.kind, parent)
        return replace(old, name=qualified(name, None, parent), kind=kind, line=None, parent=parent)

    def around(self, place: int, text: str) -> Definition | None:
        """The definition of the new side that a line removed before line ``place`` belonged to."""
        if text.lstrip().startswith("@") and (decorated := self.new.owners.get(place)):
            return decorated
        before = place - 1
        for _ in range(_NEAR):
            if self.new_lines.get(before, ".").strip():
                break
            before -= 1
        for number in (before, place):
            found = _shallower(self.new.owners.get(number), indent_of(text))
            if found and (found.line is None or found.line < place):
                return found
        return None


def _rows(hunk: Hunk) -> Iterator[_Row]:
    old, new = hunk.old_start, hunk.new_start
    for line in hunk.lines:
        mark, text = line[:1], line[1:].rstrip("\r")
        yield _Row(mark, old, new, text)
        old += mark != "+"
        new += mark != "-"


def _note_head(touch: Touch, row: _Row) -> None:
    line = touch.definition.line
    if touch.after and line is not None and line < row.new <= touch.after.last:
        touch.head_touched = True


def _shallower(definition: Definition | None, indent: int) -> Definition | None:
    while definition and definition.indent >= indent:
        definition = definition.parent
    return definition
