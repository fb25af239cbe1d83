"""Everything around a model in a test: who asks, what is kept, a clock, and a server that sends raw bytes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bot.llm import Asker, Model, Question, Size, Timeouts
from bot.model import KeptAnswer, ModelCall, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.messages import Messages

PATIENT = Timeouts(connect=5, first_byte=10, idle=10, total=60)
SHORT = Timeouts(connect=0.3, first_byte=0.2, idle=0.2, total=0.5)
KEY = "sk-test-canary"


class Shape(BaseModel):
    """A shape of an answer."""

    summary: str
    level: int = 0


@dataclass
class Memory:
    """Keeps answers and calls; ``broken`` makes it fail."""

    answers: dict[tuple[str, str], KeptAnswer] = field(default_factory=dict)
    calls: list[ModelCall] = field(default_factory=list)
    broken: bool = False

    async def get(self, content: str, model: str) -> KeptAnswer | None:
        self._check()
        return self.answers.get((content, model))

    async def put(self, call: ModelCall, text: str) -> None:
        self._check()
        kept = KeptAnswer(text=text, model=call.model, usage=call.usage)
        self.answers.setdefault((call.content, call.model), kept)
        self.calls.append(call)

    async def charge(self, call: ModelCall) -> None:
        self._check()
        self.calls.append(call)

    def _check(self) -> None:
        if self.broken:
            raise OSError("the disk is full")


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """A model and all around it."""

    model: Model
    server: Messages
    kept: Memory
    clock: Clock
    seen: list[tuple[str, str, str, Usage]]

    @property
    def outcomes(self) -> list[str]:
        """The outcomes the meter was told, in their order."""
        return [outcome for _, _, outcome, _ in self.seen]

    async def sent(self, calls: int) -> None:
        """Wait until so many requests have reached the server."""
        async with asyncio.timeout(10):
            while self.server.calls < calls:  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0.005)


def question(data: str = "the data", **fields: Any) -> Question:
    """A question about ``data``."""
    known: dict[str, Any] = {
        "task": "report",
        "version": "v1",
        "size": Size.LARGE,
        "system": "You read pull requests. " * 40,
        "data": data,
        "ask": "Write the report.",
        "shape": Shape,
        "max_output_tokens": 2_000,
        "guarded": ("canarycanary", "boundary77"),
    }
    return Question(**{**known, **fields})


def asker(installation: int = 7, number: int = 12) -> Asker:
    """Someone who asks."""
    return Asker(installation, 99, number)


@asynccontextmanager
async def raw_server(reply: bytes) -> AsyncIterator[str]:
    """Answer every request with raw bytes, and hang up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        writer.write(reply)
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        await listener.wait_closed()
