"""Private key blocks, found line by line: whole, prefixed as in a diff, or cut off at either end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.redaction.tokens import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
# A line of a key as it stands in a diff, in YAML, in a string constant or in a comment.
_BODY = re.compile(
    r"""[+\- ]?[ \t]{0,64}(?:\#|//|\*)?[ \t]{0,8}\\?["'`]?[A-Za-z0-9+/=]{1,512}+"""
    r"""(?:\\r)?(?:\\n)?\\?["'`]?[ \t+,\\)\r]{0,8}"""
)
_HEADER = re.compile(
    r"""[+\- ]?[ \t]{0,64}["'`]?(?:(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash):.{0,200}"""
    r"""|(?:\\n|["',\\+\s])*+)"""
)
_INLINE = re.compile(r"(?:[A-Za-z0-9+/=]++|\\{1,2}[nr])*+")
# What a key surely has and a sentence that mentions its header has not.
_BASE64 = re.compile(r"(?=[A-Za-z+/]{0,39}\d)[A-Za-z0-9+/]{20}")
_FULL_LINE = re.compile(r"[A-Za-z0-9+/]{40}")
# The largest keys in use (16,384 bits) have some 200 lines and 13,000 characters.
_MOST_LINES = 400
_MOST_CHARACTERS = 20_000


def private_keys(text: str) -> Iterator[Span]:
    """Yield where each private key of ``text`` starts and ends, its BEGIN and END lines included.

    A block without END ends with its last line of base64; one without BEGIN starts with its
    first. A BEGIN or END beside which no key stands is only a mention and not found.
    """
    floor = 0
    for mark in _MARK.finditer(text):
        if mark.start() < floor:
            continue
        opens = mark[1] == "BEGIN"
        start = mark.start() if opens else _start_of_key(text, mark.start(), floor)
        end = _end_of_key(text, mark.end()) if opens else mark.end()
        if start is not None and end is not None:
            yield Span(start, end, "private-key")
            floor = end


def _end_of_key(text: str, position: int) -> int | None:
    """Where the key that begins at ``position`` ends; ``None`` if there is none."""
    line_end = _line_end(text, position)
    end = _end_mark(text, position, line_end)
    if end is not None or _BASE64.search(text, position, min(line_end, position + 80)):
        inline = _BASE64.search(text, position, end or line_end)
        return (end or _inline_end(text, position)) if inline else None
    found = None
    for _ in range(_MOST_LINES):
        start, line_end = line_end + 1, _line_end(text, line_end + 1)
        if start > len(text):
            break
        end = _end_mark(text, start, line_end)
        if end is not None:
            return end if found else None
        if _BODY.fullmatch(text, start, line_end) and (found or _BASE64.search(text, start, line_end)):
            found = line_end
        elif not _HEADER.fullmatch(text, start, line_end):
            break
    return found


def _start_of_key(text: str, mark: int, floor: int) -> int | None:
    """Where the full lines of base64 before the END at ``mark`` start; the nearest may be short."""
    found = None
    line_start = text.rfind("\n", floor, mark) + 1
    for number in range(_MOST_LINES):
        line_end = line_start - 1
        if line_end <= floor:
            break
        line_start = text.rfind("\n", floor, line_end) + 1 or floor
        if not _BODY.fullmatch(text, line_start, line_end):
            break
        if _FULL_LINE.search(text, line_start, line_end):
            found = line_start
        elif number:
            break
    return found


def _line_end(text: str, position: int) -> int:
    limit = min(len(text), position + _MOST_CHARACTERS)
    end = text.find("\n", position, limit)
    return limit if end < 0 else end


def _end_mark(text: str, start: int, end: int) -> int | None:
    if text.find("-----END ", start, end) < 0:
        return None
    match = _MARK.search(text, text.find("-----END ", start, end), end)
    return match.end() if match else None


def _inline_end(text: str, position: int) -> int:
    match = _INLINE.match(text, position, position + _MOST_CHARACTERS)
    return match.end() if match else position
