"""Deliveries: a webhook request becomes a Delivery, and a Delivery at most one Trigger.

The order in which a server calls them: ``check_headers`` before the body is read, ``verify`` on the
raw bytes, ``parse_delivery``, then ``to_trigger``. All of it is pure.
"""

from bot.deliveries.commands import parse as parse_command
from bot.deliveries.listed import (
    ListedDelivery,
    ListedPull,
    listed_delivery,
    listed_installation,
    listed_pull,
    listed_repository,
)
from bot.deliveries.parse import parse_delivery
from bot.deliveries.policy import Policy
from bot.deliveries.request import Envelope, check_headers
from bot.deliveries.signature import verify
from bot.deliveries.subject import Subject, report
from bot.deliveries.trigger import ROUTES, to_trigger

__all__ = [
    "ROUTES",
    "Envelope",
    "ListedDelivery",
    "ListedPull",
    "Policy",
    "Subject",
    "check_headers",
    "listed_delivery",
    "listed_installation",
    "listed_pull",
    "listed_repository",
    "parse_command",
    "parse_delivery",
    "report",
    "to_trigger",
    "verify",
]
