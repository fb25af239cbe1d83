"""``prhub backfill``: reports of past merges, newest first, taken up again wherever it was stopped."""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot import failpoint
from bot.cli.backfill_shown import estimated, resumed, summed_up, unpriced
from bot.cli.progress import bar, progress
from bot.cli.reading import told
from bot.cli.report import settings_with
from bot.deliveries import Policy
from bot.errors import Later, ModelParked, NoAccess, Parked, PRHubError, Unauthorized, UserError
from bot.model.backfills import BackfillOptions, PullState, SpendCaps
from bot.wiring import open_services
from bot.workflows.backfill_estimate import estimate
from bot.workflows.backfill_parts import opened
from bot.workflows.backfill_session import Session, run_for
from bot.workflows.digest_now import place_named
from bot.workflows.services import provide, services

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from bot.store.backfill_rows import Run
    from bot.workflows.backfill import Backfill

_REPOSITORY = re.compile(r"[\w-]{1,100}/[\w.-]{1,100}", re.ASCII)
_GO_ON = (
    "Stopped. Run the same command again to go on: nothing that was answered is paid for twice, and a batch"
    " that was sent goes on meanwhile."
)


@dataclass(frozen=True)
class Wanted:
    """What was asked for, as click passes it: one name for each option."""

    repository: str
    since: str | None
    until: str | None
    limit: int | None
    max_tokens: int | None
    max_usd: float | None
    publish: str
    now: bool
    again: bool
    give_up: bool
    yes: bool

    @property
    def caps(self) -> SpendCaps:
        """The most that it may spend."""
        return SpendCaps(tokens=self.max_tokens, money=self.max_usd)

    @property
    def is_bounded(self) -> bool:
        """Whether it says itself how much may be done."""
        return any(one is not None for one in (self.limit, self.max_tokens, self.max_usd))


@click.command()
@click.argument("repository", metavar="OWNER/REPO")
@click.option("--since", metavar="2026-03-01", help="Merges from this day on.")
@click.option("--until", metavar="2026-03-31", help="Merges up to this day, which is included. Default: now.")
@click.option("--limit", type=click.IntRange(1, 10_000), help="The newest so many of them.")
@click.option(
    "--max-tokens", type=click.IntRange(1), help="Spend no more tokens than this, in and out together."
)
@click.option(
    "--max-usd", type=click.FloatRange(0, min_open=True), help="Spend no more money; needs PRHUB_PRICES."
)
@click.option(
    "--publish",
    type=click.Choice(["none", "comment"]),
    default="none",
    show_default=True,
    help="Store the reports, or post them as well.",
)
@click.option("--now", is_flag=True, help="Ask the model directly, at the full price, instead of in batches.")
@click.option("--again", is_flag=True, help="Take those as well that have a report.")
@click.option(
    "--give-up",
    is_flag=True,
    help="Ask anew, and pay again, what is in batches that the server does not know.",
)
@click.option("--yes", is_flag=True, help="Do not ask before it starts.")
def command(**given: Any) -> None:
    """Make the reports of past merges of OWNER/REPO, newest first, and store them.

    Digests, the register and related pull requests know them then. Nothing is posted unless --publish
    comment says so. The model is asked in batches, which take up to a day and cost half. Stopped in any way,
    the same command goes on where it was. A server may run beside it.
    """
    wanted = Wanted(**given)
    settings = settings_with(None, no_model=False)
    options = options_of(wanted, settings)
    failpoint.arm(settings.failpoint)
    try:
        asyncio.run(_run(wanted, options, settings))
    except KeyboardInterrupt:
        raise PRHubError(_GO_ON) from None


def options_of(wanted: Wanted, settings: Settings) -> BackfillOptions:
    """Check what was asked for, and give it as the run keeps it. Raises ``UserError``."""
    if _REPOSITORY.fullmatch(wanted.repository) is None:
        raise UserError("Name the repository as OWNER/REPO.")
    if wanted.since is None and wanted.limit is None:
        raise UserError("Say how far back: --since 2026-03-01, or --limit 50 for the newest fifty.")
    if not Policy(now=0.0, repositories=settings.repositories).covers(wanted.repository):
        raise UserError(f"PRHUB_REPOSITORIES leaves out {wanted.repository}: add it there first.")
    missing = unpriced(settings) if wanted.max_usd is not None else None
    if missing is not None:
        raise UserError(f"--max-usd needs the price of {missing} in PRHUB_PRICES, or use --max-tokens.")
    since, until = (_day(day, settings) for day in (wanted.since, wanted.until))
    if until is not None:
        until += timedelta(days=1)
    if since is not None and until is not None and since >= until:
        raise UserError("--until is before --since: swap them.")
    if not sys.stdin.isatty() and not wanted.yes and not wanted.is_bounded:
        raise UserError("Without a terminal, say --yes, or how much: --limit, --max-tokens or --max-usd.")
    return BackfillOptions(
        since=since.timestamp() if since is not None else None,
        until=until.timestamp() if until is not None else None,
        limit=wanted.limit,
        comment=wanted.publish == "comment",
        again=wanted.again,
    )


def _day(text: str | None, settings: Settings) -> datetime | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.time_zone))
    except ValueError:
        raise UserError(f"{text} is no day: write it as 2026-03-01.") from None


async def _run(wanted: Wanted, options: BackfillOptions, settings: Settings) -> None:
    async with open_services(settings) as (services_here, _):
        provide(services_here)
        try:
            with told(wanted.repository), progress(f"reading {wanted.repository}"):
                place = await place_named(services_here, wanted.repository)
            run, was_there = await run_for(place, options)
            session = Session(run)
            await session.hold()
            try:
                await _in_session(session, wanted, was_there=was_there)
            finally:
                await session.release()
        except (ModelParked, Parked, NoAccess, Unauthorized) as error:
            raise PRHubError(
                f"The backfill cannot go on: {error}. Mend it, then run the same again."
            ) from error
        finally:
            provide(None)


async def _in_session(session: Session, wanted: Wanted, *, was_there: bool) -> None:
    run = session.run
    async with opened(run, wanted.caps, now=wanted.now, give_up=wanted.give_up) as backfill:
        with told(run.repository), progress(f"looking for merges of {run.repository}") as say:
            backfill.say = say
            await _patiently_prepared(backfill)
        if not await _is_wanted(run, wanted, was_there=was_there):
            await services().backfills.end(run.id)
            click.echo("Nothing was done.", err=True)
            return
        await _worked(session, backfill)
    spend = await services().batches.spend(run.id)
    pulls = await services().backfills.pulls(run.id)
    click.echo(summed_up(pulls, spend, services().settings), nl=False)


async def _patiently_prepared(backfill: Backfill) -> None:
    while True:
        try:
            return await backfill.prepare()
        except Later as error:
            backfill.say(f"waiting {error.seconds:.0f} s: {error.reason}")
            await asyncio.sleep(error.seconds)


async def _is_wanted(run: Run, wanted: Wanted, *, was_there: bool) -> bool:
    """Show what it may come to, and ask; a run that had begun is not asked about again."""
    pulls = await services().backfills.pulls(run.id)
    if was_there and any(one.state is not PullState.FOUND for one in pulls):
        click.echo(resumed(pulls, await services().batches.spend(run.id)), err=True)
        return True
    guess = await estimate(run, now=wanted.now)
    click.echo(estimated(guess, services().settings, now=wanted.now), err=True)
    if wanted.yes or not guess.merges or not sys.stdin.isatty():
        return True
    return click.confirm("Start?", default=False, err=True)


async def _worked(session: Session, backfill: Backfill) -> None:
    total = len(await services().backfills.pulls(session.run.id))
    with bar(total, "starting") as show:
        seen = _Seen(show)
        session.on_count, backfill.say, backfill.beat = seen.count, seen.say, session.beat
        await session.work(backfill)


@dataclass
class _Seen:
    """What the bar shows: how many merges are through, and what is done now."""

    show: Callable[[int, str], None]
    done: int = 0
    text: str = "starting"

    def count(self, done: int) -> None:
        self.done = done
        self.show(done, self.text)

    def say(self, text: str) -> None:
        self.text = text
        self.show(self.done, text)
