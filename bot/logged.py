"""What a log line says of the work it was written in: bound once, and on every line until its end (R115)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Delivery, WorkItem

# A header of GitHub's making is shorter; another is no reason for long lines.
_LONGEST = 64


@contextmanager
def lines_about(**keys: Any) -> Iterator[None]:
    """Put ``keys`` on every line until the end of the block; ``None`` says nothing.

    Tasks and threads begun inside have them too. What is bound inside ends with the block.
    """
    before = get_contextvars()
    also_about(**keys)
    try:
        yield
    finally:
        clear_contextvars()
        bind_contextvars(**before)


def also_about(**keys: Any) -> None:
    """Add keys to the lines of the block around."""
    bind_contextvars(**{name: value for name, value in keys.items() if value is not None})


def about(item: WorkItem) -> dict[str, Any]:
    """Give the keys by which the lines about a piece of work are found."""
    trigger = item.trigger
    digest = trigger.digest
    # Pull requests are counted from 1: with 0 the work is on the repository.
    about = {"pull": trigger.number or None} if digest is None else {"period": digest.period.key}
    return {
        "delivery": item.guid,
        "installation": trigger.installation_id,
        "repository": trigger.repository,
        **about,
        "workflow": item.workflow_id,
    }


def guid_of(header: str | None) -> str | None:
    """Give a delivery's id as its header says, before anything is checked."""
    return header[:_LONGEST] if header else None


def about_delivery(delivery: Delivery) -> dict[str, Any]:
    """Give the same keys of a delivery, as far as it has them."""
    payload = delivery.payload
    pull = _of(payload, "pull_request", "number")
    issue = payload.get("issue")
    if pull is None and isinstance(issue, dict) and issue.get("pull_request"):
        pull = issue.get("number")
    return {
        "delivery": delivery.guid,
        "installation": _of(payload, "installation", "id"),
        "repository": _of(payload, "repository", "full_name"),
        "pull": pull if isinstance(pull, int) else None,
    }


def _of(payload: dict[str, Any], name: str, key: str) -> Any:
    found = payload.get(name)
    value = found.get(key) if isinstance(found, dict) else None
    return value[:255] if isinstance(value, str) else value if isinstance(value, int) else None
