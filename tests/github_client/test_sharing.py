"""Several processes share what GitHub allows, though each sees only its own requests."""

from __future__ import annotations

import heapq

import pytest

from bot.github import PACE, Gate
from bot.github.points import points_of
from tests.fakes.gates import Clock, MemoryLimits

MINUTE = 60.0
ALLOWED = 900.0
# How long it takes the others to see a new process: a beat.
BEAT = 3.0


class Busy:
    """A process that asks as fast as its gate lets it, from ``since`` on."""

    def __init__(self, since: float, sharers) -> None:
        self.clock = Clock(now=since)
        self.gate = Gate(MemoryLimits(), PACE, self.clock, self.clock.sleep, sharers=sharers)

    async def ask(self, method: str) -> float:
        """Ask once; the moment at which it was sent."""
        async with self.gate.turn(1, method):
            return self.clock.now


async def sent(members: list[Busy], end: float, method: str) -> list[float]:
    """When requests were sent by all of them together, in order."""
    turns = [(member.clock.now, number) for number, member in enumerate(members)]
    heapq.heapify(turns)
    moments = []
    while turns[0][0] < end:
        _, number = heapq.heappop(turns)
        moments.append(await members[number].ask(method))
        heapq.heappush(turns, (members[number].clock.now + 0.001, number))
    return sorted(moments)


def most_points(moments: list[float], method: str) -> float:
    """The most points that were spent in any minute."""
    first, most = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most * points_of(method)


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize("count", [1, 2, 4, 8])
async def test_points_a_minute_hold_for_all_processes_together(count, method):
    """However many there are, and they use most of what there is."""
    start = 1_000_000.0
    members = [Busy(start, lambda: count) for _ in range(count)]
    most = most_points(await sent(members, start + 300.0, method), method)
    assert 700 <= most <= ALLOWED


async def test_a_process_that_joins_does_not_break_the_limit():
    """The first goes on at full speed until it sees the second, a beat later."""
    start = 1_000_000.0
    second = Busy(start + 90.0, lambda: 2)
    first = Busy(start, lambda: 1)
    first.gate.sharers = lambda: 1 if first.clock.now < start + 90.0 + BEAT else 2
    moments = await sent([first, second], start + 240.0, "GET")
    assert most_points(moments, "GET") <= ALLOWED


@pytest.mark.parametrize(
    ("sharers", "places"),
    [
        pytest.param(1, 10, id="alone it has all places"),
        pytest.param(4, 2, id="four processes have two each"),
        pytest.param(30, 1, id="nobody has none"),
    ],
)
def test_requests_at_once_are_divided(sharers, places):
    """GitHub counts them for the app as a whole."""
    gate = Gate(MemoryLimits(), sharers=lambda: sharers)
    slot = gate.slot(1)
    assert slot._value == places
