"""What is counted of the merges of a period, and the means over several periods."""

from __future__ import annotations

from datetime import timedelta
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

from bot.model import PeriodNumbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.facts.period_pulls import Item
    from bot.model import Merge

# Below this share of merges with a report, what reports say of a period is not compared with another's.
ENOUGH: Final = 0.8
# GitHub's name for deleted accounts.
_NOBODY: Final = "ghost"
_HOUR: Final = timedelta(hours=1)
_OF_REPORTS: Final = ("importance", "insight", "untested")


def count(items: Sequence[Item]) -> PeriodNumbers:
    """Count the merges of a period; authors and reviewers are people, bots are none of them."""
    merges = [item.merge for item in items]
    reports = [item.report for item in items if item.report is not None]
    return PeriodNumbers(
        pulls=len(items),
        reported=len(reports),
        additions=sum(merge.additions for merge in merges),
        deletions=sum(merge.deletions for merge in merges),
        authors=len({merge.author.login for merge in merges if not merge.author.is_bot}),
        first_time=_newcomers(merges),
        reviewers=len({who for merge in merges for who in reviewers_of(merge)}),
        hours=_rounded(median, _hours(merges)),
        importance=_rounded(fmean, [report.importance for report in reports]),
        insight=_rounded(fmean, _known(report.insight for report in reports)),
        untested=_rounded(fmean, _known(report.untested for report in reports), 4),
        open_remarks=sum(report.open_remarks for report in reports),
    )


def first_time(merges: Iterable[Merge]) -> bool | None:
    """Whether somebody's merges of a period are the first; ``None`` if that is not known of all of them."""
    known = {merge.first_time for merge in merges}
    if False in known:
        return False
    return None if None in known else True


def reviewers_of(merge: Merge) -> tuple[str, ...]:
    """The logins of the people who reviewed it, each once, without its author."""
    people = (who.login for who in merge.reviewers if not who.is_bot and who.login != merge.author.login)
    return tuple(dict.fromkeys(people))


def is_covered(numbers: PeriodNumbers) -> bool:
    """Whether there are reports on so many of the merges that periods can be compared by them."""
    return numbers.reported >= ENOUGH * numbers.pulls


def comparable(numbers: PeriodNumbers) -> PeriodNumbers:
    """The numbers of an earlier period, without what too few reports say of it."""
    return numbers if is_covered(numbers) else numbers.model_copy(update=dict.fromkeys(_OF_REPORTS))


def mean(periods: Sequence[PeriodNumbers]) -> PeriodNumbers:
    """The means of several periods (one at least).

    Where one of them has too few reports, there is no mean of what reports say; a period without any
    merge does not count for importance, insight, tests and hours.
    """
    unknown = () if all(map(is_covered, periods)) else _OF_REPORTS
    values = {
        name: None if name in unknown else _mean_of([getattr(one, name) for one in periods], name)
        for name in PeriodNumbers.model_fields
    }
    return PeriodNumbers.model_validate(values)


def _mean_of(values: list[float | None], name: str) -> float | None:
    return _rounded(fmean, _known(values), 4 if name == "untested" else 2)


def _newcomers(merges: Sequence[Merge]) -> float | None:
    """How many people came for the first time; of a deleted account nobody can tell, so it is left out."""
    by_login: dict[str, list[Merge]] = {}
    for merge in merges:
        if not merge.author.is_bot and merge.author.login != _NOBODY:
            by_login.setdefault(merge.author.login, []).append(merge)
    found = [first_time(theirs) for theirs in by_login.values()]
    return None if None in found else sum(map(bool, found))


def _hours(merges: Iterable[Merge]) -> list[float]:
    """The hours from opening to merge, of people's and bots' pull requests; clocks may disagree."""
    opened = ((merge.created_at, merge.merged_at) for merge in merges if merge.created_at is not None)
    return [max(0.0, (end - start) / _HOUR) for start, end in opened]


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _rounded(
    what: Callable[[Sequence[float]], float], values: Sequence[float], places: int = 2
) -> float | None:
    return round(what(values), places) if values else None
