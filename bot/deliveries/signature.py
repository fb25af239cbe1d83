"""Checks that a body was signed with one of our webhook secrets."""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

from bot.errors import RejectedDelivery

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")


def verify(body: bytes, signature: str | None, secrets: Sequence[bytes]) -> int:
    """Return the index in ``secrets`` of the one that signed ``body``.

    ``body`` is the request's raw bytes and ``signature`` the value of ``X-Hub-Signature-256``:
    ``sha256=`` and 64 lower-case hex digits, nothing else. Several secrets are for rotation; the
    index lets the operator see which one GitHub still uses. An empty secret never matches.

    Raises ``RejectedDelivery`` with status 401, and nothing else, for every other value.
    """
    match = _SIGNATURE.fullmatch(signature or "")
    if match is None:
        raise RejectedDelivery(401, "the signature is missing or malformed")
    # Bytes, because compare_digest refuses str that is not ASCII.
    given = bytes.fromhex(match[1])
    for index, secret in enumerate(secrets):
        if secret and hmac.compare_digest(hmac.digest(secret, body, "sha256"), given):
            return index
    raise RejectedDelivery(401, "the signature does not match")
