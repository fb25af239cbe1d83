"""Rolling restarts under load: one server after the other is replaced, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from tests.fakes.crew import Crews
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, send_merge, until

if TYPE_CHECKING:
    from sandbox.discussion import Pull

# The long gate sets more; ten is what an operator's busy day may have.
RESTARTS = int(os.environ.get("CHAOS_RESTARTS", "2"))


async def test_rolling_restarts_lose_nothing_double_nothing_and_refuse_nothing(
    github, app_key, tmp_path, postgresql
):
    """GitHub sends to the process that is not about to go; each goes within 20 s, with exit code 0 (R36)."""
    crews = Crews(github, app_key, tmp_path, {"DATABASE_URL": postgresql, "PRHUB_POSTING_QUARANTINE": "0.5"})
    pulls: list[Pull] = []
    answers: list[int] = []
    over = asyncio.Event()

    async def load() -> None:
        while not over.is_set():
            pulls.append(add_merge(github.state, {f"engine/part_{len(pulls)}.py": "x = 1\n"}))
            answers.append(await send_merge(github, REPOSITORY, pulls[-1]))
            await asyncio.sleep(0.4)

    async with AsyncExitStack() as stack:
        member = await stack.enter_async_context(crews.member())
        sending = asyncio.create_task(load())
        for _ in range(RESTARTS):
            before, member = member, await stack.enter_async_context(crews.member())
            started = time.monotonic()
            assert await before.stop() == 0
            assert time.monotonic() - started < 20.0
        over.set()
        await sending
        await until(lambda: all(own_comments(github, pull) for pull in pulls), 30)
    assert set(answers) == {202}
    assert [len(own_comments(github, pull)) for pull in pulls] == [1] * len(pulls)
