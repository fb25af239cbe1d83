"""A model's sentence as plain text in one form: digits, backticks and emphasis made regular, length kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.inference.sentences import is_wide
from bot.redaction import clean, clean_line

_WINDOW: Final = 8  # times the limit: more of a text is never looked at
_FULLWIDTH: Final = {
    code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()
} | {
    0xFF20: "@",
    0xFF03: "#",
    0xFF3F: "_",
    0xFF40: "`",
    0xFF1C: "<",
    0xFF1E: ">",
}
_ENUMERATORS: Final = re.compile("[\u2460-\u2473\u2776-\u277f]\\s?")
_NUMBERED: Final = re.compile(r"(?:(?<=[\s:;,，；：。])|^)[(（]?(\d)[)）]\s{0,2}")
_LIST_MARK: Final = re.compile(r"^(?:[-+*>#•]{1,6}\s+|\d{1,2}[.)、]\s+|\[[ xX]\]\s+)+")
_STRONG: Final = re.compile(r"(?<![\w*])\*{1,3}(?=[^\s*])([^*]{1,300})(?<=[^\s*])\*{1,3}(?![\w*])")
_STRUCK: Final = re.compile(r"~~(?=[^\s~])([^~]{1,300})(?<=[^\s~])~~")
_RUN: Final = re.compile(r"`{2,}")
_FENCE: Final = re.compile(r"(?<!`)`{3,}+[ \t]{0,4}[A-Za-z]{0,20}[ \t]{0,4}\n")
_SPAN: Final = re.compile(r"`([^`]*)`")
_WORD_END: Final = re.compile(r"[A-Za-z0-9_.]+\Z")
_AFTER: Final = re.compile(r"[A-Za-z0-9_]")


def sentence(text: str, limit: int) -> str:
    """``text`` on one line without markup of its own, at most ``limit`` characters, cut at a word.

    Unseen characters go, digits of other scripts become ASCII, list marks, enumerators and emphasis
    go, backticks come in pairs.
    """
    window = _FENCE.sub("`", text[: _WINDOW * limit])
    plain = _regular(clean_line(window, _WINDOW * limit))
    return cut(_numberless(paired(_without_emphasis(_LIST_MARK.sub("", plain)))), limit)


def verbatim(text: str, limit: int) -> str:
    """``text`` with its line ends, without unseen characters, at most ``limit`` characters."""
    return clean(text[: _WINDOW * limit], limit).strip("\n")


def name(text: str, limit: int) -> str:
    """A name, path or word on one line."""
    return clean_line(text[: _WINDOW * limit], limit)


def paired(text: str) -> str:
    """``text`` with single backticks in pairs; empty pairs and a last lone one go."""
    if "`" not in text:
        return text
    text = _RUN.sub("`", text)
    if text.count("`") % 2:
        last = text.rindex("`")
        text = text[:last] + text[last + 1 :]
    shown = _SPAN.sub(lambda match: f"`{match.group(1).strip()}`" if match.group(1).strip() else "", text)
    return " ".join(shown.split())


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, cut with ``…`` where neither a word nor code is split."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    if kept.count("`") % 2:
        kept = kept[: kept.rindex("`")]
    elif not is_wide(text[limit - 1]) and not is_wide(kept[-1:] or " "):
        kept = _whole_words(kept, text[limit - 1])
    return kept.rstrip(" ,;:，；：、(（") + "…"


def _whole_words(kept: str, following: str) -> str:
    """``kept`` without the beginning of a word that goes on."""
    if following.isspace():
        return kept
    space = kept.rfind(" ")
    if space > len(kept) // 2:
        return kept[:space]
    return _WORD_END.sub("", kept) if _AFTER.match(following) else kept


def _regular(text: str) -> str:
    if text.isascii():
        return text
    return "".join(map(_plain_character, _without_enumerators(text).translate(_FULLWIDTH)))


def _without_enumerators(text: str) -> str:
    """``text`` without circled numbers if they count up from one; else they are numbers."""
    found = [match[0][0] for match in _ENUMERATORS.finditer(text)]
    counted = [str(int(unicodedata.numeric(mark))) for mark in found] == [
        str(n + 1) for n in range(len(found))
    ]
    return _ENUMERATORS.sub("", text) if counted and len(found) > 1 else text


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if "\U0001d400" <= character <= "\U0001d7ff":
        return unicodedata.normalize("NFKC", character)
    return character


def _without_emphasis(text: str) -> str:
    """``text`` without asterisks and tildes around words; code keeps its own."""
    if "*" not in text and "~~" not in text:
        return text
    parts = text.split("`")
    parts[::2] = [_STRUCK.sub(r"\1", _STRONG.sub(r"\1", part)) for part in parts[::2]]
    return "`".join(parts)


def _numberless(text: str) -> str:
    """``text`` without the marks ``(1)``, ``(2)`` … if they count up from one."""
    found = [int(match.group(1)) for match in _NUMBERED.finditer(text)]
    if len(found) > 1 and found == list(range(1, len(found) + 1)):
        return _NUMBERED.sub("", text).strip()
    return text
