"""Numbers and times as a reader expects them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.markdown.escape import Safe

_LARGEST: Final = 10**15
MINUS: Final = "\u2212"


def number(value: float) -> Safe:
    """A number with thousands separators and at most two decimals; beyond 10^15 only that it is."""
    if isinstance(value, float) and not math.isfinite(value):
        return Safe("–")
    if abs(value) >= _LARGEST:
        return Safe(f"{MINUS if value < 0 else ''}>10^15")
    shown = f"{abs(value):,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{abs(value):,}"
    return Safe(f"{MINUS}{shown}" if value < 0 and shown != "0" else shown)


def change(additions: int, deletions: int) -> Safe:
    """Lines added and removed, which stay on one line together: ``+12 −3``."""
    return Safe(f"+{number(additions)}\u00a0{MINUS}{number(deletions)}")


def clock(moment: datetime, zone: str) -> tuple[str, str, str]:
    """``moment`` as date and time, zone name and offset, in the IANA zone ``zone``.

    A zone that this machine does not know, and a time that does not fit it, are shown in UTC. A
    moment without a zone is taken as UTC.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        local, name = aware.astimezone(_zone(zone)), zone
    except (LookupError, ValueError, OverflowError, OSError):
        local, name = aware, "UTC"
    return local.isoformat(" ", "minutes")[:16], name, _offset(local)


def _offset(local: datetime) -> str:
    """The distance from UTC, in hours and minutes: ``UTC+08:00``."""
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _zone(name: str) -> tzinfo:
    """The zone itself; ``UTC`` needs no database."""
    return UTC if name == "UTC" else ZoneInfo(name)
