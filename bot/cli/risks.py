"""``prhub risks``: the register of a repository, from the store alone."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import click

from bot.cli.risks_shown import as_json, as_markdown, as_table
from bot.cli.stored import settings_here, with_store
from bot.errors import UserError
from bot.markdown.catalogue import load
from bot.model import RegisteredRisk, RegisterState
from bot.store.register import Register

if TYPE_CHECKING:
    from bot.store import Store

_REPOSITORY = re.compile(r"[\w-]{1,100}/[\w.-]{1,100}", re.ASCII)
_STATES = {
    "open": (RegisterState.OPEN,),
    "closed": (RegisterState.CLOSED,),
    "accepted": (RegisterState.ACCEPTED,),
    "all": tuple(RegisterState),
}


@click.command()
@click.argument("repository", metavar="OWNER/REPO")
@click.option("--state", type=click.Choice(list(_STATES)), default="open", show_default=True)
@click.option("--path", metavar="P", help="Only those in this file, or in this folder.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True
)
def command(repository: str, state: str, path: str | None, form: str) -> None:
    """List the risks of a repository's register, the heaviest first, the oldest first of these.

    Works beside a running server and needs only DATABASE_URL.
    """
    if _REPOSITORY.fullmatch(repository) is None:
        raise UserError("Name the repository as OWNER/REPO.")
    settings = settings_here()

    async def work(store: Store) -> tuple[RegisteredRisk, ...]:
        register = Register(store)
        found = await register.repository_named(repository)
        if found is None:
            raise UserError(f"The store knows no repository {repository}: a report of it makes it known.")
        return await register.all(found, _STATES[state])

    found = with_store(settings, work, read_only=True)
    risks = sorted((risk for risk in found if path is None or risk.is_within(path)), key=_weight)
    catalogue = load(settings.language)
    if form == "json":
        click.echo(as_json(risks, catalogue))
    elif form == "markdown":
        click.echo(as_markdown(risks, catalogue), nl=False)
    elif risks:
        click.echo(as_table(risks, catalogue, time.time()), nl=False)
    else:
        click.echo("The register has no risks." if state == "all" else f"No risk is {state}.")


def _weight(risk: RegisteredRisk) -> tuple[int, float, int]:
    return risk.severity.rank, risk.opened_at.timestamp(), risk.number
