"""Tags from a closed list, by title, labels and the kinds of the changed files."""

from __future__ import annotations

import re

from bot.inference.manifests import dependency_changes
from bot.inference.settings_lines import is_settings_file
from bot.inference.sizes import only_kinds
from bot.inference.titles import KINDS, read_title
from bot.model import FileKind, PullFacts

TAGS = (
    "revert",
    "release",
    "bugfix",
    "feature",
    "performance",
    "refactor",
    "dependency",
    "config",
    "docs",
    "tests",
    "ci",
    "cleanup",
    "chore",
)
MOST = 6
_WORDS = {
    "bugfix": r"\b(?:fix(?:e[sd]|ing)?|bug(?:fix)?|hotfix|crash(?:es)?|regression)\b|修复",
    "feature": r"^(?:adds?|added|adding|supports?|introduce[sd]?|implement(?:s|ed)?|enable[sd]?)\b|"
    r"^(?:新增|支持|增加)",
    "refactor": r"\b(?:refactor(?:s|ed|ing)?|restructure[sd]?|extract(?:s|ed)?|rename[sd]?)\b|重构",
    "performance": r"\b(?:speed up|faster|optimi[sz]e[sd]?|performance)\b|优化|加速",
    "release": r"^(?:release|version|bump(?: version)?(?: to)?)? ?v?\d+\.\d|\brelease[ -](?:version )?v?\d",
    "dependency": r"^bump \S{1,80} from \S|\b(?:dependenc(?:y|ies)|upgrade[sd]? \S{1,60} to)\b",
    "docs": r"\b(?:docs?|documentation|readme|typos?)\b|文档",
    "tests": r"\b(?:unit|e2e|integration) tests?\b|^tests?\b|测试",
    "cleanup": r"^(?:remove[sd]?|delete[sd]?|drop(?:s|ped)?|clean ?up)\b|\bcleanup\b|^(?:移除|删除|清理)",
}
_PATTERNS = {tag: re.compile(words, re.IGNORECASE) for tag, words in _WORDS.items()}
_LABELS = {
    "bug": "bugfix",
    "enhancement": "feature",
    "documentation": "docs",
    "dependencies": "dependency",
    "testing": "tests",
    "github_actions": "ci",
}
_ONLY = (
    (FileKind.DOCS, "docs"),
    (FileKind.TEST, "tests"),
    (FileKind.CI, "ci"),
    (FileKind.LOCK, "dependency"),
)


def tags(facts: PullFacts) -> tuple[str, ...]:
    """At most six tags of the closed list, in alphabetical order."""
    title = read_title(facts.title)
    found = set(title.kinds)
    found |= {tag for tag, pattern in _PATTERNS.items() if not title.kinds and pattern.search(title.rest)}
    found |= _labels(facts)
    found |= {tag for kind, tag in _ONLY if only_kinds(facts, kind)}
    found |= {"config"} if facts.files and all(map(is_settings_file, facts.files)) else set()
    found |= {"dependency"} if any(dependency_changes(facts.files)) else set()
    if title.reverts or "dependency" in title.kinds or "deps" in title.marks:
        found -= {"bugfix", "feature"}
    found |= {"revert"} if title.reverts else set()
    return tuple(sorted([tag for tag in TAGS if tag in found][:MOST]))


def _labels(facts: PullFacts) -> set[str]:
    """Tags of labels by their last part: ``type: bug`` and ``kind/bug`` are both ``bug``."""
    names = [
        re.split(r"[:/]", label.lower())[-1].strip()
        for label in facts.labels
        if not label.startswith("risk:")
    ]
    return {tag for name in names if (tag := _LABELS.get(name) or KINDS.get(name))}
