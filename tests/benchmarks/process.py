"""What a server process costs."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.fakes import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.github import GitHub
    from tests.fakes.github import AppKey


@asynccontextmanager
async def server(github: GitHub, key: AppKey, folder: Path, **changes: str) -> AsyncIterator[psutil.Process]:
    """Start a server with these settings changed, to be looked at from outside."""
    async with serving.server(github, key, folder, serving.NOWHERE, **changes) as process:
        yield psutil.Process(process.pid)


def megabytes(process: psutil.Process) -> float:
    """Resident memory."""
    return float(process.memory_info().rss / 1_000_000)


def cpu_seconds(process: psutil.Process) -> float:
    """CPU used so far, by user and system."""
    times = process.cpu_times()
    return float(times.user + times.system)


def peak_megabytes(process: psutil.Process) -> float:
    """The most memory the process ever held, as the kernel counted it."""
    text = Path(f"/proc/{process.pid}/status").read_text("ascii")
    (line,) = [line for line in text.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1000
