"""The real server, killed with SIGKILL while it works: nothing is lost, nothing is posted twice."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, send_merge, until
from tests.fakes.serving import server

MERGES = 12
KILLS = 4


async def test_every_merge_has_one_comment_after_kills_and_lost_answers(github, app_key, tmp_path):
    """Deliveries are sent once, as GitHub does; one answer in ten is lost, and lists lag by 0.3 s."""
    chance = random.Random(1)
    github.faults.add("drop_after", path="/comments$", methods=("POST",), probability=0.1)
    github.faults.add("stale", probability=1.0, seconds=0.3)
    pulls = [
        add_merge(github.state, {f"engine/part_{number}.py": f"def work():\n    return {number}\n"})
        for number in range(MERGES)
    ]
    settings: dict[str, Any] = {"PRHUB_POSTING_QUARANTINE": "0.6", "PRHUB_REFRESH_DELAY": "300"}
    async with server(github, app_key, tmp_path, **settings) as process:
        for pull in pulls:
            assert await send_merge(github, REPOSITORY, pull) == 202
        await asyncio.sleep(chance.uniform(0.0, 0.4))
        process.kill()
    for _ in range(KILLS - 1):
        async with server(github, app_key, tmp_path, **settings) as process:
            await asyncio.sleep(chance.uniform(0.1, 1.2))
            process.kill()
    async with server(github, app_key, tmp_path, **settings):
        await until(lambda: all(own_comments(github, pull) for pull in pulls), 60)
        await asyncio.sleep(2.0)
    assert [len(own_comments(github, pull)) for pull in pulls] == [1] * MERGES
    assert github.log.unknown == []
