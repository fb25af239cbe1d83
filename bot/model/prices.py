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
        if not usages or not self.models.keys() >= usages.keys():
            return None
        amount = sum(self.models[model].of(usage) for model, usage in usages.items())
        return Cost(amount=round(amount, _PLACES), currency=self.currency)
