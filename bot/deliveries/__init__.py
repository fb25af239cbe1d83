"""Deliveries: a webhook request becomes a Delivery, and a Delivery at most one Trigger.

The order in which a server calls them: ``check_headers`` before the body is read, ``verify`` on the
raw bytes, ``parse_delivery``, then ``to_trigger``. All of it is pure.
"""

from bot.deliveries.parse import parse_delivery
from bot.deliveries.policy import Policy
from bot.deliveries.request import Envelope, check_headers
from bot.deliveries.signature import verify
from bot.deliveries.trigger import to_trigger

__all__ = ["Envelope", "Policy", "check_headers", "parse_delivery", "to_trigger", "verify"]
