"""PeriodFacts: what a digest is made of, counted from the merges of a period and the reports on them."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.facts import calendar
from bot.facts.period_numbers import count, first_time, mean
from bot.facts.period_pulls import Joiner, Source
from bot.facts.period_tallies import HOT, Tallies, by_importance, earlier
from bot.model import (
    Contributor,
    DayCount,
    Gist,
    Merge,
    Period,
    PeriodFacts,
    PeriodNumbers,
    PeriodPull,
    Person,
    TrendPoint,
)
from bot.model.gist import gist_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.facts.period_pulls import Item
    from bot.facts.period_tallies import Earlier

__all__ = ["BEFORE", "Source", "build_period", "reaches_back"]

# So many periods before this one it is compared with.
BEFORE: Final = 4
# Of a longer span only the days with a merge are listed.
_MOST_DAYS: Final = 400
# A digest can tell no more; of pull requests of less importance it only gets what is counted.
MOST_WHOLE: Final = 1_000
_ONE_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)


def build_period(period: Period, sources: Sequence[Source], *, path: str | None = None) -> PeriodFacts:
    """Give all that is computed of a period: of one repository, or of several in one.

    GitHub's list of merges decides what belongs to the period; a report without its merge there does not
    count. Of a range of tags the sources hold its merges and no others. With a ``path`` (a folder or a
    file) the period is limited to the pull requests that touch it. It is compared with the four periods
    before it as far as the lists of merges are whole; a range is compared with nothing.

    The thousand most important pull requests have whole gists. Those of others are without rubric,
    topics, follow-ups and what users notice, and their risks without evidence.
    """
    joiner = Joiner(sources, path)
    joined = joiner.join(period)
    before = [
        earlier(one.key, joiner.join(one).items) for one in _periods_before(period) if _is_known(one, sources)
    ]
    numbers = count(joined.items)
    tallies = Tallies(joined.items, before, BEFORE)
    return PeriodFacts(
        period=period,
        repositories=tuple(sorted((one.repository for one in sources), key=lambda one: one.full_name)),
        path=path,
        pulls=_pulls(joined.items),
        uncertain=joined.uncertain,
        numbers=numbers,
        before=before[-1].numbers if before else None,
        mean=_mean(before),
        trend=(
            *(TrendPoint(key=one.key, numbers=one.numbers) for one in before),
            TrendPoint(key=period.key, numbers=numbers),
        ),
        days=_days(period, joined.items),
        contributors=_contributors(joined.items),
        reviewers=tallies.of("reviewers"),
        tags=tallies.of("tags"),
        modules=tallies.of("modules"),
        hot_files=tallies.of("hot_files", HOT),
        risks=tallies.risks(),
        partial=min((one.partial for one in sources if one.partial), default=None),
    )


def reaches_back(period: Period) -> Period:
    """Give the oldest period that this one is compared with: merges and reports are read from there on."""
    return next(iter(_periods_before(period)), period)


def _periods_before(period: Period) -> list[Period]:
    """The periods before this one, the oldest first: four, but for a range of tags and the first years."""
    found: list[Period] = []
    try:
        while len(found) < BEFORE and (one := calendar.before(found[-1] if found else period)) is not None:
            found.append(one)
    except UserError:
        # Nothing is older.
        pass
    return found[::-1]


def _is_known(period: Period, sources: Sequence[Source]) -> bool:
    """Whether all merges of an earlier period are in the lists."""
    return all(one.partial is None and (one.since is None or one.since <= period.since) for one in sources)


def _mean(before: Sequence[Earlier]) -> PeriodNumbers | None:
    return mean([one.numbers for one in before]) if len(before) == BEFORE else None


def _days(period: Period, items: Sequence[Item]) -> tuple[DayCount, ...]:
    """Every day of the period, in its own time zone."""
    zone = ZoneInfo(period.time_zone)
    by_day: dict[date, list[Item]] = {}
    for item in items:
        by_day.setdefault(item.merge.merged_at.astimezone(zone).date(), []).append(item)
    first, last = period.since.astimezone(zone).date(), (period.until - _MOMENT).astimezone(zone).date()
    if (last - first).days < _MOST_DAYS:
        days = {first + number * _ONE_DAY for number in range((last - first).days + 1)}
    else:
        days = set()
    return tuple(_day(day, by_day.get(day, [])) for day in sorted(days | by_day.keys()))


def _pulls(items: Sequence[Item]) -> tuple[PeriodPull, ...]:
    whole = {item.ref for item in sorted(items, key=by_importance)[:MOST_WHOLE]}
    return tuple(
        PeriodPull(ref=item.ref, merge=item.merge, gist=_gist(item, whole=item.ref in whole), why=item.why)
        for item in items
    )


def _gist(item: Item, *, whole: bool) -> Gist | None:
    if item.report is None:
        return None
    gist = gist_of(item.report, whole=whole)
    same = gist.modules == item.modules
    return gist if same else gist.model_copy(update={"modules": item.modules})


def _day(day: date, items: Sequence[Item]) -> DayCount:
    weights = [item.report.importance for item in items if item.report]
    return DayCount(day=day, pulls=len(items), importance=round(fmean(weights), 2) if weights else None)


def _contributors(items: Sequence[Item]) -> tuple[Contributor, ...]:
    by_person: dict[Person, list[Merge]] = {}
    for item in items:
        by_person.setdefault(item.merge.author, []).append(item.merge)
    found = [
        Contributor(
            person=person,
            pulls=len(merges),
            additions=sum(merge.additions for merge in merges),
            deletions=sum(merge.deletions for merge in merges),
            first_time=False if person.is_bot else first_time(merges),
        )
        for person, merges in by_person.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.pulls, one.person.login, one.person.is_bot)))
