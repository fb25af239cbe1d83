"""Which files are read first when not all can be: by what they are, and by the risk they carry."""

from __future__ import annotations

import re
from collections import Counter
from math import log2
from typing import TYPE_CHECKING

from bot.inference.folders import is_aside, is_patch
from bot.inference.history import core_files
from bot.inference.rules.dangers import SECRET_WORDS
from bot.inference.sizes import weighted
from bot.model import FileKind, FileStatus, ReadAs

if TYPE_CHECKING:
    from bot.model import FileChange, PullFacts

_RANKS = {
    FileKind.SOURCE: 0.0,
    FileKind.CONFIG: 1.0,
    FileKind.CI: 1.0,
    FileKind.TEST: 2.0,
    FileKind.DOCS: 3.0,
}
_LAST = 4.0
# A file with a reason to be looked at goes before the plain ones of the kind before its own.
_PROMOTED = 1.5
_DEMOTED = 1.5
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_RISKY_WORDS = SECRET_WORDS | {"migrations", "migration", "security", "permissions", "permission", "sandbox"}
_READ = frozenset({ReadAs.WHOLE, ReadAs.CLIPPED})


def readable(facts: PullFacts) -> tuple[FileChange, ...]:
    """The files of which there are lines to read, or at least a change that a line tells (a rename)."""
    return tuple(file for file in facts.files if file.read_as in _READ)


def ranked(facts: PullFacts) -> tuple[FileChange, ...]:
    """The readable files, the most important first; the same order for the same facts."""
    signals = _Signals(facts)
    return tuple(sorted(readable(facts), key=signals.place))


class _Signals:
    """What is cheaply known about the files of one change."""

    def __init__(self, facts: PullFacts) -> None:
        self.remarks = Counter(thread.path for thread in facts.threads)
        self.core = {item.path for item in core_files(facts)}
        self.removed = {file.path for file in facts.files if file.status is FileStatus.REMOVED}

    def place(self, file: FileChange) -> tuple[float, float, str]:
        rank = _RANKS.get(file.kind, _LAST)
        if is_aside(file.path) or is_patch(file.path) or file.path in self.removed:
            rank += _DEMOTED
        if self.remarks[file.path] or file.path in self.core or is_risky(file):
            rank -= _PROMOTED
        weight = log2(2 + weighted(file)) * (1.5 if file.path in self.core else 1.0)
        return rank, -weight, file.path


def is_risky(file: FileChange) -> bool:
    """Whether a file's name says that it decides about access, secrets or stored data, or runs in CI."""
    if file.kind is FileKind.CI:
        return True
    if file.kind not in {FileKind.SOURCE, FileKind.CONFIG}:
        return False
    words = {word.lower() for word in _WORDS.findall(file.path.rsplit(".", 1)[0])}
    return not _RISKY_WORDS.isdisjoint(words)
