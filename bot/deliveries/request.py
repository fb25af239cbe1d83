"""Checks the headers of a webhook request before a byte of its body is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import RejectedDelivery

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_JSON = re.compile(r"application/json(?:[ \t]*;[ \t]*charset=(?:utf-8|\"utf-8\"))?", re.IGNORECASE)
_EVENT = re.compile(r"[a-z_]{1,64}")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TARGET_ID = "x-github-hook-installation-target-id"
_TARGET_TYPE = "x-github-hook-installation-target-type"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers say: the event's name, the delivery's GUID in lower case, the signature."""

    event: str
    guid: str
    signature: str


def check_headers(headers: Iterable[tuple[str, str]], app_id: int) -> Envelope:
    """Return the envelope of a request for the app ``app_id``; names are compared without case.

    Raises ``RejectedDelivery``: 415 for anything but plain JSON in UTF-8 (a ``Content-Encoding`` of
    any kind included), 401 unless there is exactly one SHA-256 signature, 400 for the rest. GitHub
    sends the target's type with every delivery; it is not demanded, but must be an app's if there.
    """
    by_name = _by_name(headers)
    _check_content(by_name)
    signature = _single(by_name, "x-hub-signature-256", 401)
    event = _matching(_single(by_name, "x-github-event"), _EVENT, "X-GitHub-Event")
    guid = _matching(_single(by_name, "x-github-delivery"), _GUID, "X-GitHub-Delivery")
    _check_target(by_name, app_id)
    return Envelope(event=event, guid=guid.lower(), signature=signature)


def _by_name(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    by_name: dict[str, list[str]] = {}
    for name, value in headers:
        by_name.setdefault(name.lower(), []).append(value)
    return by_name


def _check_content(by_name: Mapping[str, list[str]]) -> None:
    # GitHub's deliveries come without one; a body that must be inflated first is an attack.
    if "content-encoding" in by_name:
        raise RejectedDelivery(415, "Content-Encoding is not accepted")
    values = by_name.get("content-type", [])
    if len(values) != 1 or _JSON.fullmatch(values[0]) is None:
        raise RejectedDelivery(415, "Content-Type must be application/json in UTF-8")


def _check_target(by_name: Mapping[str, list[str]], app_id: int) -> None:
    if _single(by_name, _TARGET_ID) != str(app_id):
        raise RejectedDelivery(400, "the delivery is for another app")
    if _TARGET_TYPE in by_name and _single(by_name, _TARGET_TYPE) != "integration":
        raise RejectedDelivery(400, "the delivery is not for an app")


def _single(by_name: Mapping[str, list[str]], name: str, status: int = 400) -> str:
    values = by_name.get(name, [])
    if len(values) != 1:
        raise RejectedDelivery(status, f"the header {name} must be there exactly once")
    return values[0]


def _matching(value: str, pattern: re.Pattern[str], name: str) -> str:
    if pattern.fullmatch(value) is None:
        raise RejectedDelivery(400, f"{name} is malformed")
    return value
