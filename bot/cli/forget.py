"""``prhub forget``: delete all that is kept of a repository, and tell what it was."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from bot.cli.stored import settings_here, with_store
from bot.errors import UserError
from bot.store.forgetting import Forgetting

if TYPE_CHECKING:
    from bot.settings import Settings

_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")


@click.command()
@click.argument("repository", metavar="OWNER/REPO")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option(
    "--wait",
    type=click.IntRange(0, 3600),
    default=60,
    show_default=True,
    help="Seconds that work under way has to end in.",
)
def command(repository: str, yes: bool, wait: int) -> None:  # noqa: FBT001 - click passes it by name
    """Delete all that is kept of a repository; nothing on GitHub is touched.

    Works beside a running server and without one.
    """
    if _REPOSITORY.fullmatch(repository) is None:
        raise UserError("Name the repository as OWNER/REPO.")
    settings = settings_here()
    ids = with_store(settings, lambda store: Forgetting(store).named(repository), read_only=True)
    if not ids:
        click.echo(f"Nothing is kept of {repository}.")
        return
    _ask(repository, yes=yes)
    _tell(_forgotten(settings, ids, wait))
    click.echo(f"{repository} is forgotten. Comments, issues and labels on GitHub stay as they are.")
    click.echo("If the app is still installed there, what is merged from now on is reported again.")


def _ask(repository: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UserError("This deletes for good: write --yes to do it without being asked.")
    click.confirm(f"Delete all that is kept of {repository}, for good?", abort=True)


def _forgotten(settings: Settings, ids: list[int], wait: int) -> dict[str, int]:
    from bot.workflows.forgetting import forget  # noqa: PLC0415 - the engine costs a second

    url = settings.sync_database_url
    return with_store(settings, lambda store: forget(store, url, ids, wait), read_only=False)


def _tell(counts: dict[str, int]) -> None:
    for name, number in counts.items():
        if number:
            click.echo(f"{number:>9,}  {name}")
