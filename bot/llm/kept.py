"""Kept and Observe: what the model's client needs of a store and of a meter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from bot.model import Usage

if TYPE_CHECKING:
    from bot.model import KeptAnswer, ModelCall

# Told of every question: task, model, outcome, what it cost, and the seconds it took.
Observe = Callable[[str, str, str, Usage, float], None]


class Kept(Protocol):
    """Answers that were paid for, and the ledger of what was paid."""

    async def get(self, content: str, model: str) -> KeptAnswer | None:
        """Give the answer to the question with this SHA-256, or ``None``."""

    async def put(self, call: ModelCall, text: str) -> None:
        """Keep an answer, and enter its call into the ledger."""

    async def charge(self, call: ModelCall) -> None:
        """Enter a call into the ledger whose answer is not kept."""
