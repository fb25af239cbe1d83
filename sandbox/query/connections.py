"""Pages of GraphQL connections, and the errors GitHub gives."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from graphql import GraphQLError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.state import Repository

T = TypeVar("T")

_MOST = 100


@dataclass(frozen=True)
class In(Generic[T]):
    """A thing and the repository it is in."""

    repository: Repository
    thing: T


def failure(kind: str, message: str) -> GraphQLError:
    """An error as GitHub types it, such as ``NOT_FOUND``."""
    return GraphQLError(message, extensions={"type": kind})


def page(items: Sequence[Any], args: dict[str, Any], field: str) -> dict[str, Any]:
    """One page of a connection; GitHub wants ``first`` or ``last``, from 1 to 100."""
    first, last = args.get("first"), args.get("last")
    count = first if first is not None else last
    if count is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{field}` connection."
        raise failure("MISSING_PAGINATION_BOUNDARIES", message)
    if not 1 <= count <= _MOST:
        message = f"Requesting {count} records on the `{field}` connection exceeds the limit of 100 records."
        raise failure("EXCESSIVE_PAGINATION", message)
    start = _position(args.get("after"), 0)
    end = _position(args.get("before"), len(items) + 1) - 1
    if first is not None:
        end = min(end, start + first)
    else:
        start = max(start, end - count)
    shown = list(items[start:end])
    return {
        "nodes": shown,
        "totalCount": len(items),
        "filteredCount": len(items),
        "pageInfo": {
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": _cursor(start + 1) if shown else None,
            "endCursor": _cursor(start + len(shown)) if shown else None,
        },
    }


def _cursor(position: int) -> str:
    """The opaque cursor of an item, counted from 1."""
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _position(cursor: str | None, default: int) -> int:
    """The item a cursor stands for; an error if it is none of ours."""
    if cursor is None:
        return default
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("cursor:v2:"))
    except ValueError as error:
        raise failure(
            "INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor."
        ) from error
