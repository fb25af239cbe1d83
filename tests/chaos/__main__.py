"""``python -m tests.chaos``: the chaos gate. Ends with 1 if a promise was broken.

Without a run's name: everything at once, short. ``t1`` to ``t4`` and ``outage`` are described in
docs/reliability.md; ``commands`` kills at each step of a command, ``digests`` is ten years of weekly digests;
``naive`` and ``marker`` are publishers that must fail. ``t3`` and ``commands`` tell each point as it ends.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from dataclasses import replace

from rich.console import Console

from bot.failpoint import POINTS
from tests.chaos.figures import show
from tests.chaos.runs import RUNS
from tests.fakes.databases import start_postgres

_NUMBERS = {
    **dict.fromkeys(("seed", "merges", "kills", "processes", "weeks", "installations"), int),
    **dict.fromkeys(("factor", "rate", "lost"), float),
}
_SETTABLE = ("database", "points", *_NUMBERS)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("runs", nargs="*", default=["chaos"], help=f"any of {', '.join(RUNS)}")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    for name, kind in _NUMBERS.items():
        parser.add_argument(f"--{name}", type=kind)
    parser.add_argument("--points", type=_points, help="failpoints to die at, with commas")
    arguments = parser.parse_args()
    for name in arguments.runs:
        if name not in RUNS:
            parser.error(f"there is no run {name!r}: know {', '.join(RUNS)}")
    return arguments


def _points(text: str) -> tuple[str, ...]:
    points = tuple(text.split(","))
    if unknown := set(points) - POINTS:
        raise argparse.ArgumentTypeError(f"there is no failpoint {min(unknown)!r}")
    return points


async def _main(arguments: argparse.Namespace) -> bool:
    _leave_no_servers_behind()
    given = {name: value for name in _SETTABLE if (value := getattr(arguments, name)) is not None}
    console, is_whole = Console(width=140 if not sys.stdout.isatty() else None), True
    for name in arguments.runs:
        plan, runner = RUNS[name]
        figures = await runner(replace(plan, **given))
        show([figures], console)
        is_whole = is_whole and not figures.broken
    return is_whole


def _leave_no_servers_behind() -> None:
    """Let SIGTERM end the run like an interrupt does."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


if __name__ == "__main__":
    chosen = _arguments()
    try:
        whole = asyncio.run(_main(chosen))
    finally:
        if chosen.database == "postgresql":
            start_postgres().drop_all()
    sys.exit(0 if whole else 1)
