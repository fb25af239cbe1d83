"""``prhub digest``: the digest of a week, a month, some days or a range of tags, printed or published."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.digest_asking import ask_about_period, ask_about_pull
from bot.cli.holding import choices_of_clone, held
from bot.cli.report import settings_with, written
from bot.errors import UserError
from bot.facts import calendar
from bot.inference.digest import build_digest
from bot.markdown.digest import render_document
from bot.model import PeriodKind, WithoutModel
from bot.wiring import package_version
from bot.workflows.checking import style_of
from bot.workflows.costs import priced
from bot.workflows.digest_checking import checked_digest

if TYPE_CHECKING:
    from bot.model import Digest, Period, PeriodFacts, RegisterView
    from bot.settings import Settings
    from bot.workflows.digest_now import MadeDigest

_REPOSITORY = re.compile(r"[\w-]{1,100}/[\w.-]{1,100}", re.ASCII)
_SPANS = ("week", "month", "since", "tags")


@dataclass(frozen=True)
class Wanted:
    """What was asked for, as click passes it: one name for each option."""

    repository: str | None
    clone: Path | None
    week: str | None
    month: str | None
    since: str | None
    until: str | None
    tags: str | None
    path: str | None
    form: str
    language: str | None
    organisation: bool
    publish: bool
    no_model: bool
    output: Path | None


@click.command()
@click.argument("repository", metavar="[OWNER/REPO]", required=False)
@click.option("--git", "clone", type=click.Path(path_type=Path), help="Read a local clone, and nothing else.")
@click.option("--week", metavar="2026-W13", help="An ISO week. Default: the last whole one.")
@click.option("--month", metavar="2026-03", help="A month.")
@click.option("--since", metavar="2026-03-01", help="From this day on …")
@click.option("--until", metavar="2026-03-15", help="… to this one, which is included. Default: yesterday.")
@click.option("--range", "tags", metavar="v1.0..v1.1", help="What lies between two tags.")
@click.option("--path", metavar="P", help="Only what touches this folder or file.")
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True
)
@click.option("--language", type=click.Choice(["en", "zh-CN"]), help="Default: PRHUB_LANGUAGE.")
@click.option("--organisation", is_flag=True, help="Of all repositories of PRHUB_ORG_DIGEST_REPOSITORIES.")
@click.option("--publish", is_flag=True, help="Make or update the digest's issue, as the app.")
@click.option("--no-model", is_flag=True, help="Use the rules only, also where a model is configured.")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file; - is standard output."
)
def command(**given: Any) -> None:
    """Print the digest of OWNER/REPO from the stored reports, or of a clone with --git.

    The merges are read from GitHub as the app, the reports from the database; a server may run beside it.
    With --git the reports are made on the way.
    """
    wanted = Wanted(**given)
    settings = settings_with(wanted.language, no_model=wanted.no_model)
    made = _from_clone(wanted, settings) if wanted.clone is not None else _from_store(wanted, settings)
    digest, settings = made
    if wanted.form == "json":
        text = digest.model_dump_json(indent=2) + "\n"
    else:
        text = render_document(digest, style_of(settings))
    written(text, wanted.output)


def period_of(wanted: Wanted, zone: str, now: datetime) -> Period:
    """Give the period that the options name; the last whole week without any. Raises ``UserError``.

    Not for a range of tags: what is in one only GitHub or git can say.
    """
    if wanted.week is not None:
        return calendar.week(wanted.week, zone)
    if wanted.month is not None:
        return calendar.month(wanted.month, zone)
    if wanted.since is not None:
        until = _day(wanted.until) if wanted.until is not None else _yesterday(now, zone)
        return calendar.days(_day(wanted.since), until, zone)
    return calendar.latest_complete(PeriodKind.WEEK, now, zone)


def check_span(wanted: Wanted) -> None:
    """Raise ``UserError`` if more than one period is asked for."""
    named = [name for name in _SPANS if getattr(wanted, name) is not None]
    if len(named) > 1:
        raise UserError("Name one period: --week, --month, --since with --until, or --range.")
    if wanted.until is not None and wanted.since is None:
        raise UserError("--until needs --since: write the first day too.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text} is no day: write it as 2026-03-01.") from None


def _yesterday(now: datetime, zone: str) -> date:
    return (now.astimezone(ZoneInfo(zone)) - timedelta(days=1)).date()


def _from_store(wanted: Wanted, settings: Settings) -> tuple[Digest, Settings]:
    from bot.cli.digest_stored import digest_stored  # noqa: PLC0415 - not needed for a clone

    check_span(wanted)
    if wanted.repository is None or _REPOSITORY.fullmatch(wanted.repository) is None:
        raise UserError("Name the repository as OWNER/REPO, or a clone with --git PATH.")
    if wanted.organisation and wanted.path is not None:
        raise UserError("--path is a part of one repository: leave out --organisation.")
    period_in = None if wanted.tags else partial(period_of, wanted, now=datetime.now(UTC))
    if period_in is not None:
        # A slip of the pen is told before anything is opened; whose days they are comes later.
        period_in(settings.time_zone)
    made, settings = asyncio.run(digest_stored(wanted, period_in, settings))
    if not made.digest.facts.pulls:
        raise UserError(_nothing(made.digest.facts.period, 0))
    if wanted.publish:
        click.echo(f"prhub: {_published(made)}", err=True)
    return made.digest, settings


def _published(made: MadeDigest) -> str:
    if made.silent is not None:
        return f"not published: {made.silent}"
    return f"issue #{made.issue}: {made.outcome.value if made.outcome is not None else 'unknown'}"


def _from_clone(wanted: Wanted, settings: Settings) -> tuple[Digest, Settings]:
    from bot.cli.digest_local import Clone, range_times, read_clone  # noqa: PLC0415 - not needed for GitHub
    from bot.facts.local import repository_of_clone  # noqa: PLC0415 - likewise
    from bot.git import open_clone  # noqa: PLC0415 - likewise

    check_span(wanted)
    if wanted.publish:
        raise UserError("--publish needs a repository on GitHub: leave out --git.")
    if wanted.repository is not None or wanted.organisation:
        raise UserError("Name a repository, or a clone with --git, not both.")
    path = wanted.clone
    if path is None or not path.is_dir():
        raise UserError(f"There is no folder {path}: give the path of a clone after --git.")
    git = open_clone(path)
    chosen = choices_of_clone(git, repository_of_clone(git).full_name, settings)
    settings, zone = held(settings, chosen, wanted.language), chosen.digest.time_zone
    if wanted.tags is not None:
        period = calendar.tags(*range_times(git, wanted.tags), zone)
    else:
        period = period_of(wanted, zone, datetime.now(UTC))
    local = asyncio.run(
        read_clone(Clone(git, period, partial(ask_about_pull, settings=settings), wanted.path, chosen))
    )
    if not local.facts.pulls:
        raise UserError(_nothing(period, local.commits_without_pull))
    return _told(settings, local.facts, local.view), settings


def _nothing(period: Period, others: int) -> str:
    said = f"No pull request was merged in {period.key}"
    if others:
        return f"{said}, going by the commits' subjects; {others} commits name none."
    return f"{said}: name another period, such as --week or --since."


def _told(settings: Settings, facts: PeriodFacts, view: RegisterView) -> Digest:
    reading = ask_about_period(facts, view, settings)
    build = partial(
        build_digest,
        facts,
        view,
        now=datetime.now(UTC),
        version=package_version(),
        most_highlights=settings.digest_highlights,
        threshold=settings.digest_threshold,
    )
    made = priced(build(reading=reading, without_model=reading.without), reading, settings.prices)
    why = reading.without or WithoutModel.UNUSABLE
    return checked_digest(made, style_of(settings), partial(build, without_model=why)).digest
