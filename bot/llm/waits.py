"""Waits: what a server says about when to come back, bounded; and what is waited when it says nothing."""

from __future__ import annotations

import math
import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a server may ask for (R98); the SDK would obey 49 days.
LONGEST_TOLD = 900.0
SHORTEST = 5.0
LONGEST = 600.0
# An operator must act: a limit of money lasts for days, a wrong key or name until it is set right.
SPEND_SECONDS = 86_400.0
ACCESS_SECONDS = 3_600.0

_DIGITS = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")
_LIMIT_HEADER = "anthropic-ratelimit-input-tokens-limit"
# No account has so little; a smaller figure is a mistake, and would make every question too long.
_LEAST_LIMIT = 1_000


def told_wait(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Give the seconds that ``retry-after`` asks for, from 1 to 900; ``None`` if it says nothing usable.

    A number of seconds or an HTTP date is understood; a moment that is past, or a negative number,
    is one second. ``now`` is an epoch second.
    """
    text = headers.get("retry-after", "").strip()[:64]
    seconds = _seconds(text, time.time() if now is None else now)
    return None if seconds is None else min(max(seconds, 1.0), LONGEST_TOLD)


def _seconds(text: str, now: float) -> float | None:
    if _DIGITS.fullmatch(text.removeprefix("-")):
        return float(text)
    try:
        return parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def backoff(failures: int, draw: float) -> float:
    """Give the seconds after so many failures in a row: 5 s doubled up to 10 min, a fifth more or less.

    ``draw`` is a number from 0 to 1, drawn anew for each wait, so that not everybody comes back at once.
    """
    steps = min(max(failures - 1, 0), 7)
    doubled = min(SHORTEST * math.pow(2.0, steps), LONGEST)
    return min(max(doubled * (0.8 + 0.4 * draw), SHORTEST), LONGEST)


def minute_limit(headers: Mapping[str, str]) -> int | None:
    """Give the input tokens a minute that the server allows this model, if the headers say so."""
    text = headers.get(_LIMIT_HEADER, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        return None
    limit = int(text)
    return limit if limit >= _LEAST_LIMIT else None
