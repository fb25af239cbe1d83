"""A shift: from the first heartbeat to the last, with the engine in between if the process works."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from bot.workflows import engine
from bot.workflows.handover import Handover
from bot.workflows.heartbeat import Heartbeat, this_process

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
    from typing import Any

    from bot.store.processes import Mode, Processes
    from bot.workflows.heartbeat import Crew, Pulse
    from bot.workflows.services import Services

log = structlog.get_logger("prhub.shift")


def heart_of(processes: Processes, services: Services, mode: Mode, crew: Crew, pulse: Pulse) -> Heartbeat:
    """Give the heartbeat of this process; only one that works looks after the others' work."""
    heart = Heartbeat(processes, this_process(mode), crew, pulse, alone=services.settings.uses_sqlite)
    if mode.works:
        handover = Handover(processes, services.triggers)
        heart.lost, heart.hand_on = handover.executors, handover.hand_on
    heart.measure(services.meters)
    return heart


@asynccontextmanager
async def on_shift(
    heart: Heartbeat, services: Services, jobs: Sequence[Callable[[], Coroutine[Any, Any, None]]]
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Live, and if this process works, run the engine and the ``jobs`` beside it, until the block ends.

    The first heartbeat comes before the engine's launch and the last after its end: what a process has
    in hand always has a row that says whose it is.
    """
    works = heart.me.mode.works
    await heart.start()
    left = False
    beating: list[asyncio.Task[None]] = []
    try:
        if works:
            await engine.launch(services, heart.me.id)
            left = True
        beating.append(asyncio.create_task(heart.run()))
        tasks = [asyncio.create_task(job()) for job in jobs] if works else []
        try:
            yield [*beating, *tasks]
        finally:
            await _end(tasks)
            # Who ends takes over nobody's work, and soon has no engine to do it with.
            heart.lost = heart.hand_on = None
            if works:
                left = await engine.shut_down(heart.me.id)
    finally:
        await _end(beating)
        await _leave(heart, left=left)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _leave(heart: Heartbeat, *, left: bool) -> None:
    try:
        await heart.processes.leave(heart.me.id, work_left=left)
    except Exception:
        # The others find out by the silence.
        log.exception("the store was not told of the end")
