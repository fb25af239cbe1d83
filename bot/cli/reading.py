"""Reading a pull request from GitHub for the command line, and publishing its report as the app."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.cli.holding import choices_on_github, held
from bot.cli.progress import progress
from bot.errors import Forbidden, Gone, NotMerged, PRHubError, Unauthorized, UserError
from bot.facts.pull import Manner, read_pull
from bot.github import READ, Credentials, Gate
from bot.inference.read import Read
from bot.model import Pause, Trigger, TriggerKind, WorkItem
from bot.publishing import Outcome
from bot.store import PublishState
from bot.wiring import open_github, open_services
from bot.workflows import stages
from bot.workflows.patience import PATIENCE_SECONDS, patiently
from bot.workflows.services import Meters, provide, services
from bot.workflows.showing import kind_of, why_not_shown
from bot.workflows.worded import chosen_of
from bot.workflows.working import facts_in_flight, stored_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.github import API, GitHub
    from bot.model import Pace, PullFacts, PullReport
    from bot.model.repo_config import Choices
    from bot.settings import Settings


class _Unlimited:
    """Limits for a few reads of one person: nothing to keep."""

    async def pause(self, _installation_id: int) -> Pause:
        return Pause()

    async def set_pause(self, _installation_id: int, _pause: Pause, _reason: str) -> None:
        return

    async def reserve(self, _installation_id: int, _pace: Pace, now: float, *, content: bool) -> float:
        _ = content
        return now


async def read_from_github(settings: Settings, repository: str, number: int) -> PullFacts:
    """Read the facts of a merged pull request. Raises ``UserError`` if it cannot be read or is not merged."""
    reader = settings.require_reader()
    if isinstance(reader, SecretStr):
        credentials = Credentials(token=reader)
    else:
        credentials = Credentials(app_id=reader.app_id, private_key=reader.private_key)
    async with open_github(settings, credentials, Gate(_Unlimited()), Meters()) as github:
        with told(repository, number):
            api = github.as_person() if credentials.token else await _as_app(github, repository)
            chosen = await choices_on_github(api, repository, settings)
            return await read_pull(api, repository, None, number, Manner(chosen))


async def _as_app(github: GitHub, repository: str) -> API:
    return github.as_installation(await installation_of(github, repository), repository, READ)


async def installation_of(github: GitHub, repository: str) -> int:
    """Give the id of the app's installation on a repository. Raises ``UserError`` if there is none."""
    owner, _, name = repository.partition("/")
    try:
        found = await github.as_app().getitem(
            "/repos/{owner}/{repo}/installation", {"owner": owner, "repo": name}
        )
    except Gone as error:
        raise UserError(f"The app is not installed on {repository}: install it there first.") from error
    return int(found["id"])


async def publish_pull(
    settings: Settings, repository: str, number: int, language: str | None = None
) -> tuple[PullReport, Read, Settings]:
    """Publish the report of a pull request through the same publish row as the server.

    Gives it with the settings that hold for the repository; ``language`` goes before what its file says, now
    and later.
    Raises ``UserError`` if it cannot be; a wait that GitHub asks for is waited out, up to 10 minutes.
    """
    # Nobody waits a quarter of an hour at a terminal: the server completes the report then.
    patience = min(settings.model_patience, PATIENCE_SECONDS / 2)
    settings = settings.model_copy(update={"model_patience": patience})
    async with open_services(settings) as (opened, _):
        provide(opened)
        try:
            with told(repository, number):
                item = await _work_item(opened.github, repository, number)
                if language is not None:
                    # As by the command: the next refresh would else change it back.
                    await opened.pull_choices.set(item.trigger.repository_id, number, language=language)
                with progress(f"publishing {repository}#{number}") as say:
                    report, chosen = await _publish(item, say)
                reading = await opened.readings.get(item.trigger.repository_id, number)
                found = Read(reading, report.provenance.without_model)
                return report, found, held(settings, chosen, language)
        finally:
            provide(None)


async def _publish(item: WorkItem, say: Callable[[str], None]) -> tuple[PullReport, Choices]:
    """Run the steps of a report; whoever asks by hand gets a comment even where one was deleted."""
    trigger, rows = item.trigger, services().publications
    await patiently(stages.read_facts_by_hand, item, say)
    await patiently(stages.infer_insights, item, say)
    silent = await patiently(stages.write_text, item, say)
    if silent is not None:
        raise UserError(f"Not published: {silent}. See `prhub config show {trigger.repository}`.")
    chosen = chosen_of((await facts_in_flight(item)).facts)
    kind = kind_of(chosen) or ""
    row = await rows.get(trigger.repository_id, trigger.number, kind)
    if row is not None and row.state in {PublishState.DISMISSED, PublishState.REFUSED}:
        await rows.change(row, state=PublishState.WANTED, comment_id=None, posted_sha256=None)
    outcome = await patiently(stages.publish, item, say)
    if outcome in {Outcome.REFUSED, Outcome.DISMISSED}:
        raise Forbidden(await why_not_shown(trigger.repository_id, trigger.number, chosen) or str(outcome))
    await patiently(stages.finish, item, say)
    report = await stored_report(item)
    await services().reports.drop_facts(trigger.repository_id, trigger.number)
    return report, chosen


async def _work_item(github: GitHub, repository: str, number: int) -> WorkItem:
    api = await _as_app(github, repository)
    owner, _, name = repository.partition("/")
    found = await api.getitem("/repos/{owner}/{repo}", {"owner": owner, "repo": name})
    trigger = Trigger(
        kind=TriggerKind.REPORT,
        key=f"report:{found['id']}:{number}:by-hand",
        installation_id=await installation_of(github, repository),
        repository_id=int(found["id"]),
        repository=str(found["full_name"]),
        number=number,
    )
    return WorkItem(trigger=trigger, requested_at=time.time())


class told:  # noqa: N801 - used as a statement
    """Turns what GitHub answered into the user's words."""

    def __init__(self, repository: str, number: int | None = None) -> None:
        self._name = repository if number is None else f"{repository}#{number}"

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, UserError):
            return
        if isinstance(error, NotMerged):
            raise UserError(f"{self._name} is not merged: reports are written after the merge.") from error
        if isinstance(error, Gone):
            raise UserError(f"{self._name} is not there, or the token may not read it.") from error
        if isinstance(error, Unauthorized):
            raise UserError(
                "GitHub refused the token: check GITHUB_TOKEN, or APP_ID and PRIVATE_KEY."
            ) from error
        if isinstance(error, Forbidden):
            raise PRHubError(f"GitHub refuses it for {self._name}: {error}") from error
        if isinstance(error, PRHubError):
            raise PRHubError(f"GitHub could not be read: {error}") from error
