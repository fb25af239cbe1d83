"""A digest's issue takes the place of the one before: both are linked, and only the newest stays open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import failpoint
from bot.errors import Forbidden, Gone, Later, NoAccess
from bot.publishing.comment import Outcome
from bot.publishing.own_issues import ISSUE, number_of
from bot.store import PublishState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.publishing.digest_issue import IssuePublisher
    from bot.store import DigestIssue

    Retell = Callable[[DigestIssue], Awaitable[object]]

# What GitHub says of an open issue that was closed before.
_REOPENED = "reopened"


async def close_previous(publisher: IssuePublisher, retell: Retell) -> Outcome:
    """Close the issue of the digest before this one, with a link to this one's, which must be posted.

    ``retell`` renders another digest's text anew and wants it (``DigestIssues.want``), with the numbers
    of its present neighbours as links. Older ones that could not be closed in their time are closed too.
    A digest that was made late has one after it: that one gets its link back, and the late one is
    closed at once, so that the newest stays the open one whatever the order. Gives what became of the
    previous issue. Raises as ``IssuePublisher.publish`` does.
    """
    row = await publisher.row()
    if row is None or row.state is not PublishState.POSTED:
        return Outcome.UNCHANGED
    previous = await publisher.rows.previous(row.key, row.since)
    outcome = Outcome.UNCHANGED
    if previous is not None:
        await retell(previous)
        outcome = await close(_of(publisher, previous))
        await _close_older(publisher, previous)
    following = await publisher.rows.following(row.key, row.since)
    if following is not None:
        await retell(following)
        if await _of(publisher, following).publish() is not Outcome.DISMISSED:
            await retell(row)
            await close(publisher)
    return outcome


async def _close_older(publisher: IssuePublisher, row: DigestIssue) -> None:
    """Close what was left open before a digest, back to the first that was not."""
    older = await publisher.rows.previous(row.key, row.since)
    while older is not None and not older.closed:
        await close(_of(publisher, older))
        older = await publisher.rows.previous(older.key, older.since)


async def close(publisher: IssuePublisher) -> Outcome:
    """Close a posted issue once, as completed, with its wanted text; else only bring the text up to date.

    Who reopened it, or closed it before, has decided: that is left as it is, now and later.
    """
    row = await publisher.row()
    if row is None or row.state is not PublishState.POSTED:
        return Outcome.UNCHANGED
    if row.closed:
        return await publisher.publish()
    try:
        seen = await publisher.writer.getitem(ISSUE, publisher.place.of(row.issue_number or 0))
    except NoAccess:
        raise
    except Gone as error:
        return await publisher.missing(row, error)
    except Forbidden as error:
        await publisher.change(row, reason=str(error))
        return Outcome.REFUSED
    if not _is_untouched(seen):
        await publisher.change(row, closed=True)
        return await publisher.publish()
    failpoint.reached("before_previous_closed")
    outcome = await publisher.update(row, closing=True)
    failpoint.reached("after_previous_closed")
    return outcome


def _is_untouched(seen: Any) -> bool:
    """Tell whether nobody has closed the issue yet."""
    if number_of(seen) is None or "state" not in seen:
        raise Later(5.0, "GitHub's answer to the question for an issue holds none")
    return bool(seen["state"] == "open" and seen.get("state_reason") != _REOPENED)


def _of(publisher: IssuePublisher, row: DigestIssue) -> IssuePublisher:
    """Give the publisher of another digest of the same scope."""
    return replace(publisher, place=replace(publisher.place, period=row.period))
