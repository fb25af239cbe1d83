"""Source that changed without a test changing with it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from bot.inference.history import core_files
from bot.inference.lines import Line, first_line, suffix
from bot.inference.messages import counted
from bot.inference.rules.finding import Context, Finding
from bot.inference.titles import read_title
from bot.model import Evidence, FileChange, FileKind, FileStatus, RiskKey, Severity, SymbolChange

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = 10  # changed lines of code up to which a missing test says nothing
MEDIUM_FROM = 100
HIGH_FROM = 500
_TESTLESS = frozenset(
    {"sh", "bash", "zsh", "bat", "ps1", "css", "scss", "less", "html", "ipynb", "sql", "proto", "md"}
)
_TESTLESS_NAMES = frozenset(
    {"dockerfile", "makefile", "setup.py", "conftest.py", "conf.py", "__version__.py", "version.py"}
)
_INLINE_TEST = re.compile(r"#\[(?:\w+::)?test\]|#\[cfg\(test\)\]|^\s*>>> |\bimport\.meta\.vitest\b")
_TEST_MODULES = frozenset({"test", "tests"})
_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORDS_APART = 2
_NO_CODE = re.compile(
    r"\s*(?:import|from|use|using|include|#include|package|export \* from|require)\b|[\s{}()\[\];,]*$"
)


def missing_tests(context: Context) -> Finding | None:
    """More than a few new lines of code, and no test file changed.

    Nothing is said about removals, renames, moved lines, scripts, examples and reverts, nor when
    GitHub did not list every file.
    """
    if not context.complete or tests_changed(context) or read_title(context.facts.title).reverts:
        return None
    sizes = {file.path: _new_code(context, file) for file in context.sources() if _is_testable(file)}
    total = sum(sizes.values())
    if total <= SMALL:
        return None
    core = any(sizes.get(item.path) for item in core_files(context.facts))
    largest = sorted((path for path in sizes if sizes[path]), key=lambda path: -sizes[path])
    return Finding(
        rule="missing-tests",
        key=RiskKey.MISSING_TESTS,
        severity=_severity(total, core=core),
        explanation=counted("insight.risk.missing_tests", len(largest), lines=total),
        evidence=tuple(_evidence(context, path) for path in largest[:5]),
    )


def _severity(lines: int, *, core: bool) -> Severity:
    if lines >= HIGH_FROM or (core and lines >= HIGH_FROM // 2):
        return Severity.HIGH
    return Severity.MEDIUM if lines >= MEDIUM_FROM or core else Severity.LOW


def tests_changed(context: Context) -> bool:
    """Whether a test is new or was added to, in a file of its own or within a source file."""
    return (
        any(
            file.kind is FileKind.TEST and file.status is not FileStatus.REMOVED and file.additions
            for file in context.facts.files
        )
        or any(
            _INLINE_TEST.search(line.text)
            for file in context.sources()
            for hunk in file.hunks
            for line in (Line(file.path, 0, raw[1:200]) for raw in hunk.lines if raw[:1] == "+")
        )
        or any(_has_inline_tests(file) for file in context.sources())
    )


def _has_inline_tests(file: FileChange) -> bool:
    """Whether a test within a Rust file is new or changed inside."""
    return suffix(file.path) == "rs" and any(
        symbol.change is not SymbolChange.REMOVED and symbol.name.split(".", 1)[0] in _TEST_MODULES
        for symbol in file.symbols
    )


def _is_testable(file: FileChange) -> bool:
    name = file.path.lower().rsplit("/", 1)[-1]
    is_script = file.path.lower().startswith(("scripts/", "script/"))
    return (
        suffix(file.path) not in _TESTLESS and "." in name and name not in _TESTLESS_NAMES and not is_script
    )


def _new_code(context: Context, file: FileChange) -> int:
    if not file.hunks:
        return file.additions if file.status is not FileStatus.RENAMED else 0
    touched_up = set(_touched_up(file))
    return sum(
        1
        for line in context.new_code(file)
        if line.number not in touched_up and not _NO_CODE.match(line.text)
    )


def _touched_up(file: FileChange) -> Iterator[int]:
    """The numbers of added lines in which only a word or two differ from the line they replace.

    A run of removed lines is compared line by line with an equally long run of added ones below it.
    """
    for hunk in file.hunks:
        number = hunk.new_start
        removed: list[str] = []
        for mark, run in groupby(hunk.lines, key=lambda raw: raw[:1]):
            lines = list(run)
            if mark == "+" and len(lines) == len(removed):
                pairs = zip(removed, lines, strict=True)
                yield from (number + at for at, (old, new) in enumerate(pairs) if _is_alike(old, new))
            removed = lines if mark == "-" else []
            number += len(lines) if mark != "-" else 0


def _is_alike(old: str, new: str) -> bool:
    before, after = Counter(_TOKEN.findall(old[1:400])), Counter(_TOKEN.findall(new[1:400]))
    return max((before - after).total(), (after - before).total()) <= _WORDS_APART


def _evidence(context: Context, path: str) -> Evidence:
    file = next(file for file in context.facts.files if file.path == path)
    return Evidence(path=path, line=first_line(file))
