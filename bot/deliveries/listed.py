"""What GitHub's lists show, in our words: deliveries, pull requests, installations and repositories."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.deliveries.fields import at, is_id
from bot.deliveries.shape import is_full_name
from bot.model import Frozen, KnownRepository

if TYPE_CHECKING:
    from collections.abc import Mapping

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class ListedDelivery(Frozen):
    """One attempt at a delivery; ``at`` is in epoch seconds, ``name`` is ``event.action``."""

    id: int
    guid: str
    name: str
    at: float
    arrived: bool


class ListedPull(Frozen):
    """A closed pull request of a list; times are epoch seconds."""

    number: int
    updated_at: float
    merged_at: float | None
    merge_sha: str | None


class ListedInstallation(Frozen):
    """An installation of a list."""

    id: int
    account: str | None
    suspended: bool


def listed_delivery(item: Any) -> ListedDelivery | None:
    """Read an item of ``GET /app/hook/deliveries``, or give ``None`` if it is none."""
    guid, moment = _text(item, "guid"), epoch(_text(item, "delivered_at"))
    number = item.get("id") if isinstance(item, dict) else None
    if moment is None or guid is None or not _GUID.fullmatch(guid) or not is_id(number):
        return None
    name = f"{_text(item, 'event')}.{_text(item, 'action')}"
    arrived = _text(item, "status") == "OK"
    return ListedDelivery(id=number, guid=guid.lower(), name=name, at=moment, arrived=arrived)


def listed_pull(item: Any) -> ListedPull | None:
    """Read an item of ``GET …/pulls``, or give ``None`` if it is none."""
    updated, number = epoch(_text(item, "updated_at")), item.get("number") if isinstance(item, dict) else None
    if updated is None or not is_id(number):
        return None
    sha = _text(item, "merge_commit_sha")
    return ListedPull(
        number=number, updated_at=updated, merged_at=epoch(_text(item, "merged_at")), merge_sha=sha
    )


def listed_installation(item: Any) -> ListedInstallation | None:
    """Read an item of ``GET /app/installations``, or give ``None`` if it is none."""
    if not isinstance(item, dict) or not is_id(item.get("id")):
        return None
    account = at(item, "account.login")
    return ListedInstallation(
        id=item["id"],
        account=account if isinstance(account, str) else None,
        suspended=item.get("suspended_at") is not None,
    )


def listed_repository(item: Any) -> KnownRepository | None:
    """Read a repository of a list or a payload, or give ``None`` if it has no id and name."""
    if not isinstance(item, dict) or not is_id(item.get("id")) or not is_full_name(item.get("full_name")):
        return None
    return KnownRepository(
        id=item["id"],
        full_name=item["full_name"],
        private=_flag(item, "private"),
        archived=_flag(item, "archived"),
    )


def epoch(text: object) -> float | None:
    """Give the epoch second of a time as GitHub writes it (ISO 8601 with zone), or ``None``.

    In some payloads GitHub writes the epoch second itself.
    """
    if is_id(text):
        return float(text)
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None else moment.timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _text(item: Any, name: str) -> str | None:
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, str) else None


def _flag(item: Mapping[str, Any], name: str) -> bool | None:
    value = item.get(name)
    return value if isinstance(value, bool) else None
