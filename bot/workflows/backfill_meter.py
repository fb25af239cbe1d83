"""The meter of a backfill: what direct calls came to, whether they were answered or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.model import Usage

if TYPE_CHECKING:
    from bot.llm import Kept
    from bot.model import KeptAnswer, ModelCall


@dataclass
class Meter:
    """Keeps answers where ``kept`` keeps them, and remembers what each call came to."""

    kept: Kept
    _usages: dict[str, Usage] = field(default_factory=dict)

    async def get(self, content: str, model: str) -> KeptAnswer | None:
        """Give a kept answer."""
        return await self.kept.get(content, model)

    async def put(self, call: ModelCall, text: str) -> None:
        """Keep an answer."""
        self._add(call)
        await self.kept.put(call, text)

    async def charge(self, call: ModelCall) -> None:
        """Enter a call without an answer."""
        self._add(call)
        await self.kept.charge(call)

    def taken(self, content: str) -> Usage:
        """Give what a question came to since the last time that somebody asked."""
        return self._usages.pop(content, Usage())

    def _add(self, call: ModelCall) -> None:
        self._usages[call.content] = self._usages.get(call.content, Usage()) + call.usage
