"""The pull request a delivery is about, and the two triggers there can be for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.deliveries.fields import at, is_id
from bot.model import Delivery, Frozen, Trigger, TriggerKind

if TYPE_CHECKING:
    from bot.deliveries.policy import Policy

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# GitHub's lists can lag behind its webhooks by some seconds. A remark made at the very end of a
# window must still be in the list that is read for it.
_LIST_GRACE = 5.0


class Subject(Frozen):
    """One pull request of one installation."""

    installation_id: int
    repository_id: int
    repository: str
    number: int


def subject_of(delivery: Delivery) -> Subject | None:
    """The pull request of a delivery whose shape was checked.

    ``None`` without a usable installation: there is nobody then in whose name to work.
    """
    payload = delivery.payload
    installation_id = at(payload, "installation.id")
    if not is_id(installation_id):
        return None
    pull = payload["issue" if delivery.event == "issue_comment" else "pull_request"]
    repository = payload["repository"]
    return Subject(
        installation_id=installation_id,
        repository_id=repository["id"],
        repository=repository["full_name"],
        number=pull["number"],
    )


def report(subject: Subject, merge_sha: object) -> Trigger:
    """Ask for the report; ``merge_sha`` is left out of it unless it is a commit's full name."""
    sha = merge_sha if isinstance(merge_sha, str) and _SHA.fullmatch(merge_sha) else None
    key = f"report:{subject.repository_id}:{subject.number}:{sha or '-'}"
    return Trigger(kind=TriggerKind.REPORT, key=key, merge_sha=sha, **dict(subject))


def refresh(subject: Subject, guid: str, policy: Policy) -> Trigger:
    """Ask for the discussion to be read again, once for all that happens in a window of time.

    All triggers of a window share a key, so they are one piece of work; it starts when the window
    is over. Without a delay each delivery is a piece of work of its own, at once.
    """
    window, delay = guid, 0.0
    if policy.refresh_delay > 0:
        index = int(policy.now // policy.refresh_delay)
        window = str(index)
        left = (index + 1) * policy.refresh_delay - policy.now
        # A short delay, as in tests in scaled time, gets no longer a grace than itself.
        delay = left + min(_LIST_GRACE, policy.refresh_delay)
    key = f"refresh:{subject.repository_id}:{subject.number}:{window}"
    return Trigger(kind=TriggerKind.REFRESH, key=key, delay=delay, only_if_reported=True, **dict(subject))
