"""Which of the changed files are of the core: touched every week, or named by the repository's file."""

from __future__ import annotations

from typing import NamedTuple

from bot.inference.sizes import UNWRITTEN
from bot.model import FileChange, FileHistory, FileKind, PullFacts, Relation

PULLS = 8  # fewer of a file's newest commits say nothing about how often
RECENT_PULLS = 4  # fewer related pull requests neither
DAYS_PER_PULL = 7
_VERSIONS = frozenset(
    {"__version__.py", "_version.py", "version.py", "version.go", "version.ts", "version.rb"}
)
# Documentation and tests beside the core's code are none of it, whatever a glob takes in.
_NEVER_CORE = UNWRITTEN | {FileKind.DOCS, FileKind.TEST}


class CoreFile(NamedTuple):
    """A file that ``pulls`` other pull requests touched in the ``days`` before this one.

    Without ``pulls`` it is one that the repository's file names.
    """

    path: str
    pulls: int
    days: int


def core_files(facts: PullFacts) -> tuple[CoreFile, ...]:
    """The changed source files that other pull requests touch every week, the busiest first.

    Then those that the repository's file names, by their paths; tests, documentation and what nobody wrote
    are not among them.
    """
    sources = {file.path for file in facts.files if file.kind is FileKind.SOURCE}
    found = [_core(facts, item) for item in facts.history if item.path in sources]
    kept = [item for item in found if item is not None and item.days <= DAYS_PER_PULL * item.pulls]
    busy = {item.path for item in kept}
    named = sorted(file.path for file in facts.files if _is_named(file) and file.path not in busy)
    ranked = sorted(kept, key=lambda item: (item.days / item.pulls, item.path))
    return (*ranked, *(CoreFile(path, 0, 0) for path in named))


def _is_named(file: FileChange) -> bool:
    return file.core and file.kind not in _NEVER_CORE


def _core(facts: PullFacts, item: FileHistory) -> CoreFile | None:
    """How often a file is touched, if there is enough to tell; how often it ever was says nothing."""
    if item.path.rsplit("/", 1)[-1] in _VERSIONS:
        return None
    if item.days is not None:
        return CoreFile(item.path, item.pulls, max(1, item.days)) if item.pulls >= PULLS else None
    times = [
        related.merged_at
        for related in facts.related
        if related.relation is Relation.SAME_FILES and item.path in related.paths and related.merged_at
    ]
    days = max(1, (facts.merged_at - min(times)).days) if times else 0
    return CoreFile(item.path, len(times), days) if len(times) >= RECENT_PULLS else None
