"""``prhub config``: checks a repository's configuration file, and shows what holds for a repository."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.stored import moment, printable, settings_here, with_store
from bot.errors import UserError
from bot.model.repo_config import Loaded
from bot.repo_config import choices, read_config
from bot.repo_config.tree import LARGEST_FILE
from bot.store import RepoConfigs
from bot.store.register import Register

if TYPE_CHECKING:
    from bot.model.repo_config import Choices, Problem
    from bot.store import Store


@click.group()
def command() -> None:
    """Check a repository's configuration file, or show what holds for a repository."""


@command.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Check a file as the server reads it; - is standard input. Ends with 2 if it would not be taken.

    Needs no settings. What the file extends is not looked at.
    """
    read = read_config(_bytes(file))
    if as_json:
        problems = [one.model_dump(mode="json", exclude={"place"}) for one in read.problems]
        click.echo(json.dumps({"valid": read.config is not None, "problems": problems}, indent=2))
    else:
        for problem in read.problems:
            click.echo(f"{printable(str(file))}:{_line(problem)}")
        if read.config is not None:
            click.echo(f"{printable(str(file))} can be taken.")
    if read.config is None:
        sys.exit(2)


def _bytes(file: Path) -> bytes:
    """Read a file as far as it has to be to know that it is too large. Raises ``UserError``."""
    most = LARGEST_FILE + 1
    if str(file) == "-":
        return sys.stdin.buffer.read(most)
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise UserError(f"{file} cannot be read ({error.strerror}): name the file to check.") from None


def _line(problem: Problem) -> str:
    return f"{problem.line}:{problem.column}: {problem.severity}: {problem.text}"


@command.command()
@click.argument("repository", metavar="OWNER/REPO")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(repository: str, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Show every value that holds for a repository, and who has decided about it.

    The settings are those of here, the file is as the server read it last: GitHub is not asked.
    """
    settings = settings_here()

    async def work(store: Store) -> Loaded:
        found = await Register(store).repository_named(repository)
        if found is None:
            raise UserError(f"The store knows no repository {repository}: a report of it makes it known.")
        return await RepoConfigs(store).get(found) or Loaded()

    loaded = with_store(settings, work, read_only=True)
    chosen = choices(settings, loaded, repository)
    if as_json:
        click.echo(json.dumps(_as_json(chosen, loaded), indent=2, ensure_ascii=False))
    else:
        _print(chosen, loaded)


def _as_json(chosen: Choices, loaded: Loaded) -> dict[str, object]:
    told = {"problems", "places", "current", "read_at"}
    return {
        "choices": chosen.model_dump(mode="json", exclude={"sources", "narrowed"}),
        "sources": {row.key: row.source.value for row in chosen.rows()},
        "narrowed": list(chosen.narrowed),
        "file": loaded.model_dump(mode="json", include=told),
    }


def _print(chosen: Choices, loaded: Loaded) -> None:
    rows = chosen.rows()
    wide = max(len(row.key) for row in rows)
    for row in rows:
        limit = ", as a limit" if row.key in chosen.narrowed else ""
        click.echo(f"{printable(row.key):<{wide}}  {printable(row.value)}  ({row.source.value}{limit})")
    click.echo("")
    click.echo(_file_told(loaded))
    for problem in loaded.problems:
        click.echo(printable(f"{problem.place}:{_line(problem)}"))


def _file_told(loaded: Loaded) -> str:
    if loaded.read_at is None:
        return "The server has not looked for a file yet."
    at = moment(loaded.read_at)
    places = printable(" and ".join(loaded.places))
    if not loaded.current:
        before = f"what {places} said before holds" if places else "nothing of it holds"
        return f"The file that stands there since {at} or earlier is broken; {before}."
    return f"Read from {places}, which says so since {at} or earlier." if places else f"No file at {at}."
