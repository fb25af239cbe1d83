"""What code finds near a reference that failed: paths, lines and names to put it right with."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.inference.sentences import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.inference.verify.corpus import Corpus

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_MOST_COMPARED: Final = 40  # by letters; before that, words alone decide
_MOST_OF_A_WORD: Final = 300
_MOST_LINES: Final = 3_000
_MOST_NAMES: Final = 3
_MOST_NUMBERS: Final = 10
_MOST_HINTS: Final = 30  # lookups for one answer
_NEAR: Final = 0.65
_SHOWN: Final = 160


class Hints:
    """Looks for what was meant; gives up after thirty lookups, so that a bad answer stays cheap."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._left = _MOST_HINTS

    def paths(self, wanted: str) -> tuple[str, ...]:
        """The changed files whose names are most like ``wanted``, at most three."""
        same = self._corpus.places.candidates(wanted)
        if same or not self._may_look():
            return same[:3]
        ranked = _ranked(self._paths, wanted)
        near = sorted(((_alike(_base(wanted), _base(path)), path) for path in ranked), reverse=True)
        return tuple(path for score, path in near[:3] if score >= _NEAR)

    def lines(self, path: str, quote: str) -> tuple[str, ...]:
        """The lines of a changed file that share most words with ``quote``, at most two."""
        wanted = _words(quote)
        if not wanted or not self._may_look():
            return ()
        file = self._corpus.file(path)
        text = file.merged or file.fresh
        lines = list(dict.fromkeys((*file.fresh.lines[:_MOST_LINES], *text.lines[:_MOST_LINES])))
        scored = (
            (len(wanted & found) / len(wanted | found), line) for line in lines if (found := _words(line))
        )
        likely = sorted(scored, key=lambda item: -item[0])[:_MOST_COMPARED]
        flat = " ".join(quote.split())[:_SHOWN]
        best = sorted(((_alike(flat, line[:_SHOWN]), line) for _, line in likely), reverse=True)[:2]
        return tuple(clip(line, _SHOWN) for score, line in best if score >= _NEAR)

    def names(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Files and symbols with names like the first few ``wanted``, in words."""
        found: list[str] = []
        for name in wanted[:_MOST_NAMES]:
            similar = self._numbers() if name.startswith("#") else self._similar(name)
            if "/" in name or "." in name:
                similar += self.paths(name)
            if similar:
                shown = ", ".join(f"`{item}`" for item in dict.fromkeys(similar))
                found.append(f"near “{clip(name, 60)}”: {shown}")
        return tuple(found)

    def _numbers(self) -> list[str]:
        return [f"#{number}" for number in sorted(self._corpus.places.numbers)[:_MOST_NUMBERS]]

    def _may_look(self) -> bool:
        self._left -= 1
        return self._left >= 0

    @cached_property
    def _paths(self) -> Mapping[str, list[str]]:
        return _by_word(self._corpus.places.paths)

    @cached_property
    def _known(self) -> dict[str, str]:
        """The symbols' names by their letters alone."""
        found: dict[str, str] = {}
        for file in self._corpus.facts.files:
            for symbol in file.symbols:
                for name in (symbol.name, symbol.name.rsplit(".", 1)[-1]):
                    found.setdefault(_letters(name), name)
        return found

    @cached_property
    def _names(self) -> Mapping[str, list[str]]:
        return _by_word(self._known.values())

    def _similar(self, name: str) -> list[str]:
        letters = _letters(name)
        if letters in self._known:
            return [self._known[letters]]
        if not self._may_look():
            return []
        near = {_letters(item): item for item in _ranked(self._names, name)}
        return [near[item] for item in difflib.get_close_matches(letters, near, n=2, cutoff=0.7)]


def _by_word(names: Iterable[str]) -> dict[str, list[str]]:
    """The names by each of their words."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for word in _words(name):
            found[word].append(name)
    return found


def _ranked(index: Mapping[str, list[str]], wanted: str) -> list[str]:
    """The names that share most words with ``wanted``; a word of too many names tells nothing."""
    groups = (index.get(word, []) for word in _words(wanted))
    counts = Counter(name for group in groups for name in group[:_MOST_OF_A_WORD])
    return [name for name, _ in counts.most_common(_MOST_COMPARED)]


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1].lower()[:100]


def _letters(name: str) -> str:
    return "".join(_WORD.findall(name[:200])).lower()


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(_CAMEL.sub(" ", text[:400])))
