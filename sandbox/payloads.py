"""Webhook payloads, built from the state as GitHub builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.shapes.issues import comment_json, issue_json
from sandbox.shapes.people import Base, installation_json, stamp, user_json
from sandbox.shapes.pulls import pull_json, review_comment_json, review_json, simple_pull_json, thread_json
from sandbox.shapes.repos import repository_json

if TYPE_CHECKING:
    from sandbox.discussion import Comment, Pull, Review, ReviewComment, Thread, User
    from sandbox.state import Installation, Repository, State

_ORGANIZATION_URLS = {
    "repos_url": "/repos",
    "events_url": "/events",
    "hooks_url": "/hooks",
    "issues_url": "/issues",
    "members_url": "/members{/member}",
    "public_members_url": "/public_members{/member}",
}


def base_of(state: State) -> Base:
    """Where the links in a payload lead."""
    return Base(state.api_url, state.html_url)


def _envelope(state: State, repository: Repository, action: str, sender: User | None) -> dict[str, Any]:
    """What every payload about a repository has."""
    base = base_of(state)
    envelope: dict[str, Any] = {
        "action": action,
        "repository": repository_json(base, repository),
        "sender": user_json(base, sender or repository.owner),
    }
    installation = state.installation_of(repository)
    if installation:
        envelope["installation"] = {"id": installation.id, "node_id": f"MDIz{installation.id}"}
    if repository.owner.kind == "Organization":
        envelope["organization"] = _organization(base, repository.owner)
    return envelope


def _organization(base: Base, owner: User) -> dict[str, Any]:
    """An organisation as payloads show it."""
    url = f"{base.api}/orgs/{owner.login}"
    return {
        "login": owner.login,
        "id": owner.id,
        "node_id": f"O_{owner.id}",
        "url": url,
        **{key: url + suffix for key, suffix in _ORGANIZATION_URLS.items()},
        "avatar_url": f"{base.html}/avatars/{owner.id}",
        "description": None,
    }


def pull_request_payload(
    state: State, repository: Repository, pull: Pull, action: str = "closed", **extra: Any
) -> dict[str, Any]:
    """``pull_request``: closed, opened, edited and the like.

    ``extra`` may hold ``sender`` (an account) and what an action adds, such as ``changes`` for edited.
    """
    sender = extra.pop("sender", None) or (pull.merged_by if action == "closed" else pull.user)
    if action == "edited":
        extra.setdefault("changes", {"title": {"from": pull.title}})
    return {
        **_envelope(state, repository, action, sender),
        "number": pull.number,
        "pull_request": pull_json(base_of(state), repository, pull),
        **extra,
    }


def issue_comment_payload(
    state: State, repository: Repository, number: int, comment: Comment, action: str = "created"
) -> dict[str, Any]:
    """``issue_comment``, on an issue or a pull request."""
    base, issue = base_of(state), repository.issues[number]
    return {
        **_envelope(state, repository, action, comment.user),
        "issue": issue_json(state, base, repository, issue),
        "comment": comment_json(state, base, repository, issue, comment),
    }


def review_payload(state: State, repository: Repository, pull: Pull, review: Review) -> dict[str, Any]:
    """``pull_request_review`` submitted; the state is in small letters there."""
    base = base_of(state)
    shown = review_json(base, repository, pull, review)
    return {
        **_envelope(state, repository, "submitted", review.user),
        "review": {**shown, "state": review.state.lower(), "body": review.body or None},
        "pull_request": simple_pull_json(base, repository, pull),
    }


def review_comment_payload(
    state: State, repository: Repository, pull: Pull, thread: Thread, comment: ReviewComment
) -> dict[str, Any]:
    """``pull_request_review_comment`` created."""
    base = base_of(state)
    return {
        **_envelope(state, repository, "created", comment.user),
        "comment": review_comment_json(base, repository, pull, thread, comment),
        "pull_request": simple_pull_json(base, repository, pull),
    }


def thread_payload(
    state: State, repository: Repository, pull: Pull, thread: Thread, action: str = "resolved"
) -> dict[str, Any]:
    """``pull_request_review_thread`` resolved or unresolved."""
    base = base_of(state)
    return {
        **_envelope(state, repository, action, thread.resolved_by or pull.user),
        "thread": thread_json(base, repository, pull, thread),
        "pull_request": simple_pull_json(base, repository, pull),
    }


def repository_payload(state: State, repository: Repository, action: str, **extra: Any) -> dict[str, Any]:
    """``repository``: renamed, privatized, archived and the like; ``extra`` holds e.g. ``changes``."""
    return {**_envelope(state, repository, action, None), **extra}


def ping_payload(state: State) -> dict[str, Any]:
    """``ping``, which GitHub sends when a webhook is set up."""
    app = state.app
    config = {"content_type": "json", "insecure_ssl": "0", "url": app.webhook_url or ""}
    return {
        "zen": "Keep it logically awesome.",
        "hook_id": app.hook_id,
        "hook": {
            "type": "App",
            "id": app.hook_id,
            "name": "web",
            "active": True,
            "events": list(app.events),
            "config": config,
            "updated_at": stamp(app.created_at),
            "created_at": stamp(app.created_at),
            "app_id": app.id,
            "deliveries_url": f"{state.api_url}/app/hook/deliveries",
        },
    }


def installation_payload(state: State, installation: Installation, action: str = "created") -> dict[str, Any]:
    """``installation``: created, deleted, suspend, unsuspend."""
    base = base_of(state)
    repositories = [
        {
            "id": repository.id,
            "node_id": f"R_{repository.id}",
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.private,
        }
        for repository in state.repositories.values()
        if repository.id in installation.repositories
    ]
    return {
        "action": action,
        "installation": installation_json(state, base, installation),
        "repositories": repositories,
        "requester": None,
        "sender": user_json(base, installation.account),
    }
