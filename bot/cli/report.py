"""``prhub report``: the report of one merged pull request, printed or published."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.explain import explained
from bot.cli.holding import choices_of_clone, held
from bot.cli.insight import ask_about
from bot.cli.logs import set_up_logs
from bot.cli.progress import progress
from bot.errors import UserError
from bot.markdown.report import render_document
from bot.settings import Settings, load_settings
from bot.wiring import package_version
from bot.workflows.checking import style_of
from bot.workflows.making import make_report

if TYPE_CHECKING:
    from bot.inference.read import Read
    from bot.model import PullFacts, PullReport

_SHORT = re.compile(r"\A([\w-]{1,100}/[\w.-]{1,100})#([1-9]\d{0,8})\Z", re.ASCII)
_ADDRESS = re.compile(
    r"\Ahttps?://[^/\s]+/([\w-]{1,100}/[\w.-]{1,100})/pull/([1-9]\d{0,8})(?:[/?#]\S*)?\Z", re.ASCII
)


@dataclass(frozen=True)
class Options:
    """How the report is to be given out."""

    form: str
    output: Path | None
    explain: bool = False


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
@click.option("--no-model", is_flag=True, help="Use the rules only, also where a model is configured.")
@click.option("--explain", is_flag=True, help="Tell what was verified, repaired and dropped, and why.")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file; - is standard output."
)
def command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    target: str | None,
    clone: Path | None,
    form: str,
    language: str | None,
    publish: bool,  # noqa: FBT001 - click passes it by name
    no_model: bool,  # noqa: FBT001 - click passes it by name
    explain: bool,  # noqa: FBT001 - click passes it by name
    output: Path | None,
) -> None:
    """Print the report of TARGET: OWNER/REPO#N, the pull request's address, or a revision with --git.

    GitHub is read with GITHUB_TOKEN or as the app; with --git nothing but the clone is read. The model is
    asked if ANTHROPIC_API_KEY is set: the diff and the discussion are sent to it then.
    """
    settings = settings_with(language, no_model=no_model)
    options = Options(form, output, explain)
    if clone is not None:
        if publish:
            raise UserError("--publish needs a pull request on GitHub: leave out --git.")
        facts = _from_clone(clone, target or "HEAD", settings)
        settings = held(settings, facts.choices, language)
        _print(*_with_model(facts, settings), settings, options)
        return
    repository, number = parse_target(target)
    if publish:
        from bot.cli.reading import publish_pull  # noqa: PLC0415 - the store is not needed without it

        report, found, settings = asyncio.run(publish_pull(settings, repository, number, language))
        _print(report, found, settings, options)
        return
    facts = asyncio.run(_from_github(settings, repository, number))
    settings = held(settings, facts.choices, language)
    _print(*_with_model(facts, settings), settings, options)


def settings_with(language: str | None, *, no_model: bool) -> Settings:
    """Give the settings with what the options say instead: a model writes in the asked-for language.

    Logs are kept out of the result; who wants them sets LOG_LEVEL, and finds them beside it.
    """
    settings = load_settings(os.environ, Path.cwd())
    wanted = "log_level" in settings.model_fields_set
    set_up_logs(settings if wanted else settings.model_copy(update={"log_level": "critical"}))
    changes: dict[str, str] = {"language": language} if language is not None else {}
    return settings.model_copy(update=changes | ({"model": "off"} if no_model else {}))


def parse_target(target: str | None) -> tuple[str, int]:
    """Give repository and number of ``OWNER/REPO#N`` or of a pull request's address."""
    match = _SHORT.match(target or "") or _ADDRESS.match(target or "")
    if match is None:
        raise UserError("Name the pull request as OWNER/REPO#NUMBER or by its address, or use --git PATH.")
    return match[1], int(match[2])


def _from_clone(path: Path, revision: str, settings: Settings) -> PullFacts:
    from bot.facts.local import read_commit, repository_of_clone  # noqa: PLC0415 - not needed for GitHub
    from bot.git import open_clone  # noqa: PLC0415 - not needed for GitHub

    if not path.is_dir():
        raise UserError(f"There is no folder {path}: give the path of a clone after --git.")
    with progress("reading the clone"):
        git = open_clone(path)
        chosen = choices_of_clone(git, repository_of_clone(git).full_name, settings)
        return read_commit(git, revision, chosen)


async def _from_github(settings: Settings, repository: str, number: int) -> PullFacts:
    from bot.cli.reading import read_from_github  # noqa: PLC0415 - not needed for --git

    with progress(f"reading {repository}#{number}"):
        return await read_from_github(settings, repository, number)


def _with_model(facts: PullFacts, settings: Settings) -> tuple[PullReport, Read]:
    found = ask_about(facts, settings)
    return make_report(facts, found, settings, package_version()).report, found


def _print(report: PullReport, found: Read, settings: Settings, options: Options) -> None:
    if options.explain:
        # Beside the report: what was dropped must not be taken for a part of it.
        click.echo(explained(report, found), err=True, nl=False)
    if options.form == "json":
        text = report.model_dump_json(indent=2) + "\n"
    else:
        text = render_document(report, style_of(settings))
    written(text, options.output)


def written(text: str, output: Path | None) -> None:
    """Write to a file, or to standard output. Raises ``UserError`` if the file cannot be written."""
    if output in {None, Path("-")}:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror}.") from error
