"""Proof that the storm bites: publishers that look right are caught by it, and ours is not (T2)."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING

import pytest

from bot.errors import Later
from bot.publishing import CommentPublisher
from tests.fakes.bad_publishers import MarkerOnly, Naive
from tests.fakes.crashes import Crash, Mortal, Plan

if TYPE_CHECKING:
    from sandbox.discussion import Issue
    from tests.fakes.desk import Desk

PULLS = 60


async def storm(desk: Desk, *, stale: float) -> list[Issue]:
    """Publish on many pull requests while answers get lost, lists lag, and the process is killed."""
    draw = random.Random(20260324)
    faults = desk.github.faults
    faults.add("drop_after", probability=0.1, methods=("POST",), path="comments")
    faults.add("error_after", status=502, probability=0.1, methods=("POST",), path="comments")
    faults.add("stale", probability=1.0, seconds=stale, methods=("GET",), path="comments")
    issues = [await desk.new() for _ in range(PULLS)]
    for issue in issues:
        for _ in range(draw.randint(0, 3)):
            plan = Plan(draw.randint(0, 9))
            with contextlib.suppress(Crash, Later):
                await desk.publisher(issue, Mortal(desk.writer(), plan), Mortal(desk.rows, plan)).publish()
            desk.clock.now += draw.uniform(0, 3)  # a restart takes no longer
        await desk.settle(issue)
    return issues


def outcome(desk: Desk, issues: list[Issue]) -> tuple[int, int]:
    """Give how many comments there are too many, and on how many pull requests there is none."""
    written = [len(desk.own(issue)) for issue in issues]
    return sum(number - 1 for number in written if number > 1), written.count(0)


async def test_our_publisher_neither_doubles_nor_loses_a_comment(desk):
    """Ten seconds of lag, a quarantine of fifteen."""
    desk.make = CommentPublisher
    assert outcome(desk, await storm(desk, stale=10)) == (0, 0)


async def test_lag_beyond_the_quarantine_is_tidied_up(desk):
    """Lists two minutes behind do double comments; the second look leaves the oldest, and only that (R28)."""
    issues = await storm(desk, stale=120)
    doubled, lost = outcome(desk, issues)
    assert (doubled > 0, lost) == (True, 0)
    desk.github.faults.clear()
    desk.clock.now += 600
    oldest = [desk.own(issue)[0].id for issue in issues]
    assert sum([await desk.publisher(issue).tidy() for issue in issues]) == doubled
    assert sum([await desk.publisher(issue).tidy() for issue in issues]) == 0
    assert [[comment.id for comment in desk.own(issue)] for issue in issues] == [[one] for one in oldest]
    assert [(await desk.row(issue)).comment_id for issue in issues] == oldest


@pytest.mark.parametrize("stale", [0, 10])
async def test_the_naive_publisher_doubles_comments_under_this_scenario(desk, stale):
    """With or without lag: each lost answer and each kill after the post is a second comment."""
    desk.make = Naive
    doubled, lost = outcome(desk, await storm(desk, stale=stale))
    assert doubled > 20
    assert lost == 0


async def test_the_marker_alone_doubles_comments_when_lists_lag(desk):
    """What a list does not show yet is posted again."""
    desk.make = MarkerOnly
    doubled, lost = outcome(desk, await storm(desk, stale=10))
    assert doubled > 10
    assert lost == 0


async def test_the_marker_alone_is_enough_only_while_lists_never_lag(desk):
    """Which is why such bots pass their tests."""
    desk.make = MarkerOnly
    assert outcome(desk, await storm(desk, stale=0)) == (0, 0)
