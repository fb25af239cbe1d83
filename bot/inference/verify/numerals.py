"""Numbers in words: ``forty-two``, ``a hundred``, ``三百``."""

from __future__ import annotations

import re
from typing import Final

_ONES: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ADDED: Final = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
}
_SCALES: Final = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9}
_HAN_DIGITS: Final = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_SCALES: Final = {"十": 10, "百": 100, "千": 1_000}
_WORD: Final = "(?:" + "|".join(sorted([*_ADDED, *_SCALES], key=len, reverse=True)) + ")"

# For patterns that ignore case and know ASCII only.
_BETWEEN: Final = r"(?:\s{1,3}and\s{1,3}|[\s-]{1,3})"
SPELLED: Final = rf"(?:an?\s{{1,3}}(?={'|'.join(_SCALES)}))?{_WORD}(?:{_BETWEEN}{_WORD}(?!\w)){{0,6}}"
HAN: Final = "[零〇一二两三四五六七八九十百千万]{1,8}"


def english(text: str) -> int | None:
    """The value of digits, or of English words; ``None`` if it is neither."""
    text = text.lower().replace(",", "")
    if text.isdigit():
        return int(text)
    total = group = 0
    for word in re.split(r"[\s-]+", text):
        if word in _SCALES:
            group = max(group, 1) * _SCALES[word]
            if _SCALES[word] >= _SCALES["thousand"]:
                total, group = total + group, 0
        elif word in _ADDED:
            group += _ADDED[word]
        elif word not in {"a", "an", "and"}:
            return None
    return total + group


def han(text: str) -> int | None:
    """The value of Arabic digits, or of Chinese numerals; ``None`` if it is neither."""
    digits = text.replace(",", "")
    if digits.isdigit() and digits.isascii():
        return int(digits)
    total = group = unit = 0
    for mark in text:
        if mark in _HAN_DIGITS:
            unit = _HAN_DIGITS[mark]
        elif mark in _HAN_SCALES:
            group, unit = group + (unit or 1) * _HAN_SCALES[mark], 0
        elif mark == "万":
            total, group, unit = total + (group + unit or 1) * 10_000, 0, 0
        else:
            return None
    return total + group + unit
