"""Two texts become hunks, as a unified diff has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3
_SECTION_LENGTH = 80
# The matcher is quadratic in the worst case; past this a block is taken as replaced whole.
_MATCH_LIMIT = 6_000
_SECTION_START = re.compile(rb"[A-Za-z_$]")

Change = tuple[int, int, int, int]


@dataclass(frozen=True)
class Hunk:
    """One hunk: 0-based half-open ranges, the section line, and its lines with their first character."""

    old: tuple[int, int]
    new: tuple[int, int]
    section: bytes
    lines: tuple[bytes, ...]

    @property
    def header(self) -> bytes:
        """The line that starts with ``@@``, without a line end."""
        text = f"@@ -{_span(self.old)} +{_span(self.new)} @@".encode()
        return text + b" " + self.section if self.section else text


def _span(part: tuple[int, int]) -> str:
    """A range as git writes it: an empty one is named by the line before it, a single one by its line."""
    start, end = part
    if end == start:
        return f"{start},0"
    return f"{start + 1}" if end - start == 1 else f"{start + 1},{end - start}"


def split_lines(data: bytes) -> list[bytes]:
    """Lines with their line feeds; a carriage return is content, as it is to git."""
    parts = data.split(b"\n")
    last = parts.pop()
    lines = [part + b"\n" for part in parts]
    return [*lines, last] if last else lines


def changes_between(old: list[bytes], new: list[bytes]) -> list[Change]:
    """The changed blocks, in order: old start and end, new start and end."""
    start, limit = 0, min(len(old), len(new))
    while start < limit and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < limit - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_end, new_end = len(old) - tail, len(new) - tail
    if start == old_end and start == new_end:
        return []
    if start in {old_end, new_end} or max(old_end, new_end) - start > _MATCH_LIMIT:
        return [(start, old_end, start, new_end)]
    matcher = SequenceMatcher(None, old[start:old_end], new[start:new_end], autojunk=False)
    return [
        (a + start, b + start, c + start, d + start)
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]


def hunks_between(old: bytes, new: bytes) -> tuple[Hunk, ...]:
    """The hunks with three lines of context that turn one text into the other."""
    old_lines, new_lines = split_lines(old), split_lines(new)
    groups: list[list[Change]] = []
    for change in changes_between(old_lines, new_lines):
        if groups and change[0] - groups[-1][-1][1] <= 2 * CONTEXT:
            groups[-1].append(change)
        else:
            groups.append([change])
    return tuple(_hunk(old_lines, new_lines, group) for group in groups)


def _hunk(old: list[bytes], new: list[bytes], group: list[Change]) -> Hunk:
    """A hunk from neighbouring changes."""
    before = min(CONTEXT, group[0][0])
    after = min(CONTEXT, len(old) - group[-1][1])
    old_range = (group[0][0] - before, group[-1][1] + after)
    new_range = (group[0][2] - before, group[-1][3] + after)
    lines: list[bytes] = []
    position = old_range[0]
    for a, b, c, d in group:
        lines += [b" " + line for line in old[position:a]]
        lines += [b"-" + line for line in old[a:b]]
        lines += [b"+" + line for line in new[c:d]]
        position = b
    lines += [b" " + line for line in old[position : old_range[1]]]
    return Hunk(old_range, new_range, _section(old, old_range[0]), tuple(_ended(line) for line in lines))


def _ended(line: bytes) -> bytes:
    """The line without its line feed, or with git's note that it has none."""
    return line[:-1] if line.endswith(b"\n") else line + b"\n\\ No newline at end of file"


def _section(old: list[bytes], start: int) -> bytes:
    """The nearest line above that begins with a letter, underscore or dollar sign, as git picks it."""
    for line in reversed(old[:start]):
        if _SECTION_START.match(line):
            return line[:_SECTION_LENGTH].rstrip()
    return b""


def moved_line(old: bytes, new: bytes, line: int) -> int | None:
    """Where a line (1-based) of the old text is in the new one; ``None`` if it was changed or removed."""
    shift = 0
    for start, end, _, new_end in changes_between(split_lines(old), split_lines(new)):
        if start >= line:
            break
        if line <= end:
            return None
        shift = new_end - end
    return line + shift
