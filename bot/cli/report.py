"""``prhub report``: the report of one merged pull request, printed or published."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.progress import progress
from bot.errors import UserError
from bot.inference.report import build_report
from bot.markdown.report import Style, render_document
from bot.settings import Settings, load_settings
from bot.wiring import package_version

if TYPE_CHECKING:
    from bot.model import PullFacts, PullReport

_SHORT = re.compile(r"\A([\w-]{1,100}/[\w.-]{1,100})#([1-9]\d{0,8})\Z", re.ASCII)
_ADDRESS = re.compile(
    r"\Ahttps?://[^/\s]+/([\w-]{1,100}/[\w.-]{1,100})/pull/([1-9]\d{0,8})(?:[/?#]\S*)?\Z", re.ASCII
)


@dataclass(frozen=True)
class Options:
    """How the report is to be given out."""

    form: str
    language: str | None
    output: Path | None


@click.command()
@click.argument("target", required=False)
@click.option(
    "--git", "clone", type=click.Path(path_type=Path), help="Read a local clone; TARGET is a revision."
)
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True
)
@click.option("--language", type=click.Choice(["en", "zh-CN"]), help="Default: PRHUB_LANGUAGE.")
@click.option("--publish", is_flag=True, help="Post or update the comment and the labels, as the app.")
@click.option("--no-model", is_flag=True, help="Use the rules only (there is no other way yet).")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file; - is standard output."
)
def command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    target: str | None,
    clone: Path | None,
    form: str,
    language: str | None,
    publish: bool,  # noqa: FBT001 - click passes it by name
    no_model: bool,  # noqa: ARG001, FBT001 - reports are made without a model
    output: Path | None,
) -> None:
    """Print the report of TARGET: OWNER/REPO#N, the pull request's address, or a revision with --git.

    GitHub is read with GITHUB_TOKEN or as the app; with --git nothing but the clone is read.
    """
    settings = load_settings(os.environ, Path.cwd())
    options = Options(form, language, output)
    if clone is not None:
        if publish:
            raise UserError("--publish needs a pull request on GitHub: leave out --git.")
        _print(_from_clone(clone, target or "HEAD"), settings, options)
        return
    repository, number = parse_target(target)
    _print(asyncio.run(_from_github(settings, repository, number, publish=publish)), settings, options)


def parse_target(target: str | None) -> tuple[str, int]:
    """Give repository and number of ``OWNER/REPO#N`` or of a pull request's address."""
    match = _SHORT.match(target or "") or _ADDRESS.match(target or "")
    if match is None:
        raise UserError("Name the pull request as OWNER/REPO#NUMBER or by its address, or use --git PATH.")
    return match[1], int(match[2])


def _from_clone(path: Path, revision: str) -> PullReport:
    from bot.facts.local import read_commit  # noqa: PLC0415 - not needed for GitHub
    from bot.git import open_clone  # noqa: PLC0415 - not needed for GitHub

    if not path.is_dir():
        raise UserError(f"There is no folder {path}: give the path of a clone after --git.")
    with progress("reading the clone"):
        return _report(read_commit(open_clone(path), revision))


async def _from_github(settings: Settings, repository: str, number: int, *, publish: bool) -> PullReport:
    from bot.cli.reading import publish_pull, read_from_github  # noqa: PLC0415 - not needed for --git

    if publish:
        return await publish_pull(settings, repository, number)
    with progress(f"reading {repository}#{number}"):
        return _report(await read_from_github(settings, repository, number))


def _report(facts: PullFacts) -> PullReport:
    return build_report(facts, now=datetime.now(UTC), version=package_version())


def _print(report: PullReport, settings: Settings, options: Options) -> None:
    if options.form == "json":
        text = report.model_dump_json(indent=2) + "\n"
    else:
        language = "zh-CN" if (options.language or settings.language) == "zh-CN" else "en"
        style = Style(
            language=language, time_zone=settings.time_zone, redirect_links=settings.redirect_links, note=None
        )
        text = render_document(report, style)
    if options.output in {None, Path("-")}:
        click.echo(text, nl=False)
        return
    try:
        options.output.write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"{options.output} cannot be written: {error.strerror}.") from error
