"""Faults that a change is said to end, and that neither its people nor its code speak of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.verify.corpus import Corpus

_A: Final = re.IGNORECASE | re.ASCII
_ENDS: Final = re.compile(
    r"\b(?:fix|resolv|prevent|eliminat|avoid|remov|address|clos|solv|cur)(?:e[sd]?|es|ed|s|ing)?\b|"
    r"\bno longer\b|修复|解决|避免|消除|防止|不再",
    _A,
)
# Each fault, as a sentence names it, and the words of which one must be in the data.
_FAULTS: Final = (
    (re.compile(r"\b(?:data\s)?rac(?:es?\b|e\scondition|y\b)|竞态|竞争条件|数据竞争", _A),
     re.compile(r"\brac(?:e|es|ed|ing|y)\b|_race|race_|thread.?safe|concurren|simultaneous|interleav|"
                r"竞态|竞争|并发|线程安全", _A)),
    (re.compile(r"\bdead.?locks?\b|死锁", _A),
     re.compile(r"dead.?lock|\bhangs?\b|\bstuck\b|死锁|卡住|挂起", _A)),
    (re.compile(r"\b(?:memory|resource)\sleaks?\b|内存泄[漏露]|资源泄[漏露]", _A),
     re.compile(r"leak|\boom\b|out.of.memory|泄[漏露]", _A)),
    (re.compile(r"\b(?:vulnerabilit(?:y|ies)|injections?)\b|漏洞|注入", _A),
     re.compile(r"vulnerab|inject|\bcve\b|cve-|security|attack|exploit|漏洞|注入|安全", _A)),
)  # fmt: skip
_CLAUSE: Final = re.compile(r"[;；。]|\.\s")
_NEAR: Final = 60
_MOST: Final = 2_000_000  # bytes of the code that are searched


def unsaid(corpus: Corpus, text: str) -> Iterator[str]:
    """Why a fault that ``text`` calls ended is not known to have been there: nobody and no code names it.

    What can still go wrong may be found by reading; that something did go wrong has to be told by somebody.
    """
    if not _ENDS.search(text):
        return
    for clause in _CLAUSE.split(text):
        for fault, words in _FAULTS:
            named = fault.search(clause)
            if named and _ends(clause, named) and not _spoken(corpus, words):
                yield f"nobody wrote of “{named[0]}”: say what the lines did before and do now"


def _ends(clause: str, named: re.Match[str]) -> bool:
    return bool(_ENDS.search(clause[max(0, named.start() - _NEAR) : named.end() + _NEAR]))


def _spoken(corpus: Corpus, words: re.Pattern[str]) -> bool:
    prose, code = corpus.words.prose, corpus.words.code[:_MOST]
    return bool(words.search(prose) or words.search(code.decode("utf-8", "replace")))
