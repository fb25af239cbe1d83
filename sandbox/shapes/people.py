"""Accounts and apps as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.discussion import User
    from sandbox.state import App, Installation, State

_USER_URLS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


@dataclass(frozen=True)
class Base:
    """Where links lead: the API's address and the site's."""

    api: str
    html: str


def stamp(moment: datetime | None) -> str | None:
    """A time as GitHub writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def user_json(base: Base, user: User | None) -> dict[str, Any] | None:
    """An account; ``None`` for a deleted one."""
    if user is None:
        return None
    url = f"{base.api}/users/{user.login}"
    name = user.login.removesuffix("[bot]")
    return {
        "login": user.login,
        "id": user.id,
        "node_id": f"U_{user.id}",
        "avatar_url": f"{base.html}/avatars/{user.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{base.html}/apps/{name}" if user.is_bot else f"{base.html}/{name}",
        **{key: url + suffix for key, suffix in _USER_URLS.items()},
        "type": user.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def app_json(state: State, base: Base) -> dict[str, Any]:
    """The app, as ``GET /app`` and ``performed_via_github_app`` show it."""
    app: App = state.app
    return {
        "id": app.id,
        "client_id": app.client_id,
        "slug": app.slug,
        "node_id": f"A_{app.id}",
        "owner": user_json(base, app.owner),
        "name": app.slug,
        "description": "",
        "external_url": base.html,
        "html_url": f"{base.html}/apps/{app.slug}",
        "created_at": stamp(app.created_at),
        "updated_at": stamp(app.created_at),
        "permissions": {"metadata": "read", **app.permissions},
        "events": list(app.events),
    }


def installation_json(state: State, base: Base, installation: Installation) -> dict[str, Any]:
    """An installation, as ``GET /app/installations/{id}`` shows it."""
    account = installation.account
    return {
        "id": installation.id,
        "client_id": state.app.client_id,
        "account": user_json(base, account),
        "repository_selection": "selected",
        "access_tokens_url": f"{base.api}/app/installations/{installation.id}/access_tokens",
        "repositories_url": f"{base.api}/installation/repositories",
        "html_url": f"{base.html}/organizations/{account.login}/settings/installations/{installation.id}",
        "app_id": state.app.id,
        "app_slug": state.app.slug,
        "target_id": account.id,
        "target_type": account.kind,
        "permissions": {"metadata": "read", **installation.permissions},
        "events": list(state.app.events),
        "created_at": stamp(installation.created_at),
        "updated_at": stamp(installation.updated_at or installation.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user_json(base, account) if installation.suspended_at else None,
        "suspended_at": stamp(installation.suspended_at),
    }
