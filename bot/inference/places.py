"""Where a line of Python stands: in which class and function, in a string, first in its body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.inference.lines import Line, MergedText, new_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import FileChange

_SCOPE = re.compile(r"(?:async\s+)?(def|class)\s+(\w+)")
_HEADER_END = re.compile(r"\)\s{0,3}(?:->[^:()]{1,200})?:\s|class \w+:\s")
_HEADER_LIMIT = 2_000
_TRIPLE = ('"""', "'''")


@dataclass(slots=True)
class Scope:
    """A class or function around a line. ``header`` is its definition with its decorators."""

    name: str
    is_class: bool
    indent: int
    header: str
    open_header: bool = True
    statements: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands. ``only_docs_above``: nothing but documentation precedes it in its function."""

    scopes: tuple[Scope, ...]
    only_docs_above: bool
    in_string: bool

    @property
    def name(self) -> str | None:
        """``Class.function`` around the line, as far as it is known."""
        return ".".join(scope.name for scope in self.scopes) or None

    @property
    def function(self) -> Scope | None:
        """The innermost scope, if it is a function."""
        return self.scopes[-1] if self.scopes and not self.scopes[-1].is_class else None


@dataclass(slots=True)
class _Walk:
    """The state of one walk down a file."""

    strings: bool
    base: tuple[Scope, ...] = ()
    stack: list[Scope] = field(default_factory=list)
    decorators: list[str] = field(default_factory=list)
    delimiter: str = ""

    def step(self, text: str) -> Place:
        """Take one line, and say where it stands."""
        stripped = text.strip()
        if self.delimiter:
            self._close_string(stripped)
            return self._place(in_string=True)
        if not stripped or stripped.startswith("#"):
            return self._place(in_string=False)
        indent = len(text) - len(text.lstrip())
        self._leave(indent, stripped)
        place = self._place(in_string=False)
        self._enter(stripped, indent)
        self._open_string(stripped)
        return place

    def _place(self, *, in_string: bool) -> Place:
        scopes = tuple(self.stack) or self.base
        return Place(
            scopes=scopes,
            only_docs_above=bool(self.stack)
            and not self.stack[-1].statements
            and not self.stack[-1].open_header,
            in_string=in_string,
        )

    def _leave(self, indent: int, stripped: str) -> None:
        while self.stack and self.stack[-1].indent >= indent and stripped[0] not in ")]}":
            self.stack.pop()
        if indent == 0 and stripped[0] not in ")]}":
            self.base = ()

    def _enter(self, stripped: str, indent: int) -> None:
        match = _SCOPE.match(stripped)
        if stripped.startswith("@"):
            self.decorators.append(stripped)
            return
        if self.stack and self.stack[-1].open_header:
            self._read_header(self.stack[-1], stripped)
        elif self.stack and not stripped.startswith((*_TRIPLE, 'r"""', '"', "'")):
            self.stack[-1].statements += 1
        if match:
            header = "\n".join([*self.decorators, ""])
            self.stack.append(Scope(match.group(2), match.group(1) == "class", indent, header))
            self._read_header(self.stack[-1], stripped)
        self.decorators.clear()

    def _read_header(self, scope: Scope, stripped: str) -> None:
        if len(scope.header) < _HEADER_LIMIT:
            scope.header += stripped + "\n"
        code = stripped.split("#", 1)[0].rstrip()
        scope.open_header = not (code.endswith(":") or _HEADER_END.search(code))

    def _open_string(self, stripped: str) -> None:
        if not self.strings:
            return
        for delimiter in _TRIPLE:
            if stripped.count(delimiter) % 2:
                self.delimiter = delimiter
                return

    def _close_string(self, stripped: str) -> None:
        if stripped.count(self.delimiter) % 2:
            self.delimiter = ""


def python_places(file: FileChange, merged: MergedText | None) -> dict[int, Place]:
    """The places of the merged lines by number: of the whole file where it was read, else of its hunks."""
    if merged is not None and not merged.clipped:
        lines = [Line(file.path, number, text) for number, text in enumerate(merged.lines, 1)]
        return _walked(lines, ())
    places: dict[int, Place] = {}
    sides = [line for line, _ in new_side(file)]
    sections = {hunk.new_start: hunk.section for hunk in file.hunks}
    for start, part in _parts(sides, set(sections)):
        places |= _walked(part, _base(sections.get(start, "")))
    return places


def _walked(lines: Sequence[Line], base: tuple[Scope, ...]) -> dict[int, Place]:
    """Walk once; triple quotes are believed only where they pair up."""
    pairs = all(sum(line.text.count(mark) for line in lines) % 2 == 0 for mark in _TRIPLE)
    walk = _Walk(strings=pairs, base=base)
    return {line.number: walk.step(line.text) for line in lines}


def _parts(lines: Iterable[Line], starts: set[int]) -> list[tuple[int, list[Line]]]:
    parts: list[tuple[int, list[Line]]] = []
    for line in lines:
        if line.number in starts or not parts:
            parts.append((line.number, []))
        parts[-1][1].append(line)
    return parts


def _base(section: str) -> tuple[Scope, ...]:
    match = _SCOPE.match(section.strip())
    return (
        (Scope(match.group(2), match.group(1) == "class", -1, section, open_header=False, statements=1),)
        if match
        else ()
    )
