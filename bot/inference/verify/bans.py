"""What no sentence may hold: markup, commands to bots, our marker, numerals in disguise, names of blocks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_A: Final = re.IGNORECASE | re.ASCII
_EVERYWHERE: Final = (
    (re.compile(r"<!--|-->"), "it holds an HTML comment"),
    (re.compile(r"prhub:\w", _A), "it holds a marker of this bot"),
    (re.compile(r"/prhub\b", _A), "it holds a command to a bot"),
    (re.compile(r"`@[\w-]{1,40}(?:\[bot\])?\s"), "it holds a command to a bot"),
    (re.compile(r"\bbors\s{1,3}(?:r[+=\-]|try\b|retry\b|merge\b|d[+=]|delegate)", _A),
     "it holds a command to a bot"),
    (re.compile(r"\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|\*\*\*NO_CI", _A),
     "it holds a command to a bot"),
)  # fmt: skip
_OUTSIDE: Final = (
    (re.compile(r"\]\s?\(|!\[|\]\["), "it holds a link or an image"),
    (re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", _A), "it holds an HTML entity"),
    (re.compile(r"https?\s?:\s?/|\b(?:ftp|file|wss?|git|ssh)\s?:\s?/|\bwww\.", _A), "it holds an address"),
    (re.compile(r"\b(?:mailto|xmpp|javascript|vbscript|tel)\s?:\s?\S", _A), "it holds an address"),
    (re.compile(r"\bdata\s?:\s?\w{1,40}/", _A), "it holds an address"),
)  # fmt: skip
_BLOCK: Final = re.compile(r"\b(thread|comment|review|commit)s?\s{1,3}(\d{1,6})\b", _A)
_MIXED: Final = re.compile(
    "[A-Za-z][\u0370-\u03bb\u03bd-\u03ff\u0400-\u052f]|[\u0370-\u03bb\u03bd-\u03ff\u0400-\u052f][A-Za-z]"
)
_FEWEST_LETTERS: Final = 20
_FEWEST_SAID: Final = 6
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LATIN: Final = re.compile("[A-Za-z]")


def banned(text: str, plain: str, prose: str) -> list[str]:
    """Why ``text`` may not be shown; ``plain`` is it without its code, ``prose`` what people wrote."""
    reasons = [reason for pattern, reason in _EVERYWHERE if pattern.search(text)]
    reasons += [reason for pattern, reason in _OUTSIDE if pattern.search(plain)]
    if len(_LATIN.findall(text)) + 2 * len(_HAN.findall(text)) < _FEWEST_SAID:
        reasons.append("it says nothing")
    for match in _BLOCK.finditer(plain):
        if match[0].lower() not in prose.lower():
            reasons.append(f"“{match[0]}” is a name that only the data has: readers do not know it")
    if not text.isascii():
        if _MIXED.search(text):
            reasons.append("letters of two scripts are mixed in one word")
        if strange := _numerals(plain, prose):
            reasons.append(f"the number {strange} does not occur in the data")
    return list(dict.fromkeys(reasons))


def other_language(plain: str, language: str) -> str | None:
    """Why the sentence is in the wrong language; ``None`` if it may be in the right one."""
    han, latin = len(_HAN.findall(plain)), len(_LATIN.findall(plain))
    if language == "en" and han > _FEWEST_LETTERS // 2 and han * 3 > latin:
        return "it is not in English"
    if language.startswith("zh") and not han and latin >= _FEWEST_LETTERS * 2:
        return "it is not in Chinese"
    return None


def _numerals(plain: str, prose: str) -> str | None:
    """A numeral that is no digit (a superscript, a fraction, a Roman one) and that nobody wrote."""
    for character in plain:
        if unicodedata.category(character) in {"No", "Nl"} and character not in prose:
            return character
    return None
