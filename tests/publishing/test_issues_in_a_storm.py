"""Proof that the storm bites: publishers of issues that look right are caught by it, and ours is not."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING

import pytest

from bot.errors import Later
from bot.publishing import close_previous
from tests.fakes.bad_issue_publishers import LabelAndMarker, NaiveIssues
from tests.fakes.crashes import Crash, Mortal, Plan

if TYPE_CHECKING:
    from bot.publishing import IssuePlace
    from tests.fakes.issue_desk import IssueDesk

WEEKS = 40
# The last moment of an undisturbed run is about the fifteenth.
MOMENTS = 18


async def storm(
    desk: IssueDesk, *, stale: float, weeks: int = WEEKS, lost: float = 0.1, succeeding: bool = False
) -> list[IssuePlace]:
    """Publish weeks while answers get lost, lists lag, and the process is killed."""
    draw = random.Random(20260324)
    faults = desk.github.faults
    faults.add("drop_after", probability=lost, methods=("POST", "PATCH"), path="issues")
    faults.add("error_after", status=502, probability=lost, methods=("POST", "PATCH"), path="issues")
    faults.add("stale", probability=1.0, seconds=stale, methods=("GET",), path="issues")
    places = []
    for _ in range(weeks):
        place = await desk.new()
        places.append(place)
        for _ in range(draw.randint(0, 3)):
            plan = Plan(draw.randint(0, MOMENTS))
            mortal = desk.publisher(place, Mortal(desk.writer(), plan), Mortal(desk.rows, plan))
            with contextlib.suppress(Crash, Later):
                await mortal.publish()
                if succeeding:
                    await close_previous(mortal, desk.retell)
            desk.clock.now += draw.uniform(0, 3)  # a restart takes no longer
        await desk.settle(place)
        if succeeding:
            await desk.succeed(place)
    return places


def outcome(desk: IssueDesk, places: list[IssuePlace]) -> tuple[int, int]:
    """Give how many issues there are too many, and of how many weeks there is none."""
    written = [len(desk.own(place)) for place in places]
    return sum(number - 1 for number in written if number > 1), written.count(0)


async def test_our_publisher_neither_doubles_nor_loses_an_issue(issues):
    """Ten seconds of lag, a quarantine of fifteen; in the end all but the newest are closed and linked."""
    places = await storm(issues, stale=10, succeeding=True)
    assert outcome(issues, places) == (0, 0)
    found = [issues.own(place)[0] for place in places]
    assert [issue.state for issue in found] == ["closed"] * (WEEKS - 1) + ["open"]
    links = [(issue.body or "").split("\n")[-1] for issue in found[1:-1]]
    numbers = [issue.number for issue in found]
    assert links == [f"{a} < > {b}" for a, b in zip(numbers, numbers[2:], strict=False)]
    assert issues.github.log.unknown == []


async def test_lag_beyond_the_quarantine_is_tidied_up(issues):
    """Lists two minutes behind do double issues; the second look leaves the lowest, and only that (R28)."""
    places = await storm(issues, stale=120)
    doubled, lost = outcome(issues, places)
    assert (doubled > 0, lost) == (True, 0)
    issues.github.faults.clear()
    issues.clock.now += 600
    lowest = [issues.own(place)[0].number for place in places]
    assert sum([await issues.publisher(place).tidy() for place in places]) == doubled
    assert sum([await issues.publisher(place).tidy() for place in places]) == 0
    assert [[issue.number for issue in issues.own(place)] for place in places] == [[one] for one in lowest]
    assert [(await issues.row(place)).issue_number for place in places] == lowest
    assert {issue.title for issue in issues.repository.issues.values() if issue.number not in lowest} <= {
        f"Duplicate of #{number}" for number in lowest
    }


@pytest.mark.parametrize("stale", [0, 10])
async def test_the_naive_publisher_doubles_issues_under_this_scenario(issues, stale):
    """With or without lag: each lost answer and each kill after the post is a second issue."""
    issues.make = NaiveIssues
    doubled, lost = outcome(issues, await storm(issues, stale=stale))
    assert doubled > 10
    assert lost == 0


async def test_label_and_marker_double_issues_when_lists_lag(issues):
    """What a list does not show yet is posted again."""
    issues.make = LabelAndMarker
    doubled, lost = outcome(issues, await storm(issues, stale=10))
    assert doubled > 5
    assert lost == 0


async def test_label_and_marker_are_enough_only_while_lists_never_lag(issues):
    """Which is why such bots pass their tests."""
    issues.make = LabelAndMarker
    assert outcome(issues, await storm(issues, stale=0)) == (0, 0)
