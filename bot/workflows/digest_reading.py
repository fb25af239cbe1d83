"""Asking the model about a period as a part of the work: outages are waited out, and digests completed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Later, ModelAway, ModelParked
from bot.inference.digest import read_digest
from bot.logged import about
from bot.model import DigestReading, TriggerKind, WithoutModel
from bot.model.repo_config import Loaded, ModelSize
from bot.repo_config import choices
from bot.store import TriggerState
from bot.workflows.edge import Ended, log
from bot.workflows.reading import INCOMPLETE, ask_for, patience_left, pause, wait_while_away
from bot.workflows.services import services
from bot.workflows.worded import chosen_for_digest
from bot.workflows.working import digest_key

if TYPE_CHECKING:
    from bot.model import PeriodFacts, RegisterView, WorkItem
    from bot.model.repo_config import Choices

# Why a period is told without the model, or what it told.
Told = DigestReading | WithoutModel


@dataclass(frozen=True)
class Asked:
    """A digest that is made, and what holds for it: the repository's choices, in the language asked for."""

    item: WorkItem
    chosen: Choices

    @classmethod
    async def of(cls, item: WorkItem) -> Asked:
        """Give it as it holds now. Raises ``Later`` if that cannot be told."""
        chosen = await chosen_for_digest(item)
        wanted = item.trigger.digest.language if item.trigger.digest is not None else None
        return cls(item, chosen.model_copy(update={"language": wanted}) if wanted else chosen)


async def read_insights(asked: Asked, facts: PeriodFacts, view: RegisterView, *, completing: bool) -> Told:
    """Give what the model says of a period, or why it says nothing.

    Raises ``Later`` while an outage is waited out. After ``PRHUB_MODEL_PATIENCE`` the digest goes on
    without the model, and a trigger is stored that completes it, if ``completing``.
    """
    unasked, item = await why_unasked(facts, asked.chosen), asked.item
    if unasked is not None:
        return unasked
    try:
        return await _read(asked, facts, view)
    except ModelAway as error:
        left = patience_left(item, error)
        if left > 0:
            raise Later(max(min(error.seconds, left), 1.0), error.reason, counts=False) from error
        found = await _in_a_hurry(asked, facts, view)
        return found if found is not None else await _without(item, error, completing=completing)


async def _read(asked: Asked, facts: PeriodFacts, view: RegisterView, *, repairing: bool = True) -> Told:
    found = await read_digest(
        facts,
        view,
        services().terms.model_copy(update={"language": asked.chosen.language}),
        ask_for(asked.item, asked.chosen),
        repairing=repairing,
        threshold=asked.chosen.digest.threshold,
    )
    _count(found)
    return found


async def _in_a_hurry(asked: Asked, facts: PeriodFacts, view: RegisterView) -> Told | None:
    """Make do with what was answered so far, unrepaired, if that is enough."""
    try:
        return await _read(asked, facts, view, repairing=False)
    except ModelAway:
        return None


async def why_unasked(facts: PeriodFacts, chosen: Choices) -> WithoutModel | None:
    """Tell why the model is not asked about this period at all, or ``None`` if it is."""
    if services().model is None or chosen.model is ModelSize.OFF or await _is_off_for_one(facts):
        return WithoutModel.OFF
    is_private = any(one.private for one in facts.repositories)
    if is_private and services().settings.private_repositories == "facts":
        return WithoutModel.PRIVATE
    return None


async def _is_off_for_one(facts: PeriodFacts) -> bool:
    """Tell whether a repository with merges in the period wants no model, by its file as it was read last."""
    told = {pull.ref.repository for pull in facts.pulls}
    for one in facts.repositories:
        if one.full_name in told or None in told:
            loaded = await services().configs.kept.get(one.id)
            if choices(services().settings, loaded or Loaded(), one.full_name).model is ModelSize.OFF:
                return True
    return False


async def _without(item: WorkItem, error: ModelAway, *, completing: bool) -> WithoutModel:
    """Store the trigger that completes the digest; give what the digest says meanwhile."""
    trigger = item.trigger
    log.warning("digest written without the model", reason=error.reason, **about(item))
    if trigger.kind is TriggerKind.COMPLETE or not completing:
        return WithoutModel.UNAVAILABLE
    key = digest_key(trigger)
    name = f"complete:{key.repository_id}:digest:{key.scope or '-'}:{key.period}:{int(item.requested_at)}"
    update = {"kind": TriggerKind.COMPLETE, "key": name, "delay": max(pause(0), error.seconds), "round": 0}
    await services().triggers.add(trigger.model_copy(update=update), item.guid)
    return WithoutModel.UNAVAILABLE if isinstance(error, ModelParked) else WithoutModel.PENDING


async def await_model(item: WorkItem) -> None:
    """Go on with a digest's completion when the model can be asked; GitHub is not read before."""
    stored = await services().digests.get(digest_key(item.trigger))
    if stored is None or stored.digest.provenance.without_model not in INCOMPLETE:
        raise Ended("completed already", TriggerState.DROPPED)
    wait_while_away(item)


def _count(found: DigestReading) -> None:
    claims = services().meters.claims
    claims.labels("verified").inc(found.verified)
    claims.labels("repaired").inc(found.repaired)
    claims.labels("dropped").inc(found.dropped)
