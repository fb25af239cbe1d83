"""What people write and decide: issues, pull requests, reviews, threads, comments and labels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from sandbox.recorded import Recorded

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT_COLOR = "ededed"
_RECORDED = ("title", "body", "closed_at", "state_reason", "updated_at")


@dataclass(frozen=True)
class User:
    """An account: ``kind`` is ``User``, ``Bot`` or ``Organization``; a bot's login ends in ``[bot]``."""

    id: int
    login: str
    kind: str = "User"
    name: str | None = None

    @property
    def is_bot(self) -> bool:
        """Whether GitHub calls it a bot."""
        return self.kind == "Bot"


@dataclass(frozen=True)
class Label:
    """A label of a repository; the colour is six hex digits."""

    id: int
    name: str
    color: str = DEFAULT_COLOR
    description: str | None = None


@dataclass(frozen=True)
class Reaction:
    """A reaction to a comment, such as ``+1`` or ``eyes``."""

    id: int
    user: User
    content: str
    created_at: datetime


@dataclass(frozen=True)
class Comment:
    """A comment on an issue or pull request; ``app_id`` if an app wrote it."""

    id: int
    user: User | None
    body: str
    created_at: datetime
    updated_at: datetime
    app_id: int | None = None
    minimized: bool = False
    reactions: tuple[Reaction, ...] = ()


@dataclass(frozen=True)
class ReviewComment:
    """A remark in a review thread, made on a line of ``commit`` with the diff as it was there."""

    id: int
    user: User | None
    body: str
    created_at: datetime
    review_id: int | None = None
    minimized: bool = False


@dataclass
class Thread:
    """A review thread: ``line`` is where it points now, ``None`` once that line is gone."""

    id: int
    path: str
    line: int | None
    original_line: int
    original_commit: str
    diff_hunk: str
    comments: list[ReviewComment] = field(default_factory=list)
    outdated: bool = False
    resolved_by: User | None = None

    @property
    def resolved(self) -> bool:
        """Whether somebody marked it as resolved."""
        return self.resolved_by is not None


@dataclass(frozen=True)
class Review:
    """A submitted review; ``state`` is ``APPROVED``, ``CHANGES_REQUESTED`` or GitHub's other words."""

    id: int
    user: User | None
    state: str
    body: str
    submitted_at: datetime
    commit: str


@dataclass
class Issue:
    """An issue, and what a pull request shares with one."""

    id: int
    number: int
    title: str
    body: str | None
    user: User | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    locked: bool = False
    app_id: int | None = None
    state_reason: str | None = None
    labels: Recorded[tuple[str, ...]] = field(default_factory=lambda: Recorded(()))
    comments: Recorded[tuple[Comment, ...]] = field(default_factory=lambda: Recorded(()))
    past: Recorded[dict[str, Any] | None] = field(default_factory=lambda: Recorded(None))

    @property
    def state(self) -> str:
        """``open`` or ``closed``."""
        return "closed" if self.closed_at else "open"

    def keep(self, at: float) -> None:
        """Record what it says from ``at`` on, so that a stale list can show what it said before."""
        self.past.put({name: getattr(self, name) for name in _RECORDED}, at)

    def as_of(self, moment: float) -> Self | None:
        """The issue as a list shows it that is as old as ``moment``; ``None`` before it was opened."""
        if self.past.value is None:
            return self if self.created_at.timestamp() <= moment else None
        said = self.past.as_of(moment)
        if said is None or said is self.past.value:
            return self if said else None
        return replace(self, **said, labels=Recorded(self.labels.as_of(moment)))


@dataclass
class Pull(Issue):
    """A pull request; ``base_sha`` is the base branch's tip when the head was last pushed."""

    base_ref: str = "main"
    base_sha: str = ""
    head_ref: str = ""
    head_sha: str = ""
    head_repository: str | None = None
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_sha: str | None = None
    merge_queue: bool = False
    closes: tuple[int, ...] = ()
    mentioned_by: tuple[int, ...] = ()
    reviews: list[Review] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)

    @property
    def merged(self) -> bool:
        """Whether it was merged."""
        return self.merged_at is not None


@dataclass
class CheckRun:
    """A check run that an app made beside a commit, and what it says now."""

    id: int
    head_sha: str
    name: str
    app_id: int
    status: str = "queued"
    conclusion: str | None = None
    output: dict[str, str] = field(default_factory=dict)
    external_id: str = ""
    updated_at: datetime | None = None
