"""Reads single fields out of GitHub's JSON without trusting their types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST_ID = 2**63 - 1


def at(payload: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted ``path``, or ``None`` where an object on the way is missing."""
    value: Any = payload
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def is_id(value: object) -> TypeGuard[int]:
    """Whether ``value`` is a positive integer that fits a signed 64-bit column (``True`` is none)."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_ID
