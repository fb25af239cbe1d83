"""A pull request that is not merged, seen as if its newest commit had just been merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


def as_if_merged(pull: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Give GitHub's answer about a pull request with its head in place of the merge commit.

    One that is merged, or has no head, is given as it is.
    """
    head = pull.get("headRefOid")
    if pull.get("merged") is True or not head:
        return pull
    commit = {"oid": head, "message": "", "parents": {"nodes": []}}
    return {**pull, "merged": True, "mergedAt": now.isoformat(), "mergedBy": None, "mergeCommit": commit}
