"""What a report or a digest cost in money, where the operator gives prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.model import Digest, DigestReading, Prices, PullReport, Reading

_Product = TypeVar("_Product", "PullReport", "Digest")


def priced(product: _Product, reading: Reading | DigestReading | None, prices: Prices) -> _Product:
    """Give a report or a digest with its cost; as it is if no model wrote it, or one has no price."""
    cost = prices.cost(reading.by_model) if reading is not None else None
    if cost is None or product.provenance.usage is None:
        return product
    return product.model_copy(update={"provenance": product.provenance.model_copy(update={"cost": cost})})
