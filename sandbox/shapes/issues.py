"""Issues, comments and reactions as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sandbox.discussion import Comment, Issue, Pull, Reaction, User
from sandbox.shapes.people import Base, app_json, stamp, user_json
from sandbox.shapes.repos import labels_json, repository_json

if TYPE_CHECKING:
    from sandbox.state import Repository, State

_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
_ASSOCIATIONS = {"admin": "MEMBER", "maintain": "MEMBER", "write": "MEMBER", "triage": "COLLABORATOR"}


def association(repository: Repository, user: User | None) -> str:
    """GitHub's ``author_association``; it says nothing reliable about permissions."""
    if user is None:
        return "NONE"
    if user.login == repository.owner.login:
        return "OWNER"
    default = "NONE" if user.is_bot else "CONTRIBUTOR"
    return _ASSOCIATIONS.get(repository.roles.get(user.login, "read"), default)


def reactions_json(url: str, reactions: tuple[Reaction, ...] = ()) -> dict[str, Any]:
    """The counts of reactions."""
    counts = Counter(reaction.content for reaction in reactions)
    return {
        "url": f"{url}/reactions",
        "total_count": len(reactions),
        **{content: counts[content] for content in _REACTIONS},
    }


def reaction_json(base: Base, reaction: Reaction) -> dict[str, Any]:
    """One reaction."""
    return {
        "id": reaction.id,
        "node_id": f"REA_{reaction.id}",
        "user": user_json(base, reaction.user),
        "content": reaction.content,
        "created_at": stamp(reaction.created_at),
    }


def issue_json(state: State, base: Base, repository: Repository, issue: Issue) -> dict[str, Any]:
    """An issue, or a pull request as an issue."""
    url = f"{base.api}/repos/{repository.full_name}"
    own = f"{url}/issues/{issue.number}"
    shown = {
        "url": own,
        "repository_url": url,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "timeline_url": f"{own}/timeline",
        "html_url": html_url(base, repository, issue),
        "id": issue.id,
        "node_id": f"I_{issue.id}",
        "number": issue.number,
        "title": issue.title,
        "user": user_json(base, issue.user),
        "labels": labels_json(base, repository, issue.labels.value),
        "state": issue.state,
        "state_reason": issue.state_reason or ("completed" if issue.closed_at else None),
        "locked": issue.locked,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(issue.comments.value),
        "created_at": stamp(issue.created_at),
        "updated_at": stamp(issue.updated_at),
        "closed_at": stamp(issue.closed_at),
        "author_association": association(repository, issue.user),
        "active_lock_reason": None,
        "body": issue.body,
        "reactions": reactions_json(own),
        "performed_via_github_app": app_json(state, base) if issue.app_id else None,
    }
    if isinstance(issue, Pull):
        shown["draft"] = issue.draft
        shown["pull_request"] = _pull_part(base, repository, issue)
    return shown


def html_url(base: Base, repository: Repository, issue: Issue) -> str:
    """The page of an issue or pull request."""
    kind = "pull" if isinstance(issue, Pull) else "issues"
    return f"{base.html}/{repository.full_name}/{kind}/{issue.number}"


def _pull_part(base: Base, repository: Repository, pull: Pull) -> dict[str, Any]:
    """What an issue says of itself if it is a pull request."""
    html = html_url(base, repository, pull)
    return {
        "url": f"{base.api}/repos/{repository.full_name}/pulls/{pull.number}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": stamp(pull.merged_at),
    }


def comment_json(
    state: State, base: Base, repository: Repository, issue: Issue, comment: Comment
) -> dict[str, Any]:
    """A comment on an issue or pull request."""
    url = f"{base.api}/repos/{repository.full_name}/issues/comments/{comment.id}"
    return {
        "url": url,
        "html_url": f"{html_url(base, repository, issue)}#issuecomment-{comment.id}",
        "issue_url": f"{base.api}/repos/{repository.full_name}/issues/{issue.number}",
        "id": comment.id,
        "node_id": f"IC_{comment.id}",
        "user": user_json(base, comment.user),
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "author_association": association(repository, comment.user),
        "body": comment.body,
        "reactions": reactions_json(url, comment.reactions),
        "performed_via_github_app": app_json(state, base) if comment.app_id else None,
    }


def issue_with_repository_json(
    state: State, base: Base, repository: Repository, issue: Issue
) -> dict[str, Any]:
    """An issue, as ``GET …/issues/{n}`` shows it."""
    return {
        **issue_json(state, base, repository, issue),
        "closed_by": None,
        "repository": repository_json(base, repository),
    }
