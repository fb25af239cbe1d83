"""A worker that stood still while others took over neither adds a comment nor takes one away."""

from __future__ import annotations

import contextlib

import pytest

from bot.errors import Later
from tests.fakes.crashes import Crash, Mortal, Plan, Standing


@pytest.mark.parametrize("sent", [False, True], ids=["before it was sent", "after it was answered"])
@pytest.mark.parametrize("stale", [0, 90], ids=["", "and lists lag"])
@pytest.mark.parametrize("tidied", [False, True], ids=["", "and others tidy meanwhile"])
async def test_a_worker_that_stood_still_leaves_one_comment(either_desk, sent, stale, tidied):
    """Stopped for a minute while another one takes over; woken up, it must not add or remove one (R26)."""
    desk = either_desk
    issue = await desk.new("new")

    async def meanwhile():
        desk.clock.now += 60
        fault = desk.github.faults.add("stale", probability=1.0, seconds=stale, methods=("GET",))
        await desk.settle(issue)
        desk.github.faults.active.remove(fault)
        if tidied:
            await desk.publisher(issue).tidy()

    slow = desk.publisher(issue, Standing(desk.writer(), meanwhile, sent=sent))
    with contextlib.suppress(Later):
        await slow.publish()
    await desk.settle(issue)
    await desk.publisher(issue).tidy()
    assert desk.texts(issue) == ["new"]
    assert [comment.id for comment in desk.own(issue)] == [(await desk.row(issue)).comment_id]


async def test_a_worker_killed_after_it_stood_still_is_tidied_up_after(desk):
    """It wakes, sends its comment, and dies: the second look finds two and keeps the older (R28)."""
    issue = await desk.new("new")

    async def meanwhile():
        desk.clock.now += 60
        await desk.settle(issue)

    plan = Plan(1_000)
    rows = Mortal(desk.rows, plan)

    async def last_words():
        await meanwhile()
        plan.last = plan.moments

    with pytest.raises(Crash):
        await desk.publisher(issue, Standing(desk.writer(), last_words, sent=False), rows).publish()
    assert len(desk.own(issue)) == 2
    assert await desk.publisher(issue).tidy() == 1
    assert desk.texts(issue) == ["new"]
    assert [comment.id for comment in desk.own(issue)] == [(await desk.row(issue)).comment_id]
