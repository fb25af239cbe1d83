"""A commanded report: made at once, posted though it would be kept quiet, or a preview before the merge."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.errors import ModelAway
from bot.facts.pull import Manner, read_pull
from bot.github import READ
from bot.inference.read import Read, read
from bot.markdown.answers import preview_text, says
from bot.markdown.escape import code
from bot.model import TriggerKind, WithoutModel
from bot.model.repo_config import PublishMode
from bot.publishing import Place
from bot.publishing.answer import want_again, want_if_gone
from bot.publishing.comment import KIND as COMMENT_KIND
from bot.workflows import stages
from bot.workflows.checking import style_of
from bot.workflows.command_stages import recorded
from bot.workflows.commanded import Told, asked, current_place, request_of, writer_of
from bot.workflows.making import make_report
from bot.workflows.reading import ask_for, why_unasked
from bot.workflows.services import services
from bot.workflows.showing import kind_of, why_not_shown
from bot.workflows.worded import chosen_of, is_ignored, settings_for, terms_for
from bot.workflows.working import facts_in_flight, stored_report

if TYPE_CHECKING:
    from bot.model import PullFacts, WorkItem
    from bot.settings import Settings

_PULL = "/repos/{owner}/{repo}/pulls/{number}"


async def refuse(item: WorkItem) -> dict[str, Any] | None:
    """Say of an ignored pull request that it is; of any other ``None``."""
    if not await is_ignored(item.trigger):
        return None
    found = await asked(item)
    body = says(found.choices.language, "answer.ignored", unignore=code("/prhub unignore"))
    return await recorded(found, Told(done=False, body=body))


async def look(item: WorkItem) -> bool:
    """Note the language that was asked for, and tell whether the pull request is merged."""
    trigger, request = item.trigger, request_of(item.trigger)
    if request.command.language is not None:
        language = {"language": request.command.language}
        await services().pull_choices.set(trigger.repository_id, trigger.number, **language)
    if request.merged:
        return True
    place = await current_place(trigger)
    reader = services().github.as_installation(trigger.installation_id, trigger.repository_id, READ)
    pull: Any = await reader.getitem(_PULL, place.url_vars)
    return isinstance(pull, dict) and pull.get("merged") is True


def as_report(item: WorkItem) -> WorkItem:
    """Give the command as the work on a report that it asks for: as after a merge, the model is asked."""
    changes = {"kind": TriggerKind.REPORT, "command": None}
    return item.model_copy(update={"trigger": item.trigger.model_copy(update=changes)})


async def write_text(item: WorkItem) -> bool:
    """Record the report as wanted, whoever wrote the pull request, and also where one was deleted.

    An archived repository gets none, and one whose file says so; gives whether there is to be one.
    """
    report, kind = await stored_report(item), await _kind(item)
    if report.head.repository.archived or kind is None:
        return False
    await stages.want_text(item, report)
    rows = services().publications
    row = await rows.get(item.trigger.repository_id, item.trigger.number, kind)
    if row is not None:
        await want_again(rows, row)
    return True


async def _kind(item: WorkItem) -> str | None:
    return kind_of(chosen_of((await facts_in_flight(item)).facts))


async def publish(item: WorkItem) -> str:
    """Publish the report; a comment that somebody deleted is posted anew, for somebody asked."""
    trigger = item.trigger
    name = (await facts_in_flight(item)).facts.repository.full_name
    place = Place(trigger.repository_id, name, trigger.number)
    if await _kind(item) == COMMENT_KIND:
        await want_if_gone(writer_of(trigger), services().publications, place, COMMENT_KIND)
    return await stages.publish(item)


async def tell_unshown(item: WorkItem) -> dict[str, Any]:
    """Tell of a report that is made why it is not shown, where whoever asked can do something about it."""
    found = await asked(item)
    language, mode = found.choices.language, found.choices.publish
    if mode is PublishMode.NONE:
        return await recorded(found, Told(body=says(language, "answer.report_kept")))
    reason = await why_not_shown(found.repository_id, found.number, found.choices)
    body = None if reason is None else says(language, "answer.report_refused", reason=reason)
    return await recorded(found, Told(done=False, body=body))


async def preview(item: WorkItem) -> dict[str, Any]:
    """Write the report of a pull request that is not merged, as an answer; nothing else is stored of it."""
    found, trigger = await asked(item), item.trigger
    reader = services().github.as_installation(trigger.installation_id, trigger.repository_id, READ)
    where = (reader, trigger.repository, trigger.repository_id, trigger.number)
    facts = await read_pull(*where, Manner(found.choices, datetime.now(UTC)))
    told = await _read(item, facts)
    settings = await settings_for(trigger, facts)
    return await recorded(found, await asyncio.to_thread(_previewed, facts, told, settings))


async def _read(item: WorkItem, facts: PullFacts) -> Read:
    """Ask the model, but do not wait for one that is away: a person waits here."""
    unasked = why_unasked(facts)
    if unasked is not None:
        return Read(None, unasked)
    try:
        return await read(facts, None, await terms_for(item.trigger, facts), ask_for(item, chosen_of(facts)))
    except ModelAway:
        return Read(None, WithoutModel.UNAVAILABLE)


def _previewed(facts: PullFacts, told: Read, settings: Settings) -> Told:
    clean = make_report(facts, told, settings, services().version).report
    return Told(done=not clean.head.repository.archived, body=preview_text(clean, style_of(settings)))
