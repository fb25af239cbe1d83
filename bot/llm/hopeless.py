"""Hopeless questions: what failed twice for what it is, is not paid for a third time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.llm.outcomes import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.errors import ModelError
    from bot.llm.outcomes import Ruling

# A model does not answer twice in the same words, so the second time may be better.
TRIES = 2
# Models and their rules change; and a restart forgets all of it.
REMEMBERED_SECONDS = 86_400.0
MOST = 10_000


@dataclass
class Hopeless:
    """The questions that a well server refused, cut off or answered with what must not leave.

    Every comment on a pull request asks again what has no answer yet: without this, whoever comments
    could spend an operator's money. ``clock`` gives seconds.
    """

    clock: Callable[[], float]
    _failed: dict[tuple[str, str], tuple[int, float, ModelError]] = field(default_factory=dict)

    def note(self, key: tuple[str, str], ruling: Ruling) -> None:
        """Learn how a question ended. What says nothing of the question itself is passed over."""
        if ruling.effect is not Effect.ALIVE:
            return
        before = self._failed.pop(key, None)
        if ruling.error is None:
            return
        times = 1 + (before[0] if before and self._is_fresh(before[1]) else 0)
        self._failed[key] = times, self.clock(), ruling.error
        if len(self._failed) > MOST:
            del self._failed[next(iter(self._failed))]

    def error_of(self, key: tuple[str, str]) -> ModelError | None:
        """Give how a question ended every time, if it is not worth another try."""
        found = self._failed.get(key)
        if found is None or found[0] < TRIES or not self._is_fresh(found[1]):
            return None
        return found[2]

    def _is_fresh(self, at: float) -> bool:
        return self.clock() - at < REMEMBERED_SECONDS
