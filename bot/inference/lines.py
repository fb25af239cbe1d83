"""The lines a change added and removed, with their numbers at the merge commit, and what part is code."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.sentences import clip
from bot.model import Evidence, FileChange, MergedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TELLING = 12
LINE_LIMIT = 2_000  # minified files have lines of a megabyte, and nothing to say
_HASH_COMMENTS = frozenset(
    {"py", "sh", "bash", "yml", "yaml", "toml", "rb", "r", "pl", "cfg", "ini", "conf", "tf"}
)
_COMMENT_STARTS = ("#", "//", "/*", "* ", "*/", "<!--", "--", "%", ";", '"""', "'''")


class Line(NamedTuple):
    """A line of the merged side; ``number`` is 1-based."""

    path: str
    number: int
    text: str


def added_lines(file: FileChange) -> Iterator[Line]:
    """The lines that ``file`` gained."""
    for hunk in file.hunks:
        number = hunk.new_start
        for raw in hunk.lines:
            if raw[:1] == "+":
                yield Line(file.path, number, raw[1 : LINE_LIMIT + 1])
            number += raw[:1] != "-"


def new_side(file: FileChange) -> Iterator[tuple[Line, bool]]:
    """The lines of the hunks as merged, each with whether this change added it."""
    for hunk in file.hunks:
        number = hunk.new_start
        for raw in hunk.lines:
            mark = raw[:1]
            if mark in {"+", " ", ""}:
                yield Line(file.path, number, raw[1 : LINE_LIMIT + 1]), mark == "+"
                number += 1


def removed_lines(file: FileChange) -> Iterator[str]:
    """The lines that ``file`` lost."""
    return (raw[1 : LINE_LIMIT + 1] for hunk in file.hunks for raw in hunk.lines if raw[:1] == "-")


def first_line(file: FileChange) -> int | None:
    """The first line, as merged, that the change added; else where the first hunk begins."""
    for line in added_lines(file):
        return line.number
    return file.hunks[0].new_start or None if file.hunks else None


def suffix(path: str) -> str:
    """The last part of a file's name in lower case: ``py`` of ``a/b.test.py``, else nothing."""
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def is_telling(text: str) -> bool:
    """Whether a line is long enough to be recognised elsewhere; braces and ``return`` are everywhere."""
    return len(text.strip()) >= _TELLING


def is_comment(text: str) -> bool:
    """Whether the whole line is a comment in any of the usual languages."""
    stripped = text.lstrip()
    return not stripped or stripped.startswith(_COMMENT_STARTS) or stripped == "*"


def is_code(line: Line, position: int) -> bool:
    """Whether ``position`` of the line is neither in a comment nor in a string that opens on it."""
    if is_comment(line.text):
        return False
    comment = "#" if suffix(line.path) in _HASH_COMMENTS or "." not in line.path else "//"
    quote = ""
    index = 0
    while index < position:
        character = line.text[index]
        if quote:
            index += character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'`":
            quote = character
        elif line.text.startswith(comment, index):
            return False
        index += 1
    return not quote


def evidence_of(lines: Iterable[Line], limit: int = 5) -> tuple[Evidence, ...]:
    """Evidence for the first ``limit`` lines, each quoted."""
    return tuple(
        Evidence(path=line.path, line=line.number, quote=clip(line.text.strip()))
        for line in islice(lines, limit)
    )


class MergedText:
    """The text of a file at the merge commit, in which lines can be looked up."""

    def __init__(self, merged: MergedFile) -> None:
        self.text = merged.text
        self.clipped = merged.clipped

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for number, text in enumerate(self.lines, 1):
            places.setdefault(text[:LINE_LIMIT].strip(), []).append(number)
        return places

    def find(self, line: Line) -> Line | None:
        """``line`` with its number in this text; ``None`` if the text does not have it.

        Other changes may have moved it since the diff was taken. Of several equal lines the nearest counts.
        """
        wanted = line.text.strip()
        if line.number <= len(self.lines) and self.lines[line.number - 1][:LINE_LIMIT].strip() == wanted:
            return line
        if self.clipped and line.number >= len(self.lines):
            return line
        places = self._places.get(wanted, [])
        nearest = bisect_left(places, line.number)
        near = places[max(0, nearest - 1) : nearest + 1]
        number = min(near, key=lambda place: abs(place - line.number), default=None)
        return None if number is None else line._replace(number=number)
