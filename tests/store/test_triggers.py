"""Triggers: each key once, in order, and none stands in the way of the others."""

from __future__ import annotations

import time

import pytest

from bot.model import TriggerKind
from bot.store import Reports, Triggers, TriggerState, tables
from tests.fakes.inbox import trigger
from tests.fakes.reports import pull_report


@pytest.fixture
def work(store):
    """The triggers of a new store."""
    return Triggers(store)


async def keys(work) -> list[str]:
    """The keys of what the engine has not taken yet."""
    return [stored.trigger.key for stored in await work.new(100)]


async def test_a_key_is_taken_once_for_ever(work):
    """Done is done: a second merge event of the same commit starts nothing."""
    await work.add(trigger(1))
    await work.finish([trigger(1).key], TriggerState.DONE)
    await work.add(trigger(1))
    assert await keys(work) == []


async def test_triggers_come_in_the_order_they_were_stored(work):
    """With their delay counted from then."""
    begun = time.time()
    for number in (3, 1, 2):
        await work.add(trigger(number, delay=10.0 * number), f"guid-{number}")
    found = await work.new(2)
    assert [stored.guid for stored in found] == ["guid-3", "guid-1"]
    assert found[0].due_at == pytest.approx(begun + 30, abs=5)


async def test_what_ended_stays_ended(work):
    """Work may end before the drain has noted that it started."""
    await work.add(trigger(1))
    await work.finish([trigger(1).key], TriggerState.DEAD, "poison \0 \ud800")
    await work.mark_started([trigger(1).key])
    assert await work.outcome(trigger(1).key) == (TriggerState.DEAD, "poison \ufffd ?")
    assert await work.outcome("never stored") is None
    assert await work.counts() == {"dead": 1}


async def _spoil(store, key: str, **values: object) -> None:
    async with store.write() as connection:
        await connection.execute(
            tables.triggers.update().where(tables.triggers.c.key == key).values(**values)
        )


@pytest.mark.parametrize(
    "data", ["", "{", "null", "[]", "{}", '{"kind": "report"}', '{"kind":"report","key":7}']
)
async def test_an_unreadable_trigger_is_dead_and_the_next_one_goes_on(store, work, data):
    """A poisoned row must not stop the drain (R34, R38)."""
    await work.add(trigger(1))
    await work.add(trigger(2))
    await _spoil(store, trigger(1).key, data=data)
    assert await keys(work) == [trigger(2).key]
    assert await work.outcome(trigger(1).key) == (TriggerState.DEAD, "the stored trigger cannot be read")


async def test_a_newer_versions_kind_is_left_to_it(store, work):
    """Two versions may run side by side during an upgrade; nothing is lost to the older one."""
    await work.add(trigger(1))
    await _spoil(store, trigger(1).key, kind="tomorrow", data='{"kind": "tomorrow"}')
    assert await keys(work) == []
    assert await work.outcome(trigger(1).key) == (TriggerState.NEW, None)


async def test_a_report_is_expected_from_the_trigger_on(store, work):
    """What was said about a pull request is read again only if there is or will be a report."""
    assert not await work.expects_report(4001, 12)
    await work.add(trigger(12, kind=TriggerKind.REFRESH, key="refresh:4001:12:1"))
    assert not await work.expects_report(4001, 12)
    await work.add(trigger(12))
    assert await work.expects_report(4001, 12)
    await work.finish([trigger(12).key], TriggerState.DROPPED, "not merged")
    assert not await work.expects_report(4001, 12)
    await Reports(store).save(pull_report(), None)
    assert await work.expects_report(4711, 1234)


async def test_nothing_is_moved_by_an_empty_list(work):
    """An empty IN list is no statement."""
    await work.mark_started([])
    await work.finish([], TriggerState.DONE)
    assert await work.counts() == {}


async def test_work_to_complete_a_report_is_forgotten_in_time(work):
    """Its key has served by then; a report's own key stays for ever."""
    completion = trigger(1, kind=TriggerKind.COMPLETE, key="complete:4001:1:c0ffee:1", delay=900.0)
    for _ in range(2):
        await work.add(trigger(1))
        await work.add(completion)
    assert await keys(work) == [trigger(1).key, completion.key]
    await work.finish([trigger(1).key, completion.key], TriggerState.DONE)
    await work.add(completion)
    assert await keys(work) == []
    await work.purge(time.time() + 1)
    assert await work.counts() == {"done": 1}
    assert await work.outcome(trigger(1).key) == (TriggerState.DONE, None)


async def test_completing_is_not_reporting(work):
    """A trigger to complete does not make a report expected where none is."""
    await work.add(trigger(12, kind=TriggerKind.COMPLETE, key="complete:4001:12:c0ffee:1"))
    assert not await work.expects_report(4001, 12)
