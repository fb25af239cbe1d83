"""Which of the changed files the repository changes most often."""

from __future__ import annotations

from bot.model import FileHistory, FileKind, PullFacts

PULLS = 8  # fewer say nothing about how often
DAYS_PER_PULL = 7  # a core file is touched by another pull request every week
PULLS_WITHOUT_DAYS = 15  # where the time is not known; in an old repository most files reach it
_VERSIONS = frozenset(
    {"__version__.py", "_version.py", "version.py", "version.go", "version.ts", "version.rb"}
)


def core_histories(facts: PullFacts) -> tuple[FileHistory, ...]:
    """The histories of the changed source files that other pull requests touch most often."""
    sources = {file.path for file in facts.files if file.kind is FileKind.SOURCE}
    found = [item for item in facts.history if item.path in sources and _is_core(item)]
    return tuple(sorted(found, key=lambda item: (-item.pulls, item.days or 0, item.path)))


def core_files(facts: PullFacts) -> frozenset[str]:
    """The paths of the core files among the changed ones."""
    return frozenset(item.path for item in core_histories(facts))


def _is_core(item: FileHistory) -> bool:
    if item.path.rsplit("/", 1)[-1] in _VERSIONS:
        return False
    if item.days is None:
        return item.pulls >= PULLS_WITHOUT_DAYS
    return item.pulls >= PULLS and item.days <= DAYS_PER_PULL * item.pulls
