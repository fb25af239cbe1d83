"""Tokens that are wrapped over lines: the line ends are taken out, and what is found is put back."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from bot.redaction.tokens import TOKEN_KINDS, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# How a token goes on in the next line: quotes with a sign between them, a continuation sign, an indent.
_LINE_END = re.compile(r"""(?:["'`][ \t]{0,4}[\\+.]?|[ \t]{0,4}\\|[ \t]{1,4})?\r?\Z""")
_LINE_END_SIGNS = frozenset("\"'`\\+. \t\r")
_LONGEST_LINE_END = 7
_BEFORE_JWT = frozenset("._")
_LINE_START = r"""[ \t]{0,80}(?:[+.][ \t]{0,2}(?=["'`]))?["'`]?"""
_START_IN_DIFF = re.compile(r"\n[+\- ]?" + _LINE_START)
_START_IN_TEXT = re.compile(r"\n" + _LINE_START)
# Names one a line, such as "…orghr" and "orgqr", look like a token in lower case.
_WORD_LIST = re.compile(r"[a-z_.-]*+")
# A token of 520 characters wrapped at 8.
_MOST_LINES = 65
_NO_DIFF = re.compile(r"(?:\A|\n)[^+\- \n\r\\@]")


class _Joined(NamedTuple):
    """A text without its line ends; ``joins`` says where in ``text`` they were, ``removed`` how much was."""

    text: str
    joins: list[int]
    removed: list[int]

    def original(self, position: int) -> int:
        """Where the character at ``position`` of the joined text is in the original."""
        return position + self.removed[bisect_right(self.joins, position)]


def wrapped_tokens(text: str) -> Iterator[Span]:
    """Yield the tokens of ``text`` that go over at least one line end.

    Text is read as a diff, in which the first character of a line is no part of the token, and
    unless it can only be a diff, as plain text too.
    """
    if "\n" not in text:
        return
    yield from _crossing(_join(text, _START_IN_DIFF))
    if _NO_DIFF.search(text):
        yield from _crossing(_join(text, _START_IN_TEXT))


def _join(text: str, line_start: re.Pattern[str]) -> _Joined:
    pieces: list[str] = []
    joins: list[int] = []
    removed = [0]
    position = length = 0
    for match in line_start.finditer(text):
        start = _line_end(text, match.start(), position)
        # A JWT at the start of a line is the end of a longer word only after a part of a token.
        if text.startswith("eyJ", match.end()) and text[start - 1 : start] not in _BEFORE_JWT:
            continue
        pieces.append(text[position:start])
        length += start - position
        position = match.end()
        joins.append(length)
        removed.append(position - length)
    return _Joined("".join([*pieces, text[position:]]), joins, removed)


def _line_end(text: str, position: int, floor: int) -> int:
    """Where the signs before the line end at ``position`` begin that are no part of a token."""
    if text[position - 1 : position] not in _LINE_END_SIGNS:
        return position
    match = _LINE_END.search(text, max(floor, position - _LONGEST_LINE_END), position)
    return match.start() if match else position


def _crossing(joined: _Joined) -> Iterator[Span]:
    for kind in TOKEN_KINDS:
        if not any(hint in joined.text for hint in kind.hints):
            continue
        for match in kind.loose.finditer(joined.text):
            begin = match.start()
            starts = _is_join(joined, begin) or kind.pattern.match(joined.text, begin)
            if not starts or _WORD_LIST.fullmatch(match[0]):
                continue
            start, whole = match.span(kind.group)
            end = _true_end(joined, match, whole)
            if _joins_inside(joined, begin, match.end() if end == whole else end):
                yield Span(joined.original(start), joined.original(end - 1) + 1, kind.name)


def _is_join(joined: _Joined, position: int) -> bool:
    index = bisect_left(joined.joins, position)
    return index < len(joined.joins) and joined.joins[index] == position


def _joins_inside(joined: _Joined, start: int, end: int) -> list[int]:
    return joined.joins[bisect_right(joined.joins, start) : bisect_left(joined.joins, end)]


def _true_end(joined: _Joined, match: re.Match[str], end: int) -> int:
    """Where the token ends: once it is complete, lines that are one word each do not belong to it."""
    inside = _joins_inside(joined, match.start(), end)[:_MOST_LINES]
    complete: int | None = None
    for index, stop in enumerate(inside, start=1):
        if complete is None and match.re.fullmatch(joined.text, match.start(), stop):
            complete = stop
        line_end = inside[index] if index < len(inside) else end
        if complete is not None and _goes_on(joined, stop, line_end):
            complete = line_end
    return end if complete is None else complete


def _goes_on(joined: _Joined, start: int, end: int) -> bool:
    line = joined.text[start:end]
    return _ends_line(joined, end) and not _is_word(line)


def _ends_line(joined: _Joined, position: int) -> bool:
    at_end = position == len(joined.text) or _is_join(joined, position)
    return at_end or not joined.text[position].isspace()


def _is_word(line: str) -> bool:
    letters = "".join(filter(str.isalnum, line))
    return letters.isalpha() and (letters.islower() or letters.isupper() or letters.istitle())
