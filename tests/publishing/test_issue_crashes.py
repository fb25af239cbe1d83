"""A crash between any two steps, a lost answer, a stale list: one issue."""

from __future__ import annotations

import contextlib

import pytest

from bot.errors import Later
from bot.publishing import Outcome
from bot.store import PublishState
from sandbox.talk import add_issue
from tests.fakes.crashes import Crash, Mortal, Plan, Standing
from tests.fakes.desk import QUARANTINE
from tests.fakes.gates import Clock

ISSUES = "issues$"


async def first_post(desk):
    """An issue is to be opened."""
    return await desk.new("new")


async def edit(desk):
    """An issue is to be edited."""
    place = await desk.new("old")
    await desk.settle(place)
    await desk.want(place, "new")
    return place


async def lost_answer(desk):
    """An issue was opened, but the answer was lost, and it is to be found again."""
    place = await desk.new("old")
    desk.github.faults.add("drop_after", times=1, methods=("POST",), path=ISSUES)
    with contextlib.suppress(Later):
        await desk.publisher(place).publish()
    desk.clock.now += QUARANTINE + 1
    await desk.want(place, "new")
    return place


async def lost_request(desk):
    """An issue was not opened, though nobody knows; it is to be opened after all."""
    place = await desk.new("new")
    desk.github.faults.add("drop_before", times=1, methods=("POST",), path=ISSUES)
    with contextlib.suppress(Later):
        await desk.publisher(place).publish()
    desk.clock.now += QUARANTINE + 1
    return place


async def refused_for_now(desk):
    """GitHub asks for quiet just when the issue is opened."""
    place = await desk.new("new")
    desk.github.faults.add("secondary", times=1, status=403, methods=("POST",), path=ISSUES, retry_after="7")
    return place


SITUATIONS = [first_post, edit, lost_answer, lost_request, refused_for_now]
# Far more moments than any of them has.
MOST_MOMENTS = 60


async def dies(desk, place, moment: int) -> bool:
    """Publish until the given moment; tells whether there was one so late."""
    plan = Plan(moment)
    mortal = desk.publisher(place, Mortal(desk.writer(), plan), Mortal(desk.rows, plan))
    try:
        await mortal.publish()
    except Crash:
        return True
    except Later as error:
        desk.clock.now += error.seconds
    return False


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__doc__)
async def test_killed_between_any_two_steps_there_is_one_issue(either_issues, situation):
    """Before and after each call to GitHub or the store; restarted at once, and once more killed there."""
    desk = either_issues
    crashes = 0
    for moment in range(MOST_MOMENTS):
        place = await situation(desk)
        killed = await dies(desk, place, moment)
        if killed:
            await dies(desk, place, moment)
        await desk.settle(place)
        assert desk.texts(place) == ["new"], f"killed at moment {moment}"
        assert (await desk.row(place)).up_to_date
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
]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("stale", [0, QUARANTINE])
async def test_a_lost_answer_is_found_again(issues, fault, stale):
    """Whether the write was done or not, and however far lists lag within the quarantine (G3, G4)."""
    place = await issues.new("new")
    issues.github.faults.add(**fault, times=1, methods=("POST",), path=ISSUES)
    issues.github.faults.add("stale", probability=1.0, seconds=stale, methods=("GET",))
    with pytest.raises(Later) as raised:
        await issues.publisher(place).publish()
    assert raised.value.seconds >= QUARANTINE
    with pytest.raises(Later):
        await issues.publisher(place).publish()  # restarted at once: it must wait
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["new"]


async def test_the_quarantine_begins_when_the_answer_was_lost(issues):
    """A POST that hung for a minute may have been carried out at its end."""
    await issues.settle(await issues.new())
    place = await issues.new("new")

    async def a_minute():
        issues.clock.now += 60

    issues.github.faults.add("drop_after", times=1, methods=("POST",), path=ISSUES)
    with pytest.raises(Later):
        await issues.publisher(place, Standing(issues.writer(), a_minute, sent=False)).publish()
    with pytest.raises(Later, match="waiting until"):
        await issues.publisher(place).publish()
    assert await issues.settle(place) is Outcome.RECOVERED


async def test_a_lost_issue_is_found_without_its_label(issues):
    """A person took the label off while its answer was waited for."""
    place = await lost_answer(issues)
    issues.own(place)[0].labels.put((), issues.clock())
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["new"]


async def test_a_lost_issue_is_found_among_hundreds(issues):
    """On page four of the newest, and on no list by label (R55)."""
    place = await lost_answer(issues)
    issues.own(place)[0].labels.put((), issues.clock())
    for number in range(350):
        add_issue(issues.github.state, issues.repository, title=f"{number}")
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["new"]


async def test_only_recent_issues_are_read_without_a_label(issues):
    """A repository with years of issues costs two requests, not hundreds."""
    old = issues.github.state.now().replace(year=2020)
    for number in range(450):
        add_issue(issues.github.state, issues.repository, title=f"{number}", created_at=old)
    await issues.settle(await issues.new())
    assert issues.count("GET /repos/{owner}/{repo}/issues") == 2


async def test_an_answer_without_a_number_is_a_lost_one(issues):
    """A list in place of the issue is what a redirect turned into a GET would bring."""

    class Odd(Mortal):
        async def post(self, *arguments, **named):
            return [await self._inner.post(*arguments, **named)]

    place = await issues.new("new")
    with pytest.raises(Later):
        await issues.publisher(place, Odd(issues.writer(), Plan(99))).publish()
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["new"]


async def test_a_list_that_fails_on_the_way_is_no_list_without_us(issues):
    """Half of the lists read, and then a fault: nothing is posted."""
    place = await lost_answer(issues)
    issues.github.faults.add("error", status=502, times=3, skip=1, methods=("GET",), path=ISSUES)
    with pytest.raises(Later):
        await issues.publisher(place).publish()
    assert len(issues.own(place)) == 1
    await issues.settle(place)
    assert issues.texts(place) == ["new"]


async def test_a_post_held_back_does_not_forget_a_lost_one(issues):
    """The second try is told to be quiet before it is sent; what the first one wrote is still looked for."""
    place = await issues.new("new")
    faults = issues.github.faults
    faults.add("drop_after", times=1, methods=("POST",), path=ISSUES)
    faults.add("stale", times=2, skip=2, seconds=60, methods=("GET",), path=ISSUES)
    faults.add("secondary", times=1, skip=1, status=403, methods=("POST",), path=ISSUES)
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["new"]


async def test_a_post_that_was_surely_not_made_is_no_lost_one(issues):
    """GitHub asked for quiet: nothing has to be waited for and found again."""
    place = await refused_for_now(issues)
    with pytest.raises(Later) as raised:
        await issues.publisher(place).publish()
    assert (await issues.row(place)).state is PublishState.WANTED
    issues.clock.now += raised.value.seconds
    assert await issues.publisher(place).publish() is Outcome.POSTED


async def test_a_recovery_that_is_refused_says_so_and_forgets_nothing(issues):
    """Issues were switched off while the lost answer was waited for; later the lost one is taken over."""
    place = await lost_answer(issues)
    issues.repository.has_issues = False
    assert await issues.settle(place) is Outcome.REFUSED
    issues.repository.has_issues = True
    issues.clock.now += 3601
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["new"]


@pytest.mark.parametrize("seconds", [86_400, -86_400])
async def test_a_clock_that_jumps_neither_waits_for_a_day_nor_posts_twice(issues, seconds):
    """A day forth or back between the lost answer and the next try (R124); GitHub's clock goes on."""
    issues.github.state.clock = Clock(issues.clock.now)
    place = await issues.new("new")
    issues.github.faults.add("drop_after", times=1, methods=("POST",), path=ISSUES)
    with pytest.raises(Later):
        await issues.publisher(place).publish()
    issues.clock.now += seconds
    begun = issues.clock.now
    await issues.settle(place)
    assert issues.clock.now - begun <= 2 * QUARANTINE
    assert issues.texts(place) == ["new"]


async def test_an_attempt_dated_in_the_future_is_looked_for_now(issues):
    """The clock was a day ahead when it was posted, and was put right since."""
    issues.github.state.clock = Clock(issues.clock.now)
    issues.clock.now += 86_400
    place = await lost_answer(issues)
    issues.own(place)[0].labels.put((), 0.0)
    issues.clock.now -= 86_400
    await issues.settle(place)
    assert issues.texts(place) == ["new"]
