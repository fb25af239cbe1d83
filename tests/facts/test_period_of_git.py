"""A week of a repository that the test makes, and what git itself says of it."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.facts import calendar
from bot.facts.local_period import read_local_merges
from bot.facts.period import Source, build_period, reaches_back
from tests.fakes.dated_clone import DatedClone

WEEK = calendar.week("2026-W13", "Asia/Shanghai")
SPAN = ("--first-parent", f"--since={WEEK.since.isoformat()}", "--until=2026-03-29T15:59:59Z", "main")
CHANGES = [
    (1, "2026-03-17T08:00:00", "octo-old", {"core.py": "A = 1\n", "poetry.lock": "1\n"}),
    (2, "2026-03-22T15:59:59", "octo-old", {"core.py": "A = 2\n"}),
    (3, "2026-03-22T16:00:00", "octo-new", {"core.py": "A = 3\nB = 3\n", "poetry.lock": "2\n"}),
    (4, "2026-03-24T09:00:00", "octo-old", {"core.py": "A = 4\n", "web/app.ts": "let a = 1\n"}),
    (5, "2026-03-24T10:00:00", "octo-new", {"web/app.ts": "let a = 2\n", "poetry.lock": "3\n"}),
    (6, "2026-03-29T15:59:59", "octo-third", {"docs/a.md": "One\n", "core.py": "A = 6\n"}),
    (7, "2026-03-29T16:00:00", "octo-third", {"core.py": "A = 7\n"}),
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Seven squashed pull requests around a week in Shanghai, two of them a second outside of it."""
    made = DatedClone(tmp_path_factory.mktemp("period"))
    made.commit("Import", "2026-01-05T10:00:00", {"core.py": "A = 0\n"}, "octo-old")
    for number, when, author, files in CHANGES:
        made.commit(f"Change {number} (#{number})", when, files, author)
    return made


@pytest.fixture(scope="module")
def facts(clone):
    """The week, computed from the clone without any report."""
    old = read_local_merges(clone.git, calendar.week("2026-W12", WEEK.time_zone))
    new = read_local_merges(clone.git, WEEK)
    since = reaches_back(WEEK).since
    return build_period(WEEK, [Source(new.repository, (*old.merges, *new.merges), since=since)])


def test_pull_requests_and_authors_are_those_of_git_log(clone, facts):
    """To the second, in the week's own time zone."""
    authors = Counter(clone.run("log", "--format=%an", *SPAN).splitlines())
    assert facts.numbers.pulls == sum(authors.values())
    assert {one.person.login: one.pulls for one in facts.contributors} == authors
    assert [one.person.login for one in facts.contributors if one.first_time] == ["octo-new", "octo-third"]


def test_lines_are_those_that_git_counts(clone, facts):
    """Added and removed, over all commits of the week."""
    stat = [line.split() for line in clone.run("log", "--numstat", "--format=", *SPAN).splitlines() if line]
    assert facts.numbers.additions == sum(int(added) for added, _, _ in stat)
    assert facts.numbers.deletions == sum(int(removed) for _, removed, _ in stat)


def test_hot_files_are_those_that_git_names_more_than_once_but_for_the_lock_file(clone, facts):
    """And the change against the week before needs no report, for the clone has all paths."""
    named = Counter(path for path in clone.run("log", "--name-only", "--format=", *SPAN).split("\n") if path)
    assert named == {"core.py": 3, "web/app.ts": 2, "poetry.lock": 2, "docs/a.md": 1}
    assert [(one.name, one.count, one.before) for one in facts.hot_files] == [
        ("core.py", 3, 2),
        ("web/app.ts", 2, 0),
    ]


def test_days_are_those_of_the_time_zone(facts):
    """The first merge was on Monday there, on Sunday in UTC."""
    assert [one.pulls for one in facts.days] == [1, 2, 0, 0, 0, 0, 1]
