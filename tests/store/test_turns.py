"""Triggers are taken from every installation alike, and by one process at a time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from bot.store import Triggers, TriggerState
from bot.store.triggers import insert_triggers
from tests.fakes.databases import opened
from tests.fakes.inbox import trigger


async def add(store, installation: int, count: int) -> None:
    """Store that many triggers of an installation."""
    keys = [f"report:{installation}:{n}" for n in range(count)]
    new = [(trigger(n, installation_id=installation, key=key), None) for n, key in enumerate(keys)]
    async with store.write() as connection:
        await insert_triggers(store, connection, new, time.time())


async def taken(store, limit: int = 50) -> Counter[int]:
    """How many triggers of each installation come next."""
    return Counter(one.trigger.installation_id for one in await Triggers(store).new(limit))


async def test_a_single_trigger_does_not_wait_for_the_thousands_before_it(store):
    """Tenant 1 was first, and has much (R35)."""
    await add(store, 1, 3000)
    await add(store, 2, 1)
    assert await taken(store) == {1: 49, 2: 1}


async def test_everybody_has_the_same_turns(store):
    """Small ones are through first, and what is left goes to the large."""
    for installation, count in ((1, 400), (2, 400), (3, 5)):
        await add(store, installation, count)
    found = await taken(store)
    assert found[3] == 5
    assert abs(found[1] - found[2]) <= 1
    assert found.total() == 50


async def test_more_installations_than_places_come_by_chance(store):
    """None of them is always the last."""
    for installation in range(1, 13):
        await add(store, installation, 3)
    met = set()
    for _ in range(60):
        found = await taken(store, 4)
        assert sorted(found.values()) == [1, 1, 1, 1]
        met |= set(found)
    assert met == set(range(1, 13))


async def test_what_is_started_takes_no_turn(store):
    """An empty inbox gives nothing."""
    await add(store, 1, 2)
    await Triggers(store).finish(["report:1:0", "report:1:1"], TriggerState.DONE)
    assert await taken(store) == {}


async def test_ten_thousand_waiting_triggers_do_not_slow_the_look(store):
    """The index is walked, not the table: 200 ms are many times what it takes."""
    await add(store, 1, 10_000)
    await taken(store)
    before = time.perf_counter()
    await taken(store)
    assert time.perf_counter() - before < 0.2


async def test_one_process_drains_at_a_time_on_postgresql(postgres):
    """The others come back a moment later; nobody waits for a lock."""
    store = opened(postgres.migrated())
    async with Triggers(store).turn() as first, Triggers(store).turn() as second:
        assert (first, second) == (True, False)
    async with asyncio.timeout(5), Triggers(store).turn() as third:
        assert third
    await store.close()
