"""One sentence of a model's held against the facts: every name, number, quotation and person in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.inference.verify import bans, names
from bot.inference.verify.absence import denied
from bot.inference.verify.chunks import Pieces
from bot.inference.verify.counts import Count, Counter, Support, counts_in
from bot.inference.verify.hints import Hints
from bot.inference.verify.numbers import numbers_in
from bot.inference.verify.quantities import Quantities
from bot.inference.verify.quoting import Spoken, quotations
from bot.inference.verify.unsaid import unsaid
from bot.inference.verify.well_known import LANGUAGE, NUMBERED, PRODUCTS
from bot.inference.verify.wording import sentence as worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.inference.verify.corpus import Corpus
    from bot.inference.verify.evidence import Found

_SPAN: Final = re.compile(r"`([^`]+)`")
_BLOT: Final = "\ue002"
_BLOTS: Final = re.compile("[\ue000-\ue0ff]")
_LONGEST: Final = 2_000
_ORDINAL: Final = re.compile(r"第\s?(\d{1,2})")
_MOST_REFERENCES: Final = 40  # a sentence with more is no sentence
_REFERENCE: Final = re.compile(r"#(\d{1,12})")


@dataclass(frozen=True)
class Judged:
    """A sentence as it may be shown, or why it may not; ``found`` counts the references in it."""

    text: str
    found: int = 0
    reasons: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing in it is wrong."""
        return not self.reasons


@dataclass(frozen=True)
class Backing:
    """What a sentence leans on: the citations found for it, and files that are evidence as a whole."""

    found: Sequence[Found] = ()
    files: Sequence[str] = ()


@dataclass
class _Draft:
    """A sentence on its way: ``masked`` is it with its code and verified quotations blotted out."""

    text: str
    masked: str
    spans: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    found: int = 0

    def blot(self, start: int, end: int) -> None:
        self.masked = self.masked[:start] + _BLOT * (end - start) + self.masked[end:]


class Judge:
    """Judges the sentences about one pull request, in one language (``en`` or ``zh-CN``)."""

    def __init__(self, corpus: Corpus, language: str) -> None:
        self._corpus = corpus
        self._language = language
        self.hints = Hints(corpus)
        self._spoken = Spoken(corpus.words)
        self._counter = Counter(corpus.facts)
        self._quantities = Quantities(corpus)

    def sentence(self, text: str, backing: Backing | None = None) -> Judged:
        """``text`` with verified names as code, and what of it does not hold.

        Names in and outside of backticks must occur in the facts, bare numbers in what people wrote or in the
        lines cited, counts must equal what is computed; no addresses, mentions, markup or commands.
        """
        backing = backing or Backing()
        shown = worded(_BLOTS.sub("", text), _LONGEST)
        draft = _Draft(shown, shown)
        self._quotations(draft)
        self._spans(draft)
        plain = draft.masked.replace(_BLOT, "")
        draft.reasons += bans.banned(shown, plain, self._prose)
        draft.reasons += denied(self._corpus, shown)
        draft.reasons += unsaid(self._corpus, shown)
        if reason := bans.other_language(plain, self._language):
            draft.reasons.append(reason)
        counts = list(counts_in(draft.masked))
        ordinals = (match.start(1) for match in _ORDINAL.finditer(draft.masked))
        counted = frozenset([*ordinals, *(count.start for count in counts)])
        allowed = self._allowed(draft, backing)
        self._pieces(draft, allowed, counted)
        quotes = [item.said for item in backing.found]
        draft.reasons += self._quantities.wrong(draft.masked, allowed, quotes, counted)
        self._counts(draft, backing, counts)
        if draft.found > _MOST_REFERENCES:
            draft.reasons.append("it names too many things for one sentence")
        reasons = tuple(dict.fromkeys(draft.reasons))
        return Judged(
            _edited(draft),
            0 if reasons else draft.found,
            reasons,
            self.hints.names(draft.unknown) if reasons else (),
        )

    @cached_property
    def _prose(self) -> str:
        return self._corpus.words.prose

    def _quotations(self, draft: _Draft) -> None:
        for match in quotations(draft.text):
            quoted = next(group for group in match.groups() if group)
            if self._spoken.has(quoted):
                draft.found += 1
                start, end = match.span()
                draft.blot(start, end)
                draft.edits += [(at, at + 1, "") for at in range(start, end) if draft.text[at] == "`"]
            else:
                draft.reasons.append(f"nobody wrote “{quoted[:80]}” word for word")

    def _spans(self, draft: _Draft) -> None:
        for match in _SPAN.finditer(draft.masked):
            content = match[1]
            if content.lower() in LANGUAGE and not self._corpus.words.has(content):
                draft.edits.append((*match.span(), content))
            elif not self._is_plain(content):
                reading = names.span(self._corpus, content)
                draft.found += reading.found
                if reading.reason:
                    draft.reasons.append(reading.reason)
                    draft.unknown.append(content)
                elif not reading.as_code:
                    draft.edits.append((*match.span(), content.removeprefix("@")))
                draft.spans.append(content)
            else:
                draft.edits.append((*match.span(), content))
            draft.blot(*match.span())

    def _is_plain(self, content: str) -> bool:
        """Whether a word of the trade stands in backticks that the code does not have."""
        lower = content.lower()
        return (lower in PRODUCTS or lower in NUMBERED) and not self._corpus.words.has(content)

    def _counts(self, draft: _Draft, backing: Backing, counts: Sequence[Count]) -> None:
        """Check what is counted."""
        support = self._support(draft, backing) if counts else Support()
        for count in counts:
            if self._counter.holds(count, support):
                draft.found += 1
            else:
                draft.reasons.append(_miscounted(count))

    def _support(self, draft: _Draft, backing: Backing) -> Support:
        names = {*draft.spans, *(shown.strip("`") for _, _, shown in draft.edits if shown.startswith("`"))}
        files = {path for name in names if (path := self._corpus.places.exact(name))}
        cited = [item.evidence.path for item in backing.found if item.evidence.path]
        return Support(
            paths=tuple(dict.fromkeys((*files, *cited, *backing.files))),
            listed_files=len(files),
            listed_names=sum(1 for name in names if not self._corpus.places.exact(name)),
            listed_numbers=len(set(_REFERENCE.findall(draft.masked))),
            quotes=tuple(item.said for item in backing.found),
        )

    def _allowed(self, draft: _Draft, backing: Backing) -> tuple[frozenset[str], ...]:
        """The numbers that people wrote, and those of the names, quotes and files of this sentence."""
        own = [item.numbers for item in backing.found]
        own += [self._corpus.file(path).numbers for path in backing.files]
        return (self._corpus.numbers, numbers_in(draft.spans), *own)

    def _pieces(self, draft: _Draft, allowed: tuple[frozenset[str], ...], counted: frozenset[int]) -> None:
        pieces = Pieces(self._corpus, allowed, counted)
        pieces.read(draft.masked)
        draft.reasons += pieces.reasons
        draft.edits += pieces.edits
        draft.unknown += pieces.unknown
        draft.found += pieces.found


def _miscounted(count: Count) -> str:
    return f"“{count.shown}” is not what is computed: leave the number out"


def _edited(draft: _Draft) -> str:
    """The sentence with its edits, from the last to the first."""
    text = draft.text
    for start, end, replacement in sorted(draft.edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    # Code beside code: two backticks in a row would be another kind of mark.
    return " ".join(text.replace("``", "` `").split())
