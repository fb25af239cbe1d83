"""The merges of a period from a clone, compared with what git itself says."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.facts import calendar
from bot.facts.local_period import read_local_merges, read_local_range
from bot.git import GitRepository
from tests.fakes.dated_clone import DatedClone
from tests.fakes.merged import utc

WEEK = calendar.week("2026-W13", "UTC")
SPAN = ("--first-parent", "--since=2026-03-23T00:00:00Z", "--until=2026-03-29T23:59:59Z", "main")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Three merges of the week in three ways, one commit pushed without a pull request, others around."""
    made = DatedClone(tmp_path_factory.mktemp("clone"))
    made.commit("Import", "2026-01-05T10:00:00", {"a.py": "A = 1\n", "b.py": "B = 1\nC = 1\nD = 1\n"})
    made.commit("Old work (#1)", "2026-03-22T23:59:59", author="octo-old")
    made.run("tag", "v1")
    made.commit("Save twice (#2)", "2026-03-23T00:00:00", {"a.py": "A = 2\nAA = 2\n"}, author="octo-new")
    made.merge(3, "2026-03-25T10:00:00", "octo-old", {"x.py": "X = 1\n", "y.py": "Y = 1\n"})
    made.commit("Pushed without a pull request", "2026-03-26T10:00:00")
    (made.folder / "b.py").rename(made.folder / "od\td \u00e9.py")
    made.commit("Revert \u201cBump\u201d (#4)", "2026-03-29T23:59:59", {"c.bin": "\0\1"}, author="Octo Named")
    made.run("tag", "v2")
    made.commit("Next week (#5)", "2026-03-30T00:00:00")
    return made


def test_the_merges_are_those_of_the_branch_in_the_period(clone):
    """Merge and squash commits with their numbers; a commit without one is counted and left out."""
    found = read_local_merges(clone.git, WEEK)
    assert [merge.number for merge in found.merges] == [2, 3, 4]
    assert found.commits_without_pull == 1
    assert found.repository.full_name == "octo-org/engine"


def test_what_is_counted_is_what_git_counts(clone):
    """Commits, lines and files, as git itself sums them up over the branch."""
    found = read_local_merges(clone.git, WEEK)
    commits = clone.run("log", "--format=%h", *SPAN).splitlines()
    stat = clone.run("log", "-m", "--shortstat", "--format=", *SPAN)
    added = sum(
        int(line.partition(" insertion")[0].split()[-1]) for line in stat.splitlines() if "insertion" in line
    )
    assert len(found.merges) + found.commits_without_pull == len(commits)
    # One line is in the commit without a pull request.
    assert sum(merge.additions for merge in found.merges) + 1 == added
    assert [(merge.additions, merge.deletions, merge.changed_files) for merge in found.merges] == [
        (2, 1, 1),
        (2, 0, 2),
        (0, 0, 2),
    ]


def test_titles_and_authors_are_the_pull_requests(clone):
    """The author of a merge commit is who wrote the branch, not who merged it."""
    merges = read_local_merges(clone.git, WEEK).merges
    assert [(merge.author.login, merge.title) for merge in merges] == [
        ("octo-new", "Save twice"),
        ("octo-old", "Change 3"),
        ("Octo Named", "Revert \u201cBump\u201d"),
    ]


def test_paths_are_read_character_for_character(clone):
    """Renamed files under their new name, tabs and accents and all."""
    merges = read_local_merges(clone.git, WEEK).merges
    assert [merge.paths for merge in merges] == [("a.py",), ("x.py", "y.py"), ("c.bin", "od\td \u00e9.py")]


def test_a_first_time_is_one_without_earlier_commits(clone):
    """Who wrote anything on the branch before the period is no newcomer; nor is a bot."""
    clone_merges = read_local_merges(clone.git, WEEK).merges
    assert [merge.first_time for merge in clone_merges] == [True, False, True]


def test_a_range_holds_what_lies_between_its_tags(clone):
    """Whatever the times say: from after the first tag to the second."""
    times = read_local_range(clone.git, "v1", "v2")
    assert times == (utc("2026-03-22T23:59:59"), utc("2026-03-29T23:59:59"))
    found = read_local_merges(clone.git, calendar.tags("v1", "v2", times, "UTC"))
    assert [merge.number for merge in found.merges] == [2, 3, 4]
    assert [merge.first_time for merge in found.merges] == [True, False, True]


@pytest.mark.parametrize(
    ("base", "head", "words"),
    [
        pytest.param("v1", "v9", "rev-parse", id="an unknown tag"),
        pytest.param("--all", "v1", "rev-parse", id="an option for a tag"),
        pytest.param("v2", "v1", "older tag first", id="reversed"),
        pytest.param("v1", "v1", "nothing lies between", id="the same twice"),
    ],
)
def test_a_range_that_is_none_is_the_users_mistake(clone, base: str, head: str, words: str):
    """The answer says what is wrong."""
    with pytest.raises(UserError, match=words):
        read_local_range(clone.git, base, head)


def test_a_period_with_nothing_in_it_is_empty(clone):
    """No merge, and no error."""
    found = read_local_merges(clone.git, calendar.week("2025-W13", "UTC"))
    assert (found.merges, found.commits_without_pull) == ((), 0)


def test_a_repository_without_commits_is_the_users_mistake(tmp_path):
    """There is nothing to read yet."""
    with pytest.raises(UserError):
        read_local_merges(DatedClone(tmp_path).git, WEEK)


def test_times_out_of_order_hide_nothing(tmp_path):
    """An old commit that was pushed late stands between two of the period."""
    clone = DatedClone(tmp_path)
    clone.commit("One (#1)", "2026-03-24T00:00:00")
    for n in range(8):
        clone.commit(f"Old {n} (#{n + 20})", f"2019-01-0{n + 1}T00:00:00")
    clone.commit("Two (#2)", "2026-03-25T00:00:00")
    assert [merge.number for merge in read_local_merges(clone.git, WEEK).merges] == [1, 2]


def test_commits_of_one_pull_request_are_one_merge(tmp_path):
    """A rebase leaves several with the same number: the last one ends it, the lines add up."""
    clone = DatedClone(tmp_path)
    clone.commit("Import", "2026-01-05T10:00:00")
    clone.commit("Begin (#7)", "2026-03-24T10:00:00", {"a.py": "1\n"})
    last = clone.commit("End (#7)", "2026-03-24T10:00:01", {"a.py": "1\n2\n", "b.py": "1\n"})
    (merge,) = read_local_merges(clone.git, WEEK).merges
    assert (merge.number, merge.title, merge.merge_sha) == (7, "Begin", last)
    assert (merge.additions, merge.changed_files, merge.paths) == (3, 2, ("a.py", "b.py"))


def test_what_was_fetched_counts_not_what_is_checked_out(clone, tmp_path):
    """In a clone of GitHub's, the default branch is the remote's, however old one's own is."""
    clone.run("clone", "-q", clone.folder.as_uri(), str(tmp_path / "copy"))
    clone.run("-C", str(tmp_path / "copy"), "reset", "-q", "--hard", "v1")
    found = read_local_merges(GitRepository(tmp_path / "copy"), WEEK)
    assert [merge.number for merge in found.merges] == [2, 3, 4]


def test_a_shallow_clone_says_what_it_lacks(clone, tmp_path):
    """Where history is cut off, a commit seems to add every file: that is refused."""
    clone.run("clone", "-q", "--depth=3", clone.folder.as_uri(), str(tmp_path / "copy"))
    with pytest.raises(UserError, match="unshallow"):
        read_local_merges(GitRepository(tmp_path / "copy"), WEEK)


def test_a_shallow_clone_does_not_know_who_is_new(clone, tmp_path):
    """Enough history for the period is not enough to welcome anybody."""
    clone.run("clone", "-q", "--depth=3", clone.folder.as_uri(), str(tmp_path / "copy"))
    found = read_local_merges(GitRepository(tmp_path / "copy"), calendar.week("2026-W14", "UTC"))
    assert [(merge.number, merge.first_time) for merge in found.merges] == [(5, None)]
