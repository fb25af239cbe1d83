"""``prhub jobs``: what is to be done, under way or dead; why; and how to retry or drop it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import click

from bot.cli.jobs_shown import as_json, as_table
from bot.cli.stored import settings_here, with_store
from bot.cli.why import why
from bot.errors import UserError
from bot.store.jobs import OPEN, RETRIED, JobQuery, Jobs
from bot.store.triggers import TriggerState
from bot.workflows.attempts import attempts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.store import Store
    from bot.store.jobs import Job

_REPOSITORY = re.compile(r"[\w-]{1,100}/[\w.-]{1,100}", re.ASCII)
_STATES = [state.value for state in TriggerState]


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show what is to be done, under way, parked or dead, and decide about it.

    Works beside a running server, which acts on it within seconds, and needs only DATABASE_URL.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_jobs)


@command.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only these; default: all but done and dropped.")
@click.option("--repo", help="Only those of OWNER/REPO.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "machine", is_flag=True, help="Write JSON.")
def list_jobs(
    state: str | None = None,
    repo: str | None = None,
    limit: int = 50,
    machine: bool = False,  # noqa: FBT001, FBT002 - click passes it by name
) -> None:
    """List the newest jobs, the newest last."""
    if repo is not None and _REPOSITORY.fullmatch(repo) is None:
        raise UserError("Name the repository as OWNER/REPO.")
    settings = settings_here()
    query = JobQuery(OPEN if state is None else (TriggerState(state),), repo, limit)
    found = with_store(settings, lambda store: Jobs(store).find(query), read_only=True)
    attempts = attempts_of(settings.sync_database_url, [job.key for job in found])
    if machine:
        click.echo(as_json(found, attempts))
    elif found:
        click.echo(as_table(found, attempts, time.time()), nl=False)
    else:
        click.echo("Nothing is open." if state is None else f"Nothing is {state}.")


@command.command("why")
@click.argument("name", metavar="KEY_OR_GUID")
def why_job(name: str) -> None:
    """Tell everything that is known of one job, and what to do next."""
    click.echo(why(settings_here(), name), nl=False)


@command.command("retry")
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option("--all-dead", is_flag=True, help="Take up everything anew that is dead.")
def retry_jobs(keys: tuple[str, ...], all_dead: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Take up dead, dropped or parked jobs anew; a running server does so within seconds."""
    if all_dead == bool(keys):
        raise UserError("Name the jobs to retry by their keys, or write --all-dead.")

    async def work(store: Store) -> int:
        jobs = Jobs(store)
        if all_dead:
            return await jobs.retry_dead()
        _check(keys, await jobs.named(keys), RETRIED)
        return await jobs.retry(keys)

    _tell(with_store(settings_here(), work, read_only=False), "taken up anew")


@command.command("drop")
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
def drop_jobs(keys: tuple[str, ...]) -> None:
    """End jobs that nobody wants done; what is under way ends before its next step."""

    async def work(store: Store) -> int:
        jobs = Jobs(store)
        _check(keys, await jobs.named(keys), OPEN)
        return await jobs.drop(keys)

    _tell(with_store(settings_here(), work, read_only=False), "dropped")


def _check(keys: Sequence[str], found: dict[str, Job], allowed: Iterable[TriggerState]) -> None:
    """Refuse all if one is not to be had: half of what was asked is harder to understand than nothing."""
    for key in keys:
        job = found.get(key)
        if job is None:
            raise UserError(
                f"No job has the key {key[:255]}: prhub jobs list shows the keys, and so do the log's lines."
            )
        if job.state not in allowed:
            raise UserError(f"{key} is {job.state.value}: {_HINTS[job.state]} Nothing was changed.")


_HINTS = {
    TriggerState.NEW: "a server takes it up by itself.",
    TriggerState.STARTED: "it is under way; prhub jobs why tells more.",
    TriggerState.DONE: "prhub report OWNER/REPO#N --publish makes a report anew.",
    TriggerState.DROPPED: "there is nothing left to drop.",
    TriggerState.PARKED: "it waits for its installation.",
    TriggerState.DEAD: "prhub jobs retry takes it up anew.",
}


def _tell(count: int, what: str) -> None:
    click.echo(f"{count} {'job' if count == 1 else 'jobs'} {what}.")
