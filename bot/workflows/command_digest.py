"""A commanded digest: its work is asked for like any other digest's, and waited for."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import Later, UserError
from bot.facts import calendar
from bot.facts.ranges import read_range
from bot.github import READ
from bot.markdown.answers import digest_text, says
from bot.model import DigestRequest, Period, PeriodKind, Trigger, TriggerKind
from bot.publishing.answer import want_again_issue
from bot.store import DigestKey, TriggerState
from bot.workflows.commanded import Asked, Told, current_place
from bot.workflows.schedule import trigger_key
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.store import DigestIssue

# Between two looks whether the digest is done, and for how long one is waited for.
LOOKS = (1.0, 1.0, 2.0, 5.0, 10.0, 30.0)
WAIT_SECONDS = 6 * 3600.0
_UNDER_WAY = frozenset({TriggerState.NEW, TriggerState.STARTED})


async def digest(asked: Asked) -> Told:
    """Have the digest made, and tell in which issue it is. Raises ``Later`` until it is there."""
    here = await services().digest_issues.numbered(asked.repository_id, asked.number)
    try:
        request = await _request(asked, None if asked.request.is_pull else here)
    except UserError:
        return Told(done=False, body=says(asked.choices.language, "answer.no_period"))
    work = _work(asked, request)
    found = await services().triggers.outcome(work.key)
    if found is None:
        key = DigestKey(asked.repository_id, request.scope, request.period.key)
        if request.publish:
            await want_again_issue(services().digest_issues, key)
        await services().triggers.add(work, asked.item.guid)
        raise Later(LOOKS[0], "the digest is being made", counts=False)
    if found[0] in _UNDER_WAY:
        if time.time() - asked.item.requested_at > WAIT_SECONDS:
            return Told(done=False)
        raise Later(_pause(asked), "the digest is being made", counts=False)
    return await _told(asked, request, done=found[0] is TriggerState.DONE)


def _pause(asked: Asked) -> float:
    return LOOKS[min(asked.item.attempt, len(LOOKS) - 1)]


async def _told(asked: Asked, request: DigestRequest, *, done: bool) -> Told:
    """Tell where the digest is; on its own issue everybody sees it."""
    key = DigestKey(asked.repository_id, request.scope, request.period.key)
    row = await services().digest_issues.get(key)
    if not done or (row is not None and row.issue_number == asked.number):
        return Told(done=done)
    language = asked.choices.language
    if row is not None and row.issue_number is not None:
        return Told(body=digest_text(language, row.issue_number))
    is_made = await services().digests.repositories(key) is not None
    return Told(done=is_made, body=says(language, "answer.digest_kept" if is_made else "answer.digest_empty"))


def _work(asked: Asked, request: DigestRequest) -> Trigger:
    trigger = asked.item.trigger
    return Trigger(
        kind=TriggerKind.DIGEST,
        key=f"{trigger_key(asked.repository_id, request)}:command-{asked.request.comment_id}",
        installation_id=trigger.installation_id,
        repository_id=trigger.repository_id,
        repository=trigger.repository,
        number=0,
        digest=request,
    )


async def _request(asked: Asked, issue: DigestIssue | None) -> DigestRequest:
    """Give the digest that is asked for; on a digest's issue, without a period, that one."""
    chosen, named = asked.choices.digest, asked.request.command.period
    scope = ""
    if issue is not None and named is None:
        scope, named = issue.key.scope, issue.key.period
    period = await _period(asked, named or chosen.period)
    return DigestRequest(period=period, scope=scope, publish=chosen.publish == "issue")


async def _period(asked: Asked, named: str) -> Period:
    """Give the period of a name; a week or month without a date is the last whole one before the comment."""
    zone = asked.choices.digest.time_zone
    if named in set(PeriodKind):
        at = asked.request.created_at or asked.item.requested_at
        return calendar.latest_complete(PeriodKind(named), datetime.fromtimestamp(at, UTC), zone)
    try:
        return calendar.parse(named.upper() if ".." not in named else named, zone)
    except UserError:
        base, dots, head = named.partition("..")
        if not dots:
            raise
    trigger, place = asked.item.trigger, await current_place(asked.item.trigger)
    reader = services().github.as_installation(trigger.installation_id, trigger.repository_id, READ)
    since, until, _ = await read_range(reader, place.full_name, base, head)
    return calendar.tags(base, head, (since, until), zone)
