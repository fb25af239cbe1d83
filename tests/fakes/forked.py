"""Processes that need not import everything anew: each is forked from one that has done so."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import runpy
import sys
from multiprocessing.reduction import DupFd
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Everything that a server or a command imports; none of it starts a thread.
_IMPORTED = [
    "bot.cli.digest",
    "bot.cli.report",
    "bot.cli.serve",
    "bot.wiring",
    "tests.fakes.crew",
    "tests.fakes.serving",
]


class Forked:
    """A running ``python -m MODULE ARGUMENT...``, with what tests use of asyncio's ``Process``."""

    def __init__(
        self, process: Any, stdout: asyncio.StreamReader | None, stderr: asyncio.StreamReader | None
    ):
        self._process = process
        self.pid: int = process.pid
        self.stdout = stdout
        self.stderr = stderr

    @property
    def returncode(self) -> int | None:
        """The exit code, or minus the signal; ``None`` while it runs."""
        code: int | None = self._process.exitcode
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to one that runs."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """End it politely."""
        self._process.terminate()

    def kill(self) -> None:
        """End it as an out-of-memory killer would."""
        self._process.kill()

    async def wait(self) -> int:
        """Wait for its end; its exit code."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        return int(self._process.exitcode)

    async def communicate(self) -> tuple[bytes, bytes]:
        """Read what it still writes, and wait for its end."""
        out, error = await asyncio.gather(_rest(self.stdout), _rest(self.stderr))
        await self.wait()
        return out, error


async def fork(
    module: str, *arguments: str, env: Mapping[str, str], cwd: Path | None = None, log: Path | None = None
) -> Forked:
    """Start a module as ``python -m`` would, in a folder, with nothing but ``env`` in the environment.

    What it prints can be read from ``stdout``, and from ``stderr`` unless that is added to a ``log``.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    out, out_end = os.pipe()
    error, error_end = os.pipe() if log is None else (None, _opened(log))
    ends = [DupFd(out_end), DupFd(error_end)]
    process = context.Process(target=_run, args=(module, arguments, dict(env), str(cwd or "."), ends))
    process.start()
    os.close(out_end)
    os.close(error_end)
    return Forked(process, await _reader(out), None if error is None else await _reader(error))


def _opened(log: Path) -> int:
    return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _run(module: str, arguments: tuple[str, ...], env: dict[str, str], cwd: str, ends: list[Any]) -> None:
    """Become the process: in the child."""
    for number, end in enumerate(ends, 1):
        os.dup2(end.detach(), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    pipe = os.fdopen(descriptor, "rb", 0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


async def _rest(reader: asyncio.StreamReader | None) -> bytes:
    return b"" if reader is None else await reader.read()
