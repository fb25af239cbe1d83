"""What maintainers do to issues by hand: close, reopen, edit, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.discussion import Issue
    from sandbox.state import Repository, State


def close_issue(state: State, issue: Issue, reason: str = "completed") -> None:
    """Close an issue; ``reason`` is ``completed``, ``not_planned`` or ``duplicate``."""
    _changed(state, issue, closed_at=state.now(), state_reason=reason)


def reopen_issue(state: State, issue: Issue) -> None:
    """Open a closed issue again."""
    _changed(state, issue, closed_at=None, state_reason="reopened")


def edit_issue(state: State, issue: Issue, **fields: str) -> None:
    """Change ``title`` or ``body``."""
    _changed(state, issue, **fields)


def delete_issue(state: State, repository: Repository, number: int) -> None:
    """Delete an issue: GitHub answers 410 for it from then on, and never gives its number again."""
    repository.deleted[number] = (state.clock(), repository.issues.pop(number))


def _changed(state: State, issue: Issue, **fields: object) -> None:
    if issue.past.value is None:
        issue.keep(issue.created_at.timestamp())
    for name, value in fields.items():
        setattr(issue, name, value)
    issue.updated_at = state.now()
    issue.keep(state.clock())
