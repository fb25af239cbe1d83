"""Reverts that only the stored reports tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import RelatedPull, Relation
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.model import PullFacts, Trigger


async def with_reverts(facts: PullFacts, trigger: Trigger) -> PullFacts:
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
