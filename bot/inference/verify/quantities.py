"""Quantities that are no plain number: in words, in percent, as multiples; and numbers after "issue"."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.inference.verify.numbers import canonical, is_number, numbers_in
from bot.inference.verify.numerals import HAN, SPELLED, english, han

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.inference.verify.corpus import Corpus

_A: Final = re.IGNORECASE | re.ASCII
_DIGITS: Final = r"(?<![\d.,])\d{1,15}(?:[.,]\d{1,15}){0,4}"
_UNIT: Final = (
    r"(?:(?:milli|micro|nano)?seconds?|minutes?|hours?|days?|weeks?|months?|years?|(?:kilo|mega|giga|tera)?bytes?|"
    r"times|-?fold|percent|per\scent|users?|customers?|nodes?|gpus?|dollars?)(?!\w)"
)
_SPELLED: Final = re.compile(rf"(?<!\w)(?<!\w-)(?P<number>{SPELLED})(?!\w)(?P<unit>[\s-]{{0,3}}{_UNIT})?", _A)
_HAN: Final = re.compile(
    rf"(?<![第几数])(?P<number>{HAN})\s?(?P<unit>毫秒|微秒|秒|分钟|小时|天|周|个月|年|倍|成|次|名)"
)
_VAGUE: Final = re.compile(r"(?<![\w-])(?:dozens|scores|hundreds|thousands|millions|billions)\s{1,3}of\b", _A)
_VAGUE_HAN: Final = re.compile(
    r"(?:[十百千万]几|几[十百千万]|[数上][十百千万]|成千上万|[十百千万]多)(?=[个名位条次行份台处家])"
)
_PERCENT: Final = re.compile(
    rf"(?P<number>{_DIGITS})\s?(?:[%\uff05]|percent\b|per\scent\b)|百分之\s?(?P<han>{_DIGITS}|{HAN})", _A
)
_MULTIPLE: Final = re.compile(
    rf"(?<![\w.])(?P<number>{_DIGITS})(?:[x\xd7](?![\w\xd7])(?!\s?\d)|-?fold\b|\s?倍)", _A
)
_NUMBERED: Final = re.compile(
    r"\b(?:pull\srequest|merge\srequest|issue|ticket|bug|PR|MR)s?\s(?:number\s|no\.?\s)?(\d{1,9})(?![\w%]|\.\d)|"
    r"(?<!\d)(\d{1,9})\s?号\s?(?:问题|议题|工单|issue|PR|拉取请求|合并请求)|"
    r"(?:议题|工单|拉取请求|合并请求)\s?(\d{1,9})(?![\w%]|\.\d)",
    _A,
)
_FEW: Final = 2  # "two times", 两次: ways of speaking rather than figures
_MANY: Final = 20  # a number in words that is as large as this is one, whatever follows
_TENTH: Final = "成"


class Quantities:
    """Judges the quantities of sentences about one pull request."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    @cached_property
    def _prose(self) -> str:
        return " ".join(self._corpus.words.prose.lower().split())

    @cached_property
    def _said(self) -> dict[re.Pattern[str], frozenset[str]]:
        """The percentages and the multiples that people wrote."""
        return {
            pattern: frozenset(map(_value, pattern.finditer(self._prose)))
            for pattern in (_PERCENT, _MULTIPLE)
        }

    def wrong(
        self, masked: str, allowed: Sequence[frozenset[str]], quotes: Sequence[str], counted: Collection[int]
    ) -> Iterator[str]:
        """Why a quantity of ``masked`` may not stand there.

        One in words must be a number of the ``allowed`` sets, or stand as it is in what people wrote; a
        percentage or a multiple must be one there, or its number in a line quoted; ``issue 8`` must be a
        number that the facts name. What begins at one of ``counted`` is judged elsewhere.
        """
        for start, shown, value in _in_words(masked):
            known = value is not None and is_number(str(value), allowed)
            if start not in counted and not known and shown.lower() not in self._prose:
                yield f"“{shown}” is neither in what people wrote nor in the lines quoted"
        for pattern in (_PERCENT, _MULTIPLE):
            for match in pattern.finditer(masked):
                if _value(match) not in self._said[pattern] | numbers_in(quotes):
                    yield f"nobody wrote “{match[0]}”"
        for match in _NUMBERED.finditer(masked):
            if int(match[match.lastindex or 1]) not in self._corpus.references:
                yield f"“{match[0]}” is no pull request or issue that the data names"


def _in_words(masked: str) -> Iterator[tuple[int, str, int | None]]:
    """The quantities in words: where each begins, and its value, ``None`` for one that has none."""
    for match in _SPELLED.finditer(masked):
        value = english(match["number"])
        if value is not None and value > (_FEW if match["unit"] else _MANY - 1):
            yield match.start(), match[0], value
    for match in _HAN.finditer(masked):
        value = han(match["number"])
        if value is not None and (value > _FEW or match["unit"] == _TENTH):
            yield match.start(), match[0], value * (10 if match["unit"] == _TENTH else 1)
    for pattern in (_VAGUE, _VAGUE_HAN):
        yield from ((match.start(), match[0], None) for match in pattern.finditer(masked))


def _value(match: re.Match[str]) -> str:
    number = match["number"] or match["han"]
    return canonical(number) if number[0].isdigit() else str(han(number))
