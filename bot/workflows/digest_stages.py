"""The steps of a digest: each calls one stage with what it needs, and leaves its result in the store.

Every step may run twice; what it leaves is then the same.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import Later
from bot.inference.digest import build_digest
from bot.logged import about
from bot.model import DigestReading, TriggerKind, WithoutModel
from bot.repo_config import effective
from bot.store import TriggerState
from bot.workflows import digest_reading
from bot.workflows.checking import style_of
from bot.workflows.config_noticing import notice
from bot.workflows.costs import priced
from bot.workflows.digest_checking import CheckedDigest, checked_digest
from bot.workflows.digest_places import path_of
from bot.workflows.digest_publishing import publish_issue, render_text, tidy_issues
from bot.workflows.digest_sources import gather
from bot.workflows.edge import Ended, log
from bot.workflows.lifecycle import require_place
from bot.workflows.services import services
from bot.workflows.timely import is_scheduled, require_due
from bot.workflows.worded import chosen_for_digest
from bot.workflows.working import digest_key

if TYPE_CHECKING:
    from bot.model import Digest, DigestRequest, PeriodFacts, RegisterView, Repository, Trigger, WorkItem
    from bot.model.repo_config import Choices
    from bot.store import PeriodInFlight, StoredDigest

NOTHING = "nothing was merged"
# When to look again for a second issue, after a lost answer (R28).
TIDY_AFTER = (60.0, 600.0, 86_400.0)


async def read_facts(item: WorkItem) -> None:
    """Compute the facts of the period, unless an earlier attempt has just done so.

    Ends the work if nothing was merged: such a period has no digest.
    """
    trigger, key = item.trigger, digest_key(item.trigger)
    await require_place(trigger)
    await require_due(item)
    await notice(item)
    read_at = await services().digests.facts_read_at(key)
    if read_at is not None and read_at >= item.requested_at:
        return
    started = time.time()
    facts = await gather(trigger, request_of(trigger))
    if not facts.pulls:
        raise Ended(NOTHING, TriggerState.DONE)
    await services().digests.keep_facts(key, trigger.installation_id, facts, started)


async def infer_insights(item: WorkItem) -> None:
    """Make the digest of the facts and the register, and store it."""
    trigger, flight = item.trigger, await _facts_in_flight(item)
    asked = await digest_reading.Asked.of(item)
    digest = await digest_of(asked, flight.facts)
    await services().digests.save(digest_key(trigger), trigger.installation_id, digest, asked.chosen.language)


async def digest_of(asked: digest_reading.Asked, facts: PeriodFacts, *, completing: bool = True) -> Digest:
    """Make the digest, as a model tells it if one is asked. Raises ``Later`` while it is waited for.

    One that is written without a model that is away is completed later, if ``completing``.
    """
    item, request = asked.item, request_of(asked.item.trigger)
    view = await services().register.view(
        [one.id for one in facts.repositories],
        facts.period.since,
        facts.period.until,
        path=path_of(request.scope),
    )
    told = await digest_reading.read_insights(asked, facts, view, completing=completing)
    # In a thread: the largest take seconds, and deliveries are answered meanwhile.
    result = await asyncio.to_thread(_build, asked.chosen, facts, view, told)
    if result.findings:
        log.error("unchecked words in a digest", words=len(result.findings), **about(item))
        services().meters.claims.labels("cut").inc(len(result.findings))
    return result.digest


def _build(
    chosen: Choices, facts: PeriodFacts, view: RegisterView, told: digest_reading.Told
) -> CheckedDigest:
    settings = effective(services().settings, chosen)
    style = style_of(settings)
    build = partial(
        build_digest,
        facts,
        view,
        now=datetime.now(UTC),
        version=services().version,
        most_highlights=settings.digest_highlights,
        threshold=settings.digest_threshold,
    )
    if not isinstance(told, DigestReading):
        return checked_digest(build(without_model=told), style, partial(build, without_model=told))
    made = priced(build(reading=told, without_model=told.without), told, settings.prices)
    return checked_digest(made, style, partial(build, without_model=told.without or WithoutModel.UNUSABLE))


async def write_text(item: WorkItem) -> str | None:
    """Render the issue and record it as wanted; give the reason if there is to be none."""
    trigger, stored = item.trigger, await _stored(item)
    reason = why_silent(request_of(trigger), stored.digest, trigger.repository_id) or await _why_quiet(item)
    if reason is not None:
        return reason
    key, since = digest_key(trigger), stored.digest.facts.period.since.timestamp()
    text = await render_text(key, stored)
    await services().digest_issues.want(key, since, text.title, text.body)
    return None


def why_silent(request: DigestRequest, digest: Digest, home_id: int) -> str | None:
    """Tell why a digest is kept without an issue, or ``None`` if it gets one."""
    if not request.publish:
        return "it is not to be published"
    if any(one.archived for one in digest.facts.repositories if one.id == home_id):
        return "the repository is archived"
    return None


async def _why_quiet(item: WorkItem) -> str | None:
    """Tell whether the repository's file has come to want no issues since the digest was asked for."""
    if not is_scheduled(item):
        return None
    chosen = await chosen_for_digest(item)
    is_quiet = chosen.digest.publish == "none" and services().settings.digest_publish != "none"
    return "the repository's file says digest.publish: none" if is_quiet else None


async def publish(item: WorkItem) -> str:
    """Bring the issue to what is wanted, and close the one before; give what happened to the issue."""
    key = digest_key(item.trigger)
    row = await services().digest_issues.get(key)
    if row is None or not request_of(item.trigger).publish:
        return "none"
    outcome = await publish_issue(item, await _told_of(item), row, look_again=_look_again)
    services().meters.issues.labels(outcome.value).inc()
    log.info("published", outcome=outcome.value, **about(item))
    return outcome.value


async def _look_again(item: WorkItem, attempted_at: float) -> None:
    key = digest_key(item.trigger)
    for number, seconds in enumerate(TIDY_AFTER):
        name = f"tidy:{key.repository_id}:digest:{key.scope or '-'}:{key.period}:{int(attempted_at)}:{number}"
        update = {"kind": TriggerKind.TIDY, "key": name, "delay": seconds, "round": 0}
        await services().triggers.add(item.trigger.model_copy(update=update), item.guid)


async def tidy(item: WorkItem) -> int:
    """Close every issue of this digest but the lowest; give how many were closed."""
    closed = await tidy_issues(item, await _told_of(item))
    services().meters.issues.labels("closed_duplicate").inc(closed)
    return closed


def request_of(trigger: Trigger) -> DigestRequest:
    """Give what a trigger asks for. Raises ``ValueError`` if it is about no digest."""
    if trigger.digest is None:
        raise ValueError("the trigger asks for no digest")
    return trigger.digest


async def _facts_in_flight(item: WorkItem) -> PeriodInFlight:
    flight = await services().digests.facts_of(digest_key(item.trigger))
    if flight is None:
        raise Later(1.0, "the facts were dropped by other work", counts=False)
    return flight


async def _stored(item: WorkItem) -> StoredDigest:
    stored = await services().digests.get(digest_key(item.trigger))
    if stored is None:
        raise Later(1.0, "the digest is not in the store", counts=True)
    return stored


async def _told_of(item: WorkItem) -> tuple[Repository, ...]:
    found = await services().digests.repositories(digest_key(item.trigger))
    if found is None:
        raise Later(1.0, "the digest is not in the store", counts=True)
    return found
