"""Deliveries that never arrived are asked for again: all of them, and no others."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Later
from bot.store import Gap
from sandbox.payloads import pull_request_payload
from sandbox.webhooks import note
from tests.fakes.github import the_repository
from tests.fakes.sweeping import DAY, HOUR, merged


def merges(rig, count, first=1):
    """The webhooks of so many merges."""
    repository = the_repository(rig.github.state)
    for number in range(first, first + count):
        pull = merged(rig, repository, number)
        yield "pull_request", pull_request_payload(rig.github.state, repository, pull, "closed")


@pytest.mark.parametrize("third", [150, pytest.param(1000, marks=pytest.mark.long)])
async def test_a_third_is_missed_and_exactly_these_come_again(rig, third):
    """All are in the inbox within 10 minutes, and no accepted one was sent twice."""
    await rig.poll().run_once()
    await rig.accepted(range(1, third + 1))
    missed = rig.missed(range(third + 1, 2 * third + 1))
    async with rig.up():
        await rig.accepted(range(2 * third + 1, 3 * third + 1))
        rig.clock.now += 120
        assert await rig.poll().run_once() == third
        await rig.arrive()
        rig.clock.now += 300
        assert await rig.poll().run_once() == 0
    assert rig.redelivered() == dict.fromkeys(missed, 1)
    assert await rig.asked_for() == list(range(1, 3 * third + 1))


async def test_a_delivery_that_is_refused_each_time_is_asked_for_three_times(rig):
    """Then it is left to the scan: nothing is asked for without end."""
    await rig.poll().run_once()
    (guid,) = await rig.send(merges(rig, 1))
    for _ in range(20):
        rig.clock.now += 300
        await rig.poll().run_once()
        await rig.arrive()
    assert rig.redelivered() == {guid: 3}


async def test_what_is_in_the_inbox_is_not_asked_for_although_github_saw_it_fail(rig):
    """Our answer was lost or late: GitHub says ``timed out``, and the delivery is here all the same."""
    async with rig.up():
        await rig.poll().run_once()
        await rig.send(merges(rig, 1))
        rig.github.state.deliveries[0].status = "timed out"
        rig.clock.now += 300
        assert await rig.poll().run_once() == 0
    assert rig.redelivered() == {}


async def test_events_that_are_not_read_are_not_asked_for(rig):
    """A check run, an opened pull request, a star: nobody here would do anything with them."""
    await rig.poll().run_once()
    state = rig.github.state
    for event, action in (("check_run", "completed"), ("pull_request", "opened"), ("star", "created")):
        note(state, event, {"action": action}).status = "failed to connect to host"
    rig.clock.now += 300
    assert await rig.poll().run_once() == 0


async def test_a_delivery_under_way_is_given_time(rig):
    """GitHub waits ten seconds for an answer; one that is still pending may yet arrive."""
    await rig.poll().run_once()
    ((event, payload),) = merges(rig, 1)
    note(rig.github.state, event, payload)
    assert await rig.poll().run_once() == 0
    rig.clock.now += 300
    async with rig.up():
        assert await rig.poll().run_once() == 1


async def test_the_first_start_asks_for_nothing_from_before_it(rig):
    """Installing PRHub days after the app was created is no storm."""
    await rig.send(merges(rig, 50))
    rig.clock.now += HOUR
    async with rig.up():
        assert await rig.poll().run_once() == 0
        await rig.send(merges(rig, 1, 51))
    assert rig.redelivered() == {}


async def test_an_upgrade_knows_when_its_last_delivery_came(rig):
    """A store from before the poll has no watermark, but deliveries: what was missed since is fetched."""
    async with rig.up():
        await rig.send(merges(rig, 1))
    rig.clock.now += 60
    missed = await rig.send(merges(rig, 3, 2))
    rig.clock.now += 120
    async with rig.up():
        assert await rig.poll().run_once() == 3
        await rig.arrive()
    assert rig.redelivered() == dict.fromkeys(missed, 1)


@pytest.mark.parametrize(
    ("window", "asked"),
    [
        pytest.param(3 * DAY, 1, id="github.com sends again for three days"),
        pytest.param(7 * DAY, 2, id="Enterprise Server for seven"),
    ],
)
async def test_older_deliveries_than_github_keeps_are_not_asked_for(rig, window, asked):
    """Their attempts would be refused; the scan finds what they were about."""
    await rig.poll().run_once()
    await rig.send(merges(rig, 1))
    rig.clock.now += 4 * DAY
    await rig.send(merges(rig, 1, 2))
    rig.clock.now += HOUR
    assert await rig.poll(window).run_once() == asked
    await rig.arrive()


async def test_the_watermark_waits_for_what_may_still_come(rig):
    """The next poll goes back to the oldest delivery without an end, and no further once all have one."""
    await rig.poll().run_once()
    await rig.send(merges(rig, 1))
    failed_at = rig.github.state.deliveries[0].delivered_at.timestamp()
    rig.clock.now += HOUR
    async with rig.up():
        await rig.poll().run_once()
        assert await rig.parts.sweeps.mark("deliveries") == failed_at
        await rig.arrive()
        rig.clock.now += 300
        await rig.poll().run_once()
    assert await rig.parts.sweeps.mark("deliveries") == rig.clock.now


async def test_a_refused_attempt_is_not_tried_again(rig):
    """GitHub forgot the delivery: 404, once."""
    await rig.poll().run_once()
    await rig.send(merges(rig, 1))
    rig.github.faults.add("error", path="/attempts$", status=404, probability=1.0)
    for _ in range(5):
        rig.clock.now += HOUR
        await rig.poll().run_once()
    assert rig.github.log.count("POST /app/hook/deliveries/{delivery_id}/attempts") == 1


async def test_two_processes_ask_for_each_delivery_once(rig):
    """Both poll at the same moment; each GUID is one of theirs."""
    await rig.poll().run_once()
    missed = await rig.send(merges(rig, 5))
    rig.clock.now += 120
    async with rig.up():
        await asyncio.gather(rig.poll().run_once(), rig.poll().run_once())
        await rig.arrive()
    assert rig.redelivered() == dict.fromkeys(missed, 1)


async def test_github_being_down_loses_nothing(rig):
    """The poll fails, the watermark stays, and the next one finds all."""
    await rig.poll().run_once()
    missed = await rig.send(merges(rig, 3))
    rig.clock.now += 120
    rig.github.faults.add("error", path="/app/hook/deliveries$", status=503, times=3)
    with pytest.raises(Later):
        await rig.poll().run_once()
    async with rig.up():
        assert await rig.poll().run_once() == 3
        await rig.arrive()
    assert rig.redelivered() == dict.fromkeys(missed, 1)


async def test_a_gap_is_told_and_recorded(rig):
    """``down from … to …, N recovered``."""
    first = rig.sweep()
    await first.beat()
    async with rig.up():
        await first.poll_deliveries()
    down_from = rig.clock.now
    rig.clock.now += 600
    await rig.send(merges(rig, 4))
    rig.clock.now += 600
    second = rig.sweep()
    await second.beat()
    async with rig.up():
        assert await second.poll_deliveries() < second.poll.interval
        await rig.arrive()
        rig.clock.now += 30
        assert await second.poll_deliveries() == second.poll.interval
    (gap,) = await rig.parts.sweeps.gaps()
    assert gap == Gap(down_from, down_from + 1200, 4)


async def test_a_quick_restart_is_no_gap(rig):
    """Ten seconds for an upgrade."""
    await rig.sweep().beat()
    rig.clock.now += 10
    await rig.sweep().beat()
    assert await rig.parts.sweeps.gaps() == []
