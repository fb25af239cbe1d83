"""Handlers of what happens to a pull request itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.deliveries.fields import at
from bot.deliveries.registry import on
from bot.deliveries.subject import refresh, report, subject_of

if TYPE_CHECKING:
    from bot.deliveries.policy import Policy
    from bot.model import Delivery, Trigger


@on("pull_request.closed")
def closed(delivery: Delivery, policy: Policy) -> Trigger | None:  # noqa: ARG001 - a handler's signature
    """A merge asks for a report, whoever merged it."""
    pull = delivery.payload["pull_request"]
    subject = subject_of(delivery)
    if subject is None or _surely_unmerged(pull):
        return None
    # Of an open pull request this field names a trial merge, not the merge commit.
    merged = pull.get("merged") is True or pull.get("merged_at") is not None
    return report(subject, pull.get("merge_commit_sha") if merged else None)


@on("pull_request.edited")
def edited(delivery: Delivery, policy: Policy) -> Trigger | None:
    """A new title of a merged pull request asks for a refresh; a new body or base does not."""
    pull = delivery.payload["pull_request"]
    subject = subject_of(delivery)
    merged = pull.get("merged") is True or pull.get("merged_at") is not None
    if subject is None or not merged or not isinstance(at(delivery.payload, "changes.title"), dict):
        return None
    return refresh(subject, delivery.guid, policy)


def _surely_unmerged(pull: dict[str, Any]) -> bool:
    """Whether all fields agree that it was closed without a merge.

    GitHub was seen to send ``closed`` with the state still open and no merge time for a pull
    request that was merged; when in doubt the workflow asks GitHub again.
    """
    return pull.get("merged") is False and pull.get("merged_at") is None and pull.get("state") == "closed"
