"""A crash between any two steps, a lost answer, a stale list: one comment."""

from __future__ import annotations

import contextlib

import pytest

from bot.errors import Later
from bot.publishing import Outcome
from bot.store import PublishState
from sandbox.talk import add_comment
from tests.fakes.crashes import Crash, Mortal, Plan, Standing
from tests.fakes.desk import QUARANTINE
from tests.fakes.gates import Clock

COMMENTS = "issues/.*comments"


async def first_post(desk):
    """A comment is to be posted."""
    return await desk.new("new")


async def edit(desk):
    """A comment is to be edited."""
    issue = await desk.new("old")
    await desk.settle(issue)
    await desk.want(issue, "new")
    return issue


async def lost_answer(desk):
    """A comment was posted, but its answer was lost, and it is to be found again."""
    issue = await desk.new("old")
    desk.github.faults.add("drop_after", times=1, methods=("POST",), path=COMMENTS)
    with contextlib.suppress(Later):
        await desk.publisher(issue).publish()
    desk.clock.now += QUARANTINE + 1
    await desk.want(issue, "new")
    return issue


async def lost_request(desk):
    """A comment was not posted, though nobody knows; it is to be posted after all."""
    issue = await desk.new("new")
    desk.github.faults.add("drop_before", times=1, methods=("POST",), path=COMMENTS)
    with contextlib.suppress(Later):
        await desk.publisher(issue).publish()
    desk.clock.now += QUARANTINE + 1
    return issue


async def refused_for_now(desk):
    """GitHub asks for quiet just when the comment is posted."""
    issue = await desk.new("new")
    desk.github.faults.add(
        "secondary", times=1, status=403, methods=("POST",), path=COMMENTS, retry_after="7"
    )
    return issue


SITUATIONS = [first_post, edit, lost_answer, lost_request, refused_for_now]
# Far more moments than any of them has.
MOST_MOMENTS = 60


async def dies(desk, issue, moment: int) -> bool:
    """Publish until the given moment; tells whether there was one so late."""
    plan = Plan(moment)
    mortal = desk.publisher(issue, Mortal(desk.writer(), plan), Mortal(desk.rows, plan))
    try:
        await mortal.publish()
    except Crash:
        return True
    except Later as error:
        desk.clock.now += error.seconds
    return False


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__doc__)
async def test_killed_between_any_two_steps_there_is_one_comment(either_desk, situation):
    """Before and after each call to GitHub or the store; restarted at once, and once more killed there."""
    desk = either_desk
    crashes = 0
    for moment in range(MOST_MOMENTS):
        issue = await situation(desk)
        killed = await dies(desk, issue, moment)
        if killed:
            await dies(desk, issue, moment)
        await desk.settle(issue)
        assert desk.texts(issue) == ["new"], f"killed at moment {moment}"
        assert (await desk.row(issue)).up_to_date
        crashes += killed
        if not killed:
            break
    assert 4 <= crashes < MOST_MOMENTS


LOST = [
    pytest.param({"kind": "drop_after"}, id="the connection is cut after the write"),
    pytest.param({"kind": "error_after", "status": 502}, id="502 after the write"),
    pytest.param({"kind": "truncated"}, id="half of the answer"),
    pytest.param({"kind": "drop_before"}, id="the connection is cut before the write"),
    pytest.param({"kind": "error", "status": 500}, id="500 instead of the write"),
    pytest.param({"kind": "html", "status": 200}, id="a page for people under a 200, instead of the write"),
    pytest.param({"kind": "html", "status": 502}, id="a page for people under a 502, instead of the write"),
]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("stale", [0, 7, QUARANTINE])
async def test_a_lost_answer_is_found_again(desk, fault, stale):
    """Whether the write was done or not, and however far lists lag within the quarantine (G3, G4)."""
    issue = await desk.new("new")
    desk.github.faults.add(**fault, times=1, methods=("POST",), path=COMMENTS)
    desk.github.faults.add("stale", probability=1.0, seconds=stale, methods=("GET",))
    with pytest.raises(Later) as raised:
        await desk.publisher(issue).publish()
    assert raised.value.seconds >= QUARANTINE
    with pytest.raises(Later):
        await desk.publisher(issue).publish()  # restarted at once: it must wait
    assert await desk.settle(issue) is Outcome.RECOVERED
    assert desk.texts(issue) == ["new"]


async def test_the_quarantine_begins_when_the_answer_was_lost(desk):
    """A POST that hung for a minute may have been carried out at its end."""
    issue = await desk.new("new")

    async def a_minute():
        desk.clock.now += 60

    desk.github.faults.add("drop_after", times=1, methods=("POST",), path=COMMENTS)
    with pytest.raises(Later):
        await desk.publisher(issue, Standing(desk.writer(), a_minute, sent=False)).publish()
    with pytest.raises(Later, match="waiting until"):
        await desk.publisher(issue).publish()
    assert await desk.settle(issue) is Outcome.RECOVERED


async def test_pages_that_overlap_show_one_comment_not_two(desk):
    """The same comment at the end of one page and the beginning of the next is no duplicate (G4)."""

    class Overlapping(Mortal):
        async def getiter(self, *arguments):
            for _ in range(2):
                async for item in self._inner.getiter(*arguments):
                    yield item

    issue = await desk.new("new")
    await desk.settle(issue)
    assert await desk.publisher(issue, Overlapping(desk.writer(), Plan(99))).tidy() == 0
    assert desk.texts(issue) == ["new"]


async def test_a_recovery_that_is_refused_says_so(desk):
    """Locked while the lost answer was waited for."""
    issue = await lost_request(desk)
    issue.locked = True
    assert await desk.settle(issue) is Outcome.REFUSED


async def test_an_answer_without_an_id_is_a_lost_one(desk):
    """A list in place of the comment is what a redirect turned into a GET would bring."""

    class Odd:
        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        async def post(self, *arguments, **named):
            return [await self.inner.post(*arguments, **named)]

    issue = await desk.new("new")
    with pytest.raises(Later):
        await desk.publisher(issue, Odd(desk.writer())).publish()
    assert await desk.settle(issue) is Outcome.RECOVERED
    assert desk.texts(issue) == ["new"]


async def test_the_marker_is_found_on_page_seven_of_nine(desk):
    """The first page is the oldest, and never all (R55)."""
    issue = await desk.new("new")
    for number in range(850):
        if number == 650:
            add_comment(desk.github.state, issue, "prhub[bot]", desk.body(issue, "old"), app_id=1001)
        else:
            add_comment(desk.github.state, issue, "octo-dev", f"{number}")
    row = await desk.row(issue)
    await desk.rows.change(row, state=PublishState.POSTING, attempted_at=desk.clock.now - 60)
    assert await desk.settle(issue) is Outcome.RECOVERED
    assert desk.texts(issue) == ["new"]


async def test_a_list_that_fails_on_the_way_is_no_list_without_us(desk):
    """Half of the pages read, and then a fault: nothing is posted."""
    issue = await lost_answer(desk)
    desk.github.faults.add("error", status=502, times=3, methods=("GET",))
    with pytest.raises(Later):
        await desk.publisher(issue).publish()
    assert len(desk.own(issue)) == 1
    await desk.settle(issue)
    assert desk.texts(issue) == ["new"]


async def test_a_post_held_back_does_not_forget_a_lost_one(desk):
    """The second try is told to be quiet before it is sent; what the first one wrote is still looked for."""
    issue = await desk.new("new")
    desk.github.faults.add("drop_after", times=1, methods=("POST",), path=COMMENTS)
    desk.github.faults.add("stale", times=1, seconds=60, methods=("GET",), path=COMMENTS)
    desk.github.faults.add("secondary", times=1, skip=1, status=403, methods=("POST",), path=COMMENTS)
    assert await desk.settle(issue) is Outcome.RECOVERED
    assert desk.texts(issue) == ["new"]


@pytest.mark.parametrize("seconds", [86_400, -86_400])
async def test_a_clock_that_jumps_neither_waits_for_a_day_nor_posts_twice(desk, seconds):
    """A day forth or back between the lost answer and the next try (R124); GitHub's clock goes on."""
    desk.github.state.clock = Clock(desk.clock.now)
    issue = await desk.new("new")
    desk.github.faults.add("drop_after", times=1, methods=("POST",), path=COMMENTS)
    with pytest.raises(Later):
        await desk.publisher(issue).publish()
    desk.clock.now += seconds
    begun = desk.clock.now
    await desk.settle(issue)
    assert desk.clock.now - begun <= 2 * QUARANTINE
    assert desk.texts(issue) == ["new"]
