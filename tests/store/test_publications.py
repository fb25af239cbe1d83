"""Publish rows: every change is a compare-and-set, and what is wanted never undoes what is known."""

from __future__ import annotations

import asyncio

import pytest

from bot.store import LabelState, Publications, PublishState

PLACE = (4001, 12, "comment")


@pytest.fixture
def rows(store):
    """The publish rows of a new store."""
    return Publications(store)


async def test_a_new_wish_is_to_be_posted(rows):
    """Nothing is known of it yet."""
    row = await rows.want(*PLACE, "hello")
    assert (row.state, row.body, row.comment_id, row.up_to_date) == (
        PublishState.WANTED,
        "hello",
        None,
        False,
    )
    assert await rows.get(*PLACE) == row
    assert await rows.get(4001, 13, "comment") is None


@pytest.mark.parametrize("state", list(PublishState))
async def test_another_body_keeps_what_is_known(rows, state):
    """State, comment and time of the last attempt stay, in every state; only the body is new."""
    row = await rows.want(*PLACE, "one")
    known = await rows.change(row, state=state, comment_id=7, attempted_at=1.5, posted_sha256=row.body_sha256)
    assert known is not None
    again = await rows.want(*PLACE, "two")
    assert (again.state, again.comment_id, again.attempted_at) == (state, 7, 1.5)
    assert (again.body, again.fence, again.up_to_date) == ("two", known.fence, False)


async def test_only_one_of_many_changes_wins(rows):
    """Fifty workers hold the same row (R26)."""
    row = await rows.want(*PLACE, "hello")
    tries = await asyncio.gather(
        *(rows.change(row, state=PublishState.POSTING, comment_id=n) for n in range(50))
    )
    won = [changed for changed in tries if changed is not None]
    assert len(won) == 1
    assert await rows.get(*PLACE) == won[0]


class Meddled(Publications):
    """Another worker changes a row each time just before it is read."""

    async def get(self, *place):
        row = await super().get(*place)
        if row is not None:
            await self.change(row, comment_id=666)
        return await super().get(*place)


async def test_a_change_gives_the_row_as_it_made_it(rows):
    """Not as the next worker's change left it: whoever holds that fence could write for the other."""
    row = await rows.want(*PLACE, "hello")
    changed = await Meddled(rows.store).change(row, state=PublishState.POSTING)
    assert changed is not None
    assert (changed.fence, changed.comment_id) == (row.fence + 1, None)


async def test_a_held_row_is_stale_after_the_next_change(rows):
    """The fence grows with each change, so that a worker that stood still can do nothing more."""
    row = await rows.want(*PLACE, "hello")
    posting = await rows.change(row, state=PublishState.POSTING)
    assert posting is not None
    assert await rows.change(row, state=PublishState.POSTED) is None
    posted = await rows.change(posting, state=PublishState.POSTED, posted_sha256=posting.body_sha256)
    assert posted is not None
    assert posted.up_to_date


async def test_odd_text_can_be_stored(rows):
    """GitHub's words in a reason, and a body, may hold anything."""
    row = await rows.want(*PLACE, "a\0b\ud800")
    assert row.body == "a\ufffdb?"
    changed = await rows.change(row, reason="no\0")
    assert changed is not None
    assert changed.reason == "no\ufffd"


async def test_labels_remember_what_became_of_them(rows):
    """Each in one state, with the time of its last change; every state fits its column."""
    for state in LabelState:
        await rows.note_labels(4001, 12, ["risk: security", f"risk: {state.value}"], state)
    known = await rows.labels(4001, 12)
    assert known["risk: security"].state is list(LabelState)[-1]
    assert {name: label.state.value for name, label in known.items() if name != "risk: security"} == {
        f"risk: {state.value}": state.value for state in LabelState
    }
    assert await rows.labels(4001, 13) == {}
    await rows.note_labels(4001, 13, [], LabelState.ADDING)
