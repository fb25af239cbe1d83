"""Tags, modules, files, risks and reviewers by number of pull requests, and the change over periods."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.facts.period import Source, build_period, reaches_back
from bot.model import Person, RiskKey, Severity
from tests.fakes.merged_week import BOT, gist, merge, source
from tests.fakes.periods import period
from tests.fakes.reports import repository

WEEK = period()
ONE_WEEK = timedelta(days=7)


def counts(tallies) -> list[tuple[str, int]]:
    """Names and counts."""
    return [(one.name, one.count) for one in tallies]


def period_of(*reports):
    """The facts of a week in which these were merged, an hour apart."""
    merges = [merge(one.number, hours=hour) for hour, one in enumerate(reports)]
    return build_period(WEEK, [source(*merges, gists={one.number: one for one in reports})])


def weeks(*numbers, reported=None, **given):
    """The facts of the last of several weeks with so many merges each, and their reports."""
    merges, gists = [], {}
    for back, many in enumerate(reversed(numbers)):
        for index in range(many):
            number = back * 100 + index + 1
            merges.append(merge(number, hours=1 - back * 168))
            if reported is None or index < reported[-1 - back]:
                gists[number] = gist(number)
    return build_period(WEEK, [Source(repository(), merges, gists, **given)])


def test_equal_counts_are_in_the_order_of_names():
    """The same week reads the same whenever it is computed."""
    facts = period_of(gist(1, tags=("docs", "ci")), gist(2, tags=("ci",)), gist(3, tags=("bugfix", "docs")))
    assert counts(facts.tags) == [("ci", 2), ("docs", 2), ("bugfix", 1)]


def test_the_most_important_pull_requests_of_a_tally_come_first():
    """Whoever names two of five names these."""
    facts = period_of(gist(1, importance=2.0), gist(2, importance=9.0), gist(3, importance=2.0))
    assert [one.number for one in facts.tags[0].pulls] == [2, 1, 3]


def test_a_file_is_hot_if_two_pull_requests_touched_it():
    """Commits and lines do not count; a file named twice in one report is one."""
    facts = period_of(
        gist(1, paths=("a.py", "b.py", "a.py")), gist(2, paths=("a.py", "c.py")), gist(3, paths=("d.py",))
    )
    assert [(one.name, one.count, [ref.number for ref in one.pulls]) for one in facts.hot_files] == [
        ("a.py", 2, [1, 2])
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"set_aside": ("api.py",)}, [], id="the report says that it is generated"),
        pytest.param({}, [("api.py", 2)], id="the report says that it is not"),
        pytest.param({"kinds": {}}, [("api.py", 2)], id="an older report does not say, nor does the name"),
        pytest.param({"kinds": {}, "paths": ("go.sum",)}, [], id="an older report, a lock file by name"),
        pytest.param({"kinds": {}, "paths": ("vendor/x/y.go",)}, [], id="an older report, a vendored folder"),
        pytest.param({"paths": ()}, [], id="no file at all"),
    ],
)
def test_generated_and_lock_files_are_not_hot(changes, expected):
    """They are counted, and nobody works on them."""
    made = {"paths": ("api.py",), **changes}
    assert counts(period_of(gist(1, **made), gist(2, **made)).hot_files) == expected


@pytest.mark.parametrize(
    ("paths", "set_aside", "modules", "expected"),
    [
        pytest.param(("web/a.ts",), (), ("web",), ["web"], id="a module with a file of its own stays"),
        pytest.param(("web/a.ts", "poetry.lock"), ("poetry.lock",), ("root", "web"), ["web"],
                     id="the root goes if only the lock file is there"),
        pytest.param(("x/vendor/a.c", "web/b.ts"), ("x/vendor/a.c",), ("x/vendor", "web"), ["web"],
                     id="a folder of vendored files goes"),
        pytest.param(("src/Router.py",), (), ("router",), ["router"], id="a file's name in the title"),
        pytest.param(("a.py",), (), ("a module by another name",), ["a module by another name"],
                     id="a name that no path explains stays"),
        pytest.param((), (), (), [], id="no file, no module"),
    ],
)  # fmt: skip
def test_modules_of_files_that_do_not_count_are_left_out(paths, set_aside, modules, expected):
    """In the tally and in the gist alike."""
    facts = period_of(gist(1, paths=paths, set_aside=set_aside, modules=modules))
    gists = [one.gist for one in facts.pulls if one.gist]
    assert [one.name for one in facts.modules] == expected
    assert [*gists[0].modules] == expected


def test_risks_have_their_heaviest_severity_and_the_heavier_of_equal_counts_comes_first():
    """Two pull requests with two risks of one kind are two."""
    facts = period_of(
        gist(1, risks=(("core-path", "medium"), ("core-path", "low"), ("security", "low"))),
        gist(2, risks=(("core-path", "low"), ("security", "high"), ("performance", "low"))),
    )
    assert [(one.key, one.count, one.severity) for one in facts.risks] == [
        (RiskKey.SECURITY, 2, Severity.HIGH),
        (RiskKey.CORE_PATH, 2, Severity.MEDIUM),
        (RiskKey.PERFORMANCE, 1, Severity.LOW),
    ]


def test_reviewers_are_people_other_than_the_author():
    """Each counts once for a pull request."""
    lead, dev = Person(login="octo-lead"), Person(login="octo-dev")
    merges = [merge(1, reviewers=(lead, BOT, dev, lead)), merge(2, reviewers=(lead,))]
    facts = build_period(WEEK, [source(*merges)])
    assert (counts(facts.reviewers), facts.numbers.reviewers) == ([("octo-lead", 2)], 1)


def test_numbers_and_tallies_stand_beside_the_period_before_and_the_mean_of_four():
    """The change is computed from the same lists."""
    facts = weeks(9, 1, 2, 3, 6, 4)
    assert (facts.before and facts.before.pulls, facts.mean and facts.mean.pulls) == (6, 3.0)
    assert [(one.key, one.numbers.pulls) for one in facts.trend] == [
        ("2026-W09", 1),
        ("2026-W10", 2),
        ("2026-W11", 3),
        ("2026-W12", 6),
        ("2026-W13", 4),
    ]
    assert [(one.name, one.count, one.before, one.mean) for one in facts.tags] == [("bugfix", 4, 6, 3.0)]


@pytest.mark.parametrize(
    ("reported", "before", "mean", "importance"),
    [
        pytest.param((5, 5, 5, 5, 5), 5, 5.0, 4.0, id="all have their reports"),
        pytest.param((5, 5, 5, 4, 4), 4, 4.75, 4.0, id="four of five are enough"),
        pytest.param((0, 5, 5, 5, 5), 5, None, 4.0, id="one of four is from before the installation"),
        pytest.param((5, 5, 5, 1, 5), None, None, None, id="the one before has hardly any"),
        pytest.param((5, 5, 5, 5, 1), None, None, 4.0, id="this one has hardly any"),
    ],
)
def test_what_reports_say_is_not_compared_with_a_period_without_them(reported, before, mean, importance):
    """A week before the installation had no fewer bug fixes: nobody read it."""
    facts = weeks(5, 5, 5, 5, 5, reported=reported)
    assert [(one.before, one.mean) for one in facts.tags] == [(before, mean)]
    assert facts.before is not None
    assert (facts.before.pulls, facts.before.importance) == (5, importance)


def test_a_period_without_merges_is_a_period_to_compare_with():
    """Nothing was merged, so nothing is missing; it has no importance that could lower the mean."""
    facts = weeks(4, 0, 4, 0, 2)
    assert facts.mean is not None
    assert (facts.mean.pulls, facts.mean.importance, facts.tags[0].before) == (2.0, 4.0, 0)


@pytest.mark.parametrize(
    ("given", "trend"),
    [
        pytest.param({"partial": "too-many"}, 1, id="the list is not whole: nothing is compared"),
        pytest.param({"since": WEEK.since}, 1, id="only this period was read"),
        pytest.param({"since": WEEK.since - 2 * ONE_WEEK}, 3, id="two earlier ones were read"),
        pytest.param({"since": WEEK.since - 4 * ONE_WEEK}, 5, id="all were read"),
    ],
)
def test_only_periods_whose_merges_are_known_are_compared(given, trend):
    """A list that does not reach back is not an empty one."""
    facts = weeks(5, 5, 5, 5, 5, **given)
    assert (len(facts.trend), facts.mean is None) == (trend, trend < 5)
    assert facts.partial == given.get("partial")


def test_the_periods_to_compare_with_begin_four_weeks_earlier():
    """From there on merges and reports are read."""
    assert (reaches_back(WEEK).key, reaches_back(WEEK).since) == ("2026-W09", WEEK.since - 4 * ONE_WEEK)
