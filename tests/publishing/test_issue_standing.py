"""A worker that stood still while others took over leaves one issue; a second one points at the first."""

from __future__ import annotations

import contextlib

import pytest

from bot.errors import Later
from bot.store import PublishState
from tests.fakes.crashes import Standing


@pytest.mark.parametrize("sent", [False, True], ids=["before it was sent", "after it was answered"])
@pytest.mark.parametrize("stale", [0, 90], ids=["", "and lists lag"])
@pytest.mark.parametrize("tidied", [False, True], ids=["", "and others tidy meanwhile"])
async def test_a_worker_that_stood_still_leaves_one_issue(issues, sent, stale, tidied):
    """Stopped for a minute while another one takes over; woken up, it must not leave two (R26)."""
    await issues.settle(await issues.new())  # the label is there
    place = await issues.new("new")

    async def meanwhile():
        issues.clock.now += 60
        fault = issues.github.faults.add("stale", probability=1.0, seconds=stale, methods=("GET",))
        await issues.settle(place)
        issues.github.faults.active.remove(fault)
        if tidied:
            await issues.publisher(place).tidy()

    slow = issues.publisher(place, Standing(issues.writer(), meanwhile, sent=sent))
    with contextlib.suppress(Later):
        await slow.publish()
    await issues.settle(place)
    await issues.publisher(place).tidy()
    assert issues.texts(place) == ["new"]
    assert [issue.number for issue in issues.own(place)] == [(await issues.row(place)).issue_number]


async def test_a_worker_that_stood_still_clears_up_after_itself(issues):
    """No later look is needed, for nobody knows that there is anything to look for."""
    await issues.settle(await issues.new())
    place = await issues.new("new")

    async def meanwhile():
        issues.clock.now += 60
        await issues.settle(place)

    with pytest.raises(Later, match="took over"):
        await issues.publisher(place, Standing(issues.writer(), meanwhile, sent=False)).publish()
    assert issues.texts(place) == ["new"]


async def test_a_second_issue_points_at_the_first_and_is_closed(issues):
    """A worker killed after it stood still leaves two: the higher one loses text and marker (R28)."""
    await issues.settle(await issues.new())
    place = await issues.new("new")
    row = await issues.row(place)
    await issues.publisher(place)._post(row)
    await issues.writer().post(
        "/repos/{owner}/{repo}/issues",
        place.url_vars,
        data={"title": row.title, "body": row.body, "labels": ["digest"]},
    )
    kept, double = issues.own(place)
    assert await issues.publisher(place).tidy() == 1
    assert await issues.publisher(place).tidy() == 0
    assert issues.own(place) == [kept]
    assert (double.title, double.body) == (f"Duplicate of #{kept.number}",) * 2
    assert (double.state, double.state_reason, kept.state) == ("closed", "not_planned", "open")


async def test_nothing_is_tidied_by_a_list_that_does_not_show_ours_yet(issues):
    """The higher of two may be in it already."""
    await issues.settle(await issues.new())
    place = await issues.new("new")
    await issues.settle(place)
    await issues.rows.change(await issues.row(place), issue_number=99)
    assert await issues.publisher(place).tidy() == 0
    issues.github.faults.add("stale", probability=1.0, seconds=60, methods=("GET",))
    assert await issues.publisher(place).tidy() == 0
    assert issues.texts(place) == ["new"]


@pytest.mark.parametrize("state", [PublishState.POSTING, PublishState.WANTED])
async def test_nothing_is_tidied_before_it_is_known_which_is_ours(issues, state):
    """The lost one would be taken for a second one."""
    place = await issues.new("new")
    await issues.settle(place)
    await issues.rows.change(await issues.row(place), state=state)
    assert await issues.publisher(place).tidy() == 0
