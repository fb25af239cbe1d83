"""Charts are drawn where they tell something, from computed numbers and plain words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.markdown.catalogue import load
from bot.markdown.charts import merges_chart, risks_chart, trend_chart
from bot.model import (
    DayCount,
    PeriodFacts,
    PeriodKind,
    PeriodNumbers,
    RiskKey,
    RiskTally,
    Severity,
    Tally,
    TrendPoint,
)
from tests.fakes.period_pulls import SINCE
from tests.fakes.periods import period, period_facts, pull, ref

ENGLISH, CHINESE = load("en"), load("zh-CN")


def lines(chart: str) -> list[str]:
    """What a chart says, without its settings."""
    return [line.strip() for line in chart.split("\n")[2:-1]]


def days(count: int, each: int) -> PeriodFacts:
    """So many days with as many merges on each, the last of them important."""
    dates = [SINCE + timedelta(days=day) for day in range(count)]
    pulls = [
        pull(10 * day + one, merged_at=date, importance=1.0 if one else 5.0)
        for day, date in enumerate(dates)
        for one in range(each)
    ]
    counts = tuple(DayCount(day=date.date(), pulls=each) for date in dates)
    kind = PeriodKind.WEEK if count == 7 else PeriodKind.MONTH
    return period_facts(period=period(kind=kind), pulls=tuple(pulls), days=counts)


def test_a_week_by_day() -> None:
    """Each day has its count beside its name; the dark bar is the important part."""
    assert lines(merges_chart(period_facts(), ENGLISH)) == [
        "xychart-beta",
        'title "Merged a day; dark: importance 4 or more"',
        'x-axis ["Mon: 2", "Tue: 1", "Wed: 2", "Thu: 2", "Fri: 1", "Sat: 0", "Sun: 1"]',
        "y-axis 0 --> 2",
        "bar [2, 1, 2, 2, 1, 0, 1]",
        "bar [1, 1, 1, 1, 0, 0, 0]",
    ]


def test_no_word_of_dark_bars_without_one() -> None:
    """A week in which nothing was important is drawn in one colour."""
    pulls = tuple(one.model_copy(update={"gist": None}) for one in period_facts().pulls)
    chart = lines(merges_chart(period_facts(pulls=pulls), ENGLISH))
    assert chart[1] == 'title "Merged a day"'
    assert sum(1 for line in chart if line.startswith("bar")) == 1


def test_a_day_is_one_of_the_time_zone() -> None:
    """A merge at 23:00 UTC on Sunday is an important one of Monday in Shanghai."""
    late = pull(1, merged_at=SINCE - timedelta(hours=1), importance=9.0)
    facts = days(7, 2).model_copy(update={"period": period(time_zone="Asia/Shanghai")})
    before = lines(merges_chart(facts, ENGLISH))[-1]
    after = lines(merges_chart(facts.model_copy(update={"pulls": (late, *facts.pulls)}), ENGLISH))[-1]
    assert (before, after) == ("bar [1, 1, 1, 1, 1, 1, 1]", "bar [2, 1, 1, 1, 1, 1, 1]")


def test_a_month_names_its_highest_day() -> None:
    """There is no room for thirty counts."""
    _, title, labels, *_ = lines(merges_chart(days(31, 3), CHINESE))
    assert title == 'title "每日合并数；深色：重要性不低于 4；最高 3"'
    assert labels.startswith('x-axis ["23", "24", ')


def test_a_long_period_is_grouped() -> None:
    """A quarter has no ninety bars."""
    *_, labels, _, pale, _ = lines(merges_chart(days(90, 1), ENGLISH))
    assert labels.startswith('x-axis ["03-23", "03-26", ')
    assert pale == f"bar [{', '.join(['3'] * 30)}]"


def test_a_range_is_shown_by_module() -> None:
    """The days between two tags tell nothing; names that are not plain are left out."""
    names = ("rollout", "src/api", '"] click', "end", "a b", "x" * 60)
    modules = tuple(Tally(name=name, count=3, pulls=(ref(1230), ref(1231))) for name in names)
    facts = period_facts(period=period(kind=PeriodKind.RANGE), modules=modules)
    assert lines(merges_chart(facts, ENGLISH))[1:3] == [
        'title "Merged by module; dark: importance 4 or more"',
        'x-axis ["rollout: 3", "src/api: 3", "end: 3"]',
    ]


def test_the_trend() -> None:
    """Five weeks, and the mean of the four before as a line."""
    assert lines(trend_chart(period_facts(), ENGLISH))[1:] == [
        'title "Merged a week; line: mean of the four weeks before (10.2)"',
        'x-axis ["2026-W09: 8", "2026-W10: 11", "2026-W11: 10", "2026-W12: 12", "2026-W13: 9"]',
        "y-axis 0 --> 12",
        "bar [8, 11, 10, 12, 9]",
        "line [10.2, 10.2, 10.2, 10.2, 10.2]",
    ]


def test_risks_by_kind() -> None:
    """Kinds in the reader's language, the dark part medium or high."""
    assert lines(risks_chart(period_facts(), CHINESE))[2:] == [
        'x-axis ["核心路径变更: 3", "缺少测试覆盖: 2", "未采纳 review 建议: 2", "不兼容变更: 1"]',
        "y-axis 0 --> 3",
        "bar [3, 2, 2, 1]",
        "bar [3, 0, 2, 1]",
    ]


def test_every_kind_of_risk_is_a_plain_word() -> None:
    """No name of a risk costs the chart."""
    for catalogue in (ENGLISH, CHINESE):
        for key in RiskKey:
            risks = [RiskTally(name=key.value, count=9, key=key, severity=Severity.LOW)] * 3
            assert risks_chart(period_facts(risks=tuple(risks)), catalogue)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(period_facts(pulls=days(7, 1).pulls[:4]), id="four merges"),
        pytest.param(days(1, 9).model_copy(update={"modules": ()}), id="one day"),
        pytest.param(period_facts(pulls=(), days=()), id="nothing"),
    ],
)
def test_no_chart_of_merges(facts: PeriodFacts) -> None:
    """What a glance at the list tells needs no picture."""
    assert merges_chart(facts, ENGLISH) == ""


@pytest.mark.parametrize(
    "trend",
    [
        pytest.param((), id="nothing"),
        pytest.param(("2026-W12", "2026-W13"), id="two weeks"),
        pytest.param(("2026-W11", "v1..v2", "2026-W13"), id="a key that is none of ours"),
    ],
)
def test_no_chart_of_the_trend(trend: tuple[str, ...]) -> None:
    """Nor does a trend of two points, or one that cannot be labelled."""
    points = tuple(TrendPoint(key=key, numbers=PeriodNumbers(pulls=4)) for key in trend)
    assert trend_chart(period_facts(trend=points), ENGLISH) == ""
