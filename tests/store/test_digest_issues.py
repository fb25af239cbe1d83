"""Publish rows of digests: every change is a compare-and-set, and neighbours are of the same kind."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.store import DigestIssues, DigestKey, PublishState
from tests.fakes.issue_desk import begin

KEY = DigestKey(4001, "", "2026-W13")


@pytest.fixture
def rows(store):
    """The publish rows of a new store."""
    return DigestIssues(store)


async def posted(rows, period, number, **key):
    """A row of a digest that is on GitHub."""
    row = await rows.want(replace(KEY, period=period, **key), begin(period), "title", "body")
    return await rows.change(row, state=PublishState.POSTED, issue_number=number)


async def test_a_new_wish_is_to_be_posted(rows):
    """Nothing is known of it yet."""
    row = await rows.want(KEY, 7.5, "title", "body")
    assert (row.state, row.title, row.body, row.since) == (PublishState.WANTED, "title", "body", 7.5)
    assert (row.issue_number, row.closed, row.up_to_date, row.key) == (None, False, False, KEY)
    assert await rows.get(KEY) == row
    for other in ({"repository_id": 4002}, {"scope": "path:x"}, {"period": "2026-W14"}):
        assert await rows.get(replace(KEY, **other)) is None


@pytest.mark.parametrize("state", list(PublishState))
async def test_another_text_keeps_what_is_known(rows, state):
    """State, issue, time of the last attempt and whether it was closed stay, in every state."""
    row = await rows.want(KEY, 7.5, "title", "one")
    values = {"issue_number": 7, "attempted_at": 1.5, "posted_sha256": row.body_sha256, "closed": True}
    known = await rows.change(row, state=state, **values)
    assert known is not None
    again = await rows.want(KEY, 8.5, "title", "two")
    assert (again.state, again.issue_number, again.attempted_at, again.closed) == (state, 7, 1.5, True)
    assert (again.body, again.since, again.fence, again.up_to_date) == ("two", 8.5, known.fence, False)


async def test_another_title_is_another_text(rows):
    """And what moves from the title to the body is, too."""
    digests = {
        (await rows.want(KEY, 7.5, *text)).body_sha256 for text in (("a", "bc"), ("ab", "c"), ("b", "bc"))
    }
    assert len(digests) == 3


async def test_only_one_of_many_changes_wins(rows):
    """Fifty workers hold the same row (R26); a held row is stale after that."""
    row = await rows.want(KEY, 7.5, "title", "body")
    tries = [rows.change(row, state=PublishState.POSTING, issue_number=n) for n in range(50)]
    won = [changed for changed in await asyncio.gather(*tries) if changed is not None]
    assert [await rows.get(KEY)] == won
    assert await rows.change(row, state=PublishState.POSTED) is None


async def test_odd_text_can_be_stored(rows):
    """GitHub's words in a reason, a title and a body may hold anything."""
    row = await rows.want(KEY, 7.5, "t\0", "a\0b\ud800")
    assert (row.title, row.body) == ("t\ufffd", "a\ufffdb?")
    changed = await rows.change(row, reason="no\0")
    assert changed is not None
    assert changed.reason == "no\ufffd"


async def test_the_neighbours_are_the_nearest_that_are_posted(rows):
    """Over the year's end and over weeks that were never posted."""
    for number, period in enumerate(("2025-W51", "2025-W52", "2026-W02", "2026-W03")):
        await posted(rows, period, number)
    await rows.want(replace(KEY, period="2026-W01"), begin("2026-W01"), "t", "b")
    key = replace(KEY, period="2026-W01")
    before, after = await rows.previous(key, begin("2026-W01")), await rows.following(key, begin("2026-W01"))
    assert (before.period, after.period) == ("2025-W52", "2026-W02")
    assert await rows.previous(key, begin("2025-W51")) is None
    assert await rows.following(key, begin("2026-W03")) is None


@pytest.mark.parametrize("state", sorted(set(PublishState) - {PublishState.POSTED}))
async def test_what_is_not_on_github_is_nobodys_neighbour(rows, state):
    """Wanted, being posted, refused, or deleted by a person."""
    await rows.change(await posted(rows, "2026-W12", 1), state=state)
    assert await rows.previous(KEY, begin(KEY.period)) is None


@pytest.mark.parametrize(
    ("period", "found"),
    [
        pytest.param("2026-W20", "2026-W12", id="a week follows a week"),
        pytest.param("2026-05", "2026-02", id="a month follows a month"),
        pytest.param("2026-05-01..2026-05-07", None, id="days stand alone"),
        pytest.param("v1.0..v1.1", None, id="a range stands alone"),
        pytest.param("2026-W20..2026-W21", None, id="tags that look like weeks stand alone"),
    ],
)
async def test_only_weeks_and_months_follow_each_other(rows, period, found):
    """A month is not the digest before a week."""
    for number, other in enumerate(("2026-W12", "2026-02", "2026-04-01..2026-04-07", "2026-W11")):
        await posted(rows, other, number)
    previous = await rows.previous(replace(KEY, period=period), begin("2026-05"))
    assert (previous.period if previous else None) == found


async def test_neighbours_are_of_the_same_repository_and_scope(rows):
    """A part of a monorepo has digests of its own."""
    await posted(rows, "2026-W12", 1, scope="path:engine")
    await posted(rows, "2026-W12", 1, repository_id=4002)
    assert await rows.previous(KEY, begin(KEY.period)) is None
