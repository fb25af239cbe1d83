"""What a title says about itself: its prefixes, its kind of change, and the words after them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.inference.sentences import is_wide, plain

KINDS = {
    "feat": "feature",
    "feature": "feature",
    "features": "feature",
    "new": "feature",
    "fix": "bugfix",
    "fixes": "bugfix",
    "bugfix": "bugfix",
    "hotfix": "bugfix",
    "bug": "bugfix",
    "refactor": "refactor",
    "refactoring": "refactor",
    "nfc": "refactor",
    "doc": "docs",
    "docs": "docs",
    "documentation": "docs",
    "test": "tests",
    "tests": "tests",
    "ci": "ci",
    "build": "chore",
    "deps": "dependency",
    "dep": "dependency",
    "dependencies": "dependency",
    "perf": "performance",
    "performance": "performance",
    "optimization": "performance",
    "revert": "revert",
    "release": "release",
    "config": "config",
    "cfg": "config",
    "cleanup": "cleanup",
    "clean": "cleanup",
    "style": "cleanup",
    "lint": "cleanup",
    "chore": "chore",
    "chores": "chore",
    "misc": "chore",
    "修复": "bugfix",
    "新增": "feature",
    "功能": "feature",
    "重构": "refactor",
    "文档": "docs",
    "测试": "tests",
    "优化": "performance",
    "回滚": "revert",
}
_DENIALS = frozenset({"not", "non", "no"})
_BRACKETS = re.compile(r"\s*(?:\[([^\[\]]{1,80})\]|【([^【】]{1,80})】|\(([\w ,/-]{1,40})\):)")
_TYPED = re.compile(r"\s*([A-Za-z\u4e00-\u9fff]{1,20})\s?(?:\(([^()]{0,80})\))?(!)?\s?[:：]")
_MARKED = re.compile(r"\s*[\w./-]{1,40}(?:\([^()]{0,80}\))?!:")
_WORDS = re.compile(r"[\w.+-]+")
_REVERT = re.compile(
    r"""revert(?:ed|s)?\b\s*(?:[:"'“]|#\d|pr\b|commit\b)|\[revert\]|回滚|撤销""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart. ``marks`` are the words of its prefixes in lower case; ``rest`` is the rest."""

    marks: tuple[str, ...]
    breaking: bool
    reverts: bool
    rest: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """The tags that the prefixes name, in their order."""
        return tuple(dict.fromkeys(KINDS[mark] for mark in self.marks if mark in KINDS))


def read_title(title: str) -> Title:
    """Take a title apart; its prefixes stay in ``rest`` when hardly anything would be left."""
    marks: list[str] = []
    breaking = bool(_MARKED.match(title))
    position = 0
    while match := _BRACKETS.match(title, position):
        marks += _WORDS.findall((match.group(1) or match.group(2) or match.group(3)).lower())
        position = match.end()
    typed = _TYPED.match(title, position)
    if typed and (typed.group(1).lower() in KINDS or typed.group(3)):
        marks += [typed.group(1).lower(), *_WORDS.findall((typed.group(2) or "").lower())]
        breaking = breaking or bool(typed.group(3))
        position = typed.end()
    rest = plain(title[position:])
    return Title(
        marks=tuple(marks),
        breaking=breaking or ("breaking" in marks and not _DENIALS.intersection(marks)),
        reverts=bool(_REVERT.match(title.strip()) or _REVERT.match(rest)) or "revert" in marks,
        rest=rest if _reads(rest) else plain(title),
    )


def _reads(rest: str) -> bool:
    """Whether the words after the prefixes stand by themselves."""
    wide = sum(1 for character in rest if is_wide(character))
    return len(rest.split()) + wide // 2 > 1
