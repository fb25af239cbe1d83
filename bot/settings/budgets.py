"""The settings of budgets and prices: how many tokens may be spent for whom, and what they cost."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bot.model import Caps, Price, Prices
from bot.settings.asking import AskingSettings
from bot.settings.model_access import model_name

_TOKENS = "a whole number of tokens, or 0 for no limit"
_MOST = 10**12
# Several times what one report can take: all input of a pull request, repairs, and years of remarks.
_READINGS = 20
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,6})?")


def _currency(value: str) -> str:
    if _CURRENCY.fullmatch(value) is None:
        raise ValueError("is not the code of a currency")
    return value


def parse_prices(text: str) -> dict[str, Price]:
    """Read ``model=in/out/cache_read/cache_write``, with commas between; the last two may be left out.

    What is read from or written to the cache then costs as much as other input. Raises ``ValueError``.
    """
    found: dict[str, Price] = {}
    for part in (one.strip() for one in text.split(",")):
        name, sign, amounts = part.partition("=")
        numbers = amounts.split("/")
        if not sign or len(numbers) not in {2, 4} or not all(map(_NUMBER.fullmatch, numbers)):
            raise ValueError("has a part that is not of the form model=in/out/cache_read/cache_write")
        if model_name(name) in found:
            raise ValueError("has a model twice")
        tokens_in, tokens_out, *cache = map(float, numbers)
        read, written = cache or (tokens_in, tokens_in)
        found[name] = Price(
            tokens_in=tokens_in, tokens_out=tokens_out, cache_read=read, cache_written=written
        )
    return found


def _prices(value: str) -> str:
    parse_prices(value)
    return value


def _generous(data: dict[str, Any]) -> int:
    return _READINGS * int(data.get("max_input_tokens", 0))


class BudgetSettings(AskingSettings):
    """What ``Settings`` says about budgets: tokens, in and out together; days and months are those of UTC."""

    budget_pull: int = Field(
        default_factory=_generous,
        validation_alias="PRHUB_BUDGET_PULL",
        ge=0,
        le=_MOST,
        description=_TOKENS,
    )
    budget_repository_day: int = Field(
        0, validation_alias="PRHUB_BUDGET_REPOSITORY_DAY", ge=0, le=_MOST, description=_TOKENS
    )
    budget_installation_month: int = Field(
        0, validation_alias="PRHUB_BUDGET_INSTALLATION_MONTH", ge=0, le=_MOST, description=_TOKENS
    )
    budget_day: int = Field(0, validation_alias="PRHUB_BUDGET_DAY", ge=0, le=_MOST, description=_TOKENS)
    model_prices: Annotated[str, AfterValidator(_prices)] | None = Field(
        None,
        validation_alias="PRHUB_PRICES",
        description="model=in/out/cache_read/cache_write for a million tokens each, with commas between",
    )
    currency: Annotated[str, AfterValidator(_currency)] = Field(
        "USD", validation_alias="PRHUB_CURRENCY", description="three capital letters such as USD or EUR"
    )

    @property
    def caps(self) -> Caps:
        """The operator's budgets."""
        return Caps(
            pull=self.budget_pull,
            repository=self.budget_repository_day,
            installation=self.budget_installation_month,
            server=self.budget_day,
        )

    @property
    def prices(self) -> Prices:
        """The prices of models; empty without ``PRHUB_PRICES``."""
        text = self.model_prices
        return Prices(currency=self.currency, models={} if text is None else parse_prices(text))
