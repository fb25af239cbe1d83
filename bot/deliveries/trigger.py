"""The way from a Delivery to a Trigger: the table of handlers, and who is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.deliveries import discussion, lifecycle, pull_request
from bot.deliveries.registry import routes

if TYPE_CHECKING:
    from bot.deliveries.policy import Policy
    from bot.model import Delivery, Trigger

ROUTES = routes(pull_request, discussion, lifecycle)
# Who is served says nothing about what is known of installations and repositories.
_LIFECYCLE = frozenset(routes(lifecycle))


def to_trigger(delivery: Delivery, policy: Policy) -> Trigger | None:
    """Return what a parsed delivery asks for, or ``None`` when it is to be counted and ignored.

    Ignored are: events and actions without a handler, repositories that the policy does not cover,
    deliveries without an installation, and what a handler finds to be nothing for us.
    """
    name = f"{delivery.event}.{delivery.action}"
    handler = ROUTES.get(name)
    if handler is None:
        return None
    if name not in _LIFECYCLE and not policy.covers(delivery.payload["repository"]["full_name"]):
        return None
    return handler(delivery, policy)
