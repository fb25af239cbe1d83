"""Routes to look at and change a stand-in that runs in another process."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.build import rename, suspend
from sandbox.lifecycle import transfer, uninstall
from sandbox.shapes.people import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.pipeline import Pipeline
    from sandbox.state import Repository, State


def add_routes(app: web.Application, pipeline: Pipeline) -> None:
    """``GET /_dump``, ``GET /_requests``, ``POST /_faults``, ``POST /_state``."""
    control = _Control(pipeline)
    app.router.add_get("/_dump", control.dump)
    app.router.add_get("/_requests", control.requests)
    app.router.add_post("/_faults", control.set_faults)
    app.router.add_post("/_state", control.set_state)


class _Control:
    """The four routes over one pipeline."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def dump(self, _request: web.Request) -> web.Response:
        """Comments, labels and issues of every repository, and the deliveries."""
        state = self._pipeline.state
        return web.json_response(
            {
                "repositories": {
                    repository.full_name: _repository(repository)
                    for repository in state.repositories.values()
                },
                "deliveries": [
                    {"guid": one.guid, "event": one.event, "status": one.status} for one in state.deliveries
                ],
            }
        )

    async def requests(self, _request: web.Request) -> web.Response:
        """The request log."""
        log = self._pipeline.log
        return web.json_response(
            {
                "count": len(log.records),
                "by_line": dict(log.lines()),
                "by_status": {str(status): count for status, count in log.statuses().items()},
                "refused_by_limits": dict(self._pipeline.limits.refused),
                "unknown": log.unknown,
                "requests": [asdict(record) for record in log.records],
            }
        )

    async def set_faults(self, request: web.Request) -> web.Response:
        """``{"seed": 3, "faults": [{"kind": "drop_after", "times": 1, ...}]}`` replaces all faults."""
        body = await request.json()
        faults = self._pipeline.faults
        try:
            faults.clear()
            faults.seed = int(body.get("seed", faults.seed))
            for fields in body.get("faults", ()):
                faults.add(**fields)
        except (TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=422)
        return web.json_response({"seed": faults.seed, "faults": faults.dump()})

    async def set_state(self, request: web.Request) -> web.Response:
        """Change a repository, an installation, or the webhook; see ``_CHANGES``."""
        body = await request.json()
        try:
            for key, value in body.items():
                if key not in {"repository", "installation"}:
                    _CHANGES[key](self._pipeline.state, body, value)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"cannot do that: {error!r}"}, status=422)
        return web.json_response({"done": sorted(body)})


def _repository(repository: Repository) -> dict[str, Any]:
    """What was written to a repository."""
    issues = repository.issues.values()
    return {
        "labels": [asdict(label) for label in repository.labels.value],
        "issues": {
            str(issue.number): {
                "title": issue.title,
                "body": issue.body,
                "state": issue.state,
                "state_reason": issue.state_reason,
                "app_id": issue.app_id,
                "labels": list(issue.labels.value),
                "comments": [
                    {
                        "id": comment.id,
                        "author": comment.user.login if comment.user else None,
                        "app_id": comment.app_id,
                        "body": comment.body,
                        "created_at": stamp(comment.created_at),
                        "updated_at": stamp(comment.updated_at),
                    }
                    for comment in issue.comments.value
                ],
            }
            for issue in issues
        },
    }


def _named(state: State, body: Mapping[str, Any]) -> Repository:
    """The repository a change is about; a ``KeyError`` if there is none of that name."""
    repository = state.repository(str(body["repository"]))
    if repository is None:
        raise KeyError(body["repository"])
    return repository


def _on(field: str) -> Callable[[State, Mapping[str, Any], Any], None]:
    """A change that sets a field of the repository."""
    return lambda state, body, value: setattr(_named(state, body), field, value)


def _lock(state: State, body: Mapping[str, Any], numbers: list[int], *, locked: bool) -> None:
    """Lock or unlock conversations."""
    for number in numbers:
        _named(state, body).issues[number].locked = locked


def _install(state: State, body: Mapping[str, Any], installed: bool) -> None:  # noqa: FBT001
    """Put a repository into the installation, or take it out."""
    repositories = state.installations[body["installation"]].repositories
    identifier = _named(state, body).id
    if installed:
        repositories.add(identifier)
    else:
        repositories.discard(identifier)


_CHANGES: dict[str, Callable[[State, Mapping[str, Any], Any], None]] = {
    "private": _on("private"),
    "archived": _on("archived"),
    "has_issues": _on("has_issues"),
    "blocked": _on("blocked"),
    "transferred_to": lambda state, body, value: transfer(
        state, _named(state, body), value, state.installations.get(body.get("installation", 0))
    ),
    "uninstalled": lambda state, body, _value: uninstall(state, state.installations[body["installation"]]),
    "renamed_to": lambda state, body, value: rename(_named(state, body), value),
    "roles": lambda state, body, value: _named(state, body).roles.update(value),
    "locked": lambda state, body, value: _lock(state, body, value, locked=True),
    "unlocked": lambda state, body, value: _lock(state, body, value, locked=False),
    "installed": _install,
    "suspended": lambda state, body, value: suspend(state, body["installation"], suspended=value),
    "permissions": lambda state, body, value: state.installations[body["installation"]].permissions.update(
        value
    ),
    "app_permissions": lambda state, _body, value: setattr(state.app, "permissions", value),
    "clock_ahead": lambda state, _body, value: setattr(state, "clock", lambda: time.time() + value),
    "key_revoked": lambda state, _body, _value: setattr(state.app, "public_key", None),
    "webhook_url": lambda state, _body, value: setattr(state.app, "webhook_url", value),
    "webhook_secret": lambda state, _body, value: setattr(state.app, "webhook_secret", value),
    "token_lifetime": lambda state, _body, value: setattr(state, "token_lifetime", value),
    "sparse_files": lambda state, _body, value: setattr(state, "sparse_files", value),
}
