"""What several pull requests are about: the words and scopes that their titles share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.inference.digest.empty import EMPTY
from bot.inference.digest.weights import weight
from bot.inference.titles import KINDS, read_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import PeriodPull

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{2,40}", re.ASCII)
_FIRST: Final = re.compile(r"\s*[A-Za-z]+(?=\s+\S+\s+\S)", re.ASCII)
_LONGEST_TITLE: Final = 400
_FEWEST: Final = 3
_FEWEST_PULLS: Final = 6
_SHARE: Final = 0.5  # what more of the titles have says nothing about any of them
_MOST: Final = 6
_SCOPE: Final = 1.5  # a scope that authors give is a better sign than a word they use
_PLURAL: Final = 4  # letters


@dataclass(frozen=True)
class Topic:
    """A word that several pull requests share, as most of them write it."""

    name: str
    pulls: tuple[PeriodPull, ...]


def topics(pulls: Sequence[PeriodPull], known: frozenset[str] = frozenset()) -> list[Topic]:
    """At most six words that three or more titles share, each pull request in one topic only.

    A word that half of the titles have, or one of ``known`` (the repository's own names), is none. The topic
    with most weight is taken first, so that what is left for the others is what is their own.
    """
    if len(pulls) < _FEWEST_PULLS:
        return []
    holders: dict[str, list[int]] = defaultdict(list)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    scoped: set[str] = set()
    for place, pull in enumerate(pulls):
        for word, shown, is_scope in _subjects(pull.merge.title):
            if word not in known and (not holders[word] or holders[word][-1] != place):
                holders[word].append(place)
            written[word][shown] += 1
            scoped |= {word} if is_scope else set()
    wanted = {
        word: places for word, places in holders.items() if _FEWEST <= len(places) <= _SHARE * len(pulls)
    }
    return list(_taken(pulls, wanted, scoped, written))


def _taken(
    pulls: Sequence[PeriodPull],
    holders: dict[str, list[int]],
    scoped: set[str],
    written: dict[str, Counter[str]],
) -> Iterator[Topic]:
    left = set(range(len(pulls)))
    for _ in range(_MOST):
        best, places = "", list[int]()
        score = 0.0
        for word, held in holders.items():
            mine = [place for place in held if place in left]
            worth = sum(1 + weight(pulls[place]) for place in mine) * (_SCOPE if word in scoped else 1)
            if len(mine) >= _FEWEST and (worth, word) > (score, best):
                best, places, score = word, mine, worth
        if not best:
            return
        left.difference_update(places)
        yield Topic(_usual(written[best]), tuple(pulls[place] for place in places))


def _usual(written: Counter[str]) -> str:
    return max(written, key=lambda word: (written[word], word))


def _subjects(title: str) -> Iterator[tuple[str, str, bool]]:
    """The words that could name a subject: in one form, as written, and whether a prefix has them.

    A prefix is one word whatever joins its parts; the first word after it is a verb as a rule.
    """
    read = read_title(title[:_LONGEST_TITLE])
    for mark in read.marks:
        if mark not in KINDS and (word := subject(mark)) is not None:
            yield word, mark, True
    first = _FIRST.match(read.rest)
    for shown in _WORD.findall(read.rest[first.end() if first else 0 :]):
        if (word := subject(shown)) is not None:
            yield word, shown, False


def subject(shown: str) -> str | None:
    """A word in the form in which words are compared; ``None`` for one that names no subject."""
    whole = shown.lower()
    plural = len(whole) > _PLURAL and whole.endswith("s") and not whole.endswith("ss")
    word = whole[:-1] if plural else whole
    return None if word in EMPTY or whole in EMPTY else word
