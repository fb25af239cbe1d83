"""Where a report is shown: as a comment or as a check run, each through its own publish row, with labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.github import WRITE
from bot.model.labelling import Labelling
from bot.model.repo_config import PublishMode
from bot.publishing import (
    CheckPublisher,
    CommentPublisher,
    LabelPublisher,
    SeenLabels,
    wanted_labels,
)
from bot.publishing.check import CHECK_KIND, RIGHTS
from bot.publishing.comment import KIND
from bot.store import PublishState, TriggerState
from bot.workflows.edge import Ended
from bot.workflows.services import services
from bot.workflows.worded import chosen_of
from bot.workflows.working import facts_in_flight, stored_report

if TYPE_CHECKING:
    from bot.model import WorkItem
    from bot.model.repo_config import Choices
    from bot.publishing import Place
    from bot.store.reports import FactsInFlight

_KINDS = {PublishMode.COMMENT: KIND, PublishMode.CHECK: CHECK_KIND}


def kind_of(chosen: Choices) -> str | None:
    """Give the kind of the publish row by which reports are shown, ``None`` where they are not."""
    return _KINDS.get(chosen.publish)


def publisher_of(item: WorkItem, place: Place, kind: str, merge_sha: str) -> CommentPublisher:
    """Give the publisher of a report; a check run belongs to the merge commit."""
    trigger, here = item.trigger, services()
    rights = RIGHTS if kind == CHECK_KIND else WRITE
    writer = here.github.as_installation(trigger.installation_id, trigger.repository_id, rights)
    quarantine = here.settings.posting_quarantine
    if kind == CHECK_KIND:
        parts = (writer, here.publications, place, here.app_id, quarantine)
        return CheckPublisher(*parts, kind=kind, sha=merge_sha)
    return CommentPublisher(writer, here.publications, place, here.app_id, quarantine)


async def publish_labels(item: WorkItem, place: Place, flight: FactsInFlight, chosen: Choices) -> None:
    """Bring the labels to what the report wants, unless the repository's file switches them off."""
    if not chosen.labels.enabled:
        return
    trigger, facts = item.trigger, flight.facts
    publisher = LabelPublisher(
        writer=services().github.as_installation(trigger.installation_id, trigger.repository_id, WRITE),
        rows=services().publications,
        place=place,
        quarantine=services().settings.posting_quarantine,
        prefix=chosen.labels.prefix,
    )
    seen = SeenLabels(frozenset(facts.labels), frozenset(facts.repository_labels), flight.read_at)
    await publisher.publish(wanted_labels(await stored_report(item), Labelling.of(chosen)), seen)


async def tell_refused(item: WorkItem) -> None:
    """End the work on a report that is all done, but GitHub refuses to show it: with the reason."""
    chosen = chosen_of((await facts_in_flight(item)).facts)
    reason = await why_not_shown(item.trigger.repository_id, item.trigger.number, chosen)
    raise Ended(reason or "GitHub refuses to show the report", TriggerState.DONE)


async def why_not_shown(repository_id: int, number: int, chosen: Choices) -> str | None:
    """Tell why GitHub refuses to show a report where it is to be; ``None`` if it does not.

    For a check run it says what to do.
    """
    kind = kind_of(chosen)
    row = kind and await services().publications.get(repository_id, number, kind)
    # A person who deleted it refused nothing.
    if not row or not row.reason or row.state is PublishState.DISMISSED:
        return None
    reason = row.reason.rstrip(".")
    if kind != CHECK_KIND:
        return f"no comment: {reason}"
    return f"no check run: {reason}. Grant the app checks: write, or choose publish: comment"
