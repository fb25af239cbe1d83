"""The app itself: who it is, its installations and their tokens, and its webhook deliveries."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.refused import Refused
from sandbox.shapes.deliveries import delivery_json
from sandbox.shapes.people import app_json, installation_json, stamp
from sandbox.shapes.repos import repository_json
from sandbox.state import App, Installation, State, Token
from sandbox.webhooks import redeliver

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVELS = ("none", "read", "write", "admin")
_TOKEN_LENGTH = 520


def get_app(call: Call) -> Answer:
    """The app."""
    shown = app_json(call.state, call.base)
    return Answer({**shown, "installations_count": len(call.state.installations)})


def get_installation(call: Call) -> Answer:
    """An installation by id."""
    return Answer(installation_json(call.state, call.base, _installation(call)))


def get_repository_installation(call: Call) -> Answer:
    """The installation that covers a repository."""
    installation = call.state.installation_of(call.repository)
    if installation is None:
        raise Refused(404, "Not Found")
    return Answer(installation_json(call.state, call.base, installation))


def create_token(call: Call) -> Answer:
    """An installation token, narrowed to what was asked for."""
    installation = _installation(call)
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    permissions = _permissions(installation, call.body.get("permissions"))
    repositories = _repositories(call, installation)
    expires = call.state.clock() + call.state.token_lifetime
    value = new_token_value(call.state)
    call.state.tokens[value] = Token(value, installation.id, None, permissions, repositories, expires)
    answer: dict[str, Any] = {
        "token": value,
        "expires_at": stamp(datetime.fromtimestamp(expires, UTC)),
        "permissions": dict(permissions),
        "repository_selection": "selected",
    }
    if repositories is not None:
        known = call.state.repositories
        answer["repositories"] = [
            repository_json(call.base, known[number]) for number in sorted(repositories)
        ]
    return Answer(answer, 201)


def new_token_value(state: State) -> str:
    """A token as GitHub forms them since 2026: the app's id, then three parts like a JWT's, 520 long."""
    app: App = state.app
    seed = f"{app.id} {len(state.tokens)}".encode()
    text = b"".join(hashlib.sha512(seed + bytes([part])).digest() for part in range(8))
    filling = base64.urlsafe_b64encode(text).decode().rstrip("=")
    return f"ghs_{app.id}_eyJhbGciOiJIUzI1NiJ9.{filling[:400]}.{filling[400:]}"[:_TOKEN_LENGTH]


def _permissions(installation: Installation, wanted: object) -> Mapping[str, str]:
    """The permissions of the token; a 422 if more is asked for than the installation grants."""
    granted = {"metadata": "read", **installation.permissions}
    if wanted is None:
        return granted
    if not isinstance(wanted, dict):
        raise Refused(422, "Invalid request.\n\nFor 'properties/permissions', this is not an object.")
    for name, level in wanted.items():
        if level not in _LEVELS or _LEVELS.index(level) > _LEVELS.index(granted.get(name, "none")):
            raise Refused(422, "The permissions requested are not granted to this installation.")
    return {**wanted, "metadata": "read"}


def _repositories(call: Call, installation: Installation) -> frozenset[int] | None:
    """The repositories of the token; a 422 if one is not the installation's."""
    wanted = call.body.get("repository_ids")
    if wanted is None:
        return None
    if not isinstance(wanted, list) or not wanted or not set(wanted) <= installation.repositories:
        raise Refused(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent "
            "installation.",
        )
    return frozenset(wanted)


def _installation(call: Call) -> Installation:
    """The installation in the path; a 404 if there is none."""
    installation = call.state.installations.get(call.number("installation_id"))
    if installation is None:
        raise Refused(404, "Not Found")
    return installation


def list_deliveries(call: Call) -> Answer:
    """The webhook deliveries, newest first, by cursor."""
    size = min(call.positive("per_page", 30), 100)
    cursor = call.positive("cursor", 0)
    newest = [attempt for attempt in reversed(call.state.deliveries) if not cursor or attempt.id <= cursor]
    headers = {}
    if len(newest) > size:
        url = call.request.url.update_query(cursor=str(newest[size].id))
        headers["Link"] = f'<{url}>; rel="next"'
    return Answer([delivery_json(attempt) for attempt in newest[:size]], headers=headers)


def get_hook_config(call: Call) -> Answer:
    """Where deliveries go; the secret is never shown."""
    app = call.state.app
    if app.webhook_url is None:
        raise Refused(404, "Not Found")
    shown = {"content_type": app.webhook_form, "insecure_ssl": "0", "url": app.webhook_url}
    return Answer(shown | ({"secret": "********"} if app.webhook_secret else {}))


def attempt_delivery(call: Call) -> Answer:
    """Deliver once more, under the same GUID; the answer comes before it happens."""
    wanted = call.number("delivery_id")
    found = [attempt for attempt in call.state.deliveries if attempt.id == wanted]
    if not found:
        raise Refused(404, "Not Found")
    return Answer({}, 202, later=lambda: redeliver(call.state, found[0]))


_DELIVERIES = "/app/hook/deliveries"

ROUTES = (
    Route("GET", "/app", get_app, app=True),
    Route("GET", "/app/installations/{installation_id}", get_installation, app=True),
    Route("GET", f"{REPO}/installation", get_repository_installation, app=True),
    Route(
        "POST",
        "/app/installations/{installation_id}/access_tokens",
        create_token,
        fields=("repository_ids", "permissions"),
        app=True,
    ),
    Route("GET", "/app/hook/config", get_hook_config, app=True),
    Route("GET", _DELIVERIES, list_deliveries, query=("cursor", "status"), app=True),
    Route("POST", f"{_DELIVERIES}/{{delivery_id}}/attempts", attempt_delivery, app=True),
)
