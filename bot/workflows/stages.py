"""The steps: each calls one stage with what it needs, and leaves its result in the store.

Every step may run twice; what it leaves is then the same.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot.errors import Later, Moved
from bot.facts.pull import read_pull
from bot.github import READ, WRITE
from bot.logged import about
from bot.markdown.report import render_comment
from bot.marker import with_notes
from bot.model import RelatedPull, Relation, Trigger, TriggerKind
from bot.publishing import CommentPublisher, LabelPublisher, Outcome, Place, SeenLabels, wanted_labels
from bot.publishing.comment import KIND
from bot.store import PublishState
from bot.workflows.checking import style_of
from bot.workflows.corrections import left_by_people
from bot.workflows.edge import log
from bot.workflows.lifecycle import require_place
from bot.workflows.making import make_report
from bot.workflows.reading import read_insights
from bot.workflows.registering import register, register_late
from bot.workflows.services import services
from bot.workflows.worded import require_wanted, settings_for
from bot.workflows.working import facts_in_flight, stored_report

if TYPE_CHECKING:
    from bot.inference.read import Read
    from bot.model import PullFacts, PullReport, WorkItem
    from bot.settings import Settings

# When to look again for a second comment, after a lost answer (R28).
TIDY_AFTER = (60.0, 600.0, 86_400.0)


async def read_facts(item: WorkItem) -> None:
    """Read the pull request from GitHub, unless an earlier attempt has just done so."""
    trigger, store = item.trigger, services().reports
    await require_place(trigger)
    await require_wanted(trigger)
    read_at = await store.facts_read_at(trigger.repository_id, trigger.number)
    if read_at is not None and read_at >= item.requested_at:
        return
    reader = services().github.as_installation(trigger.installation_id, trigger.repository_id, READ)
    started = time.time()
    facts = await read_pull(reader, trigger.repository, trigger.repository_id, trigger.number)
    await store.keep_facts(await _with_reverts(facts, trigger), started)


async def _with_reverts(facts: PullFacts, trigger: Trigger) -> PullFacts:
    """Add the reverts of this pull request that have reports: GitHub does not always link them."""
    known = {item.number for item in facts.related if item.relation is Relation.REVERTED_BY}
    found = [
        RelatedPull(
            number=stored.report.head.number or 0,
            relation=Relation.REVERTED_BY,
            title=stored.report.head.title,
            merged_at=stored.report.head.merged_at,
        )
        for stored in await services().reports.reverts_of(trigger.repository_id, trigger.number)
        if stored.report.head.number not in known
    ]
    return facts.model_copy(update={"related": (*found, *facts.related)}) if found else facts


async def infer_insights(item: WorkItem) -> int:
    """Make the report of the facts, store it, and enter its risks; give its revision."""
    flight = await facts_in_flight(item)
    found = await read_insights(item, flight.facts)
    report = await _built(item, flight.facts, found)
    revision = await _stored(item.trigger, report)
    await register(item, flight.facts, report)
    return revision


async def _stored(trigger: Trigger, report: PullReport) -> int:
    store = services().reports
    before = await store.get(trigger.repository_id, trigger.number)
    if before is not None:
        report = _keep_time(report, before.report)
        if report == before.report:
            return before.revision
    return await store.save(report, trigger.installation_id)


async def _built(item: WorkItem, facts: PullFacts, found: Read) -> PullReport:
    settings = await settings_for(item.trigger)
    # In a thread: the largest take seconds, and deliveries are answered meanwhile.
    result = await asyncio.to_thread(make_report, facts, found, settings, services().version)
    if result.findings:
        log.error("unchecked words in a report", words=len(result.findings), **about(item))
        services().meters.claims.labels("cut").inc(len(result.findings))
    return result.report


def _keep_time(report: PullReport, before: PullReport) -> PullReport:
    """Keep the time of an equal report, so that its comment stays as it is and nobody is notified."""
    same_time = {"generated_at": before.provenance.generated_at}
    aged = report.model_copy(update={"provenance": report.provenance.model_copy(update=same_time)})
    return aged if aged == before else report


async def write_text(item: WorkItem) -> str | None:
    """Render the comment and record it as wanted; give the reason if there is to be none."""
    settings, rows, trigger = services().settings, services().publications, item.trigger
    report = await stored_report(item)
    reason = why_silent(report, settings)
    published = await rows.get(trigger.repository_id, trigger.number, KIND)
    if reason is not None and (published is None or published.state is not PublishState.POSTED):
        return reason
    await want_text(item, report)
    return None


async def want_text(item: WorkItem, report: PullReport) -> None:
    """Render the comment and record it as wanted, with what maintainers wrote into it."""
    trigger, style = item.trigger, style_of(await settings_for(item.trigger))
    body = await asyncio.to_thread(render_comment, report, style)
    body = with_notes(body, await left_by_people(item))
    await services().publications.want(trigger.repository_id, trigger.number, KIND, body)


def why_silent(report: PullReport, settings: Settings) -> str | None:
    """Tell why a report is kept without a comment, or ``None`` if it gets one."""
    if report.head.author.is_bot and not settings.report_bots:
        return "written by a bot"
    if report.scores.importance < settings.min_importance:
        return "below the minimum importance"
    if report.head.repository.archived:
        return "the repository is archived"
    return None


async def publish(item: WorkItem) -> str:
    """Bring comment and labels to what the report wants; give what happened to the comment."""
    try:
        return await _publish(item)
    except Moved as error:
        # Renamed since the facts were read: they have the old name, and must be read again.
        await services().reports.drop_facts(item.trigger.repository_id, item.trigger.number)
        raise Later(1.0, "the repository was renamed meanwhile") from error


async def _publish(item: WorkItem) -> str:
    row = await services().publications.get(item.trigger.repository_id, item.trigger.number, KIND)
    if row is None:
        return "none"
    flight = await facts_in_flight(item)
    place = Place(item.trigger.repository_id, flight.facts.repository.full_name, item.trigger.number)
    publisher = _comment_publisher(item, place)
    if row.state is PublishState.POSTING:
        # Before anything is done: killed afterwards, nobody would know that an answer was lost.
        await _look_again(item, row.attempted_at or 0.0)
    outcome = await publisher.publish(flight.facts.own_comment_id)
    services().meters.comments.labels(outcome.value).inc()
    log.info("published", outcome=outcome.value, **about(item))
    if outcome not in {Outcome.DISMISSED, Outcome.REFUSED}:
        await _publish_labels(item, place, flight.facts, flight.read_at)
    return outcome.value


def _comment_publisher(item: WorkItem, place: Place) -> CommentPublisher:
    trigger = item.trigger
    return CommentPublisher(
        writer=services().github.as_installation(trigger.installation_id, trigger.repository_id, WRITE),
        rows=services().publications,
        place=place,
        app_id=services().app_id,
        quarantine=services().settings.posting_quarantine,
    )


async def _publish_labels(item: WorkItem, place: Place, facts: PullFacts, read_at: float) -> None:
    trigger, settings = item.trigger, services().settings
    publisher = LabelPublisher(
        writer=services().github.as_installation(trigger.installation_id, trigger.repository_id, WRITE),
        rows=services().publications,
        place=place,
        quarantine=settings.posting_quarantine,
    )
    seen = SeenLabels(frozenset(facts.labels), frozenset(facts.repository_labels), read_at)
    await publisher.publish(wanted_labels(await stored_report(item), settings.max_labels), seen)


async def _look_again(item: WorkItem, attempted_at: float) -> None:
    trigger = item.trigger
    for number, seconds in enumerate(TIDY_AFTER):
        key = f"tidy:{trigger.repository_id}:{trigger.number}:{int(attempted_at)}:{number}"
        later = trigger.model_copy(update={"kind": TriggerKind.TIDY, "key": key, "delay": seconds})
        await services().triggers.add(later, item.guid)


async def tidy(item: WorkItem) -> int:
    """Delete every comment of ours but the oldest; give how many were deleted."""
    trigger = item.trigger
    report = await stored_report(item)
    place = Place(trigger.repository_id, report.head.repository.full_name, trigger.number)
    deleted = await _comment_publisher(item, place).tidy()
    services().meters.comments.labels("deleted_duplicate").inc(deleted)
    return deleted


async def finish(item: WorkItem) -> None:
    """Ask for the reports this one changes: a revert is told on the original's report."""
    report, trigger = await stored_report(item), item.trigger
    await register_late(item, report)
    if trigger.kind is not TriggerKind.REPORT:
        return
    for related in report.related:
        if related.relation is Relation.REVERTS:
            key = f"refresh:{trigger.repository_id}:{related.number}:reverted-by-{trigger.number}"
            update = {"kind": TriggerKind.REFRESH, "key": key, "number": related.number, "merge_sha": None}
            told = trigger.model_copy(update=update | {"only_if_reported": True, "delay": 0.0})
            await services().triggers.add(told, item.guid)
