"""Webhook deliveries as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.shapes.people import stamp

if TYPE_CHECKING:
    from sandbox.state import Attempt


def delivery_json(attempt: Attempt) -> dict[str, Any]:
    """A delivery, as ``GET /app/hook/deliveries`` lists it; success is ``status`` ``OK``."""
    return {
        "id": attempt.id,
        "guid": attempt.guid,
        "delivered_at": stamp(attempt.delivered_at),
        "redelivery": attempt.redelivery,
        "duration": round(attempt.duration, 2),
        "status": attempt.status,
        "status_code": attempt.status_code,
        "event": attempt.event,
        "action": attempt.action,
        "installation_id": attempt.installation_id,
        "repository_id": attempt.repository_id,
        "throttled_at": None,
    }
