"""``python -m tests.chaos.serve MODE FACTOR PUBLISHER``: the server as ``prhub serve`` starts it, scaled.

Settings come from the environment, as there. ``PUBLISHER`` is ``ours``, or one that the gate must catch.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot.cli.logs import set_up_logs
from bot.server.run import stop_signal
from bot.settings import load_settings
from bot.store.processes import Mode
from bot.wiring import running_server
from bot.workflows import showing
from tests.chaos.scaled import pace_of, pulse_of, scale
from tests.fakes.bad_publishers import MarkerOnly, Naive

PUBLISHERS = {"naive": Naive, "marker": MarkerOnly}


async def _main(mode: str, factor: float, publisher: str) -> None:
    scale(factor)
    if publisher != "ours":
        vars(showing)["CommentPublisher"] = PUBLISHERS[publisher]
    settings = load_settings(os.environ, Path("/nonexistent"))
    set_up_logs(settings)
    stop = stop_signal()
    async with running_server(settings, pace_of(factor), Mode(mode), pulse_of(factor)):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], float(sys.argv[2]), sys.argv[3]))
