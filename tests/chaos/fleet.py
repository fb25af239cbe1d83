"""The servers of a run: started, killed as planned, and started again."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from tests.fakes.forked import Forked, fork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.chaos.plan import Death, Plan

# A life whose point is not passed ends by a kill from outside.
LONGEST_LIFE = 90.0
UP_SECONDS = 40.0
# When all work was done for two seconds, the rest of the lives end at once.
LOOK_SECONDS = 0.1
IDLE_LOOKS = 20


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def _answers(session: aiohttp.ClientSession, port: int) -> bool:
    try:
        async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _never() -> bool:
    return False


def _none() -> int:
    return 0


@dataclass
class Kill:
    """A kill that happened: when (epoch seconds), where, and whether there was work to go on with."""

    at: float
    where: str
    had_work: bool


@dataclass
class Fleet:
    """Servers with the same settings. Each place keeps its port, as behind a load balancer."""

    plan: Plan
    settings: dict[str, str]
    logs: Path
    idle: Callable[[], bool] = _never
    has_work: Callable[[], bool] = _never
    done: Callable[[], int] = _none
    ports: list[int] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    _lives: Iterator[Death] | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _living: dict[int, Forked] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ports = [free_port() for _ in range(self.plan.processes)]

    def start(self, lives: Iterator[Death]) -> None:
        """Start every place; the lives are shared out among them as they end."""
        self._lives = lives
        self._tasks = [asyncio.create_task(self._keep_up(port)) for port in self.ports]

    async def up(self) -> None:
        """Wait until one of them takes deliveries."""
        await asyncio.wait_for(self._first_up(), UP_SECONDS)

    async def _first_up(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                for port in self.ports:
                    if await _answers(session, port):
                        return
                    await asyncio.sleep(0.1)

    def check(self) -> None:
        """Raise if a server ended in another way than by a kill."""
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()

    async def stop(self) -> list[int]:
        """End all of them politely; their exit codes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in self._living.values():
            if process.returncode is None:
                process.terminate()
        return [await process.wait() for process in self._living.values()]

    def urls(self) -> list[str]:
        """Where webhooks go, one for each place."""
        return [f"http://127.0.0.1:{port}/api/github/webhooks" for port in self.ports]

    async def living_url(self) -> str | None:
        """A place that takes deliveries now: a load balancer sends to none that is only starting, or dead."""
        async with aiohttp.ClientSession() as session:
            for port, url in zip(self.ports, self.urls(), strict=True):
                if port in self._living and await _answers(session, port):
                    return url
        return None

    @property
    def over(self) -> bool:
        """Whether every planned life has ended."""
        return len(self.kills) >= self.plan.kills

    async def _keep_up(self, port: int) -> None:
        while True:
            death = next(self._lives, None) if self._lives is not None else None
            process = await self._spawn(port, death)
            self._living[port] = process
            if death is None:
                await process.wait()
                self._note_end(process, "by itself")
            else:
                await self._live(process, death)
                await asyncio.sleep(death.down)
            del self._living[port]

    async def _live(self, process: Forked, death: Death) -> None:
        ending = asyncio.create_task(process.wait())
        where = death.point or "random"
        if death.point is None:
            await self._until(ending, lambda begun: self.done() >= begun + death.count)
            await asyncio.wait({ending}, timeout=death.seconds)
        else:
            await self._until(ending, lambda _: False)
        if not ending.done():
            where = "random"
            process.kill()
            await ending
        self._note_end(process, where)

    async def _until(self, ending: asyncio.Task[int], enough: Callable[[int], bool]) -> None:
        """Wait for the end of a process, or until it did enough, or has nothing left to do."""
        begun, idle, end = self.done(), 0, time.monotonic() + LONGEST_LIFE
        while time.monotonic() < end and idle < IDLE_LOOKS and not ending.done() and not enough(begun):
            await asyncio.wait({ending}, timeout=LOOK_SECONDS)
            idle = idle + 1 if self.idle() else 0

    def _note_end(self, process: Forked, where: str) -> None:
        if process.returncode != -9:
            raise RuntimeError(f"the server ended with {process.returncode}: see {self.logs}")
        self.kills.append(Kill(time.time(), where, self.has_work()))

    def _command(self) -> tuple[str, ...]:
        """Unscaled it is ``prhub serve`` itself."""
        if self.plan.factor == 1 and self.plan.publisher == "ours":
            return ("app", "serve")
        return ("tests.chaos.serve", "all", str(self.plan.factor), self.plan.publisher)

    async def _spawn(self, port: int, death: Death | None) -> Forked:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PRHUB_")}
        armed = {} if death is None or death.armed is None else {"PRHUB_FAILPOINT": death.armed}
        env = kept | self.settings | armed | {"PORT": str(port)}
        return await fork(*self._command(), env=env, log=self.logs / f"{port}.log")
