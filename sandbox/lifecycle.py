"""What happens to installations and repositories as such, and the webhooks that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.build import add_user
from sandbox.payloads import base_of, installation_payload
from sandbox.refused import Refused
from sandbox.shapes.people import user_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.calls import Route
    from sandbox.discussion import Issue
    from sandbox.state import Installation, Repository, State


def check_standing(repository: Repository, route: Route, issue: Issue | None) -> None:
    """Refuse what a repository's standing forbids: blocked for all, archived for writes, issues if off."""
    if repository.blocked:
        block = {"reason": "dmca", "created_at": "2026-03-01T00:00:00Z", "html_url": None}
        raise Refused(451, "Repository access blocked", block=block)
    if repository.archived and route.method not in {"GET", "HEAD"}:
        raise Refused(403, "Repository was archived so is read-only.")
    of_issues = route.path.endswith("/issues") or (issue is not None and not hasattr(issue, "merged_at"))
    if not repository.has_issues and "/issues" in route.path and of_issues:
        raise Refused(410, "Issues has been disabled in this repository.")


def uninstall(state: State, installation: Installation) -> None:
    """Remove the app from an account; its tokens die with it."""
    del state.installations[installation.id]


def transfer(state: State, repository: Repository, owner: str, into: Installation | None = None) -> None:
    """Give a repository to another account, where another installation may cover it, or none."""
    for installation in state.installations.values():
        installation.repositories.discard(repository.id)
    repository.former_names.add(repository.full_name)
    repository.owner = add_user(state, owner, kind="Organization")
    if into is not None:
        into.repositories.add(repository.id)


def delete_repository(state: State, repository: Repository) -> None:
    """Delete a repository."""
    for installation in state.installations.values():
        installation.repositories.discard(repository.id)
    del state.repositories[repository.id]


def repositories_payload(
    state: State, installation: Installation, action: str, repositories: Iterable[Repository]
) -> dict[str, Any]:
    """``installation_repositories``: ``added`` or ``removed``."""
    named = [
        {
            "id": one.id,
            "node_id": f"R_{one.id}",
            "name": one.name,
            "full_name": one.full_name,
            "private": one.private,
        }
        for one in repositories
    ]
    whole = installation_payload(state, installation, action)
    return {
        "action": action,
        "installation": whole["installation"],
        "repository_selection": "selected",
        "repositories_added": named if action == "added" else [],
        "repositories_removed": named if action == "removed" else [],
        "requester": None,
        "sender": user_json(base_of(state), installation.account),
    }
