"""``python -m tests.chaos.serve_digests CLOCK FACTOR``: the server, whose schedule reads its clock in a file.

Settings come from the environment, as there. Only the schedule lives in the years of that clock.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.logs import set_up_logs
from bot.server.run import stop_signal
from bot.settings import load_settings
from bot.wiring import running_server
from bot.workflows import drain, engine, sweep
from bot.workflows.schedule import schedule_of
from tests.chaos.scaled import pace_of, pulse_of, scale

if TYPE_CHECKING:
    from bot.workflows.schedule import Schedule
    from bot.workflows.services import Services

# How often is looked whether something is due, or to be done: a week passes in a second.
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class FileClock:
    """The epoch second that stands in a file."""

    path: Path

    def __call__(self) -> float:
        """The present."""
        return float(self.path.read_text("ascii"))


async def _main(clock: FileClock, factor: float) -> None:
    scale(factor)

    def ours(services: Services) -> Schedule:
        return replace(schedule_of(services), clock=clock)

    vars(sweep).update(schedule_of=ours, DIGEST_SECONDS=LOOK_SECONDS)
    vars(drain).update(LOOK_SECONDS=LOOK_SECONDS)
    vars(engine).update(DIGEST_POLL_SECONDS=LOOK_SECONDS)
    settings = load_settings(os.environ, Path("/nonexistent"))
    set_up_logs(settings)
    stop = stop_signal()
    async with running_server(settings, pace_of(factor), pulse=pulse_of(factor)):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_main(FileClock(Path(sys.argv[1])), float(sys.argv[2])))
