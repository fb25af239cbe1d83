"""Checks that a body is of the event its header names, and that what we read has the right types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.deliveries.fields import at, is_id
from bot.errors import RejectedDelivery

if TYPE_CHECKING:
    from collections.abc import Mapping

# GitHub's names, with the underscore of enterprise-managed users. The query that reads the pull
# request is addressed by name, so a name outside this grammar cannot be worked with at all.
_FULL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class _Shape:
    """The telling keys that an event's body has at its top, and the ids it must hold."""

    marks: frozenset[str]
    ids: tuple[str, ...]
    of_repository: bool = True


def _pull_shape(*marks: str, ids: tuple[str, ...] = ()) -> _Shape:
    return _Shape(frozenset({"pull_request", *marks}), ("pull_request.id", "pull_request.number", *ids))


_SHAPES: dict[str, _Shape] = {
    "pull_request": _pull_shape("number", ids=("number",)),
    "pull_request_review": _pull_shape("review", ids=("review.id",)),
    "pull_request_review_comment": _pull_shape("comment", ids=("comment.id",)),
    "pull_request_review_thread": _pull_shape("thread"),
    "issue_comment": _Shape(frozenset({"issue", "comment"}), ("issue.id", "issue.number", "comment.id")),
    "repository": _Shape(frozenset(), ()),
    "installation": _Shape(frozenset(), ("installation.id",), of_repository=False),
    "installation_repositories": _Shape(
        frozenset({"repositories_added", "repositories_removed"}), ("installation.id",), of_repository=False
    ),
}
_MARKS = frozenset().union(*(shape.marks for shape in _SHAPES.values()))
_LISTS = frozenset({"repositories_added", "repositories_removed"})


def check_shape(event: str, payload: Mapping[str, Any]) -> None:
    """Accept a payload that fits ``event``; of an event we do not know, anything fits.

    A known event's body has its own objects, with ids, and none that mark another known event's.
    ``installation`` is left to the handlers: without one a delivery is accepted and ignored.
    Raises ``RejectedDelivery`` with status 400.
    """
    shape = _SHAPES.get(event)
    if shape is None:
        return
    if payload.keys() & _MARKS != shape.marks or ("repository" in payload) != shape.of_repository:
        raise RejectedDelivery(400, f"the body is not that of {event}")
    if not all(_is_mark(name, payload[name]) for name in shape.marks):
        raise RejectedDelivery(400, f"the body of {event} lacks an object")
    if not isinstance(payload.get("action"), str) or not all(is_id(at(payload, path)) for path in shape.ids):
        raise RejectedDelivery(400, f"the body of {event} lacks its action or an id")
    if shape.of_repository:
        _check_repository(payload)


def _is_mark(name: str, value: object) -> bool:
    return name == "number" or isinstance(value, list if name in _LISTS else dict)


def _check_repository(payload: Mapping[str, Any]) -> None:
    # Refused aloud, not ignored: GitHub then shows the delivery as failed, and no merge is lost silently.
    if not is_id(at(payload, "repository.id")) or not is_full_name(at(payload, "repository.full_name")):
        raise RejectedDelivery(400, "the body names no repository")


def is_full_name(name: object) -> bool:
    """Whether ``name`` is an ``owner/name`` as GitHub forms them."""
    return isinstance(name, str) and _FULL_NAME.fullmatch(name) is not None
