"""How usage is listed: as a table for people, as CSV for a spreadsheet, as JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli.stored import printable
from bot.model import Scope, Usage
from bot.store.usage import By, Spent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Caps, Prices

_WIDEST = 1000
_DAY = 86_400
_COUNTS = ("calls", "tokens_in", "tokens_out", "cache_read", "cache_written")
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@")
_OF = {
    Scope.REPOSITORY: "the fullest repository today",
    Scope.INSTALLATION: "the fullest installation this month",
    Scope.SERVER: "everything today",
    Scope.PULL: "the fullest pull request",
}


def named(spent: Spent, by: By) -> str:
    """Give what people call a group: a day, a name, or an id where the store knows no name."""
    if by is By.DAY:
        return datetime.fromtimestamp(int(spent.key) * _DAY, UTC).strftime("%Y-%m-%d")
    if by is By.INSTALLATION and not spent.key:
        return "command line"
    return printable(spent.name or str(spent.key))


def as_table(found: Sequence[Spent], by: By, prices: Prices) -> str:
    """Give the table with its sums: as wide as the terminal, and as wide as it needs to be in a pipe."""
    from rich.console import Console  # noqa: PLC0415 - JSON does without
    from rich.table import Table  # noqa: PLC0415 - JSON does without
    from rich.text import Text  # noqa: PLC0415 - JSON does without

    table = Table(box=None, pad_edge=False)
    table.add_column(by.value, overflow="fold")
    for name in ("calls", "tokens in", "cached", "tokens out", *([prices.currency] if prices.models else [])):
        table.add_column(name, justify="right")
    for spent in (*found, _total(found)):
        name = "total" if spent.key == "" else named(spent, by)
        usage = spent.usage
        counts = (usage.calls, usage.tokens_in, usage.cache_read, usage.tokens_out)
        money = [_money(spent, prices, "?")] if prices.models else []
        table.add_row(Text(name), *(f"{count:,}" for count in counts), *money)
    is_terminal = sys.stdout.isatty()
    out = io.StringIO()
    Console(file=out, force_terminal=is_terminal, width=None if is_terminal else _WIDEST).print(table)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def as_csv(found: Sequence[Spent], by: By, prices: Prices) -> str:
    """Give CSV with a line of names; the cost is empty where a model has no price."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((by.value, "id", *_COUNTS, "cost", "currency"))
    for spent in found:
        counts = (getattr(spent.usage, name) for name in _COUNTS)
        name = named(spent, by)
        safe = f"'{name}" if name.startswith(_FORMULA) else name
        money = _money(spent, prices, "")
        writer.writerow((safe, _id(spent, by), *counts, money, prices.currency if money else ""))
    return out.getvalue()


def as_json(found: Sequence[Spent], by: By, prices: Prices) -> str:
    """Give a list with one object for each group."""
    rows = []
    for spent in found:
        cost = prices.cost(spent.by_model)
        rows.append(
            {
                by.value: named(spent, by),
                "id": _id(spent, by) or None,
                **spent.usage.model_dump(),
                "cost": None if cost is None else cost.amount,
                "currency": None if cost is None else cost.currency,
            }
        )
    return json.dumps(rows, indent=2, ensure_ascii=False)


def budget_lines(fullest: Mapping[Scope, int], caps: Caps) -> str:
    """Give a line for each budget that the operator has set: how much of it is spent or held now."""
    lines = [
        f"Budget: {_OF[scope]} has {fullest.get(scope, 0):,} of {caps.of(scope):,} tokens.\n"
        for scope in Scope
        if caps.of(scope)
    ]
    return "".join(["\n", *lines]) if lines else ""


def _total(found: Sequence[Spent]) -> Spent:
    by_model: dict[str, Usage] = {}
    for spent in found:
        for model, usage in spent.by_model.items():
            by_model[model] = by_model.get(model, Usage()) + usage
    return Spent("", None, by_model)


def _id(spent: Spent, by: By) -> int | str:
    return spent.key if by in {By.REPOSITORY, By.INSTALLATION} else ""


def _money(spent: Spent, prices: Prices, unknown: str) -> str:
    cost = prices.cost(spent.by_model)
    return unknown if cost is None else f"{cost.amount:.4f}"
