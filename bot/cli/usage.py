"""``prhub usage``: what the model's calls came to, and how the budgets stand, from the store alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.stored import settings_here, with_store
from bot.cli.usage_shown import as_csv, as_json, as_table, budget_lines
from bot.errors import UserError
from bot.store.ledger import Ledger
from bot.store.usage import By, Spent, Usages

if TYPE_CHECKING:
    from bot.model import Scope
    from bot.store import Store


@click.command()
@click.option("--by", type=click.Choice([by.value for by in By]), default=By.DAY.value, show_default=True)
@click.option("--since", metavar="2026-03-01", help="From this day on, in UTC. Default: this month's first.")
@click.option("--csv", "form", flag_value="csv", help="Write CSV.")
@click.option("--json", "form", flag_value="json", help="Write JSON.")
def command(by: str, since: str | None, form: str | None) -> None:
    """Sum up the tokens of the model's calls; with PRHUB_PRICES, what they cost.

    Works beside a running server and needs only DATABASE_URL.
    """
    settings, begin, group = settings_here(), _since(since), By(by)

    async def work(store: Store) -> tuple[list[Spent], dict[Scope, int]]:
        return await Usages(store).by(group, begin.timestamp()), await Ledger(store).fullest()

    found, fullest = with_store(settings, work, read_only=True)
    if form == "json":
        click.echo(as_json(found, group, settings.prices))
    elif form == "csv":
        click.echo(as_csv(found, group, settings.prices), nl=False)
    else:
        table = as_table(found, group, settings.prices)
        click.echo(table if found else f"No call was made since {begin:%Y-%m-%d}.\n", nl=False)
        click.echo(budget_lines(fullest, settings.caps), nl=False)


def _since(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UserError("Write the day after --since as YYYY-MM-DD.") from None
