"""What a pull request changed: files, hunks and symbols, and how much of them was read."""

from __future__ import annotations

from enum import StrEnum

from bot.model.base import Frozen


class FileKind(StrEnum):
    """What a changed file is; the first rule that matches in ``facts/kinds.py`` decides."""

    SOURCE = "source"
    TEST = "test"
    DOCS = "docs"
    CONFIG = "config"
    CI = "ci"
    LOCK = "lock"
    GENERATED = "generated"
    VENDORED = "vendored"
    BINARY = "binary"
    SUBMODULE = "submodule"
    # By the repository's file: counted, and not read.
    IGNORED = "ignored"


class FileStatus(StrEnum):
    """How a file changed."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"
    RENAMED = "renamed"
    COPIED = "copied"


class ReadAs(StrEnum):
    """How much of a changed file was read; the report's coverage counts these."""

    WHOLE = "whole"
    CLIPPED = "clipped"
    NAME = "name"
    FILTERED = "filtered"


class Hunk(Frozen):
    """One hunk of a unified diff; ``lines`` keep their first character (`` ``, ``+``, ``-``)."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    section: str = ""
    lines: tuple[str, ...] = ()


class SymbolChange(StrEnum):
    """What happened to a symbol."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"


class Symbol(Frozen):
    """A function, method, class or type that the change touches.

    ``line`` is 1-based in the merged file (``None`` if removed or unknown). ``signature`` is the
    definition line as merged (as it was, if removed); ``signature_changed`` says that it differs.
    """

    name: str
    kind: str
    change: SymbolChange
    line: int | None = None
    signature: str = ""
    signature_changed: bool = False
    public: bool = True


class FileChange(Frozen):
    """One changed file. ``hunks`` hold what was read of the patch, after redaction.

    ``core`` says that the repository's file names it as a part of the core, ``own_risks`` are the keys of
    the repository's own risks that its path has.
    """

    path: str
    previous_path: str | None = None
    status: FileStatus
    kind: FileKind
    module: str
    additions: int
    deletions: int
    old_mode: str | None = None
    new_mode: str | None = None
    read_as: ReadAs = ReadAs.WHOLE
    read_reason: str | None = None
    hunks: tuple[Hunk, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    core: bool = False
    own_risks: tuple[str, ...] = ()


class MergedFile(Frozen):
    """The text of a file at the merge commit, after redaction; ``clipped`` if it was cut."""

    path: str
    text: str
    clipped: bool = False


class FileHistory(Frozen):
    """How many earlier pull requests touched a file, of the ``window`` newest commits looked at.

    ``days`` is how long before the merge the oldest of these commits was made (``None``: unknown).
    """

    path: str
    pulls: int
    window: int
    days: int | None = None
