"""What lies between two tags on GitHub, and the merges that brought it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import Later, UserError
from bot.facts import calendar
from bot.facts.merges import read_period, read_range
from bot.facts.ranges import MOST_COMMITS
from sandbox.build import add_commit, signature
from tests.fakes.github import the_repository
from tests.fakes.merged import merged_at, utc

NAME = "octo-org/engine"


def committed(github, when: str, name: str = "main"):
    """A commit pushed to a branch at a time."""
    author = signature(github.state, "octo-dev", utc(when))
    return add_commit(the_repository(github.state), name, {f"{when}.txt": "x\n"}, "Push", author)


async def test_a_range_ends_with_its_head_and_begins_with_its_base(github, reader):
    """The times of both commits, and what the first lacks, over all pages."""
    tags = the_repository(github.state).tags
    tags["v1"] = committed(github, "2026-03-01T00:00:00").sha
    between = {committed(github, f"2026-03-02T{n // 60:02}:{n % 60:02}:00").sha for n in range(230)}
    tags["release/v2"] = committed(github, "2026-03-03T00:00:00").sha
    committed(github, "2026-03-04T00:00:00")
    found = await read_range(reader, NAME, "v1", "release/v2")
    assert found == (utc("2026-03-01"), utc("2026-03-03"), frozenset(between | {tags["release/v2"]}))
    assert sum("compare" in one.path for one in github.log.records) == 3


async def test_a_range_begins_earlier_if_its_branch_does(github, reader):
    """A tag on a release branch may be younger than what the main branch has and it lacks."""
    repository = the_repository(github.state)
    repository.branches["release"] = repository.branches["main"]
    committed(github, "2026-03-01T00:00:00")
    repository.tags["v1"] = committed(github, "2026-03-05T00:00:00", "release").sha
    repository.tags["v2"] = committed(github, "2026-03-08T00:00:00").sha
    since, until, shas = await read_range(reader, NAME, "v1", "v2")
    assert (since, until, len(shas)) == (utc("2026-03-01"), utc("2026-03-08"), 2)


async def test_the_merges_of_a_range_are_told_by_their_commits(github, reader):
    """One that GitHub called merged a little after its commit is in, one before or after the tags is not."""
    tags = the_repository(github.state).tags
    pulls = [merged_at(github.state, f"2026-03-0{day}T12:00:00") for day in range(1, 6)]
    tags["v1"], tags["v2"] = pulls[1].merge_sha or "", pulls[3].merge_sha or ""
    period = calendar.tags("v1", "v2", (utc("2026-03-02"), utc("2026-03-04")), "UTC")
    found = await read_period(reader, NAME, period)
    assert [merge.number for merge in found.merges] == [3, 4]


async def test_the_merges_of_a_week_are_told_by_their_times(github, reader):
    """Any period can be asked for in the same way."""
    merged_at(github.state, "2026-03-24")
    merged_at(github.state, "2026-03-31")
    found = await read_period(reader, NAME, calendar.week("2026-W13", "UTC"))
    assert [merge.number for merge in found.merges] == [1]


@pytest.mark.parametrize(
    ("base", "head", "words"),
    [
        pytest.param("v1", "v9", "check both tags", id="an unknown tag"),
        pytest.param("v2", "v1", "older tag first", id="reversed"),
        pytest.param("v1", "v1", "nothing lies between", id="the same twice"),
        pytest.param("", "v1", "two tags", id="one tag"),
        pytest.param("v1...v2", "v2", "two tags", id="a range for a tag"),
    ],
)
async def test_a_range_that_is_none_is_the_users_mistake(github, reader, base: str, head: str, words: str):
    """The answer says what is wrong."""
    tags = the_repository(github.state).tags
    tags["v1"] = committed(github, "2026-03-01T00:00:00").sha
    tags["v2"] = committed(github, "2026-03-03T00:00:00").sha
    with pytest.raises(UserError, match=words):
        await read_range(reader, NAME, base, head)


def commit_row(sha: str, *parents: str, when: str = "2026-03-02T00:00:00Z") -> dict[str, Any]:
    return {
        "sha": sha,
        "parents": [{"sha": one} for one in parents],
        "commit": {"committer": {"date": when}},
    }


class Comparing:
    """A reader that gives one comparison for every page."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def getitem(self, _url: str, _url_vars: Any) -> Any:
        return self.answer


def comparison(*rows: Any, **fields: Any) -> dict[str, Any]:
    return {"base_commit": commit_row("0"), "total_commits": len(rows), "commits": list(rows), **fields}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param([], Later, id="a list"),
        pytest.param({}, UserError, id="nothing"),
        pytest.param(comparison(commit_row("1"), total_commits=2), Later, id="a page that does not come"),
        pytest.param(comparison(total_commits=MOST_COMMITS + 1), UserError, id="too many commits"),
        pytest.param(comparison(commit_row("1"), base_commit=None), Later, id="no time of the base"),
        pytest.param(comparison(commit_row("1", when="soon")), Later, id="no time of the head"),
        pytest.param(comparison(commit_row("1", "2"), commit_row("2", "1")), Later, id="a circle"),
    ],
)
async def test_half_a_comparison_is_not_taken_for_one(answer: Any, error: type[Exception]):
    """What GitHub leaves out is asked for again, not guessed."""
    reader: Any = Comparing(answer)
    with pytest.raises(error):
        await read_range(reader, NAME, "v1", "v2")
