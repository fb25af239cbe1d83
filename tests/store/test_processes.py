"""Who lives on this database, and who takes over from the dead: once."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.store.processes import Mode, Process, Processes
from tests.fakes.databases import opened


def process(name: str, mode: Mode = Mode.ALL) -> Process:
    """A server of that name."""
    return Process(name, mode, "here", 17)


@pytest.fixture
def rows(store):
    """The heartbeat rows of a new store."""
    return Processes(store)


async def seen(rows: Processes, name: str):
    """A process as the others see it."""
    return next(one for one in await rows.seen() if one.process.id == name)


async def test_a_process_that_beats_is_seen_as_young(rows):
    """Ages are told by the database's clock alone."""
    assert not await rows.beat(process("a", Mode.WORKER))
    assert await rows.beat(process("a", Mode.WORKER))
    one = await seen(rows, "a")
    assert one.process == process("a", Mode.WORKER)
    assert 0 <= one.age < 2


async def test_only_one_of_many_takes_over(rows):
    """However many see at once that a process is dead."""
    await rows.beat(process("dead"))
    one = await seen(rows, "dead")
    claims = await asyncio.gather(*(rows.claim(one, f"keeper {n}", 60.0) for n in range(5)))
    assert sum(claims) == 1


async def test_a_keeper_may_claim_again_and_another_only_when_it_is_late(rows):
    """A keeper can die as well."""
    await rows.beat(process("dead"))
    one = await seen(rows, "dead")
    assert await rows.claim(one, "first", 60.0)
    assert await rows.claim(one, "first", 60.0)
    assert not await rows.claim(one, "second", 60.0)
    assert await rows.claim(one, "second", 0.0)


async def test_a_process_that_came_back_is_not_taken_over(rows):
    """It beat between the look and the claim."""
    await rows.beat(process("paused"))
    one = await seen(rows, "paused")
    late = type(one)(one.process, one.age + 30.0, None)
    await rows.beat(process("paused"))
    assert not await rows.claim(late, "keeper", 60.0)


async def test_a_process_that_was_given_up_is_told_so_and_keeps_its_row(rows):
    """Who hands on its work must not remove what lives again."""
    await rows.beat(process("paused"))
    assert await rows.claim(await seen(rows, "paused"), "keeper", 60.0)
    assert not await rows.beat(process("paused"))
    await rows.release("paused", "keeper")
    assert await rows.beat(process("paused"))


async def test_what_ended_cleanly_disappears(rows):
    """The number of processes may shrink."""
    await rows.beat(process("a"))
    await rows.leave("a", work_left=False)
    assert await rows.seen() == []


async def test_what_ended_with_work_left_is_dead_at_once(rows):
    """Nobody waits for its silence."""
    await rows.beat(process("a"))
    await rows.leave("a", work_left=True)
    one = await seen(rows, "a")
    assert one.age > 1e9
    assert await rows.claim(one, "keeper", 60.0)
    await rows.release("a", "keeper")
    assert await rows.seen() == []


async def test_an_executor_without_a_row_gets_one_that_can_be_claimed(rows):
    """Work of a version that had no heartbeat."""
    await rows.beat(process("a"))
    await rows.note_lost(["a", "prhub"])
    assert (await seen(rows, "a")).age < 2
    assert await rows.claim(await seen(rows, "prhub"), "keeper", 60.0)


async def test_deaths_are_counted_by_work_and_forgotten_with_time(rows):
    """What ends one process after the other is given up some day; an accident is not held against it."""
    assert [await rows.count_death("w") for _ in range(3)] == [1, 2, 3]
    assert await rows.count_death("other") == 1
    await rows.forget_deaths(-1.0)
    assert await rows.count_death("w") == 1


async def test_a_mode_this_version_does_not_know_is_a_worker(rows, store):
    """A newer process beside an older one."""
    await rows.beat(process("new"))
    async with store.write() as connection:
        await connection.exec_driver_sql("UPDATE processes SET mode = 'gpu'")
    assert (await seen(rows, "new")).process.mode is Mode.WORKER


async def test_who_stands_still_in_a_transaction_holds_its_locks_for_10_s_at_most(postgres):
    """A paused process must not keep the others from its row, nor from GitHub's limits."""
    store = opened(postgres.migrated())
    async with store.write() as connection:
        shown = await connection.scalar(sa.text("SHOW idle_in_transaction_session_timeout"))
    await store.close()
    assert shown == "10s"
