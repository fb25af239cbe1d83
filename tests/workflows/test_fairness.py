"""One installation's work, however much and slow, does not stand before another's (R35)."""

from __future__ import annotations

import time

import pytest

from bot.store.triggers import insert_triggers
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.inbox import trigger
from tests.fakes.process import own_comments, send_merge, until

BUSY = 77


@pytest.mark.parametrize("concurrency", [pytest.param(2, id="one place for each tenant")])
async def test_a_single_merge_does_not_wait_for_thousands_of_another_tenant(playing_with, concurrency):
    """Two thousand jobs were there first, and each holds its place for longer than the test lasts."""
    async with playing_with(PRHUB_CONCURRENCY=str(concurrency)) as play:
        play.github.faults.add("delay_before", path=f"/installations/{BUSY}/", probability=1.0, seconds=5.0)
        jobs = [trigger(n, installation_id=BUSY, key=f"report:4001:{n}:busy") for n in range(2000)]
        store = play.running.services.triggers.store
        async with store.write() as connection:
            await insert_triggers(store, connection, [(one, None) for one in jobs], time.time())
        await until(lambda: play.github.faults.active[0].fired > 0)
        pull = add_merge(play.state)
        assert await send_merge(play.github, REPOSITORY, pull) == 202
        await until(lambda: bool(own_comments(play.github, pull)), 4)
        play.github.faults.clear()
