"""What a report costs: CPU for a usual one, memory for the largest that GitHub has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sandbox.github import running
from sandbox.limits import LENIENT
from tests.benchmarks.figures import Figure
from tests.benchmarks.process import cpu_seconds, peak_megabytes, server
from tests.fakes.github import REPOSITORY, add_merge, engine_state, make_key
from tests.fakes.process import own_comments, send_merge, until

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.github import GitHub

REPORTS = 40
FILES, LINES_EACH = 3_000, 67


def module(number: int, functions: int) -> str:
    """A source file of five lines a function."""
    parts = [
        f"def work_{number}_{index}(value):\n"
        f'    """Do step {index}."""\n'
        f"    result = value + {index}\n"
        f"    return result\n\n"
        for index in range(functions)
    ]
    return "\n".join(parts)


async def run_usual(folder: Path) -> list[Figure]:
    """CPU of the server process for a pull request of 300 lines in four files, over 40 of them."""
    key = make_key()
    async with (
        running(engine_state(key.public), limits=LENIENT) as github,
        server(github, key, folder) as process,
    ):
        await report(github, {"engine/warm.py": module(0, 12)})
        before = cpu_seconds(process)
        for number in range(REPORTS):
            changes = {f"engine/part_{number}_{part}.py": module(number, 12) for part in range(4)}
            await report(github, changes)
        each = (cpu_seconds(process) - before) / REPORTS
    return [Figure("CPU for a report on 300 lines", f"{each * 1000:.0f} ms", "<= 150 ms", each)]


async def run_largest(folder: Path) -> list[Figure]:
    """Peak memory and time for 3,000 files with 201,000 changed lines."""
    key = make_key()
    async with (
        running(engine_state(key.public), limits=LENIENT) as github,
        server(github, key, folder) as process,
    ):
        text = "\n".join(f"value_{line} = {line}" for line in range(LINES_EACH)) + "\n"
        started = time.perf_counter()
        await report(github, {f"engine/deep/file_{number}.py": text for number in range(FILES)}, 120)
        took = time.perf_counter() - started
        peak = peak_megabytes(process)
    return [
        Figure("peak memory, 3,000 files and 201,000 lines", f"{peak:.0f} MB", "<= 400 MB"),
        Figure("time for it, with the stand-in", f"{took:.1f} s", "", took),
    ]


async def report(github: GitHub, changes: dict[str, str], seconds: float = 30) -> None:
    """Merge these changes, and wait for the comment."""
    pull = add_merge(github.state, changes)
    assert await send_merge(github, REPOSITORY, pull) == 202
    await until(lambda: bool(own_comments(github, pull)), seconds)
