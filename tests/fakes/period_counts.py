"""What is counted of an invented period, plainly, so that it fits whatever pull requests are given."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import fmean, median
from typing import TYPE_CHECKING

from bot.model import Contributor, DayCount, PeriodNumbers, RiskKey, RiskTally, Tally, TrendPoint
from tests.fakes.period_pulls import SINCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.model import PeriodPull

HOT = {
    "engine/trainer/loop.py": (1230, 1234, 1235),
    "engine/router/client.py": (1232, 1237),
    "engine/rollout/__init__.py": (1230, 1232),
}


def numbers(pulls: tuple[PeriodPull, ...]) -> PeriodNumbers:
    gists = [one.gist for one in pulls if one.gist]
    judged = [gist.untested for gist in gists if gist.untested is not None]
    insights = [gist.insight for gist in gists if gist.insight is not None]
    people = {one.merge.author.login for one in pulls if not one.merge.author.is_bot}
    hours = [
        (one.merge.merged_at - one.merge.created_at).total_seconds() / 3600
        for one in pulls
        if one.merge.created_at
    ]
    return PeriodNumbers(
        pulls=len(pulls),
        reported=len(gists),
        additions=sum(one.merge.additions for one in pulls),
        deletions=sum(one.merge.deletions for one in pulls),
        authors=len(people),
        first_time=len({one.merge.author.login for one in pulls if one.merge.first_time}),
        reviewers=len({who.login for one in pulls for who in one.merge.reviewers}),
        hours=median(hours) if hours else None,
        importance=fmean(gist.importance for gist in gists) if gists else None,
        insight=fmean(insights) if insights else None,
        untested=fmean(judged) if judged else None,
        open_remarks=sum(gist.open_remarks for gist in gists),
    )


def trend(before: PeriodNumbers, now: PeriodNumbers) -> tuple[TrendPoint, ...]:
    earlier = {"2026-W09": (8, 3.1), "2026-W10": (11, 4.0), "2026-W11": (10, 3.9)}
    points = [
        TrendPoint(key=key, numbers=before.model_copy(update={"pulls": pulls, "importance": importance}))
        for key, (pulls, importance) in earlier.items()
    ]
    return (*points, TrendPoint(key="2026-W12", numbers=before), TrendPoint(key="2026-W13", numbers=now))


def days(pulls: tuple[PeriodPull, ...]) -> tuple[DayCount, ...]:
    days = [(SINCE + timedelta(days=day)).date() for day in range(7)]
    found = {day: [one for one in pulls if one.merge.merged_at.date() == day] for day in days}
    return tuple(
        DayCount(day=day, pulls=len(of), importance=fmean(weights) if weights else None)
        for day, of in found.items()
        for weights in [[one.gist.importance for one in of if one.gist]]
    )


def contributors(pulls: tuple[PeriodPull, ...]) -> tuple[Contributor, ...]:
    by_login: dict[str, list[PeriodPull]] = {}
    for one in pulls:
        by_login.setdefault(one.merge.author.login, []).append(one)
    return tuple(
        Contributor(
            person=of[0].merge.author,
            pulls=len(of),
            additions=sum(one.merge.additions for one in of),
            deletions=sum(one.merge.deletions for one in of),
            first_time=of[0].merge.first_time,
        )
        for _, of in sorted(by_login.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def hot(one: PeriodPull) -> list[str]:
    return [path for path, numbers in HOT.items() if one.ref.number in numbers]


def tallies(pulls: tuple[PeriodPull, ...], names: Callable[[PeriodPull], Iterable[str]]) -> tuple[Tally, ...]:
    counts = Counter(name for one in pulls for name in names(one))
    return tuple(
        Tally(
            name=name, count=count, before=count - 1, mean=count + 0.25,
            pulls=tuple(one.ref for one in pulls if name in names(one)),
        )
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )  # fmt: skip


def risks(pulls: tuple[PeriodPull, ...]) -> tuple[RiskTally, ...]:
    def keys(one: PeriodPull) -> list[str]:
        return [risk.key.value for risk in one.gist.risks] if one.gist else []

    found = [risk for one in pulls if one.gist for risk in one.gist.risks]
    return tuple(
        RiskTally(
            **tally.model_dump(exclude={"pulls"}),
            pulls=tally.pulls,
            key=RiskKey(tally.name),
            severity=min(
                (risk.severity for risk in found if risk.key.value == tally.name), key=lambda one: one.rank
            ),
        )
        for tally in tallies(pulls, keys)
    )
