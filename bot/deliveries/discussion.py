"""Handlers of what is said about a pull request: a command, or a reason to read its discussion again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.deliveries.commands import asked_for
from bot.deliveries.fields import at
from bot.deliveries.registry import on
from bot.deliveries.subject import refresh, subject_of

if TYPE_CHECKING:
    from bot.deliveries.policy import Policy
    from bot.model import Delivery, Trigger


@on("issue_comment.created")
def comment_made(delivery: Delivery, policy: Policy) -> Trigger | None:
    """A new comment: the command that it is, or else one more comment in the conversation."""
    subject = subject_of(delivery)
    asked = asked_for(delivery, subject) if policy.commands and subject is not None else None
    return asked or _comment(delivery, policy)


@on("issue_comment.edited", "issue_comment.deleted")
def comment_changed(delivery: Delivery, policy: Policy) -> Trigger | None:
    """Another comment than before; never a command, whatever it says now."""
    return _comment(delivery, policy)


@on("pull_request_review.submitted", "pull_request_review.edited", "pull_request_review.dismissed")
def review_changed(delivery: Delivery, policy: Policy) -> Trigger | None:
    """A review, whatever its verdict."""
    return _refresh(delivery, policy, delivery.payload["pull_request"])


@on(
    "pull_request_review_comment.created",
    "pull_request_review_comment.edited",
    "pull_request_review_comment.deleted",
)
def remark_changed(delivery: Delivery, policy: Policy) -> Trigger | None:
    """A remark on a line or a file."""
    return _refresh(delivery, policy, delivery.payload["pull_request"])


@on("pull_request_review_thread.resolved", "pull_request_review_thread.unresolved")
def thread_changed(delivery: Delivery, policy: Policy) -> Trigger | None:
    """A thread that was marked as resolved, or no longer is."""
    return _refresh(delivery, policy, delivery.payload["pull_request"])


def _comment(delivery: Delivery, policy: Policy) -> Trigger | None:
    """A comment in the conversation; those on issues are none of ours."""
    pull = at(delivery.payload, "issue.pull_request")
    return _refresh(delivery, policy, pull) if isinstance(pull, dict) else None


def _refresh(delivery: Delivery, policy: Policy, pull: dict[str, Any]) -> Trigger | None:
    subject = subject_of(delivery)
    if subject is None or _by_bot(delivery) or _known_unmerged(pull):
        return None
    return refresh(subject, delivery.guid, policy)


def _by_bot(delivery: Delivery) -> bool:
    """Whether a bot is the sender: our own comment's event comes back to us and must end here."""
    login = at(delivery.payload, "sender.login")
    is_bot_name = isinstance(login, str) and login.endswith("[bot]")
    return is_bot_name or at(delivery.payload, "sender.type") == "Bot"


def _known_unmerged(pull: dict[str, Any]) -> bool:
    """Whether the payload says that there was no merge: then there is no report, and none is due.

    What was said before the merge is read with the report.
    """
    return "merged_at" in pull and pull["merged_at"] is None
