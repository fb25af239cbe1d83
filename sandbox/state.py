"""All that the stand-in GitHub knows, as plain data; deterministic ids come from counters."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.diffs import FileDiff, diff_trees
from sandbox.discussion import CheckRun, Issue, Label, Pull, User
from sandbox.history import commits_between, merge_base
from sandbox.recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sandbox.objects import Commit

# Ids of comments have long outgrown 32 bits on GitHub; those of repositories and accounts have not.
_FIRST_SMALL_ID = 4_001
_FIRST_LARGE_ID = 3_100_000_001

DEFAULT_PERMISSIONS: Mapping[str, str] = {
    "metadata": "read",
    "contents": "read",
    "checks": "read",
    "statuses": "read",
    "pull_requests": "write",
    "issues": "write",
}
DEFAULT_EVENTS = (
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "repository",
)


@dataclass(frozen=True)
class Check:
    """A check run (``kind`` ``check``) or a commit status (``status``); ``conclusion`` in capitals."""

    name: str
    conclusion: str | None = "SUCCESS"
    kind: str = "check"


@dataclass(frozen=True)
class Token:
    """An access token: of an installation, or of a user, who may do what their role allows.

    ``repositories`` are ids, ``None`` for all that the installation or the user can see.
    """

    value: str
    installation_id: int | None = None
    user: User | None = None
    permissions: Mapping[str, str] = field(default_factory=dict)
    repositories: frozenset[int] | None = None
    expires_at: float = float("inf")


@dataclass
class Attempt:
    """A webhook delivery as ``GET /app/hook/deliveries`` lists it; ``body`` is what was signed."""

    id: int
    guid: str
    event: str
    action: str | None
    body: bytes
    installation_id: int | None
    repository_id: int | None
    delivered_at: datetime
    redelivery: bool = False
    duration: float = 0.0
    status: str = "pending"
    status_code: int = 0


@dataclass
class App:
    """The GitHub App. ``public_key`` is PEM; without one every JWT is refused.

    ``permissions`` and ``events`` are what it asks for; an installation has what was accepted.
    ``webhook_timeout`` is in seconds; GitHub gives a receiver ten. ``webhook_form`` is how bodies are sent.
    """

    id: int
    slug: str
    owner: User
    user: User
    client_id: str
    public_key: str | None = None
    events: tuple[str, ...] = DEFAULT_EVENTS
    permissions: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_PERMISSIONS))
    webhook_form: str = "json"
    webhook_url: str | None = None
    webhook_secret: str | None = None
    webhook_timeout: float = 10.0
    hook_id: int = 0
    created_at: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass
class Installation:
    """An installation of the app on an account."""

    id: int
    account: User
    permissions: dict[str, str]
    repositories: set[int] = field(default_factory=set)
    suspended_at: datetime | None = None
    updated_at: datetime | None = None
    created_at: datetime = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@dataclass
class Repository:
    """A repository: its commits with whole trees, branches, labels, issues and pull requests.

    ``introduced`` says which pull request brought a commit to its base branch; ``deleted`` has the
    issues that were deleted, and when: their numbers are never given again.
    """

    id: int
    owner: User
    name: str
    created_at: datetime
    description: str | None = None
    private: bool = False
    archived: bool = False
    has_issues: bool = True
    blocked: bool = False
    default_branch: str = "main"
    roles: dict[str, str] = field(default_factory=dict)
    former_names: set[str] = field(default_factory=set)
    labels: Recorded[tuple[Label, ...]] = field(default_factory=lambda: Recorded(()))
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    checks: dict[str, tuple[Check, ...]] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    deleted: dict[int, tuple[float, Issue]] = field(default_factory=dict)
    introduced: dict[str, int] = field(default_factory=dict)
    _diffs: dict[tuple[str, str], tuple[FileDiff, ...]] = field(default_factory=dict)
    _pull_commits: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Owner and name."""
        return f"{self.owner.login}/{self.name}"

    @property
    def pulls(self) -> dict[int, Pull]:
        """The pull requests by number."""
        return {number: issue for number, issue in self.issues.items() if isinstance(issue, Pull)}

    def next_number(self) -> int:
        """The number of the next issue or pull request."""
        return max((*self.issues, *self.deleted), default=0) + 1

    def files(self, pull: Pull) -> tuple[FileDiff, ...]:
        """What the pull request changes: its head against where it left the base branch."""
        key = (pull.base_sha, pull.head_sha)
        if key not in self._diffs:
            base = self.commits[merge_base(self.commits, *key)]
            self._diffs[key] = diff_trees(base.tree, self.commits[pull.head_sha].tree)
        return self._diffs[key]

    def commits_of(self, pull: Pull) -> tuple[str, ...]:
        """The pull request's own commits, oldest first."""
        key = (pull.base_sha, pull.head_sha)
        if key not in self._pull_commits:
            self._pull_commits[key] = commits_between(self.commits, *key)
        return self._pull_commits[key]


@dataclass
class Waiting:
    """An app that was registered by its manifest, whose key nobody has asked for yet."""

    manifest: dict[str, Any]
    until: float


@dataclass
class State:
    """Everything. ``clock`` gives seconds since the epoch; tests may set a clock of their own.

    ``manifests`` are by their codes; ``next_webhook_secret`` is what the next of them gets.
    """

    app: App
    clock: Callable[[], float] = time.time
    users: dict[str, User] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    repositories: dict[int, Repository] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    deliveries: list[Attempt] = field(default_factory=list)
    token_lifetime: float = 3600.0
    sparse_files: bool = False
    manifests: dict[str, Waiting] = field(default_factory=dict)
    next_webhook_secret: str | None = None
    html_url: str = "https://github.com"
    api_url: str = "https://api.github.com"
    small_ids: Iterator[int] = field(default_factory=lambda: itertools.count(_FIRST_SMALL_ID))
    large_ids: Iterator[int] = field(default_factory=lambda: itertools.count(_FIRST_LARGE_ID))

    def now(self) -> datetime:
        """The present second, in UTC."""
        return datetime.fromtimestamp(int(self.clock()), UTC)

    def repository(self, full_name: str) -> Repository | None:
        """The repository that has or had this name, if any; letter case does not count."""
        wanted = full_name.lower()
        for repository in self.repositories.values():
            if repository.full_name.lower() == wanted:
                return repository
        for repository in self.repositories.values():
            if wanted in {name.lower() for name in repository.former_names}:
                return repository
        return None

    def installation_of(self, repository: Repository) -> Installation | None:
        """The installation that covers a repository, if any."""
        for installation in self.installations.values():
            if repository.id in installation.repositories:
                return installation
        return None
