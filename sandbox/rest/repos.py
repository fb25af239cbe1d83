"""Repositories, roles, and the rate limit."""

from __future__ import annotations

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.refused import Refused
from sandbox.shapes.people import user_json
from sandbox.shapes.repos import full_repository_json

# The legacy field folds the finer roles, https://docs.github.com/en/rest/collaborators/collaborators
_FOLDED = {"maintain": "write", "triage": "read"}


def get_repository(call: Call) -> Answer:
    """The repository."""
    return Answer(full_repository_json(call.base, call.repository))


def get_permission(call: Call) -> Answer:
    """A user's role; everybody can read a public repository; a 404 for who does not exist."""
    user = call.state.users.get(call.request.match_info["username"])
    if user is None:
        raise Refused(404, "Not Found")
    role = call.repository.roles.get(user.login, "none" if call.repository.private else "read")
    shown = user_json(call.base, user) or {}
    shown["role_name"] = role
    shown["permissions"] = {
        name: level <= _LADDER.index(role)
        for name, level in (("pull", 1), ("triage", 2), ("push", 3), ("maintain", 4), ("admin", 5))
    }
    return Answer({"permission": _FOLDED.get(role, role), "role_name": role, "user": shown})


_LADDER = ("none", "read", "triage", "write", "maintain", "admin")


def get_rate_limit(call: Call) -> Answer:
    """What is left of the primary limits; asking is free."""
    resources = {name: call.rates(name) for name in ("core", "graphql", "search")}
    return Answer({"resources": resources, "rate": resources["core"]})


ROUTES = (
    Route("GET", REPO, get_repository, ("metadata:read",)),
    Route("GET", f"{REPO}/collaborators/{{username}}/permission", get_permission, ("metadata:read",)),
    Route("GET", "/rate_limit", get_rate_limit),
)
