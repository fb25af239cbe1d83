"""Statements that something is missing: tests that were changed, functions that are implemented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.model import FileKind, FileStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.inference.verify.corpus import Corpus

NO_TESTS: Final = re.compile(
    r"\b(?:no|without|lacks?|lacking|missing)\s{1,3}(?:(?:any|new|unit|automated|added|corresponding|regression)"
    r"\s{1,3}){0,3}tests?\b|\btests?(?:\s{1,3}coverage)?\s{1,3}(?:is|are|was|were)\s{1,3}(?:missing|absent|lacking)|"
    r"(?:缺少|缺乏|没有|未添加|未包含|未提供)[^，。；,;]{0,8}测试|测试(?:覆盖)?缺失",
    re.IGNORECASE | re.ASCII,
)
_STUB: Final = re.compile(
    r"\b(?:is|are|remains?|still|stays?|leaves?)\b[^.;]{0,30}?\b(?:not\s{1,3}(?:yet\s{1,3})?implemented|"
    r"unimplemented|a\s{1,3}stub|stubs)\b|"
    r"\b(?:has|have|needs?|must|should)\b[^.;]{0,12}?\bbe\s{1,3}implemented\b|"
    r"\b(?:lacks?|without|has\s{1,3}no|have\s{1,3}no)\s{1,3}(?:an?\s{1,3}|any\s{1,3})?implementation\b|"
    r"\bimplement\s{1,3}(?:the\s{1,3})?`[^`]{1,200}`\s{0,3}(?:[.,;]|\Z)|"
    r"未实现|没有实现|空实现|待实现|缺少实现|缺乏实现|需实现",
    re.IGNORECASE | re.ASCII,
)
_REPORTED: Final = re.compile(
    r"point(?:s|ed) out|says?\b|said|noted|warn|remark|ask|claim|flagged|argued|would\s{1,3}have|objected|"
    r"指出|认为|提到|评论|质疑|提出|反馈",
    re.IGNORECASE | re.ASCII,
)
_CLAUSE: Final = re.compile(r"[;；。，]|,\s|\.\s|\b(?:but|while|whereas)\b|而|但")
_SPAN: Final = re.compile(r"`([^`]+)`")
_STUB_BODY: Final = re.compile(
    r"NotImplemented|^\s*(?:pass|\.\.\.|\{\s*\})\s*$|TODO|FIXME|unimplemented!|todo!|not implemented",
    re.MULTILINE,
)
_WORD: Final = re.compile(r"\w+")
_MOST_BODY: Final = 80
_MOST_FILES: Final = 200
_SHOWN: Final = 3


def denied(corpus: Corpus, text: str) -> Iterator[str]:
    """Why what ``text`` says is missing is there.

    That there are no tests is only left standing beside changed tests if the sentence names the code it
    means. Of what somebody else is said to have remarked nothing is denied.
    """
    if NO_TESTS.search(text) and (paths := _tests(corpus)) and _tested(corpus, text, paths):
        yield f"the change has tests ({', '.join(paths[:_SHOWN])}): name the code that they leave out"
    if not _STUB.search(text) or _REPORTED.search(text):
        return
    named: list[str] = []
    for clause in _CLAUSE.split(text):
        # "which is not implemented" says it of what was named just before.
        named = _SPAN.findall(clause) or named
        for name in named if _STUB.search(clause) else ():
            if place := _implemented(corpus, _last(name)):
                yield f"“{name[:80]}” is implemented in {place}"


def _last(name: str) -> str:
    return name.removesuffix("()").rsplit(".", 1)[-1]


def _tests(corpus: Corpus) -> list[str]:
    return [
        file.path
        for file in corpus.facts.files
        if file.kind is FileKind.TEST and file.status is not FileStatus.REMOVED and file.additions
    ]


def _tested(corpus: Corpus, text: str, paths: list[str]) -> bool:
    """Whether the changed tests have all code that ``text`` names; so they do if it names none."""
    names = {_last(name) for name in _SPAN.findall(text) if corpus.places.exact(name) is None}
    changed = (line for path in paths[:_MOST_FILES] for line in corpus.file(path).changed)
    words = {word for line in changed for word in _WORD.findall(line)} if names else set()
    return names <= words


def _implemented(corpus: Corpus, name: str) -> str | None:
    """Where a definition of ``name`` in the merged text has a body that is no stub; every one must."""
    if not name.isidentifier():
        return None
    head = re.compile(
        rf"\s*(?:(?:async|export|pub|public|private|static)\s+)*(?:def|func|fn|function)\s+{name}\b"
    )
    place = None
    for merged in corpus.facts.merged_files:
        if name not in merged.text or merged.path not in corpus.places.paths or merged.clipped:
            continue
        lines = corpus.file(merged.path).lines
        for number, line in enumerate(lines):
            if name in line and head.match(line[:400]):
                if _STUB_BODY.search(_body(lines, number)):
                    return None
                place = f"{merged.path}, line {number + 1}"
    return place


def _body(lines: Sequence[str], number: int) -> str:
    """The lines below a definition that are indented deeper than it."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    body = [lines[number].partition("):")[2]]
    for line in lines[number + 1 : number + 1 + _MOST_BODY]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent and line.strip()[0] not in ")]}":
            break
        body.append(line)
    return "\n".join(body)
