"""Asking the model as a part of the work: outages are waited out, and reports completed later."""

from __future__ import annotations

import hashlib
import time
from secrets import token_hex
from typing import TYPE_CHECKING

from bot.errors import Later, ModelAway, ModelParked
from bot.inference.prompts import Terms
from bot.inference.read import Read, read, still_current
from bot.llm import Asker, Size
from bot.logged import about
from bot.model import Caps, TriggerKind, WithoutModel
from bot.model.repo_config import ModelSize
from bot.store import TriggerState
from bot.workflows.edge import Ended, log
from bot.workflows.services import services
from bot.workflows.worded import chosen_of, terms_for

if TYPE_CHECKING:
    from bot.inference.asking import Ask
    from bot.llm import Answer, Question
    from bot.model import PullFacts, Reading, WorkItem
    from bot.model.repo_config import Choices
    from bot.settings import Settings

# How long a report that was posted without the model is waited with, from when it was asked for.
COMPLETE_FOR = 7 * 86_400.0
# Between two looks whether the model is back: a thousand waiting reports must cost next to nothing.
LOOK_AGAIN = (60.0, 120.0, 300.0, 600.0)
INCOMPLETE = frozenset({WithoutModel.PENDING, WithoutModel.UNAVAILABLE})
_SIZES = {ModelSize.SMALL: Size.SMALL, ModelSize.LARGE: Size.LARGE}
_IN_VAIN = frozenset({WithoutModel.REFUSED, WithoutModel.UNUSABLE})


async def read_insights(item: WorkItem, facts: PullFacts) -> Read:
    """Give what the model says of a pull request, or why it says nothing.

    Raises ``Later`` while an outage is waited out. After ``PRHUB_MODEL_PATIENCE`` the report goes on
    without the model, and a trigger is stored that completes it.
    """
    unasked = why_unasked(facts)
    if unasked is not None:
        return Read(None, unasked)
    before = await services().readings.get(item.trigger.repository_id, item.trigger.number)
    terms, ask = await terms_for(item.trigger, facts), ask_for(item, chosen_of(facts))
    if still_current(before, facts, terms) is None and (why := await _why_not_again(item)):
        return Read(None, why)
    try:
        found = await read(facts, before, terms, ask)
    except ModelAway as error:
        left = patience_left(item, error)
        if left > 0:
            raise Later(min(error.seconds, left), error.reason, counts=False) from error
        found = await _in_a_hurry(item, facts, before, error)
    if found.reading is not None and found.reading != before:
        await services().readings.save(item.trigger.repository_id, item.trigger.number, found.reading)
        _count(found)
    return found


async def _in_a_hurry(item: WorkItem, facts: PullFacts, before: Reading | None, error: ModelAway) -> Read:
    """Make do with what was answered so far, unrepaired; if that is not enough, go on without the model."""
    terms, ask = await terms_for(item.trigger, facts), ask_for(item, chosen_of(facts))
    try:
        return await read(facts, before, terms, ask, repairing=False)
    except ModelAway:
        log.warning("reported without the model", reason=error.reason, **about(item))
        return Read(still_current(before, facts, terms), await _complete_later(item, error))


def terms_of(settings: Settings) -> Terms:
    """Give the terms on which a model is asked.

    The secret of the fences follows from what only the operator has, so that the same pull request
    gives the same prompt after a restart.
    """
    known = settings.anthropic_api_key or settings.private_key or settings.webhook_secret
    text = known.get_secret_value() if known is not None else token_hex(32)
    return Terms(
        language=settings.language,
        max_input_tokens=settings.max_input_tokens,
        max_output_tokens=settings.max_output_tokens,
        secret=hashlib.sha256(b"prhub fences\0" + text.encode()).digest(),
    )


def why_unasked(facts: PullFacts) -> WithoutModel | None:
    """Tell why the model is not asked about this pull request at all, or ``None`` if it is."""
    settings = services().settings
    if services().model is None or chosen_of(facts).model is ModelSize.OFF:
        return WithoutModel.OFF
    if facts.repository.private and settings.private_repositories == "facts":
        return WithoutModel.PRIVATE
    return None


async def _why_not_again(item: WorkItem) -> WithoutModel | None:
    """Tell why a refresh does not ask about the whole change, or ``None`` if it does.

    A model that refused the change, or failed at it, is not asked again because somebody wrote a comment:
    whoever may comment could spend without end. A merge, or ``prhub report``, asks anew.
    """
    if item.trigger.kind is not TriggerKind.REFRESH:
        return None
    stored = await services().reports.get(item.trigger.repository_id, item.trigger.number)
    why = stored.report.provenance.without_model if stored is not None else None
    return why if why in _IN_VAIN else None


def ask_for(item: WorkItem, chosen: Choices) -> Ask:
    """Give the way to ask the model in the name of this work, by what holds for its repository."""
    return _Asking(asker_for(item, chosen), size_of(chosen))


def asker_for(item: WorkItem, chosen: Choices) -> Asker:
    """Give in whose name the model is asked, with the repository's own budgets."""
    trigger, budget = item.trigger, chosen.budget
    caps = Caps(pull=budget.tokens_per_pull or 0, repository=budget.tokens_per_day or 0)
    return Asker(trigger.installation_id, trigger.repository_id, trigger.number, caps)


def size_of(chosen: Choices) -> Size | None:
    """Give the size of the model for all questions of a repository, if its file fixes it."""
    return _SIZES.get(chosen.model)


class _Asking:
    """Asks the model for one pull request; ``size`` is that of all its questions, if it is fixed."""

    def __init__(self, asker: Asker, size: Size | None) -> None:
        self._asker = asker
        self._size = size

    async def __call__(self, question: Question) -> Answer:
        model = services().model
        if model is None:
            raise RuntimeError("asked without a model")
        sized = question if self._size is None else question.smaller(size=self._size)
        return await model.ask(sized, self._asker)


def patience_left(item: WorkItem, error: ModelAway) -> float:
    """Give the seconds left to wait: days when completing, none for what an operator must mend."""
    waited = time.time() - item.requested_at
    if item.trigger.kind is TriggerKind.COMPLETE:
        return COMPLETE_FOR - waited
    return 0.0 if isinstance(error, ModelParked) else services().settings.model_patience - waited


async def _complete_later(item: WorkItem, error: ModelAway) -> WithoutModel:
    """Store the trigger that completes the report; give what the report says meanwhile."""
    trigger = item.trigger
    if trigger.kind is TriggerKind.COMPLETE:
        return WithoutModel.UNAVAILABLE
    key = f"complete:{trigger.repository_id}:{trigger.number}:{trigger.merge_sha}:{int(item.requested_at)}"
    update = {"kind": TriggerKind.COMPLETE, "key": key, "delay": max(pause(0), error.seconds)}
    await services().triggers.add(trigger.model_copy(update=update), item.guid)
    return WithoutModel.UNAVAILABLE if isinstance(error, ModelParked) else WithoutModel.PENDING


async def await_model(item: WorkItem) -> None:
    """Go on with a report's completion when the model can be asked; GitHub is not read before."""
    stored = await services().reports.get(item.trigger.repository_id, item.trigger.number)
    if stored is None or stored.report.provenance.without_model not in INCOMPLETE:
        raise Ended("completed already", TriggerState.DROPPED)
    wait_while_away(item)


def wait_while_away(item: WorkItem) -> None:
    """Raise ``Later`` while the model cannot be asked; after a week it is not waited for any more."""
    model = services().model
    away = 0.0 if model is None else model.away_for()
    if away > 0 and time.time() - item.requested_at < COMPLETE_FOR:
        raise Later(max(away, pause(item.attempt)), "the model is away", counts=False)


def pause(attempt: int) -> float:
    """Give the seconds until the next look; who waits shorter for the model looks sooner as well."""
    pause = LOOK_AGAIN[min(attempt, len(LOOK_AGAIN) - 1)]
    return min(pause, max(1.0, services().settings.model_patience))


def _count(found: Read) -> None:
    reading, claims = found.reading, services().meters.claims
    if reading is not None:
        claims.labels("verified").inc(reading.verified)
        claims.labels("repaired").inc(reading.repaired)
        claims.labels("dropped").inc(reading.dropped)
