"""How fast is written and asked: within GitHub's windows, whatever is waiting, whatever restarts."""

from __future__ import annotations

import heapq
import itertools

import pytest

from bot.errors import NotSent
from bot.github import WRITE, Gate
from bot.github.gate import PACE
from bot.github.points import Points, points_of
from bot.store import Limits
from sandbox.build import INSTALLATION_ID
from tests.fakes.databases import SqliteFiles, opened
from tests.fakes.gates import Clock, MemoryLimits
from tests.fakes.github import REPOSITORY, add_merge, the_repository

COMMENTS = f"/repos/{REPOSITORY}/issues/1/comments"


@pytest.fixture
def clock():
    """A clock that only the test moves."""
    return Clock()


@pytest.fixture
async def store(tmp_path):
    """A new store."""
    opening = opened(SqliteFiles(tmp_path).migrated())
    yield opening
    await opening.close()


def most_within(moments: list[float], seconds: float) -> int:
    """The most moments in any stretch of that many seconds."""
    first = most = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


async def drain(store, clock, count: int, restart_every: int) -> tuple[list[float], int]:
    """Let ``count`` pieces of work post once each, coming back when they are told to.

    Gives the moments of the posts, in seconds from the start, and how often anybody asked.
    """
    begun, asked, posts = clock.now, 0, []
    gate = Gate(Limits(store), PACE, clock, clock.sleep)
    waiting = [(clock.now, number) for number in range(count)]
    while waiting:
        at, number = heapq.heappop(waiting)
        clock.now = max(clock.now, at)
        asked += 1
        if asked % restart_every == 0:
            gate = Gate(Limits(store), PACE, clock, clock.sleep)
        try:
            await gate.enter(1, "POST", COMMENTS)
        except NotSent as error:
            heapq.heappush(waiting, (clock.now + error.seconds, number))
        else:
            posts.append(clock.now - begun)
    return posts, asked


async def test_a_thousand_merges_in_a_minute_drain_within_the_limits(store, clock):
    """In 2 h 10 min (R48), with a restart now and then, and without everybody asking all the time."""
    posts, asked = await drain(store, clock, 1000, restart_every=400)
    assert len(posts) == 1000
    assert most_within(posts, 60) <= 76
    assert most_within(posts, 3600) <= 480
    assert min(after - before for before, after in itertools.pairwise(posts)) >= 3.0 - 1e-3
    assert posts[-1] <= 2 * 3600 + 600
    assert asked <= 2 * 1000


async def test_who_is_turned_away_is_told_a_moment_of_their_own(clock):
    """A thousand who all came back at once would mostly be turned away again."""

    class Full(MemoryLimits):
        async def reserve(self, _installation_id, _pace, now, *, content):
            return now + 90.0

    gate = Gate(Full(), PACE, clock, clock.sleep)
    waits = []
    for _ in range(1500):
        with pytest.raises(NotSent) as raised:
            await gate.enter(1, "POST", COMMENTS)
        waits.append(round(raised.value.seconds))
    assert waits[:4] == [90, 93, 96, 99]
    assert waits[-1] == 3690, "but nobody is sent away for much longer than GitHub ever asks for"


async def test_without_waiting_there_is_no_wait(store, clock):
    """One comment now and then is sent at once."""
    gate = Gate(Limits(store), PACE, clock, clock.sleep)
    for _ in range(5):
        clock.now += 60
        await gate.enter(1, "POST", COMMENTS)
    assert clock.slept == 0


async def test_reads_are_not_paced_as_writes(store, clock):
    """Nor are the app's own requests, such as minting."""
    gate = Gate(Limits(store), PACE, clock, clock.sleep)
    for _ in range(20):
        await gate.enter(1, "GET", COMMENTS)
        await gate.enter(0, "POST", "/app/installations/1/access_tokens")
    assert clock.slept == 0


@pytest.mark.parametrize(
    ("method", "path", "gap"),
    [
        pytest.param("POST", "/repos/o/r/issues/1/comments", 3.0, id="a comment is content"),
        pytest.param("POST", "/api/v3/repos/o/r/issues", 3.0, id="an issue, on Enterprise Server"),
        pytest.param("POST", "/repos/o/r/labels", 1.0, id="a new label tells nobody"),
        pytest.param("POST", "/repos/o/r/issues/1/labels", 1.0, id="putting labels on is a write"),
        pytest.param("PATCH", "/repos/o/r/issues/comments/1", 1.0, id="an edit is a write"),
        pytest.param("DELETE", "/repos/o/r/issues/1/labels/x", 1.0, id="taking a label off is a write"),
    ],
)
async def test_writes_keep_their_distance(store, clock, method, path, gap):
    """A second between writes, three between new content."""
    gate = Gate(Limits(store), PACE, clock, clock.sleep)
    for _ in range(3):
        await gate.enter(1, method, path)
    assert clock.slept == pytest.approx(2 * gap)


async def test_githubs_points_suffice_at_full_speed(clock):
    """Reads and writes as fast as they are let through, with three restarts: never over 900 in a minute."""
    spent: list[tuple[float, float]] = []
    for _ in range(4):
        gate = Gate(MemoryLimits(), PACE, clock, clock.sleep)
        for number in range(300):
            method = "POST" if number % 10 == 0 else "GET"
            async with gate.turn(1, method):
                spent.append((clock.now, points_of(method)))
    worst = max(
        sum(cost for at, cost in spent if start <= at < start + 60) for start in {int(at) for at, _ in spent}
    )
    assert worst <= 900
    assert clock.slept < 1200 * 1.4 / 13 + 60


def test_points_do_not_mind_a_clock_that_jumps():
    """A day back costs nothing, a day ahead gives no more than can be saved."""
    points = Points(at=1000.0, left=0.0)
    assert points.spend(1.0, 1000.0 - 86_400, 13.0) < 0.1
    points.spend(1.0, 1000.0 + 86_400, 13.0)
    assert points.left == 99.0


async def test_github_never_has_to_refuse(github, as_app, store, clock):
    """Two hundred comments against the documented limits, kept strictly: no answer is a refusal."""
    add_merge(github.state)
    github.state.clock = clock
    gate = Gate(Limits(store), PACE, clock, clock.sleep)
    async with as_app(gate) as client:
        for _ in range(200):
            writing = client.as_installation(INSTALLATION_ID, the_repository(github.state).id, WRITE)
            try:
                await writing.post(COMMENTS, data={"body": "hello"})
            except NotSent as error:
                clock.now += error.seconds
                await writing.post(COMMENTS, data={"body": "hello"})
    assert github.limits.refused == {}
    assert github.log.statuses()[201] >= 200
