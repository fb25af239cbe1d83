"""PullFacts: all that was read or computed about one merged pull request, without a model."""

from __future__ import annotations

from datetime import datetime
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


class MergeMethod(StrEnum):
    """How the pull request reached its base branch."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"
    UNKNOWN = "unknown"


class Relation(StrEnum):
    """How another pull request or issue is related to this one."""

    REVERTS = "reverts"
    REVERTED_BY = "reverted_by"
    CLOSES = "closes"
    BACKPORT_OF = "backport_of"
    SAME_FILES = "same_files"
    MENTIONED = "mentioned"


class Person(Frozen):
    """Who wrote or did something; GitHub's ``ghost`` stands for a deleted account."""

    login: str = "ghost"
    is_bot: bool = False


class Repository(Frozen):
    """The repository as GitHub names it now; ``id`` is what stays when it is renamed."""

    id: int
    full_name: str
    url: str | None
    default_branch: str
    private: bool = False
    archived: bool = False


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
    """One changed file. ``hunks`` hold what was read of the patch, after redaction."""

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


class MergedFile(Frozen):
    """The text of a file at the merge commit, after redaction; ``clipped`` if it was cut."""

    path: str
    text: str
    clipped: bool = False


class Remark(Frozen):
    """One comment of a discussion. ``id`` is GitHub's database id."""

    id: int
    author: Person
    body: str
    created_at: datetime
    minimized: bool = False


class ReviewThread(Frozen):
    """A review thread on a file.

    ``line`` is where it points now (``None`` when the line is gone), ``original_line`` where it
    was written. ``remarked_text`` is the diff line it was written on; ``still_there`` says whether
    the merged file has that line (``None``: the file was not read). ``later_commits`` counts the
    pull request's commits after the one it was written on (``None``: unknown).
    """

    id: int
    path: str
    line: int | None
    original_line: int | None
    resolved: bool
    resolved_by: Person | None
    outdated: bool
    remarks: tuple[Remark, ...]
    remarked_text: str = ""
    still_there: bool | None = None
    merged_line: int | None = None
    later_commits: int | None = None


class ReviewState(StrEnum):
    """GitHub's review states that reach a report."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"


class Review(Frozen):
    """A submitted review."""

    id: int
    author: Person
    state: ReviewState
    body: str
    submitted_at: datetime


class Commit(Frozen):
    """A commit of the pull request."""

    sha: str
    headline: str
    body: str
    author: Person
    committed_at: datetime


class LinkedIssue(Frozen):
    """An issue that the pull request closes; ``repository`` is set if it is another one."""

    number: int
    title: str
    body: str = ""
    repository: str | None = None


class RelatedPull(Frozen):
    """Another pull request (or issue) of the same repository, and how it is related.

    ``paths`` are the shared files for ``same_files``.
    """

    number: int
    relation: Relation
    title: str | None = None
    merged_at: datetime | None = None
    paths: tuple[str, ...] = ()


class CheckSummary(Frozen):
    """Check runs and statuses on the head commit: how many, and which did not pass."""

    total: int = 0
    failed: tuple[str, ...] = ()
    pending: int = 0


class FileHistory(Frozen):
    """How many earlier pull requests touched a file, of the ``window`` newest commits looked at.

    ``days`` is how long before the merge the oldest of these commits was made (``None``: unknown).
    """

    path: str
    pulls: int
    window: int
    days: int | None = None


class PullFacts(Frozen):
    """All that was read or computed about one merged pull request.

    Text from GitHub is kept as it came, except that secrets are redacted and control and format
    characters removed. ``changed_files``, ``additions`` and ``deletions`` are GitHub's totals (git's
    for a local clone); ``files`` may hold fewer, and ``partial`` then says why.
    """

    repository: Repository
    number: int | None
    title: str
    body: str
    author: Person
    merged_by: Person | None
    merged_at: datetime
    created_at: datetime | None
    merge_sha: str
    base_sha: str | None
    head_sha: str | None
    base_ref: str
    head_ref: str
    head_repository: str | None
    merge_method: MergeMethod
    merge_queue: bool = False
    labels: tuple[str, ...] = ()
    repository_labels: tuple[str, ...] = ()
    locked: bool = False
    changed_files: int
    additions: int
    deletions: int
    commits: tuple[Commit, ...] = ()
    commit_count: int = 0
    files: tuple[FileChange, ...] = ()
    partial: str | None = None
    merged_files: tuple[MergedFile, ...] = ()
    threads: tuple[ReviewThread, ...] = ()
    reviews: tuple[Review, ...] = ()
    comments: tuple[Remark, ...] = ()
    issues: tuple[LinkedIssue, ...] = ()
    related: tuple[RelatedPull, ...] = ()
    checks: CheckSummary = CheckSummary()
    history: tuple[FileHistory, ...] = ()
    redactions: int = 0
    own_comment_id: int | None = None
