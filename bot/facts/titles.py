"""The modules that a pull request's title names, as in ``[rollout, tool] feat: …`` or ``parser: …``."""

from __future__ import annotations

import re

from bot.redaction import clean_line

MOST_MODULES = 8
_LONGEST_TITLE = 512

_REVERT = re.compile(r'\s*(?:revert|reapply)\s*:?\s*["“]', re.IGNORECASE)
_GROUP = re.compile(r"\s*\[([^\[\]]{0,120})\]")
_TYPED = re.compile(r"\s*[:：-]?\s*([a-z]{2,16})(?:\([^()]{0,60}\))?!?\s*[:：]", re.IGNORECASE)
_SCOPE = re.compile(r"\s*[\w-]{1,24}\s?\(([^()]{1,80})\)!?\s*[:：]")
_PREFIX = re.compile(
    r"\s*((?:[\w.*+-]{1,40}/){0,5}[\w.*+-]{1,40}(?:\s?,\s?[\w./*+-]{1,60}){0,5})!?(?::\s|：)"
)
_MODULE = re.compile(r"[\w.+-]{1,40}(?:[ /][\w.+-]{1,40}){0,4}")
_SEPARATOR = re.compile(r"[,，、;&|]")
_BRACKETS = str.maketrans("【】［］（）", "[][]()")
# Versions, parts of a series (2/N), ticket numbers.
_NUMBERED = re.compile(r"v?\d[\w.]*(?:/\w+)?|[a-z]{2,10}-\d+|#\d+|gh-\d+", re.IGNORECASE)

# What a change is, not where: conventional commit types and the words used like them.
_TYPES = frozenset(
    {
        "feat", "feature", "features", "fix", "fixes", "fixed", "bugfix", "bug", "hotfix", "docs",
        "documentation", "style", "refactor", "refactoring", "perf", "performance", "test", "tests",
        "testing", "build", "ci", "chore", "revert", "reapply", "security", "i18n", "typo", "typos",
        "cleanup", "clean", "lint", "format", "improvement", "improve", "enhancement", "optimization",
        "update", "add", "remove", "support", "new", "change", "rename", "move",
        "init", "experimental",
    }
)  # fmt: skip
# Said about the pull request itself; never a place in the code.
_STATES = frozenset(
    {
        "wip", "draft", "dnm", "do not merge", "don't merge", "rfc", "poc", "breaking", "breaking change",
        "nfc", "release", "bump", "minor", "major", "patch", "trivial", "misc", "other",
        "backport", "cherry-pick", "cherry pick", "prototype", "urgent", "please review", "need review",
        "ready", "note", "warning", "todo", "proposal", "question", "follow-up", "followup", "stable",
        "skip ci", "ci skip", "no ci", "deps", "deps-dev", "dependencies", "merge", "merged",
        "automated", "pre-commit.ci",
    }
)  # fmt: skip


def title_modules(title: str) -> tuple[str, ...]:
    """Give the module names in ``title``, in lower case, in order, at most eight, without repetition.

    ``[a, b] …`` names a and b, ``feat(a): …`` and ``a: …`` name a; a quoted title of a revert counts as
    the title. Words for the type of a change (``[Fix]``, ``feat``, ``docs``) are no modules, unless a type
    follows the brackets (``[ci] fix: …``: then all in them are places); words about the pull
    request itself (``[BREAKING]``, ``[WIP]``, ``[release]``, ``[2/N]``) never are.
    """
    text = clean_line(title, _LONGEST_TITLE).translate(_BRACKETS)
    while quoted := _REVERT.match(text):
        text = text[quoted.end() :]
    found = _bracketed(text) or _before_colon(text)
    return tuple(dict.fromkeys(found))[:MOST_MODULES]


def _bracketed(text: str) -> list[str]:
    words: list[str] = []
    position = 0
    while group := _GROUP.match(text, position):
        words += _SEPARATOR.split(group[1])
        position = group.end()
    typed = _TYPED.match(text, position)
    return _modules(words, types_too=typed is not None and typed[1].lower() in _TYPES)


def _before_colon(text: str) -> list[str]:
    if scope := _SCOPE.match(text):
        return _modules(_SEPARATOR.split(scope[1]), types_too=True)
    prefix = _PREFIX.match(text)
    return _modules(prefix[1].split(","), types_too=False) if prefix else []


def _modules(words: list[str], *, types_too: bool) -> list[str]:
    no_modules = _STATES if types_too else _STATES | _TYPES
    names = []
    for word in words:
        name = word.strip().lower()
        # "CI/Build" is two types; "models/llama" is one place.
        parts = [part for part in name.split("/") if part not in no_modules]
        if name not in no_modules and parts and _MODULE.fullmatch(name) and not _NUMBERED.fullmatch(name):
            names.append("/".join(parts))
    return names
