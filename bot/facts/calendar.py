"""Periods and when they are due: weeks, months and days of a time zone, and cron schedules."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter  # type: ignore[import-untyped] # it has no types

from bot.errors import UserError
from bot.model import Period, PeriodKind
from bot.settings import schedules

FORMS = "write a week (2026-W13), a month (2026-03), or days, the last one included (2026-03-01..2026-03-15)"
# Every time zone's midnight of these years is a moment that Python can hold.
_YEARS = range(1970, 9000)
_WEEK = re.compile(r"([0-9]{4})-[Ww]([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)
# The settings refuse what this refuses.
check_schedule = schedules.check_schedule


def week(key: str, zone: str) -> Period:
    """Give an ISO week such as ``2026-W13``. Raises ``UserError`` if the year has no such week."""
    match = _WEEK.fullmatch(key)
    if match is None:
        raise _no_period(key)
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise _no_period(key) from None
    return _of(PeriodKind.WEEK, key.upper(), (monday, monday + timedelta(days=7)), zone)


def month(key: str, zone: str) -> Period:
    """Give a month such as ``2026-03``. Raises ``UserError`` if there is none."""
    match = _MONTH.fullmatch(key)
    if match is None:
        raise _no_period(key)
    try:
        first = date(int(match[1]), int(match[2]), 1)
        return _of(PeriodKind.MONTH, key, (first, _next_month(first)), zone)
    except ValueError:
        raise _no_period(key) from None


def days(since: date, until: date, zone: str) -> Period:
    """Give the days from ``since`` to ``until``, both included. Raises ``UserError`` if they are reversed."""
    key = f"{since.isoformat()}..{until.isoformat()}"
    if until < since:
        raise UserError(f"{key} ends before it begins: write the first day, then the last.")
    if until.year not in _YEARS:
        raise _no_period(key)
    return _of(PeriodKind.DAYS, key, (since, until + _ONE_DAY), zone)


def tags(base: str, head: str, times: tuple[datetime, datetime], zone: str) -> Period:
    """Give the range from one tag to another; ``times`` are since and until, as read from GitHub or git."""
    since, until = (time.astimezone(UTC) for time in times)
    return Period(
        kind=PeriodKind.RANGE,
        key=f"{base}..{head}",
        since=since,
        until=until,
        time_zone=zone,
        base=base,
        head=head,
    )


def parse(text: str, zone: str) -> Period:
    """Give the week, month or days that ``text`` names.

    Raises ``UserError``, which says the forms, for any other text, a range of tags too: what is in
    one is not known from its name.
    """
    key = text.strip()
    if _WEEK.fullmatch(key):
        return week(key, zone)
    if _MONTH.fullmatch(key):
        return month(key, zone)
    first, dots, last = key.partition("..")
    if not dots:
        raise _no_period(text)
    return days(_date(first, text), _date(last, text), zone)


def period_of(moment: datetime, kind: PeriodKind, zone: str) -> Period:
    """Give the week or the month that holds a moment; other kinds raise ``ValueError``."""
    day = moment.astimezone(_zone(zone)).date()
    if kind is PeriodKind.WEEK:
        year, number, _ = day.isocalendar()
        return week(f"{year:04}-W{number:02}", zone)
    if kind is PeriodKind.MONTH:
        return month(f"{day.year:04}-{day.month:02}", zone)
    raise ValueError(f"no moment is in one {kind.value} period only")


def before(period: Period) -> Period | None:
    """Give the equally long period that ends where this one begins; ``None`` for a range of tags."""
    if period.kind is PeriodKind.RANGE:
        return None
    if period.kind is PeriodKind.DAYS:
        first, last = _first_and_last(period)
        return days(first - (last - first) - _ONE_DAY, first - _ONE_DAY, period.time_zone)
    return period_of(period.since - _ONE_MINUTE, period.kind, period.time_zone)


def after(period: Period) -> Period | None:
    """Give the equally long period that begins where this one ends; ``None`` for a range of tags."""
    if period.kind is PeriodKind.RANGE:
        return None
    if period.kind is PeriodKind.DAYS:
        first, last = _first_and_last(period)
        return days(last + _ONE_DAY, last + _ONE_DAY + (last - first), period.time_zone)
    return period_of(period.until, period.kind, period.time_zone)


def latest_complete(kind: PeriodKind, now: datetime, zone: str) -> Period:
    """Give the newest week or month that has ended; one that ends at this very moment has."""
    current = period_of(now, kind, zone)
    return period_of(current.since - _ONE_MINUTE, kind, zone)


def due(schedule: str, now: datetime, zone: str) -> datetime:
    """Give the last moment, not after ``now``, at which a cron schedule fired, in UTC.

    The schedule is of the clock on the wall. A time that the clock shows twice, as in autumn, fires
    once, the first time; one that it skips, as in spring, fires as much later as the clock skips.
    Raises ``ValueError`` for a schedule that ``check_schedule`` refuses.
    """
    # croniter would fire a time twice that the clock shows twice: it is asked about a clock without changes.
    local = now.astimezone(_zone(zone))
    start = local.replace(tzinfo=None, second=0, microsecond=0) + _ONE_MINUTE
    if local.fold:
        # All of the hour was shown before.
        start += (local.replace(fold=0).utcoffset() or timedelta()) - (local.utcoffset() or timedelta())
    times = croniter(check_schedule(schedule), start)
    fired: datetime = _moment(times.get_prev(datetime), zone)
    while fired > now:
        fired = _moment(times.get_prev(datetime), zone)
    return fired


def next_due(schedule: str, now: datetime, zone: str) -> datetime:
    """Give the first moment after ``now`` at which a cron schedule fires, in UTC; see ``due``."""
    times = croniter(check_schedule(schedule), now.astimezone(_zone(zone)).replace(tzinfo=None))
    fires: datetime = _moment(times.get_next(datetime), zone)
    while fires <= now:
        fires = _moment(times.get_next(datetime), zone)
    return fires


def _no_period(text: str) -> UserError:
    return UserError(f"{text!r} is no period: {FORMS}.")


def _of(kind: PeriodKind, key: str, span: tuple[date, date], zone: str) -> Period:
    """Give a period of whole days; the second is the first day after it."""
    if span[0].year not in _YEARS:
        raise _no_period(key)
    since, until = (_moment(datetime(day.year, day.month, day.day), zone) for day in span)  # noqa: DTZ001
    return Period(kind=kind, key=key, since=since, until=until, time_zone=zone)


def _moment(local: datetime, zone: str) -> datetime:
    """Give the moment at which the clock first shows a time, or would if it did not skip it."""
    return local.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UserError(f"{name!r} is no time zone: write an IANA name such as Asia/Shanghai.") from error


def _date(text: str, whole: str) -> date:
    if not _DATE.fullmatch(text):
        raise _no_period(whole)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _no_period(whole) from None


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _first_and_last(period: Period) -> tuple[date, date]:
    """Give the first and the last day, by the key: days are the zone's, however long they are."""
    first, _, last = period.key.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last)
