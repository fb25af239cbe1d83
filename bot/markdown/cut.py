"""A comment that fits: sections shortened between their items, never within one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.markdown.escape import Safe

COMMENT_LIMIT: Final = 60_000
"""UTF-16 units in a comment: GitHub refuses more than 65,536 (R92), and a margin is kept."""

_DELIMITER: Final = re.compile(r"\|(?: ?:?-+:? ?\|)+")
_LABEL: Final = re.compile(r"\*\*[^*]+\*\*:?|#+ .*")
_NOTE_ROOM: Final = 200

Note = Callable[[int], Safe]


@dataclass(frozen=True)
class Shortened:
    """A section's text, and how many of its items had to go."""

    body: Safe
    left_out: int = 0


def size(text: str) -> int:
    """The length of ``text`` in UTF-16 units, the way GitHub's database counts; never below ``len``."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(bodies: Sequence[Safe], room: int, note: Note) -> list[Shortened]:
    """The ``bodies`` in ``room`` units together: short ones stay whole, long ones share what is left.

    ``note`` says in the reader's language how many items of a section were left out; it must stay
    under 200 units.
    """
    cap = _share([size(body) for body in bodies], room)
    return [shorten(body, cap, note) for body in bodies]


def shorten(body: Safe, room: int, note: Note) -> Shortened:
    """``body`` in at most ``room`` units, cut before a paragraph, list item or table row.

    Without room for a single item only the note stays, and without room for that, nothing.
    """
    if size(body) <= room:
        return Shortened(body)
    items = _items(body)
    kept, used = 0, _NOTE_ROOM
    while kept < len(items) and used + size(items[kept]) <= room:
        used += size(items[kept])
        kept += 1
    while kept and _announces(items[kept - 1]):
        kept -= 1
    left_out = sum(1 for item in items[kept:] if not _announces(item))
    if room < _NOTE_ROOM:
        return Shortened(Safe(), left_out)
    text = "".join(items[:kept]).rstrip()
    return Shortened(Safe(f"{text}\n\n{note(left_out)}".lstrip()), left_out)


def _share(sizes: Sequence[int], room: int) -> int:
    """The largest cap under which all sizes, each cut to it, fit into ``room``."""
    left = room
    for index, one in enumerate(sorted(sizes)):
        fair = left // (len(sizes) - index)
        if one > fair:
            return max(fair, 0)
        left -= one
    return max(room, 0)


def _items(body: str) -> list[str]:
    """The pieces of ``body`` between which it may be cut; together they are ``body``.

    Each line that is not indented begins one; a table's head and its delimiter row are one.
    """
    items: list[str] = []
    for line in body.splitlines(keepends=True):
        bare = line.rstrip()
        continues = not bare or line[0] == " " or bool(_DELIMITER.fullmatch(bare))
        if items and continues:
            items[-1] += line
        else:
            items.append(line)
    return items


def _announces(item: str) -> bool:
    """Whether an item only announces what follows: a label, a heading, a table's head."""
    lines = item.rstrip().split("\n")
    return bool(_LABEL.fullmatch(lines[0]) if len(lines) == 1 else _DELIMITER.fullmatch(lines[-1].rstrip()))
