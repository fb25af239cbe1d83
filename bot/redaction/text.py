"""Foreign text without what the eye cannot see: one normal form, no controls, a length."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
# Not format characters by category, and yet drawn as nothing: joiners, fillers, vowel signs without shape.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
# All of this plane is ignored when drawn: tags and the variation selectors 17 to 256.
_IGNORED_PLANE = range(0xE0000, 0xE1000)
# One selector after a character chooses its look; a row of them can only carry hidden text.
_SELECTOR_ROW = re.compile("(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]+")
# Unicode's stream-safe format; more marks on one letter make normalisation quadratic.
_MARKS = 30
# Letters by class, and yet they decompose into marks only.
_HIDDEN_MARKS = frozenset("\u0f73\u0f75\u0f81")


def clean(text: str, limit: int) -> str:
    """Return ``text`` in NFC, without unseen characters, at most ``limit`` characters long.

    Windows line ends become plain ones. Control (but for line feed and tab), format
    (bidirectional, zero-width, tags), private-use and surrogate characters go; so do the other
    characters that are drawn as nothing. Emoji that are joined by zero-width joiners fall apart into
    their members. The number of line feeds stays the same unless the limit cuts some off.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii():
        return _without(text, _unseen(text))[:limit]
    text = _without(text, _unseen(text))
    text = _SELECTOR_ROW.sub("", text)
    return _few_marks(unicodedata.normalize("NFC", _few_marks(text)))[:limit]


def clean_line(text: str, limit: int) -> str:
    """Return ``text`` cleaned as one line: every run of white space (also line ends) is one blank."""
    one_line = " ".join(text.split())
    return " ".join(clean(one_line, len(one_line) * 3).split())[:limit].rstrip()


def _unseen(text: str) -> set[str]:
    found = {
        character
        for character in set(text)
        if unicodedata.category(character) in _UNSEEN
        or character in _BLANK
        or ord(character) in _IGNORED_PLANE
    }
    return found - {"\n", "\t"}


def _without(text: str, characters: set[str]) -> str:
    if not characters:
        return text
    return text.translate(dict.fromkeys(map(ord, characters)))


def _few_marks(text: str) -> str:
    found = {character for character in set(text) if unicodedata.combining(character)}
    marks = "".join(found | (_HIDDEN_MARKS & set(text)))
    if not marks:
        return text
    return re.sub(f"([{marks}]{{{_MARKS}}})[{marks}]+", r"\1", text)
