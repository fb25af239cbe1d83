"""The budget: a call is made only if what it can come to at most is held for it before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.errors import BudgetSpent, ModelAway
from bot.llm.waits import SHORTEST
from bot.model import Caps, Hold, Scope

if TYPE_CHECKING:
    from bot.llm.question import Asker
    from bot.llm.reply import Reply
    from bot.model import Refusal

log = structlog.get_logger("prhub.llm")

# Told which budget refused a question.
OnRefused = Callable[[Scope], None]
# Between the moment until which a call can last, by its timeouts, and that at which its hold expires.
_GRACE_SECONDS = 60.0


class Ledger(Protocol):
    """What is spent and held of every budget."""

    async def reserve(self, hold: Hold, caps: Caps) -> Refusal | None:
        """Hold tokens of every budget that a call is charged to, or of none; give which has no room."""

    async def look(self, hold: Hold, caps: Caps) -> Refusal | None:
        """Give which budget has no room for a call, without holding anything."""

    async def settle(self, hold_id: str, tokens: int) -> None:
        """Enter what a call came to in place of what was held for it."""


def _untold(_scope: Scope) -> None:
    return


@dataclass(frozen=True)
class Budget:
    """Holds and settles. Without a ledger, as on the command line, nothing is bounded.

    ``caps`` are the operator's; an asker's own are taken where they are lower.
    """

    ledger: Ledger | None = None
    caps: Caps = field(default_factory=Caps)
    on_refused: OnRefused = _untold

    async def require(self, asker: Asker, tokens: int) -> None:
        """Check that a call of at least so many tokens may still fit; nothing is held.

        Raises ``BudgetSpent`` if a budget is spent, ``ModelAway`` if nobody can tell.
        """
        caps = self.caps.narrowed(asker.caps)
        if self.ledger is None or caps == Caps():
            return
        try:
            refusal = await self.ledger.look(_hold(asker, tokens), caps)
        except Exception as error:
            raise ModelAway(SHORTEST, "the budgets cannot be read") from error
        if refusal is not None and refusal.is_spent:
            self._refuse(refusal, asker)

    async def reserve(
        self, asker: Asker, tokens: int, seconds: float, hold_id: str | None = None
    ) -> Hold | None:
        """Hold the most that a call can come to; ``seconds`` is for how long it can last.

        ``hold_id`` is for who must find the hold again after a restart.

        Raises ``BudgetSpent`` if a budget is spent, and ``ModelAway`` if it may not be when the calls
        under way have ended, or if nobody can tell.
        """
        if self.ledger is None:
            return None
        hold = _hold(asker, tokens, seconds + _GRACE_SECONDS)
        if hold_id is not None:
            hold = hold.model_copy(update={"id": hold_id})
        try:
            refusal = await self.ledger.reserve(hold, self.caps.narrowed(asker.caps))
        except Exception as error:
            # Not asked: what cannot be entered could be spent without end.
            raise ModelAway(SHORTEST, "the budgets cannot be read") from error
        if refusal is None:
            return hold
        if refusal.is_spent:
            self._refuse(refusal, asker)
        raise ModelAway(SHORTEST, f"what is left of the budget of the {refusal.scope} is held by other calls")

    async def settle(self, hold: Hold | None, reply: Reply, max_output_tokens: int) -> None:
        """Enter what a call came to; without a store its hold stays, and counts as spent."""
        if self.ledger is None or hold is None:
            return
        try:
            await self.ledger.settle(hold.id, _spent(hold, reply, max_output_tokens))
        except Exception:
            log.exception("a call was not charged to its budgets", tokens=hold.tokens)

    def _refuse(self, refusal: Refusal, asker: Asker) -> None:
        log.warning(
            "a budget is spent",
            scope=refusal.scope.value,
            installation=asker.installation_id,
            repository=asker.repository_id,
            number=asker.number,
        )
        self.on_refused(refusal.scope)
        raise BudgetSpent(refusal.scope.value)


def _hold(asker: Asker, tokens: int, seconds: float = 0.0) -> Hold:
    return Hold(
        installation_id=asker.installation_id,
        repository_id=asker.repository_id,
        number=asker.number,
        tokens=tokens,
        seconds=seconds,
    )


def _spent(hold: Hold, reply: Reply, max_output_tokens: int) -> int:
    """Give what a call came to; what the server did not tell of an answer that began counts in full.

    What never began to be answered costs nothing.
    """
    if not reply.has_begun:
        return 0
    usage = reply.usage
    tokens_in = usage.tokens_in or hold.tokens - max_output_tokens
    is_whole = bool(reply.stop_reason and usage.tokens_out)
    return tokens_in + (usage.tokens_out if is_whole else max_output_tokens)
