"""The steps: each calls one stage with what it needs, and leaves its result in the store.

Every step may run twice; what it leaves is then the same.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot.errors import Later, Moved
from bot.facts.pull import Manner, read_pull
from bot.github import READ
from bot.logged import about
from bot.markdown.report import render_comment
from bot.marker import with_notes
from bot.model import Relation, Trigger, TriggerKind
from bot.model.repo_config import CONFIG_PATH
from bot.publishing import Outcome, Place
from bot.publishing.check import CHECK_KIND
from bot.publishing.comment import KIND
from bot.store import PublishState
from bot.workflows.checking import style_of
from bot.workflows.config_noticing import notice
from bot.workflows.corrections import left_by_people
from bot.workflows.edge import Ended, log
from bot.workflows.lifecycle import require_place
from bot.workflows.making import make_report
from bot.workflows.reading import read_insights
from bot.workflows.registering import register, register_late
from bot.workflows.reverts import with_reverts
from bot.workflows.services import services
from bot.workflows.showing import kind_of, publish_labels, publisher_of
from bot.workflows.worded import chosen_for, chosen_of, require_wanted, settings_for, why_ignored
from bot.workflows.working import facts_in_flight, stored_report

if TYPE_CHECKING:
    from bot.inference.read import Read
    from bot.model import PullFacts, PullReport, WorkItem
    from bot.settings import Settings

# When to look again for a second comment, after a lost answer (R28).
TIDY_AFTER = (60.0, 600.0, 86_400.0)


async def read_facts(item: WorkItem) -> None:
    """Read the pull request from GitHub, unless an earlier attempt has just done so.

    Ends the work on one that a person, or the repository's file, ignores.
    """
    await _read_facts(item, by_hand=False)


async def read_facts_by_hand(item: WorkItem) -> None:
    """Do the same for somebody who asked for this very report: the file does not stop that."""
    await _read_facts(item, by_hand=True)


async def _read_facts(item: WorkItem, *, by_hand: bool) -> None:
    trigger, store = item.trigger, services().reports
    await require_place(trigger)
    await require_wanted(trigger)
    read_at = await store.facts_read_at(trigger.repository_id, trigger.number)
    if read_at is not None and read_at >= item.requested_at:
        return
    started = time.time()
    facts = await facts_now(item, by_hand=by_hand)
    await store.keep_facts(await with_reverts(facts, trigger), started)
    if any(file.path == CONFIG_PATH for file in facts.files):
        # The schedule of digests goes by what was read last: it is to know at once.
        services().configs.forget(facts.repository.full_name)
        await chosen_for(item)


async def facts_now(item: WorkItem, *, by_hand: bool = False) -> PullFacts:
    """Read a pull request from GitHub. Raises ``Ended`` for one that the repository's file ignores."""
    trigger, chosen = item.trigger, await chosen_for(item)
    reader = services().github.as_installation(trigger.installation_id, trigger.repository_id, READ)
    where = (reader, trigger.repository, trigger.repository_id, trigger.number)
    facts = await read_pull(*where, Manner(chosen))
    ignored = None if by_hand else why_ignored(facts, chosen)
    if ignored is not None:
        raise Ended(ignored)
    return facts


async def infer_insights(item: WorkItem) -> int:
    """Make the report of the facts, store it, and enter its risks; give its revision."""
    flight = await facts_in_flight(item)
    found = await read_insights(item, flight.facts)
    report, revision = await keep_report(item, flight.facts, found)
    await register(item, flight.facts, report)
    return revision


async def keep_report(item: WorkItem, facts: PullFacts, found: Read) -> tuple[PullReport, int]:
    """Make the report of what was read, and store it; give it with its revision."""
    report = await _built(item, facts, found)
    return report, await _stored(item.trigger, report)


async def _stored(trigger: Trigger, report: PullReport) -> int:
    store = services().reports
    before = await store.get(trigger.repository_id, trigger.number)
    if before is not None:
        report = _keep_time(report, before.report)
        if report == before.report:
            return before.revision
    return await store.save(report, trigger.installation_id)


async def _built(item: WorkItem, facts: PullFacts, found: Read) -> PullReport:
    settings = await settings_for(item.trigger, facts)
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
    rows, trigger, facts = services().publications, item.trigger, (await facts_in_flight(item)).facts
    report, kind = await stored_report(item), kind_of(chosen_of(facts))
    if kind is None:
        return "the repository's file says publish: none"
    reason = why_silent(report, await settings_for(trigger, facts)) or await _why_quiet(trigger)
    published = await rows.get(trigger.repository_id, trigger.number, kind)
    if reason is not None and (published is None or published.state is not PublishState.POSTED):
        return reason
    await want_text(item, report)
    return None


async def _why_quiet(trigger: Trigger) -> str | None:
    """Tell why a report that changed gets no comment: a backfill made it without one, and nobody asked."""
    if trigger.kind is TriggerKind.REPORT:
        return None
    is_quiet = await services().backfills.is_quiet(trigger.repository_id, trigger.number)
    return "made by a backfill, without a comment" if is_quiet else None


async def want_text(item: WorkItem, report: PullReport) -> None:
    """Render the report and record it as wanted; a comment with what maintainers wrote into it."""
    trigger, facts = item.trigger, (await facts_in_flight(item)).facts
    kind = kind_of(chosen_of(facts))
    if kind is None:
        return
    body = await asyncio.to_thread(render_comment, report, style_of(await settings_for(trigger, facts)))
    # A check run has no hidden first line: it is known by an id of its own.
    body = with_notes(body, await left_by_people(item)) if kind == KIND else body.partition("\n")[2].strip()
    await services().publications.want(trigger.repository_id, trigger.number, kind, body)


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
    flight = await facts_in_flight(item)
    facts, chosen = flight.facts, chosen_of(flight.facts)
    kind = kind_of(chosen)
    row = kind and await services().publications.get(item.trigger.repository_id, item.trigger.number, kind)
    if not row or not kind:
        return "none"
    place = Place(item.trigger.repository_id, facts.repository.full_name, item.trigger.number)
    publisher = publisher_of(item, place, kind, facts.merge_sha)
    if row.state is PublishState.POSTING:
        # Before anything is done: killed afterwards, nobody would know that an answer was lost.
        await _look_again(item, row.attempted_at or 0.0)
    outcome = await publisher.publish(facts.own_comment_id if kind == KIND else None)
    meters = services().meters
    (meters.comments if kind == KIND else meters.checks).labels(outcome.value).inc()
    log.info("published", outcome=outcome.value, **about(item))
    if outcome not in {Outcome.DISMISSED, Outcome.REFUSED}:
        await publish_labels(item, place, flight, chosen)
    return outcome.value


async def _look_again(item: WorkItem, attempted_at: float) -> None:
    trigger = item.trigger
    for number, seconds in enumerate(TIDY_AFTER):
        key = f"tidy:{trigger.repository_id}:{trigger.number}:{int(attempted_at)}:{number}"
        later = trigger.model_copy(update={"kind": TriggerKind.TIDY, "key": key, "delay": seconds})
        await services().triggers.add(later, item.guid)


async def tidy(item: WorkItem) -> int:
    """Keep the oldest of our comments and check runs; give how many others there were."""
    trigger, head = item.trigger, (await stored_report(item)).head
    place, doubles = Place(trigger.repository_id, head.repository.full_name, trigger.number), 0
    for kind in (KIND, CHECK_KIND):
        doubles += await publisher_of(item, place, kind, head.merge_sha).tidy()
    services().meters.comments.labels("deleted_duplicate").inc(doubles)
    return doubles


async def finish(item: WorkItem) -> None:
    """Ask for the reports this one changes: a revert is told on the original's report.

    And for the issue that tells the repository what is wrong in its file.
    """
    report = await stored_report(item)
    await register_late(item, report)
    await tell_reverted(item, report)
    await notice(item)


async def tell_reverted(item: WorkItem, report: PullReport) -> None:
    """Ask for the reports of what this pull request reverts, where there are any."""
    trigger = item.trigger
    if trigger.kind is not TriggerKind.REPORT:
        return
    for related in report.related:
        if related.relation is Relation.REVERTS:
            key = f"refresh:{trigger.repository_id}:{related.number}:reverted-by-{trigger.number}"
            update = {"kind": TriggerKind.REFRESH, "key": key, "number": related.number, "merge_sha": None}
            told = trigger.model_copy(update=update | {"only_if_reported": True, "delay": 0.0})
            await services().triggers.add(told, item.guid)
