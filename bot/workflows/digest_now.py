"""A digest at once: for the command line, beside a running server, through the same publish row."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import Forbidden, Gone, Later, UserError
from bot.model import DigestRequest, Trigger, TriggerKind, WorkItem
from bot.publishing import Outcome
from bot.store import PublishState
from bot.workflows import digest_reading, digest_stages
from bot.workflows.digest_places import DigestPlace
from bot.workflows.digest_sources import gather
from bot.workflows.edge import Ended
from bot.workflows.patience import PATIENCE_SECONDS, patiently
from bot.workflows.schedule import trigger_key
from bot.workflows.services import provide, provided
from bot.workflows.services import services as current
from bot.workflows.working import digest_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import Digest
    from bot.workflows.services import Services

# The store and the keys of work hold 255 characters; the rest is for what stands around.
_LONGEST = 200


@dataclass(frozen=True)
class MadeDigest:
    """A digest, and what was published of it: what became of the issue, its number, or why there is none."""

    digest: Digest
    outcome: Outcome | None = None
    issue: int | None = None
    silent: str | None = None


async def place_named(services: Services, full_name: str) -> DigestPlace:
    """Find a repository by its name, as GitHub has it. Raises ``UserError`` if the app is not there."""
    owner, _, name = full_name.partition("/")
    app = services.github.as_app()
    try:
        found = await app.getitem("/repos/{owner}/{repo}/installation", {"owner": owner, "repo": name})
        installation_id = int(found["id"])
        reader = services.github.as_installation(installation_id, full_name, {"metadata": "read"})
        data = await reader.getitem("/repos/{owner}/{repo}", {"owner": owner, "repo": name})
    except Gone as error:
        raise UserError(f"The app is not installed on {full_name}: install it there first.") from error
    return DigestPlace(installation_id, int(data["id"]), str(data["full_name"]))


async def digest_now(
    services: Services,
    repository: DigestPlace,
    request: DigestRequest,
    say: Callable[[str], None] = lambda _: None,
) -> MadeDigest:
    """Make the digest that ``request`` asks for, and publish it if it says so.

    Without publishing, the store is only read. With it, the digest is stored and published through the
    server's publish row, so that there is one issue whoever is first; also where it was deleted, for
    whoever asks by hand wants it. Waits that GitHub asks for are waited out, up to 10 minutes; ``say``
    is told of each. A period without a merge has an empty digest, and no issue.
    Raises ``UserError``, ``Later`` for what takes longer, and ``Forbidden`` if GitHub refuses the issue.
    """
    _check(request)
    before = provided()
    # Nobody waits a quarter of an hour at a terminal: the server completes the digest then.
    patience = min(services.settings.model_patience, PATIENCE_SECONDS / 2)
    settings = services.settings.model_copy(update={"model_patience": patience})
    provide(replace(services, settings=settings))
    try:
        item = _item(repository, request)
        if request.publish:
            return await _published(item, say)
        return await patiently(_made, item, say)
    finally:
        provide(before)


def _check(request: DigestRequest) -> None:
    if len(request.scope) > _LONGEST or len(request.period.key) > _LONGEST:
        raise UserError(f"Paths and tags of over {_LONGEST} characters cannot be in a digest: choose others.")


def _item(place: DigestPlace, request: DigestRequest) -> WorkItem:
    trigger = Trigger(
        kind=TriggerKind.DIGEST,
        key=f"{trigger_key(place.repository_id, request)}:by-hand",
        installation_id=place.installation_id,
        repository_id=place.repository_id,
        repository=place.full_name,
        number=0,
        digest=request,
    )
    return WorkItem(trigger=trigger, requested_at=time.time())


async def _made(item: WorkItem) -> MadeDigest:
    facts = await gather(item.trigger, digest_stages.request_of(item.trigger))
    asked = await digest_reading.Asked.of(item)
    return MadeDigest(await digest_stages.digest_of(asked, facts, completing=False))


async def _published(item: WorkItem, say: Callable[[str], None]) -> MadeDigest:
    key, rows = digest_key(item.trigger), current().digest_issues
    try:
        await patiently(digest_stages.read_facts, item, say)
    except Ended:
        return await patiently(_made, item, say)
    await patiently(digest_stages.infer_insights, item, say)
    silent = await patiently(digest_stages.write_text, item, say)
    row = await rows.get(key)
    if row is not None and row.state in {PublishState.DISMISSED, PublishState.REFUSED}:
        await rows.change(row, state=PublishState.WANTED, issue_number=None, posted_sha256=None, closed=False)
    outcome = None if silent else Outcome(await patiently(digest_stages.publish, item, say))
    row, stored = await rows.get(key), await current().digests.get(key)
    await current().digests.drop_facts(key)
    if outcome in {Outcome.REFUSED, Outcome.DISMISSED}:
        raise Forbidden(row.reason or str(outcome) if row else str(outcome))
    if stored is None:
        raise Later(1.0, "the digest is not in the store")
    return MadeDigest(stored.digest, outcome, row.issue_number if row else None, silent)
