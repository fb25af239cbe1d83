"""GitHub's list of merges: all of a period, none of another, whatever moves while it is read."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import Gone, Later, RateLimited
from bot.facts import merges as merges_module
from bot.facts.merges import TOO_MANY, UNLISTED, read_merges
from sandbox.talk import add_review, open_pull
from tests.fakes.github import the_repository
from tests.fakes.merged import ListReader, listed, merged_at, utc

WEEK = (utc("2026-03-23"), utc("2026-03-30"))


async def numbers(reader: Any, **options: Any) -> list[int]:
    """The numbers of the week's merges."""
    found = await read_merges(reader, "octo-org/engine", *WEEK, **options)
    return [merge.number for merge in found.merges]


async def test_a_merge_is_as_github_lists_it(github, reader):
    """Who, when, what commit, how many lines; reviewers once each, without the author and what is pending."""
    pull = merged_at(github.state, "2026-03-24T10:00", title="Return\u202e two ghp_" + "a" * 36)
    for login, verdict in [
        ("octo-lead", "COMMENTED"),
        ("octo-lead", "APPROVED"),
        ("octo-dev", "COMMENTED"),
        ("octo-new", "PENDING"),
        ("octo-review[bot]", "COMMENTED"),
    ]:
        add_review(github.state, pull, login, verdict)
    found = await read_merges(reader, "octo-org/engine", *WEEK)
    (merge,) = found.merges
    assert (found.repository.full_name, found.repository.default_branch) == ("octo-org/engine", "main")
    assert (merge.number, merge.author.login, merge.merge_sha) == (1, "octo-dev", pull.merge_sha)
    assert (merge.merged_at, merge.created_at) == (utc("2026-03-24T10:00"), pull.created_at)
    assert (merge.additions, merge.deletions, merge.changed_files, merge.paths) == (1, 0, 1, None)
    assert [one.login for one in merge.reviewers] == ["octo-lead", "octo-review[bot]"]
    assert merge.title.startswith("Return two ")
    assert "ghp_" not in merge.title


async def test_the_period_begins_with_its_first_moment_and_ends_before_its_last(github, reader):
    """Monday 00:00 belongs to the week that begins, into whatever branch; what is unmerged to none."""
    merged_at(github.state, "2026-03-22T23:59:59", touched="2026-03-25")
    merged_at(github.state, "2026-03-23T00:00:00", touched="2026-04-20")
    merged_at(github.state, "2026-03-29T23:59:59")
    merged_at(github.state, "2026-03-30T00:00:00")
    the_repository(github.state).branches["release"] = the_repository(github.state).branches["main"]
    merged_at(github.state, "2026-03-25T00:00:00", base_ref="release")
    open_pull(github.state, the_repository(github.state), {"a": "b"}, updated_at=utc("2026-03-25"))
    assert await numbers(reader) == [2, 5, 3]


async def test_nobody_is_lost_on_a_deleted_account(github, reader):
    """A pull request without an author is a ghost's; one of a bot has its suffix."""
    merged_at(github.state, "2026-03-24", user=None)
    merged_at(github.state, "2026-03-25", user="octo-bump[bot]")
    found = await read_merges(reader, "octo-org/engine", *WEEK)
    assert [(one.author.login, one.author.is_bot) for one in found.merges] == [
        ("ghost", False),
        ("octo-bump[bot]", True),
    ]


async def test_paths_are_read_where_they_are_asked_for(github, reader):
    """All of them, past the hundred that the list holds."""
    merged_at(github.state, "2026-03-24")
    merged_at(github.state, "2026-03-25", changes={f"many/{n:03}.txt": "x\n" for n in range(130)})
    found = await read_merges(reader, "octo-org/engine", *WEEK, with_paths=True)
    assert found.merges[0].paths == ("engine/part_1.py",)
    assert found.merges[1].paths == tuple(f"many/{n:03}.txt" for n in range(130))


async def test_many_merges_come_in_pages_of_few_points(github, reader):
    """230 merges are four requests: three pages, and another look at the list's top."""
    for number in range(230):
        merged_at(github.state, f"2026-03-24T10:{number % 60:02}", changes={f"p/{number}.txt": "x\n"})
    assert len(await numbers(reader)) == 230
    costs = [one.cost or 0 for one in github.log.records if one.operation == "Merges"]
    assert (len(costs), max(costs)) == (4, 2)


async def test_a_repository_that_is_not_there_is_gone(reader):
    """No list is not an empty list."""
    with pytest.raises(Gone):
        await read_merges(reader, "octo-org/other", *WEEK)


async def test_a_pull_request_that_moves_while_the_list_is_read_is_found():
    """Somebody comments on the last one between two pages: it is at the top then, behind us."""
    rows = [listed(n, f"2026-03-2{n}T00:00:00") for n in range(3, 9)]
    reader: Any = ListReader(rows)
    reader.moves = [{"number": 4, "updatedAt": "2026-04-02T00:00:00Z"}]
    assert await numbers(reader) == [3, 4, 5, 6, 7, 8]


async def test_a_page_that_github_cannot_compute_in_time_is_asked_for_in_part():
    """Half as many, down to ten; below that GitHub's error stands."""
    reader: Any = ListReader([listed(3, "2026-03-24T00:00:00")], slow=25)
    assert await numbers(reader) == [3]
    assert reader.sizes == [100, 50, 25]
    with pytest.raises(Later):
        await numbers(ListReader([], slow=5))


async def test_a_limit_is_no_reason_for_smaller_pages():
    """Asking again at once would only make it worse."""

    class Limited:
        asked = 0

        async def graphql_data(self, _query, _variables):
            self.asked += 1
            raise RateLimited(60.0, "GitHub's GraphQL limit is reached", "graphql")

    reader: Any = Limited()
    with pytest.raises(RateLimited):
        await numbers(reader)
    assert reader.asked == 1


async def test_reading_ends_somewhere(monkeypatch):
    """After so many pull requests the list is called partial, and what was read is kept."""
    monkeypatch.setattr(merges_module, "MOST_PULLS", 4)
    reader: Any = ListReader([listed(n, f"2026-03-2{n}T00:00:00") for n in range(3, 9)])
    found = await read_merges(reader, "octo-org/engine", *WEEK)
    assert ([merge.number for merge in found.merges], found.partial) == ([5, 6, 7, 8], TOO_MANY)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"number": None}, id="no number"),
        pytest.param({"mergedAt": None}, id="no time of its merge"),
        pytest.param({"mergedAt": "+99999-01-01T00:00:00Z"}, id="a time that is none"),
    ],
)
async def test_a_row_that_github_hides_is_not_passed_over_in_silence(row: dict[str, Any]):
    """The list is partial then."""
    reader: Any = ListReader([listed(3, "2026-03-24T00:00:00"), listed(4, "2026-03-25T00:00:00") | row])
    found = await read_merges(reader, "octo-org/engine", *WEEK)
    assert ([merge.number for merge in found.merges], found.partial) == ([3], UNLISTED)


async def test_a_row_with_nothing_but_the_needful_is_a_merge():
    """Whatever else GitHub leaves out is empty or unknown."""
    bare = {"author": None, "title": None, "createdAt": None, "mergeCommit": None, "reviews": None}
    reader: Any = ListReader([listed(3, "2026-03-24T00:00:00", **bare)])
    (merge,) = (await read_merges(reader, "octo-org/engine", *WEEK)).merges
    assert (merge.title, merge.author.login, merge.merge_sha, merge.reviewers) == ("", "ghost", None, ())


async def test_paths_that_the_list_cannot_give_are_asked_for_one_by_one():
    """GitHub answers ``null`` where the diff is too large for the list."""
    reader: Any = ListReader([listed(3, "2026-03-24T00:00:00", files=None, changedFiles=2)])
    reader.files = {"3": ["a.py", "b.py"]}
    (merge,) = (await read_merges(reader, "octo-org/engine", *WEEK, with_paths=True)).merges
    assert merge.paths == ("a.py", "b.py")
