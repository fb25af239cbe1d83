"""Which functions, methods, classes and types a change touches, and how."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bot.facts.languages import PYTHON, Language, language_of
from bot.facts.outline import Outline, outline
from bot.facts.python_outline import python_outline
from bot.facts.signatures import LONGEST_SIGNATURE, same
from bot.facts.touches import Touch, Touches
from bot.model import Symbol, SymbolChange
from bot.redaction import clean_line, redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.model import Hunk

MOST_SYMBOLS = 60
# A larger file is data or generated; what its hunks show is enough then.
LONGEST_TEXT = 1_000_000
_LONGEST_NAME = 200
_FUNCTIONS = frozenset({"function", "method"})


def touched_symbols(path: str, hunks: tuple[Hunk, ...], merged_text: str | None) -> tuple[Symbol, ...]:
    """Give the symbols that ``hunks`` touch, in the order of their first change, at most sixty.

    ``merged_text`` is the whole file as merged: with it the ends of definitions and the names around
    them are known (Python's by its own parser), without it what the hunks show counts. A changed
    line belongs to the innermost definition around it. What is removed in one place and added in
    another is modified. Names and signatures hold no secrets and no unseen characters.
    """
    language = language_of(path)
    if language is None:
        return ()
    text = merged_text if merged_text is not None and len(merged_text) <= LONGEST_TEXT else None
    lines = dict(enumerate(text.split("\n"), start=1)) if text is not None else {}
    merged = _outline(text, lines, language) if text is not None else None
    touches = Touches(language, merged, lines)
    for hunk in hunks:
        touches.read(hunk)
    elsewhere = _unchanged_names(merged, hunks)
    changes = {name: _change(touch, elsewhere) for name, touch in touches.found.items()}
    symbols = (
        _symbol(touch, changes[name], python=language is PYTHON)
        for name, touch in touches.found.items()
        if not _is_part(touch, changes)
    )
    return tuple(islice(symbols, MOST_SYMBOLS))


def _outline(text: str, lines: Mapping[int, str], language: Language) -> Outline:
    by_parser = python_outline(text) if language is PYTHON else None
    return by_parser or outline(lines.items(), language)


def _unchanged_names(merged: Outline | None, hunks: tuple[Hunk, ...]) -> frozenset[str]:
    """The names that the merged file defines in lines that were there before."""
    added = {line for hunk in hunks for line in _added_lines(hunk)}
    definitions = merged.definitions if merged else []
    return frozenset(definition.name for definition in definitions if definition.line not in added)


def _added_lines(hunk: Hunk) -> Iterator[int]:
    number = hunk.new_start
    for line in hunk.lines:
        if line[:1] == "+":
            yield number
        number += line[:1] != "-"


def _change(touch: Touch, elsewhere: frozenset[str]) -> SymbolChange:
    # A second definition of the same name (an overload, a setter) changes what is there already.
    if touch.added == touch.removed or touch.definition.name in elsewhere:
        return SymbolChange.MODIFIED
    return SymbolChange.ADDED if touch.added else SymbolChange.REMOVED


def _is_part(touch: Touch, changes: Mapping[str, SymbolChange]) -> bool:
    """Whether it is a function inside a function that came or went with it."""
    parent = touch.definition.parent
    if parent is None or parent.kind not in _FUNCTIONS:
        return False
    change = changes.get(parent.name)
    return change is not SymbolChange.MODIFIED and change is changes[touch.definition.name]


def _symbol(touch: Touch, change: SymbolChange, *, python: bool) -> Symbol:
    definition = touch.definition
    shown = touch.after or touch.before
    return Symbol(
        name=redact(clean_line(definition.name, _LONGEST_NAME))[0],
        kind=definition.kind,
        change=change,
        line=definition.line,
        signature=shown.text[:LONGEST_SIGNATURE] if shown else "",
        signature_changed=change is SymbolChange.MODIFIED and _head_changed(touch, python=python),
        public=definition.public,
    )


def _head_changed(touch: Touch, *, python: bool) -> bool:
    if touch.before is None or touch.after is None:
        return touch.head_touched
    if not touch.before.whole:
        return touch.head_touched or touch.added
    return not same(touch.before.text, touch.after.text, python=python)
