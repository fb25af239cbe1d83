"""Prices: what tokens of a model cost, and what a usage comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from bot.model.base import Frozen

if TYPE_CHECKING:
    from bot.model.report import Usage

_PER = 1_000_000
_PLACES = 6
# What is asked in a batch stands under the model's name with this behind it, and costs half.
BATCH = " (batch)"
BATCH_SHARE = 0.5


class Cost(Frozen):
    """An amount of money; ``currency`` is as the operator wrote it."""

    amount: float
    currency: str


class Price(Frozen):
    """The price of a million tokens of each kind."""

    tokens_in: float
    tokens_out: float
    cache_read: float
    cache_written: float

    def of(self, usage: Usage) -> float:
        """Give what a usage costs; its input counts what was read from and written to the cache."""
        plain = max(usage.tokens_in - usage.cache_read - usage.cache_written, 0)
        return (
            plain * self.tokens_in
            + usage.cache_read * self.cache_read
            + usage.cache_written * self.cache_written
            + usage.tokens_out * self.tokens_out
        ) / _PER


class Prices(Frozen):
    """The prices of models, by their names."""

    currency: str = "USD"
    models: Mapping[str, Price] = Field(default_factory=dict)

    def cost(self, usages: Mapping[str, Usage]) -> Cost | None:
        """Give what usages come to, by model; ``None`` if there are none, or one has no price."""
        amounts = [self.amount(model, usage) for model, usage in usages.items()]
        known = [amount for amount in amounts if amount is not None]
        if not amounts or len(known) < len(amounts):
            return None
        return Cost(amount=round(sum(known), _PLACES), currency=self.currency)

    def amount(self, model: str, usage: Usage) -> float | None:
        """Give what a usage of one model comes to, half in a batch; ``None`` without a price."""
        price = self.models.get(model.removesuffix(BATCH))
        if price is None:
            return None
        return price.of(usage) * (BATCH_SHARE if model.endswith(BATCH) else 1.0)
