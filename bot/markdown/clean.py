"""Foreign strings made harmless to the eye: no controls, no invisible characters, no endless marks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DROPPED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SPACE: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile(r"[^ -~]")
_LINE_ENDS: Final = str.maketrans({0x85: "\u240a", 0x2028: "\u240a", 0x2029: "\u240a"})
_PICTURES: Final = str.maketrans({code: chr(0x2400 + code) for code in range(32)} | {127: "\u2421"})
_MARKS_IN_A_ROW: Final = 8
_STEPS_BACK: Final = 16
_WORD: Final = 16
ELLIPSIS: Final = "…"


def prose(value: str, limit: int) -> str:
    """``value`` as one line of at most ``limit`` characters, cut between words where it can be.

    Linear, and looks at no more than the first ``8 * limit`` characters.
    """
    visible = _visible(_SPACE.sub(" ", value[: 8 * limit]))
    return clip(_SPACE.sub(" ", visible).strip(), limit)


def literal(value: str, limit: int, *, keep_end: bool = False) -> str:
    """``value`` as one line, its spaces kept and its controls shown as pictures (a line feed as U+240A).

    At most ``limit`` characters; ``keep_end`` cuts at the front (of a path, the end says most).
    """
    window = value[-8 * limit :] if keep_end else value[: 8 * limit]
    visible = _visible(window.translate(_PICTURES).translate(_LINE_ENDS))
    shown = "".join(" " if char.isspace() else char for char in visible)
    if keep_end and len(shown) > limit:
        return ELLIPSIS + _without_leading_marks(shown[1 - limit :])
    return clip(shown, limit)


def clip(value: str, limit: int) -> str:
    """``value`` in at most ``limit`` characters, the last one ``…`` if something was cut off.

    Never cuts between a character and the marks that belong to it; prefers the end of a word.
    """
    if len(value) <= limit:
        return value
    end = limit - 1
    floor = max(end - _STEPS_BACK, 0)
    while end > floor and _belongs_to_previous(value[end]):
        end -= 1
    space = value.rfind(" ", max(end - _WORD, 0), end + 1)
    return value[: space if space > 0 else end].rstrip() + ELLIPSIS


def path_end(path: str, limit: int) -> str:
    """The last folders of ``path`` that fit into ``limit`` characters, but at least its last name."""
    if len(path) <= limit:
        return path
    slash = path.find("/", len(path) - limit + 1)
    slash = path.rfind("/") if slash < 0 else slash
    return f"{ELLIPSIS}{path[slash:]}" if slash > 0 else path


def _without_leading_marks(value: str) -> str:
    """``value`` from its first character that stands by itself."""
    start = 0
    while start < min(len(value), _STEPS_BACK) and _belongs_to_previous(value[start]):
        start += 1
    return value[start:]


def _belongs_to_previous(char: str) -> bool:
    """Whether ``char`` only changes how the character before it looks."""
    return unicodedata.category(char).startswith("M") or "\U0001f3fb" <= char <= "\U0001f3ff"


def _visible(value: str) -> str:
    """``value`` in NFC, without what cannot be seen and with at most eight marks in a row."""
    if value.isascii():
        return _CONTROL.sub("", value)
    kept: list[str] = []
    marks = 0
    for char in value:
        category = unicodedata.category(char)
        if category in _DROPPED_CATEGORIES or char in _INVISIBLE or _is_selector(char):
            continue
        marks = marks + 1 if category.startswith("M") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def _is_selector(char: str) -> bool:
    """Variation selectors that can smuggle data; the two of text and emoji style stay."""
    return "\ufe00" <= char <= "\ufe0d" or "\U000e0100" <= char <= "\U000e01ef"
