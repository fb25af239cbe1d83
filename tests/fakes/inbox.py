"""Builders of deliveries and triggers as the store takes them."""

from __future__ import annotations

import uuid
from typing import Any

from bot.model import Delivery, Trigger, TriggerKind


def delivery(guid: str | None = None, **changes: Any) -> Delivery:
    """A delivery of a merge; its GUID is new unless given."""
    fields: dict[str, Any] = {"event": "pull_request", "action": "closed", "payload": {}}
    return Delivery(guid=guid or str(uuid.uuid4()), **(fields | changes))


def trigger(number: int = 12, **changes: Any) -> Trigger:
    """A trigger to report on a pull request."""
    fields: dict[str, Any] = {
        "kind": TriggerKind.REPORT,
        "key": f"report:4001:{number}:c0ffee",
        "installation_id": 4242,
        "repository_id": 4001,
        "repository": "octo-org/engine",
        "number": number,
    }
    return Trigger(**(fields | changes))
