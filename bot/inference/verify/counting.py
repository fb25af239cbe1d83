"""What can be counted in the facts: files, lines, commits, comments, tests, functions, and people."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.model import FileKind, FileStatus, SymbolChange

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import FileChange, PullFacts

_TEST: Final = re.compile(
    r"\s*(?:async\s+)?def test_?\w*|\s*(?:it|test|specify)(?:\.\w{1,20})?\(|"
    r"\s*#\[(?:\w+::)?test\]|\s*func Test\w*|\s*@Test\b|\s*TEST(?:_F|_P)?\("
)
_FUNCTIONS: Final = frozenset({"function", "method"})
_STATUS: Final = {
    "new": FileStatus.ADDED,
    "added": FileStatus.ADDED,
    "新增": FileStatus.ADDED,
    "新": FileStatus.ADDED,
    "removed": FileStatus.REMOVED,
    "deleted": FileStatus.REMOVED,
    "删除": FileStatus.REMOVED,
    "renamed": FileStatus.RENAMED,
    "moved": FileStatus.RENAMED,
    "重命名": FileStatus.RENAMED,
    "modified": FileStatus.MODIFIED,
    "existing": FileStatus.MODIFIED,
    "修改": FileStatus.MODIFIED,
    "现有": FileStatus.MODIFIED,
}
_KINDS: Final = {
    "test": FileKind.TEST,
    "测试": FileKind.TEST,
    "source": FileKind.SOURCE,
    "code": FileKind.SOURCE,
    "源码": FileKind.SOURCE,
    "源": FileKind.SOURCE,
    "源代码": FileKind.SOURCE,
    "doc": FileKind.DOCS,
    "docs": FileKind.DOCS,
    "documentation": FileKind.DOCS,
    "文档": FileKind.DOCS,
    "config": FileKind.CONFIG,
    "configuration": FileKind.CONFIG,
    "配置": FileKind.CONFIG,
    "workflow": FileKind.CI,
    "ci": FileKind.CI,
    "lock": FileKind.LOCK,
    "generated": FileKind.GENERATED,
}
_ENDINGS: Final = {
    "python": "py",
    "yaml": "yaml",
    "json": "json",
    "toml": "toml",
    "shell": "sh",
    "markdown": "md",
    "rust": "rs",
    "go": "go",
    "typescript": "ts",
    "javascript": "js",
    "java": "java",
    "c++": "cpp",
    "cuda": "cu",
}
_TOTAL: Final = frozenset({"changed", "touched", "affected", "different", "变更", "改动", "不同", "total"})


class Counts:
    """The computed numbers that a count in a sentence must equal."""

    def __init__(self, facts: PullFacts) -> None:
        self._facts = facts

    def files(self, adjectives: Iterable[str]) -> frozenset[int]:
        """How many files of the status, kind and language that the adjectives name; others do not count."""
        chosen: list[FileChange] = list(self._facts.files)
        told = False
        for word in adjectives:
            kept = _chosen(chosen, word.lower())
            if kept is not None:
                told |= word.lower() not in _TOTAL
                chosen = kept
        return frozenset({len(chosen)} if told else {self._facts.changed_files, len(chosen)})

    def lines(self, paths: Iterable[str]) -> frozenset[int]:
        """Lines added, removed and both: of all files, of each kind, and of each of ``paths``."""
        facts = self._facts
        found = {facts.additions, facts.deletions, facts.additions + facts.deletions}
        wanted = set(paths)
        groups: dict[object, list[FileChange]] = {}
        for file in facts.files:
            groups.setdefault(file.kind, []).append(file)
            if file.path in wanted:
                groups.setdefault(file.path, []).append(file)
        for group in groups.values():
            added, removed = sum(file.additions for file in group), sum(file.deletions for file in group)
            found |= {added, removed, added + removed}
        return frozenset(found)

    @cached_property
    def commits(self) -> frozenset[int]:
        """The commits of the pull request."""
        return frozenset({self._facts.commit_count, len(self._facts.commits) or self._facts.commit_count})

    @cached_property
    def comments(self) -> frozenset[int]:
        """Remarks in threads, comments, both, and both with reviews that say something."""
        remarks = sum(len(thread.remarks) for thread in self._facts.threads)
        comments = len(self._facts.comments)
        reviews = sum(1 for review in self._facts.reviews if review.body.strip())
        return frozenset(
            {remarks, comments, remarks + comments, remarks + comments + reviews, remarks + reviews}
        )

    def threads(self, adjectives: Iterable[str]) -> frozenset[int]:
        """Review threads: all, or those resolved, unresolved, outdated."""
        threads, words = self._facts.threads, {word.lower() for word in adjectives}
        if words & {"unresolved", "open", "未解决"}:
            return frozenset({sum(1 for thread in threads if not thread.resolved)})
        if words & {"resolved", "已解决"}:
            return frozenset({sum(1 for thread in threads if thread.resolved)})
        if words & {"outdated", "过期"}:
            return frozenset({sum(1 for thread in threads if thread.outdated)})
        return frozenset({len(threads)})

    @cached_property
    def reviewers(self) -> frozenset[int]:
        """Who reviewed: with and without bots, with and without those who only remarked."""
        own = self._facts.author.login
        reviewers = {
            item.author.login: item.author.is_bot for item in self._facts.reviews if item.author.login != own
        }
        starters = {
            thread.remarks[0].author.login: thread.remarks[0].author.is_bot
            for thread in self._facts.threads
            if thread.remarks and thread.remarks[0].author.login != own
        }
        both = reviewers | starters
        return frozenset(
            count
            for group in (reviewers, both)
            for count in (len(group), sum(not bot for bot in group.values()))
        )

    @cached_property
    def reviews(self) -> frozenset[int]:
        """The reviews, and those of each state."""
        states = Counter(review.state for review in self._facts.reviews)
        return frozenset({len(self._facts.reviews), *states.values()})

    @cached_property
    def tests(self) -> frozenset[int]:
        """Test functions added, touched, and test files."""
        files = [file for file in self._facts.files if file.kind is FileKind.TEST]
        lines = [raw[1:] for file in files for hunk in file.hunks for raw in hunk.lines if raw[:1] == "+"]
        added = sum(1 for line in lines if _TEST.match(line[:200]))
        symbols = [item for file in files for item in file.symbols if "test" in item.name.lower()]
        new = sum(1 for item in symbols if item.change is SymbolChange.ADDED)
        return frozenset({added, len(symbols), new, len(files)} - {0})

    @cached_property
    def simple(self) -> dict[str, frozenset[int]]:
        """What needs nothing besides the noun."""
        return {
            "commit": self.commits,
            "comment": self.comments,
            "reviewer": self.reviewers,
            "review": self.reviews | self.reviewers,
            "test": self.tests,
        }

    def symbols(self, kinds: str, paths: Iterable[str]) -> frozenset[int]:
        """Functions or classes by what happened to them: in all files, in source, in each of ``paths``."""
        wanted = set(paths)
        groups: dict[object, Counter[SymbolChange]] = {"all": Counter(), "source": Counter()}
        for file in self._facts.files:
            changes = Counter(
                item.change for item in file.symbols if (item.kind in _FUNCTIONS) is (kinds == "function")
            )
            groups["all"] += changes
            if file.kind is not FileKind.TEST:
                groups["source"] += changes
            if file.path in wanted:
                groups[file.path] = changes
        found = {count for group in groups.values() for count in (*group.values(), sum(group.values()))}
        return frozenset(found)


def _chosen(files: list[FileChange], word: str) -> list[FileChange] | None:
    if word in _TOTAL:
        return files
    if word in _STATUS:
        return [file for file in files if file.status is _STATUS[word]]
    if word in _KINDS:
        return [file for file in files if file.kind is _KINDS[word]]
    if word in _ENDINGS:
        return [file for file in files if file.path.lower().endswith(f".{_ENDINGS[word]}")]
    return None
