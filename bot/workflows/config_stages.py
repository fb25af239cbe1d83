"""The steps of a configuration issue: what its publish row wants is brought to GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Later
from bot.github import WRITE
from bot.logged import about
from bot.model import TriggerKind
from bot.publishing import ConfigPlace, ConfigPublisher, Outcome
from bot.store import PublishState, TriggerState
from bot.workflows.edge import Ended, log
from bot.workflows.lifecycle import require_place
from bot.workflows.services import services
from bot.workflows.stages import TIDY_AFTER

if TYPE_CHECKING:
    from bot.github import API
    from bot.model import Trigger, WorkItem

# By the repository's id, so that no rename is in the way (R47).
_REPOSITORY = "/repositories/{id}"
SWITCHED_OFF = "PRHUB_CONFIG_ISSUES is false"
ARCHIVED = "the repository is archived"


def is_about_file(trigger: Trigger) -> bool:
    """Tell whether work is about a repository's file, and not about a pull request or a digest."""
    if trigger.kind is TriggerKind.CONFIG:
        return True
    about_repository = trigger.number == 0 and trigger.digest is None and trigger.command is None
    return trigger.kind is TriggerKind.TIDY and about_repository


async def inform(item: WorkItem) -> str:
    """Bring the issue to what is wanted; give what happened to it.

    What GitHub or the operator does not want ends the work, with the reason.
    """
    trigger, rows = item.trigger, services().config_issues
    await require_place(trigger)
    row = await rows.get(trigger.repository_id)
    if row is None or row.settled:
        return Outcome.UNCHANGED.value
    if row.open and not services().settings.config_issues:
        raise Ended(SWITCHED_OFF, TriggerState.DONE)
    publisher = await _publisher(trigger)
    if row.state is PublishState.POSTING:
        # Before anything is done: killed afterwards, nobody would know that an answer was lost.
        await _look_again(item, row.attempted_at or 0.0)
    outcome = await publisher.publish()
    services().meters.issues.labels(outcome.value).inc()
    log.info("published", outcome=outcome.value, **about(item))
    if outcome is Outcome.REFUSED:
        row = await rows.get(trigger.repository_id)
        raise Ended((row and row.reason) or outcome.value, TriggerState.DONE)
    return outcome.value


async def _look_again(item: WorkItem, attempted_at: float) -> None:
    trigger = item.trigger
    for number, seconds in enumerate(TIDY_AFTER):
        key = f"tidy:{trigger.repository_id}:config:{int(attempted_at)}:{number}"
        update = {"kind": TriggerKind.TIDY, "key": key, "delay": seconds, "round": 0}
        await services().triggers.add(trigger.model_copy(update=update), item.guid)


async def tidy(item: WorkItem) -> int:
    """Close every configuration issue but the lowest; give how many were closed."""
    closed = await (await _publisher(item.trigger)).tidy()
    services().meters.issues.labels("closed_duplicate").inc(closed)
    return closed


async def _publisher(trigger: Trigger) -> ConfigPublisher:
    here = services()
    writer = here.github.as_installation(trigger.installation_id, trigger.repository_id, WRITE)
    return ConfigPublisher(
        writer=writer,
        rows=here.config_issues,
        place=ConfigPlace(trigger.repository_id, await _full_name(writer, trigger)),
        app_id=here.app_id,
        quarantine=here.settings.posting_quarantine,
        clock=here.installed.clock,
    )


async def _full_name(writer: API, trigger: Trigger) -> str:
    """Give the repository's name as GitHub has it now. Raises ``Ended`` if it is archived."""
    found = await writer.getitem(_REPOSITORY, {"id": str(trigger.repository_id)})
    name = found.get("full_name") if isinstance(found, dict) else None
    if not isinstance(name, str):
        raise Later(5.0, "GitHub's answer to the question for a repository holds none")
    if found.get("archived") is True:
        raise Ended(ARCHIVED, TriggerState.DONE)
    return name
