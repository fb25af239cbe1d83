"""Numbers and times are written as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.markdown.formats import change, clock, number

MOMENT = datetime(2026, 3, 24, 5, 50, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1234567, "1,234,567"),
        (-5, "−5"),
        (6.5, "6.5"),
        (6.0, "6"),
        (1234.567, "1,234.57"),
        (0.001, "0"),
        (-0.001, "0"),
        (float("nan"), "–"),
        (float("-inf"), "–"),
        pytest.param(10**5000, ">10^15", id="5,000 digits"),
        (1e300, ">10^15"),
    ],
)
def test_number(value: float, shown: str) -> None:
    """Thousands are separated, decimals are few, and nothing absurd breaks a report."""
    assert number(value) == shown


def test_change() -> None:
    """Additions and deletions stay on one line."""
    assert change(1286, 9) == "+1,286\u00a0−9"


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        pytest.param(MOMENT, "UTC", ("2026-03-24 05:50", "UTC", "UTC+00:00"), id="UTC"),
        pytest.param(MOMENT, "Asia/Shanghai", ("2026-03-24 13:50", "Asia/Shanghai", "UTC+08:00"), id="east"),
        pytest.param(
            MOMENT, "America/New_York", ("2026-03-24 01:50", "America/New_York", "UTC-04:00"), id="summer"
        ),
        pytest.param(
            MOMENT, "Asia/Kolkata", ("2026-03-24 11:20", "Asia/Kolkata", "UTC+05:30"), id="half hours"
        ),
        pytest.param(
            MOMENT.replace(month=1),
            "America/New_York",
            ("2026-01-24 00:50", "America/New_York", "UTC-05:00"),
            id="winter",
        ),
        pytest.param(
            MOMENT.replace(tzinfo=None),
            "Asia/Tokyo",
            ("2026-03-24 14:50", "Asia/Tokyo", "UTC+09:00"),
            id="naive is UTC",
        ),
        pytest.param(
            MOMENT.astimezone(timezone(timedelta(hours=-3))),
            "Asia/Tokyo",
            ("2026-03-24 14:50", "Asia/Tokyo", "UTC+09:00"),
            id="from another zone",
        ),
        pytest.param(MOMENT, "Mars/Base", ("2026-03-24 05:50", "UTC", "UTC+00:00"), id="an unknown zone"),
        pytest.param(MOMENT, "../etc/passwd", ("2026-03-24 05:50", "UTC", "UTC+00:00"), id="not a zone"),
        pytest.param(
            datetime.min.replace(tzinfo=UTC),
            "America/New_York",
            ("0001-01-01 00:00", "UTC", "UTC+00:00"),
            id="a time that the zone cannot hold",
        ),
    ],
)
def test_clock(moment: datetime, zone: str, shown: tuple[str, str, str]) -> None:
    """A time is shown in the reader's zone, with its name and its offset on that day."""
    assert clock(moment, zone) == shown
