"""What was said about a pull request, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.model.base import Frozen


class Person(Frozen):
    """Who wrote or did something; GitHub's ``ghost`` stands for a deleted account."""

    login: str = "ghost"
    is_bot: bool = False


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


class DecisionState(StrEnum):
    """What resolution, outdatedness, replies and later commits say about a thread.

    ``changed``: the remarked line was changed afterwards. ``resolved``: marked as resolved.
    ``answered``: somebody else replied last or agreed to disagree. ``unanswered``: nobody replied.
    """

    CHANGED = "changed"
    RESOLVED = "resolved"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


class Decision(Frozen):
    """One entry of the decision log. ``open_at_merge`` puts it into the group of open ones."""

    thread_id: int
    path: str
    line: int | None
    merged_line: int | None
    raised_by: Person
    remark: str
    last_reply: str | None
    last_reply_by: Person | None
    replies: int
    resolved: bool
    resolved_by: Person | None
    outdated: bool
    still_there: bool | None
    later_commits: int | None
    state: DecisionState
    open_at_merge: bool


class ReviewOutcome(Frozen):
    """A reviewer's last word: GitHub's review state."""

    reviewer: Person
    state: str
