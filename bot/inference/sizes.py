"""How large a change is, once what nobody wrote by hand is left out."""

from __future__ import annotations

from bot.inference.folders import is_aside, is_patch
from bot.model import FileChange, FileKind, PullFacts

# What a changed line of each kind counts; those of all other kinds count nothing.
WEIGHTS = {
    FileKind.SOURCE: 1.0,
    FileKind.CONFIG: 0.5,
    FileKind.CI: 0.3,
    FileKind.TEST: 0.2,
    FileKind.DOCS: 0.05,
}
ASIDE = 0.3  # what a line of an example counts, measured by one of the software
REMOVAL = 0.3  # what a removed line counts, measured by an added one
UNWRITTEN = frozenset(
    {FileKind.LOCK, FileKind.GENERATED, FileKind.VENDORED, FileKind.BINARY, FileKind.IGNORED}
)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".pdf", ".svg")


def weighted_lines(facts: PullFacts) -> float:
    """The changed lines, weighted by what kind of file they are in."""
    return sum(weighted(file) for file in facts.files)


def weighted(file: FileChange, gained_by_move: int = 0, lost_by_move: int = 0) -> float:
    """The changed lines of one file, weighted, without as many as were only moved."""
    added = max(0, file.additions - gained_by_move)
    removed = max(0, file.deletions - lost_by_move)
    return _weight(file) * (added + REMOVAL * removed)


def _weight(file: FileChange) -> float:
    """A patch file counts like documentation; examples and what builds documentation count a part."""
    if is_patch(file.path):
        return WEIGHTS[FileKind.DOCS]
    return WEIGHTS.get(file.kind, 0.0) * (
        ASIDE if is_aside(file.path) and file.kind is FileKind.SOURCE else 1.0
    )


def written(facts: PullFacts) -> tuple[FileChange, ...]:
    """The files that somebody wrote."""
    return tuple(file for file in facts.files if file.kind not in UNWRITTEN)


def only_kinds(facts: PullFacts, *kinds: FileKind) -> bool:
    """Whether every changed file is known and of one of ``kinds``; never true of an empty change."""
    listed = bool(facts.files) and len(facts.files) >= facts.changed_files
    return listed and all(file.kind in kinds for file in facts.files)


def only_documentation(facts: PullFacts) -> bool:
    """Whether only documentation changed; its pictures count as documentation."""
    kinds = {file.kind for file in facts.files if not file.path.lower().endswith(_PICTURES)}
    return kinds == {FileKind.DOCS} and only_kinds(facts, FileKind.DOCS, FileKind.BINARY)
