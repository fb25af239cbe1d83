"""A period is counted from GitHub's list of merges, with the reports that are there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.facts import calendar
from bot.facts.period import Source, build_period, reaches_back
from bot.model import NoReport, PeriodKind, Person
from tests.fakes.merged_week import BOT, gist, merge, of, source
from tests.fakes.periods import period
from tests.fakes.reports import repository

WEEK = period()
HOUR = timedelta(hours=1)


def test_every_merge_is_there_and_the_one_without_a_report_says_why():
    """39 of 40 names the fortieth."""
    merges = [merge(number, hours=number) for number in range(1, 41)]
    gists = {number: gist(number) for number in range(1, 40)}
    facts = build_period(WEEK, [Source(repository(), merges, gists, {40: NoReport.DEAD})])
    assert (facts.numbers.pulls, facts.numbers.reported) == (40, 39)
    assert [(one.ref.number, one.why) for one in facts.pulls if one.gist is None] == [(40, NoReport.DEAD)]


def test_a_report_without_its_merge_does_not_count():
    """GitHub decides what was merged in the period."""
    facts = build_period(WEEK, [source(merge(1), gists={1: gist(1), 2: gist(2, risks=("core-path",))})])
    assert (facts.numbers.pulls, facts.numbers.reported, facts.risks) == (1, 1, ())


def test_the_first_moment_belongs_to_the_period_and_the_last_one_does_not():
    """What was merged exactly at midnight is in one week, never in two and never in none."""
    at = {1: WEEK.since - timedelta(microseconds=1), 2: WEEK.since, 3: WEEK.until - HOUR, 4: WEEK.until}
    merges = [merge(number, merged_at=moment) for number, moment in at.items()]
    assert of(build_period(WEEK, [source(*merges)])) == [2, 3]
    after = calendar.after(WEEK)
    assert after is not None
    assert of(build_period(after, [source(*merges)])) == [4]


def test_an_empty_period_has_no_means_and_every_day():
    """Nothing is divided by nothing."""
    facts = build_period(WEEK, [source()])
    assert (facts.pulls, facts.tags, facts.contributors, facts.numbers.pulls) == ((), (), (), 0)
    assert (facts.numbers.importance, facts.numbers.hours, facts.numbers.untested) == (None, None, None)
    assert [(one.day.day, one.pulls, one.importance) for one in facts.days] == [
        (day, 0, None) for day in range(23, 30)
    ]


def test_one_merge_makes_a_whole_period():
    """All that can be counted of a single pull request."""
    made = merge(7, hours=3, reviewers=(Person(login="octo-lead"),), first_time=True)
    facts = build_period(WEEK, [source(made, gists={7: gist(7, importance=2.5, tags=("docs",))})])
    numbers = facts.numbers
    assert (numbers.pulls, numbers.authors, numbers.reviewers, numbers.first_time) == (1, 1, 1, 1)
    assert (numbers.hours, numbers.importance, numbers.untested) == (20.0, 2.5, 0.0)
    assert [(one.name, one.count, one.pulls[0].number) for one in facts.tags] == [("docs", 1, 7)]


def test_without_any_report_the_merges_are_counted_all_the_same():
    """The list, its sizes and its people are GitHub's."""
    facts = build_period(WEEK, [source(merge(1), merge(2, hours=2))])
    assert (facts.numbers.pulls, facts.numbers.reported, facts.numbers.additions) == (2, 0, 240)
    assert (facts.tags, facts.risks, facts.hot_files) == ((), (), ())
    assert {one.why for one in facts.pulls} == {NoReport.NEVER_SEEN}


def test_what_was_merged_before_the_installation_says_so():
    """PRHub could not have seen it; what it was asked for says more than the date."""
    made = [merge(1), merge(2, hours=2), merge(3, hours=80)]
    given = Source(
        repository(), made, why={2: NoReport.UNDER_WAY}, installed_at=WEEK.since + timedelta(days=2)
    )
    assert [one.why for one in build_period(WEEK, [given]).pulls] == [
        NoReport.BEFORE_INSTALLATION,
        NoReport.UNDER_WAY,
        NoReport.NEVER_SEEN,
    ]


def test_merges_are_in_the_order_they_were_made_in_and_each_is_there_once():
    """At the same moment the number decides; a page that moved while it was read repeats some."""
    merges = [merge(9), merge(3), merge(5, hours=0), merge(9), merge(4, hours=2)]
    assert of(build_period(WEEK, [source(*merges)])) == [5, 3, 9, 4]


def test_days_are_those_of_the_time_zone():
    """What was merged on Sunday at 17:00 in UTC is of Monday in Shanghai."""
    week = calendar.week("2026-W13", "Asia/Shanghai")
    merges = [merge(1, merged_at=datetime(2026, 3, 22, 17, tzinfo=UTC)), merge(2, hours=50)]
    days = build_period(week, [source(*merges)]).days
    assert [(one.day, one.pulls) for one in days if one.pulls] == [
        (date(2026, 3, 23), 1),
        (date(2026, 3, 25), 1),
    ]
    assert len(days) == 7


@pytest.mark.parametrize("key", ["2026-W13", "2026-W43"], ids=["it loses an hour", "it gains an hour"])
def test_a_week_in_which_the_clock_changes_has_seven_days(key):
    """The days are those of the calendar, however long."""
    week = calendar.week(key, "Europe/Berlin")
    last = merge(1, merged_at=week.until - timedelta(minutes=1))
    days = build_period(week, [source(last)]).days
    assert [one.pulls for one in days] == [0, 0, 0, 0, 0, 0, 1]


def test_a_range_of_tags_has_what_it_is_given_and_is_compared_with_nothing():
    """Whether a merge is in a range is known from its commit, not from its time."""
    change = {"kind": PeriodKind.RANGE, "key": "v1..v2", "base": "v1", "head": "v2"}
    tags = WEEK.model_copy(update=change)
    late = merge(2, merged_at=WEEK.until + HOUR)
    facts = build_period(tags, [source(merge(1), late)])
    assert (of(facts), facts.before, facts.mean, len(facts.trend)) == ([1, 2], None, None, 1)
    assert sum(one.pulls for one in facts.days) == 2
    assert reaches_back(tags) == tags


def test_of_a_span_of_years_only_days_with_merges_are_listed():
    """A tag's date may be anything."""
    change = {"kind": PeriodKind.RANGE, "key": "v1..v2", "since": datetime(1970, 1, 1, tzinfo=UTC)}
    facts = build_period(WEEK.model_copy(update=change), [source(merge(1), merge(2, hours=30))])
    assert [one.pulls for one in facts.days] == [1, 1]


def test_several_repositories_are_one_period_and_each_pull_request_names_its_own():
    """The same number in two repositories is two pull requests."""
    other = repository(id=4712, full_name="octo-org/atlas")
    facts = build_period(WEEK, [source(merge(1)), source(merge(1), merge(2, hours=2), repository=other)])
    assert [(one.ref.repository, one.ref.number) for one in facts.pulls] == [
        ("octo-org/atlas", 1),
        ("octo-org/engine", 1),
        ("octo-org/atlas", 2),
    ]
    assert [one.full_name for one in facts.repositories] == ["octo-org/atlas", "octo-org/engine"]
    assert facts.numbers.authors == 1


def test_only_the_most_important_are_told_in_full():
    """Ten thousand pull requests fit into memory; what is counted is there of each."""
    merges = [merge(number, hours=0) for number in range(1, 1003)]
    gists = {
        number: gist(number, importance=1.0 if number <= 2 else 5.0, risks=("core-path",), follow_ups=1)
        for number in range(1, 1003)
    }
    pulls = {one.ref.number: one.gist for one in build_period(WEEK, [source(*merges, gists=gists)]).pulls}
    brief, whole = pulls[1], pulls[3]
    assert brief is not None
    assert whole is not None
    assert (len(brief.risks), brief.follow_ups, brief.risks[0].evidence) == (1, (), ())
    assert (len(whole.follow_ups), len(whole.risks[0].evidence)) == (1, 1)


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        pytest.param([BOT, BOT], (0, 0), id="all bots: nobody is an author"),
        pytest.param([Person()], (1, 0), id="a deleted account is somebody"),
        pytest.param([Person(login="ada"), Person(login="ada"), BOT], (1, 0), id="who comes twice is one"),
    ],
)
def test_authors_are_people(authors, expected):
    """Bots are among the contributors, and not among the people."""
    merges = [merge(number, author=author) for number, author in enumerate(authors, 1)]
    facts = build_period(WEEK, [source(*merges)])
    assert (facts.numbers.authors, facts.numbers.first_time) == expected
    assert {one.person for one in facts.contributors} == set(authors)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param({"ada": True, "bea": True, "cem": False}, 2, id="all are known"),
        pytest.param({"ada": True, "bea": None}, None, id="of one it is not known, so there is no number"),
        pytest.param({"ada": True, "ghost": None}, 1, id="nobody asks about a deleted account"),
    ],
)
def test_newcomers_are_counted_if_they_are_known(known, expected):
    """A number that may be too small is none."""
    merges = [
        merge(number, author=Person(login=login), first_time=first)
        for number, (login, first) in enumerate(known.items(), 1)
    ]
    assert build_period(WEEK, [source(*merges)]).numbers.first_time == expected


def test_contributors_are_sorted_by_pull_requests_and_then_by_name():
    """Ties have one order."""
    logins = ["zoe", "ada", "bea", "ada", "zoe"]
    merges = [merge(number, author=Person(login=login)) for number, login in enumerate(logins, 1)]
    found = build_period(WEEK, [source(*merges)]).contributors
    assert [(one.person.login, one.pulls, one.additions) for one in found] == [
        ("ada", 2, 240),
        ("zoe", 2, 240),
        ("bea", 1, 120),
    ]
