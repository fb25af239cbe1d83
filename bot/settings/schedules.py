"""Checks a cron schedule of five fields, as an operator writes it."""

from __future__ import annotations

from datetime import datetime

_LONGEST_SCHEDULE = 200
# croniter's own additions, a time picked by hash (h) or at random (r): not the same at every reading.
_PICKED = ("h", "r")


def check_schedule(text: str) -> str:
    """Give a cron schedule of five fields with single spaces; ``ValueError`` says what is wrong with it.

    Names of days and months, ranges, lists, steps, ``L`` (the last day) and ``1#2`` (the second Monday)
    are understood. One that never fires, as 31 February, is refused.
    """
    # Here, so that commands without a schedule never load it.
    from croniter import croniter  # type: ignore[import-untyped] # noqa: PLC0415 - it has no types

    fields = text.split()
    if len(text) > _LONGEST_SCHEDULE or len(fields) != 5:
        raise ValueError("is not a schedule of five fields")
    if any(part.lower().startswith(_PICKED) for field in fields for part in field.split(",")):
        raise ValueError("is a schedule with times picked by hash or at random")
    schedule = " ".join(fields)
    try:
        # A schedule without any time is found out only when it is asked for one.
        croniter(schedule, datetime(2026, 1, 1)).get_prev(datetime)  # noqa: DTZ001 - the wall's clock
    except ValueError:
        raise ValueError("is not a schedule that ever fires") from None
    return schedule
