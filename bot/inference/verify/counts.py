"""Counts in a sentence (``three files``, ``两个文件``) held against what is computed."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.inference.verify.counting import Counts
from bot.inference.verify.numerals import HAN, SPELLED, english, han
from bot.inference.verify.vocabulary import prose_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import PullFacts

_NUMBER: Final = rf"(?P<number>\d[\d,]{{0,12}}|{SPELLED})"
# "Two function calls" counts calls, "two test files" files.
_FOLLOWED: Final = (
    r"(?!\s{1,3}(?:files?|lines?|commits?|comments?|tests?|cases?|threads?|functions?|methods?|class(?:es)?|calls?|"
    r"names?|paths?|messages?|numbers?|types?|bodies|signatures?|suites?|modules?|objects?|instances?|arguments?|"
    r"parameters?|coverage|headers?|blocks?))"
)
_NOUN: Final = (
    r"(?P<noun>(?:files?|lines?|commits?|comments?|remarks?|test\scases?|tests?|cases?|threads?|reviewers?|"
    r"approvers?|reviews?|approvals?|participants?|functions?|methods?|classes|class|pull\s?requests?|prs?|"
    r"additions?|insertions?|deletions?|removals?|added|removed|deleted)(?!\w|-\w)" + _FOLLOWED + r")"
)
_LINK: Final = (
    r"(?:of|in|for|to|and|or|from|the|with|on|at|by|per|than|as|is|are|was|were|that|which|it|its|this|these)"
)
_ENGLISH: Final = re.compile(
    rf"(?<![\w.#/])(?<!\w-){_NUMBER}(?![\w%])(?:-(?=file|line|commit|test)|\s{{1,3}})"
    rf"(?P<words>(?:(?!{_LINK}\b)[A-Za-z0-9_+`\ue002-]{{1,40}}\s{{1,3}}){{0,3}}?){_NOUN}",
    re.IGNORECASE | re.ASCII,
)
_CHINESE: Final = re.compile(
    rf"(?<![第\d.#几数])(?P<number>\d[\d,]{{0,12}}|{HAN})\s?"
    r"(?:(?P<line>行)(?![为动业程列])|[个份条次处位名项]\s?"
    r"(?P<words>[^，。；：、,.;:!?！？\s都没不是会能要被把让在对也就才只与和或及而]{0,8}?)\s?"
    r"(?P<noun>文件(?![夹名])|提交(?![者信])|评论(?![者区])|测试用例|测试文件|测试|用例|讨论串|评审线程|讨论|评审者|评审人|审阅者|审核者|评审(?!意)|"
    r"参与者|函数(?![名式体])|方法(?![名论])|类(?![似型别比])|"
    r"commits?|PR\b|reviewer|comments?|files?|tests?))",
    re.IGNORECASE,
)
_NOUNS: Final = {
    "文件": "file",
    "行": "line",
    "提交": "commit",
    "评论": "comment",
    "测试用例": "test",
    "测试文件": "test file",
    "测试": "test",
    "用例": "test",
    "讨论串": "thread",
    "评审线程": "thread",
    "讨论": "thread",
    "评审者": "reviewer",
    "评审人": "reviewer",
    "审阅者": "reviewer",
    "审核者": "reviewer",
    "评审": "review",
    "参与者": "participant",
    "函数": "function",
    "方法": "function",
    "类": "class",
    "remark": "comment",
    "case": "test",
    "test case": "test",
    "approver": "reviewer",
    "approval": "review",
    "method": "function",
    "classe": "class",
    "pr": "pull request",
    "pullrequest": "pull request",
}
_REVIEW_WORDS: Final = frozenset(
    {"review", "comment", "discussion", "unresolved", "resolved", "open", "outdated"}
)
_LINES: Final = frozenset(
    {"line", "addition", "insertion", "deletion", "removal", "added", "removed", "deleted"}
)
# What an author may count differently: "all 838 tests pass".
_AUTHORS: Final = frozenset({"test", "function", "class", "pull request"})
_PARTICIPLES: Final = frozenset({"added", "removed", "deleted"})
_HAN_WORD: Final = re.compile(
    "新增|删除|重命名|修改|现有|测试|源代码|源码|文档|配置|变更|改动|不同|未解决|已解决|过期|新|源|的|了|[A-Za-z]+"
)


class Count(NamedTuple):
    """A count as a sentence has it: where its number stands, how much, of what, and the words between."""

    start: int
    shown: str
    digits: bool
    value: int
    noun: str
    words: tuple[str, ...]


class Support(NamedTuple):
    """What a count may lean on: the files cited, the names listed in the sentence, the lines quoted."""

    paths: tuple[str, ...] = ()
    listed_files: int = 0
    listed_names: int = 0
    listed_numbers: int = 0
    quotes: tuple[str, ...] = ()


class Counter:
    """Judges the counts of sentences about one pull request."""

    def __init__(self, facts: PullFacts) -> None:
        self._facts = facts

    @cached_property
    def _counts(self) -> Counts:
        return Counts(self._facts)

    def holds(self, count: Count, support: Support) -> bool:
        """Whether the count equals what is computed, what the sentence lists, or what a quoted line says."""
        if count.value in self._computed(count, support):
            return True
        listed = {"file": support.listed_files, "pull request": support.listed_numbers}
        if count.value == listed.get(count.noun, support.listed_names) > 1:
            return True
        if count.noun in _AUTHORS and count.shown.lower() in self._prose:
            return True
        return count.digits and any(_says(quote, count) for quote in support.quotes)

    @cached_property
    def _prose(self) -> str:
        return " ".join("\n".join(prose_of(self._facts)).lower().split())

    def _computed(self, count: Count, support: Support) -> frozenset[int]:
        counts, noun = self._counts, count.noun
        if noun in {"file", "test file"}:
            return counts.files(("test", *count.words) if noun == "test file" else count.words)
        if noun in {"function", "class"}:
            return counts.symbols(noun, support.paths)
        if noun == "pull request":
            history = {item.pulls for item in self._facts.history if item.path in support.paths}
            return frozenset({len(self._facts.related), *history} - {0})
        if noun == "thread":
            return counts.threads(count.words)
        if noun in _LINES:
            return counts.lines(support.paths)
        return counts.simple.get(noun, frozenset())


def counts_in(masked: str) -> Iterator[Count]:
    """The counts of a sentence; ``one`` is an article, and ``threads`` alone may be those of a process."""
    for match in _ENGLISH.finditer(masked):
        noun = match["noun"].lower()
        words = tuple(match["words"].split())
        value = english(match["number"])
        digits = match["number"][0].isdigit()
        is_article = value == 1 and not digits
        if value is not None and not is_article and _is_ours(noun, words, digits=digits):
            yield _count(match, value, _singular(noun), words)
    for match in _CHINESE.finditer(masked):
        value = han(match["number"])
        if value is not None and (value > 1 or match["number"][0].isdigit()):
            noun = match["line"] or match["noun"].lower()
            yield _count(match, value, _NOUNS.get(noun, _singular(noun)), _adjectives(match["words"] or ""))


def _is_ours(noun: str, words: tuple[str, ...], *, digits: bool) -> bool:
    """Whether the noun means what is counted here: threads of a review, cases of a test."""
    before = {word.lower() for word in words}
    if noun in _PARTICIPLES:
        return digits and not words
    if noun.startswith("thread"):
        return bool(before & _REVIEW_WORDS)
    return not noun.startswith("case") or "test" in before


def _count(match: re.Match[str], value: int, noun: str, words: tuple[str, ...]) -> Count:
    shown = " ".join(match[0].split())
    return Count(match.start("number"), shown, match["number"][0].isdigit(), value, noun, words)


def _adjectives(words: str) -> tuple[str, ...]:
    """The Chinese words between; one that is not known is kept, so that nothing is computed for it."""
    found = _HAN_WORD.findall(words)
    rest = _HAN_WORD.sub("", words).strip()
    return tuple(word for word in found if word not in {"的", "了"}) + ((rest,) if rest else ())


def _singular(noun: str) -> str:
    bare = " ".join(noun.split()).removesuffix("s") if noun != "class" else noun
    return _NOUNS.get(bare, bare)


def _says(quote: str, count: Count) -> bool:
    """Whether a quoted line has the number and the noun: then it is the code that counts."""
    return str(count.value) in re.findall(r"\d+", quote) and count.noun.split()[-1] in quote.lower()
