"""Periods of a time zone, and when a schedule fires."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import UserError
from bot.facts import calendar
from bot.model import Period, PeriodKind

NY = "America/New_York"
ZONES = ("UTC", "Asia/Shanghai", NY, "Europe/Berlin", "America/Santiago", "Pacific/Apia")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "since", "until"),
    [
        pytest.param("2026-W13", "UTC", "2026-03-23", "2026-03-30", id="a week is Monday to Monday"),
        pytest.param(
            "2026-W13", "Asia/Shanghai", "2026-03-22T16", "2026-03-29T16", id="of the zone's midnights"
        ),
        pytest.param(" 2026-w13 ", "UTC", "2026-03-23", "2026-03-30", id="written carelessly"),
        pytest.param("2020-W53", "UTC", "2020-12-28", "2021-01-04", id="a long year has a week 53"),
        pytest.param("2026-W01", "UTC", "2025-12-29", "2026-01-05", id="week 1 may begin in the old year"),
        pytest.param(
            "2026-W10", NY, "2026-03-02T05", "2026-03-09T04", id="167 hours, clocks go ahead"
        ),
        pytest.param(
            "2026-W44", NY, "2026-10-26T04", "2026-11-02T05", id="169 hours, clocks go back"
        ),
        pytest.param("2024-02", "UTC", "2024-02-01", "2024-03-01", id="a leap year's February"),
        pytest.param("2026-12", "Asia/Shanghai", "2026-11-30T16", "2026-12-31T16", id="December"),
        pytest.param("2026-03-01..2026-03-15", "UTC", "2026-03-01", "2026-03-16", id="days, the last too"),
        pytest.param("2026-03-08..2026-03-08", NY, "2026-03-08T05", "2026-03-09T04", id="23 h"),
        pytest.param("2026-11-01..2026-11-01", NY, "2026-11-01T04", "2026-11-02T05", id="25 h"),
        pytest.param(
            "2026-09-06..2026-09-06", "America/Santiago", "2026-09-06T04", "2026-09-07T03", id="no midnight"
        ),
        pytest.param("2026-11-01..2026-11-01", "America/Havana", "2026-11-01T04", "2026-11-02T05", id="two"),
    ],
)  # fmt: skip
def test_a_period_is_what_its_key_says(text: str, zone: str, since: str, until: str):
    """Weeks, months and days begin and end at midnight of the zone, kept in UTC."""
    period = calendar.parse(text, zone)
    assert (period.since, period.until) == (utc(since), utc(until))
    assert (period.key, period.time_zone) == (text.strip().upper(), zone)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2025-W53", id="a week that the year lacks"),
        pytest.param("2026-W00", id="week 0"),
        pytest.param("2026-13", id="month 13"),
        pytest.param("0001-01", id="a year before computers"),
        pytest.param("9999-12", id="the end of the calendar"),
        pytest.param("9999-12-31..9999-12-31", id="its last day"),
        pytest.param("2026-02-30..2026-03-01", id="30 February"),
        pytest.param("2026-03-02..2026-03-01", id="reversed days"),
        pytest.param("2026-03-01..", id="half a range"),
        pytest.param("v1.0..v1.1", id="tags"),
        pytest.param("２０２６-W13", id="wide digits"),
        pytest.param("last week\n", id="words"),
        pytest.param("", id="nothing"),
    ],
)
def test_wrong_text_is_refused_with_the_forms(text: str):
    """What is no period is the user's mistake, and the answer says how to write one."""
    with pytest.raises(UserError, match=r"write (a week|the first day)"):
        calendar.parse(text, "UTC")


def test_an_unknown_zone_is_the_users_mistake():
    """A time zone that does not exist is named in the answer."""
    with pytest.raises(UserError, match="Mars/Olympus"):
        calendar.parse("2026-W13", "Mars/Olympus")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param("2020-W53", "2021-W01", id="week 53 is followed by week 1"),
        pytest.param("2025-W52", "2026-W01", id="most years have no week 53"),
        pytest.param("2026-12", "2027-01", id="December, January"),
        pytest.param("2026-02", "2026-03", id="months of other lengths"),
        pytest.param("2026-03-02..2026-03-08", "2026-03-09..2026-03-15", id="a week of days over a change"),
    ],
)
def test_periods_follow_one_another(earlier: str, later: str):
    """Before and after are each other's reverse, and leave no gap, whatever the clocks do."""
    for zone in ZONES:
        one, other = calendar.parse(earlier, zone), calendar.parse(later, zone)
        assert (calendar.after(one), calendar.before(other)) == (other, one)
        assert one.until == other.since


def test_a_range_of_tags_has_no_neighbours():
    """What is between two tags is known, what came before is not."""
    times = (utc("2026-03-01T10"), utc("2026-03-08T10"))
    period = calendar.tags("v1.0", "v1.1", times, "Asia/Shanghai")
    assert (period.key, period.base, period.head) == ("v1.0..v1.1", "v1.0", "v1.1")
    assert (period.since, period.until) == times
    assert calendar.before(period) is None
    assert calendar.after(period) is None


@given(
    moment=some.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    zone=some.sampled_from(ZONES),
    kind=some.sampled_from((PeriodKind.WEEK, PeriodKind.MONTH)),
)
def test_every_moment_is_in_one_period(moment: datetime, zone: str, kind: PeriodKind):
    """The period of a moment holds it, is read again from its key, and follows the newest complete one."""
    period = calendar.period_of(moment, kind, zone)
    assert period.since <= moment < period.until
    assert calendar.parse(period.key, zone) == period
    assert calendar.latest_complete(kind, moment, zone) == calendar.before(period)


def test_a_period_is_complete_at_the_moment_it_ends():
    """Sunday 24:00 is Monday 00:00: from then on the week has ended."""
    end = calendar.week("2026-W13", "Asia/Shanghai").until
    newest = calendar.latest_complete(PeriodKind.WEEK, end, "Asia/Shanghai")
    earlier = calendar.latest_complete(PeriodKind.WEEK, end - timedelta(seconds=1), "Asia/Shanghai")
    assert (newest.key, earlier.key) == ("2026-W13", "2026-W12")


def test_only_weeks_and_months_are_found_by_a_moment():
    """A moment is in many ranges of days: asking for one is a fault of the program."""
    with pytest.raises(ValueError, match="days"):
        calendar.period_of(utc("2026-03-01"), PeriodKind.DAYS, "UTC")


MONDAY = "0 9 * * 1"


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "fired"),
    [
        pytest.param(MONDAY, "UTC", "2026-03-30T09:00:00", "2026-03-30T09", id="at the very moment"),
        pytest.param(MONDAY, "UTC", "2026-03-30T08:59:59", "2026-03-23T09", id="a second before it"),
        pytest.param(MONDAY, "Asia/Shanghai", "2026-03-30T01:00", "2026-03-30T01", id="Shanghai's Monday"),
        pytest.param(MONDAY, NY, "2026-03-09T13:00", "2026-03-09T13", id="in summer time"),
        pytest.param(MONDAY, NY, "2026-03-09T12:59", "2026-03-02T14", id="and in winter's"),
        pytest.param(MONDAY, "UTC", "2026-07-01T00:00", "2026-06-29T09", id="after downtime: the newest"),
        pytest.param("30 2 * * *", NY, "2026-03-08T07:29", "2026-03-07T07:30", id="skipped yet"),
        pytest.param("30 2 * * *", NY, "2026-03-08T07:30", "2026-03-08T07:30", id="made up for"),
        pytest.param("30 1 * * *", NY, "2026-11-01T05:30", "2026-11-01T05:30", id="shown once"),
        pytest.param("30 1 * * *", NY, "2026-11-01T06:30", "2026-11-01T05:30", id="shown twice"),
        pytest.param("30 1 * * *", NY, "2026-11-01T06:10", "2026-11-01T05:30", id="between both"),
        pytest.param("0 2 * * *", NY, "2026-11-01T07:00", "2026-11-01T07:00", id="right after"),
        pytest.param("0 0 * * *", "America/Santiago", "2026-09-06T04", "2026-09-06T04", id="no midnight"),
        pytest.param("0 9 1 * *", "UTC", "2027-01-01T08:00", "2026-12-01T09", id="monthly over year's end"),
        pytest.param("0 9 29 2 *", "UTC", "2027-06-01T00:00", "2024-02-29T09", id="a leap day, years ago"),
        pytest.param("0 9 L * *", "UTC", "2026-03-01T00:00", "2026-02-28T09", id="a month's last day"),
    ],
)  # fmt: skip
def test_a_schedule_fires_by_the_wall_clock(schedule: str, zone: str, now: str, fired: str):
    """The last moment at which a schedule fired, through both changes of the clock."""
    assert calendar.due(schedule, utc(now), zone) == utc(fired)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", NY, "America/Santiago"])
def test_a_weekly_schedule_fires_once_a_week_for_three_years(zone: str):
    """157 weeks have 157 moments, always the same hour on the wall, none twice, none left out."""
    start = calendar.week("2020-W50", zone).since
    fired = {calendar.due("30 1 * * 7", start + timedelta(hours=20 * n), zone) for n in range(157 * 42 // 5)}
    weeks = {calendar.period_of(moment, PeriodKind.WEEK, zone).key for moment in fired}
    assert len(fired) == len(weeks) == 157


@given(now=some.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=some.just(UTC)))  # noqa: DTZ001
def test_what_fired_is_never_in_the_future_and_long_past(now: datetime):
    """A daily schedule has fired within the last 25 hours."""
    for zone in ZONES[:5]:
        assert timedelta() <= now - calendar.due("15 2 * * *", now, zone) <= timedelta(hours=25)


def test_spaces_in_a_schedule_do_not_count():
    """A schedule is kept with single spaces."""
    assert calendar.check_schedule(" 0  9 *\t* mon-fri ") == "0 9 * * mon-fri"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("nonsense", id="a word"),
        pytest.param("@weekly", id="a name"),
        pytest.param("0 9 * *", id="four fields"),
        pytest.param("0 0 9 * * 1", id="six fields"),
        pytest.param("60 9 * * 1", id="minute 60"),
        pytest.param("0 9 * * 8", id="an eighth weekday"),
        pytest.param("*/0 9 * * 1", id="a step of nothing"),
        pytest.param("0 9 31 2 *", id="31 February never comes"),
        pytest.param("R 9 * * 1", id="a random minute"),
        pytest.param("H(0-9) 9 * * 1", id="a hashed minute"),
        pytest.param("0,r 9 * * 1", id="a random one in a list"),
        pytest.param("٠ 9 * * 1", id="digits of another script"),
        pytest.param("0 " + "9," * 1000 + "9 * * 1", id="a very long one"),
    ],
)
def test_nonsense_is_no_schedule(text: str):
    """A schedule that is not five understood fields, or never fires, is refused."""
    with pytest.raises(ValueError, match=r"."):
        calendar.check_schedule(text)


def test_days_are_taken_as_dates():
    """A range of days may be asked for by its dates."""
    period: Period = calendar.days(date(2026, 3, 23), date(2026, 3, 29), "UTC")
    assert period.key == "2026-03-23..2026-03-29"
    assert (period.since, period.until) == (utc("2026-03-23"), utc("2026-03-30"))
