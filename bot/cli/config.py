"""``prhub config``: checks a repository's configuration file, and shows what holds for a repository."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.errors import UserError
from bot.repo_config import read_config
from bot.repo_config.tree import LARGEST_FILE

if TYPE_CHECKING:
    from bot.model.repo_config import Problem


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
    read, name = read_config(_bytes(file)), click.format_filename(file)
    if as_json:
        problems = [one.model_dump(mode="json", exclude={"place"}) for one in read.problems]
        click.echo(json.dumps({"valid": read.config is not None, "problems": problems}, indent=2))
    else:
        for problem in read.problems:
            click.echo(f"{name}:{line_of(problem)}")
        if read.config is not None:
            click.echo(f"{name} can be taken.")
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


def line_of(problem: Problem) -> str:
    """Give a problem as compilers do, without the file: ``3:1: error: …``."""
    return f"{problem.line}:{problem.column}: {problem.severity}: {problem.text}"


@command.command()
@click.argument("repository", metavar="OWNER/REPO")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(repository: str, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Show every value that holds for a repository, and who has decided about it.

    The settings are those of here, the file is as the server read it last: GitHub is not asked.
    """
    # The store takes a second to import, and whoever checks a file before each commit needs none.
    from bot.cli.config_shown import shown  # noqa: PLC0415

    click.echo(shown(repository, as_json=as_json))
