"""What may stand in a report at all: the last question, asked of every token of the rendered text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.verify import names
from bot.inference.verify.corpus import Corpus
from bot.inference.verify.numbers import is_number, numbers_in
from bot.inference.verify.well_known import ABBREVIATIONS, NUMBERED, PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import PullFacts

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://|www\.|mailto:", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"(?:([\w.-]{1,100}/[\w.-]{1,100})?#|GH-)(\d{1,12})", re.ASCII | re.IGNORECASE)
_MENTION: Final = re.compile(r"@([A-Za-z0-9][A-Za-z0-9-]{0,60})(?:\[bot\])?", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[vV]?\d+(?:[.,:/_-]\d+)*%?")
_MARKS: Final = " \t\n`'\"“”.,;:!?[]"


def known(facts: PullFacts | Corpus) -> Callable[[str], bool]:
    """Give the test whether a token (a number, ``#N``, a path, a name, a login) may stand in a report.

    A number may if people or code wrote it or it is a size of the change; ``#N`` if the facts resolved
    it; a login if it took part; anything else if it occurs in the facts or is an ordinary word. An
    address never may: the links of a report are built from checked parts elsewhere.
    """
    corpus = facts if isinstance(facts, Corpus) else Corpus(facts)
    sizes = _sizes(corpus.facts)
    # The runs of digits in all words, cheaper than reading every number of the code where it stands.
    code = numbers_in(
        word.decode("ascii") for word in corpus.words.code_words if any(48 <= byte < 58 for byte in word)
    )

    def is_known(token: str) -> bool:
        bare = token.strip(_MARKS).lstrip("(")
        bare = bare if "(" in bare else bare.rstrip(")")
        if _ADDRESS.match(bare):
            return False
        if match := _REFERENCE.fullmatch(bare):
            return _is_reference(corpus, match)
        if match := _MENTION.fullmatch(bare):
            return match[1].lower() in corpus.people
        if _NUMBER.fullmatch(bare):
            run = bare.lstrip("vV").rstrip("%")
            return is_number(run, (corpus.numbers, code, sizes)) or corpus.words.has(run)
        return _is_name(corpus, bare)

    return is_known


def _is_reference(corpus: Corpus, match: re.Match[str]) -> bool:
    if match[1] is not None and match[1].lower() != corpus.facts.repository.full_name.lower():
        return match[0].lower() in corpus.words.prose.lower()
    return int(match[2]) in corpus.references


def _is_name(corpus: Corpus, bare: str) -> bool:
    lower = bare.lower()
    if not bare or lower in PRODUCTS or lower in NUMBERED or lower in ABBREVIATIONS:
        return True
    if lower.removesuffix("[bot]") in corpus.people:
        return True
    return names.span(corpus, bare).reason is None or _is_plain(corpus, bare)


def _is_plain(corpus: Corpus, bare: str) -> bool:
    """Whether it is no name at all."""
    if names.looks_like_code(bare) or names.dotted(bare) or names.is_web(bare):
        return False
    if "/" in bare:
        return names.path(corpus, bare).reason is None
    number = names.with_unit(bare)
    if number is not None and is_number(number, (corpus.numbers,)):
        return True
    return names.word(corpus, bare).reason is None


def _sizes(facts: PullFacts) -> frozenset[str]:
    """The sizes of the change: of all of it, and of each file."""
    found = {facts.number or 0, facts.changed_files, facts.additions, facts.deletions, facts.commit_count}
    found |= {facts.additions + facts.deletions, len(facts.threads), len(facts.reviews), len(facts.comments)}
    for file in facts.files:
        found |= {file.additions, file.deletions}
    return frozenset(map(str, found))
