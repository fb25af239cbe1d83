"""PullFacts: all that was read or computed about one merged pull request, without a model."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.model.base import Frozen
from bot.model.discussion import Person, Remark, Review, ReviewThread
from bot.model.files import FileChange, FileHistory, MergedFile
from bot.model.repo_config import Choices


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


class Repository(Frozen):
    """The repository as GitHub names it now; ``id`` is what stays when it is renamed."""

    id: int
    full_name: str
    url: str | None
    default_branch: str
    private: bool = False
    archived: bool = False


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


class PullFacts(Frozen):
    """All that was read or computed about one merged pull request.

    Text from GitHub is kept as it came, except that secrets are redacted and control and format
    characters removed. ``changed_files``, ``additions`` and ``deletions`` are GitHub's totals (git's
    for a local clone); ``files`` may hold fewer, and ``partial`` then says why. ``choices`` are what held for
    the repository when this was read: all work with these facts goes by them.
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
    choices: Choices | None = None
