"""Publishing a digest: its text, linked to its neighbours, becomes one issue, and the former is closed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import Later, Moved
from bot.github import WRITE
from bot.logged import about
from bot.markdown.digest import DigestLinks, render_issue
from bot.publishing import IssuePlace, IssuePublisher, Outcome, close_previous
from bot.store import ORGANISATION, PublishState
from bot.workflows.checking import style_of
from bot.workflows.digest_places import home_of, may_be_shown
from bot.workflows.edge import log
from bot.workflows.services import services
from bot.workflows.working import digest_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.markdown.digest import IssueText
    from bot.model import Repository, WorkItem
    from bot.store import DigestIssue, DigestKey, StoredDigest

_NAME = "/repositories/{id}"
# What leaves nothing to succeed to.
_NOT_THERE = frozenset({Outcome.DISMISSED, Outcome.REFUSED})


async def render_text(key: DigestKey, stored: StoredDigest) -> IssueText:
    """Render a digest as its issue, with links to the issues of the digests before and after it."""
    since = stored.digest.facts.period.since.timestamp()
    rows = services().digest_issues
    previous, following = await rows.previous(key, since), await rows.following(key, since)
    links = DigestLinks(
        previous=None if previous is None else previous.issue_number,
        following=None if following is None else following.issue_number,
        home=key.repository_id,
        scope=key.scope,
    )
    settings = services().settings
    style = style_of(settings.model_copy(update={"language": stored.language or settings.language}))
    return await asyncio.to_thread(render_issue, stored.digest, style, links)


async def publish_issue(
    item: WorkItem,
    told_of: Sequence[Repository],
    row: DigestIssue,
    *,
    look_again: Callable[[WorkItem, float], Awaitable[None]],
) -> Outcome:
    """Bring the issue of a digest, of these repositories, to what its row wants; then close the one before.

    Raises ``Later`` if it has to be done again: from the facts on, if the repository was renamed, or if
    what the digest tells of may not be shown in it any more.
    """
    try:
        if not await _may_show(item, told_of):
            await services().digests.drop_facts(digest_key(item.trigger))
            raise Later(1.0, "what the digest tells of may not be shown there any more")
        publisher = await _publisher(item, told_of)
        if row.state is PublishState.POSTING:
            # Before anything is done: killed afterwards, nobody would know that an answer was lost.
            await look_again(item, row.attempted_at or 0.0)
        outcome = await publisher.publish()
        if outcome not in _NOT_THERE:
            await _succeed(item, publisher)
    except Moved as error:
        # Renamed since the facts were read: they have the old name, and must be read again.
        await services().digests.drop_facts(digest_key(item.trigger))
        raise Later(1.0, "the repository was renamed meanwhile") from error
    return outcome


async def tidy_issues(item: WorkItem, told_of: Sequence[Repository]) -> int:
    """Close every issue of a digest but the lowest; give how many were closed."""
    return await (await _publisher(item, told_of)).tidy()


async def _may_show(item: WorkItem, told_of: Sequence[Repository]) -> bool:
    return await may_be_shown((one.id for one in told_of), home_of(item.trigger))


async def _succeed(item: WorkItem, publisher: IssuePublisher) -> None:
    """Close the previous digest's issue, with links both ways, unless its text may not be shown (again)."""
    for neighbour in await _neighbours(await publisher.row()):
        told_of = await services().digests.repositories(neighbour.key)
        if told_of is None or not await _may_show(item, told_of):
            log.warning("digest before or after left as it is", issue=neighbour.issue_number, **about(item))
            return
    await close_previous(publisher, _retell)


async def _neighbours(row: DigestIssue | None) -> list[DigestIssue]:
    """Give the digests before and after one over several repositories; of others nothing is to be hidden."""
    if row is None or row.scope != ORGANISATION:
        return []
    rows = services().digest_issues
    found = (await rows.previous(row.key, row.since), await rows.following(row.key, row.since))
    return [one for one in found if one is not None]


async def _retell(row: DigestIssue) -> None:
    """Want the text of another digest with the links it has now; one that is forgotten stays as it is."""
    stored = await services().digests.get(row.key)
    if stored is not None:
        text = await render_text(row.key, stored)
        await services().digest_issues.want(row.key, row.since, text.title, text.body)


async def _publisher(item: WorkItem, told_of: Sequence[Repository]) -> IssuePublisher:
    trigger, key = item.trigger, digest_key(item.trigger)
    return IssuePublisher(
        writer=services().github.as_installation(trigger.installation_id, trigger.repository_id, WRITE),
        rows=services().digest_issues,
        place=IssuePlace(key.repository_id, await _full_name(item, told_of), key.scope, key.period),
        app_id=services().app_id,
        quarantine=services().settings.posting_quarantine,
    )


async def _full_name(item: WorkItem, told_of: Sequence[Repository]) -> str:
    """Give the name of the digest's home: as its facts have it, or as GitHub has it now."""
    home = home_of(item.trigger)
    for one in told_of:
        if one.id == home.repository_id:
            return one.full_name
    found = await home.reader().getitem(_NAME, {"id": str(home.repository_id)})
    return str(found["full_name"])
