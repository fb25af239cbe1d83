"""The reading: a model is asked about one pull request, and what it claims is checked or dropped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import (
    BudgetSpent,
    ModelAway,
    ModelError,
    ModelRefused,
    ModelTooLong,
    ModelUnusable,
)
from bot.inference import prompts, verify
from bot.inference.asking import Ask, Asking
from bot.inference.prompts import Depth
from bot.inference.refresh import by_model, refreshed, widened
from bot.model import (
    BriefClaims,
    FileReading,
    NotesClaims,
    PullFacts,
    ReadAs,
    Reading,
    ReportClaims,
    ReviewClaims,
    WithoutModel,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.inference.asking import Found
    from bot.inference.prompts import Plan, Terms
    from bot.llm import Question

# With less of a change than this, in tokens, nothing worth reading comes of it.
LEAST_CALL = 2_000
# Whoever may comment can make the model be asked about a thread again: not without end for one report.
MOST_CALLS = 60
_FULLEST = tuple(ReadAs)


@dataclass(frozen=True)
class Read:
    """What came of asking: a reading, or the reason why there is none (both, if an earlier one is kept)."""

    reading: Reading | None
    without: WithoutModel | None = None


async def read(
    facts: PullFacts, before: Reading | None, terms: Terms, ask: Ask, *, repairing: bool = True
) -> Read:
    """Ask what is not known yet about a pull request, and give the checked reading.

    ``before`` is the reading kept from an earlier time: what has not changed since is not asked
    again. Without ``repairing``, claims that fail are dropped unasked. Raises ``ModelAway`` when the
    model cannot be asked now; every other failure of the model ends in a ``Read`` that says why there
    is nothing new.
    """
    kept = still_current(before, facts, terms)
    try:
        if kept is not None and kept.usage.calls >= MOST_CALLS:
            return Read(kept, WithoutModel.UNAVAILABLE if _changed(kept, facts) else None)
        if kept is not None:
            return Read(await _read_on(kept, Asking(facts, terms, ask, repairing=repairing)))
        return await _read_whole(Asking(facts, terms, ask, repairing=repairing))
    except ModelAway:
        raise
    except BudgetSpent:
        return Read(kept, WithoutModel.BUDGET)
    except ModelRefused:
        return Read(kept, WithoutModel.REFUSED)
    except ModelError:
        return Read(kept, WithoutModel.UNUSABLE)


def still_current(before: Reading | None, facts: PullFacts, terms: Terms) -> Reading | None:
    """Give the earlier reading if it is of the change as the facts have it, in the wanted language."""
    if before is None or before.language != terms.language or before.prompt not in prompts.CURRENT:
        return None
    return before if before.change == prompts.change_fingerprint(facts) else None


def _changed(before: Reading, facts: PullFacts) -> set[int]:
    """Give the threads that are new since the earlier reading, or were added to."""
    threads = prompts.thread_fingerprints(facts)
    return {int(thread) for thread, seen in threads.items() if before.threads.get(thread) != seen}


async def _read_on(before: Reading, asking: Asking[PullFacts]) -> Reading:
    """Ask about the threads that are new or were added to; without any, nothing is asked."""
    facts, terms = asking.facts, asking.terms
    changed = _changed(before, facts)
    if not changed:
        return before
    threads = prompts.thread_fingerprints(facts)
    asked = widened(before, changed, threads)
    question = await asyncio.to_thread(prompts.review, facts, terms, asked)
    claims = await asking.answer(question, ReviewClaims)
    found = await asking.checked(claims, asking.check(verify.check_review))
    after = refreshed(before, found, asked, threads, asking.usage)
    return after.model_copy(update={"by_model": by_model(before, asking.by_model)})


async def _read_whole(asking: Asking[PullFacts]) -> Read:
    """Read the whole change; what did not fit is tried again, once, with half of it (R85)."""
    try:
        return await _read_planned(asking, await _planned(asking))
    except ModelTooLong as error:
        asking.terms = _smaller(asking, error.tokens)
        return await _read_planned(asking, await _planned(asking))


async def _planned(asking: Asking[PullFacts]) -> Plan:
    """Plan in a thread: a long discussion takes seconds, and deliveries are answered meanwhile."""
    return await asyncio.to_thread(prompts.plan, asking.facts, asking.terms)


def _smaller(asking: Asking[PullFacts], most: int | None) -> Terms:
    """Give terms with half of what was sent, or with as much as the model was heard to take.

    Raises ``ModelTooLong`` when so little is left that an answer would say nothing.
    """
    sent = min(asking.terms.call_tokens, asking.largest or asking.terms.call_tokens)
    tokens = min(sent // 2, most or sent)
    if tokens < LEAST_CALL:
        raise ModelTooLong("hardly anything would fit")
    return asking.terms.model_copy(update={"call_tokens": tokens})


async def _read_planned(asking: Asking[PullFacts], plan: Plan) -> Read:
    if plan.depth is Depth.TEMPLATE:
        return Read(None, WithoutModel.TRIVIAL)
    if plan.depth is Depth.BRIEF:
        claims = await asking.answer(plan.questions[0], BriefClaims)
        return Read(
            _reading(asking, plan.coverage, await asking.checked(claims, asking.check(verify.check_brief)))
        )
    coverage = dict(plan.coverage)
    question = await _synthesis(asking, plan, coverage) if plan.is_large else plan.questions[0]
    whole = await asking.answer(question, ReportClaims)
    return Read(_reading(asking, coverage, await asking.checked(whole, asking.check(verify.check_report))))


async def _synthesis(asking: Asking[PullFacts], plan: Plan, coverage: dict[str, FileReading]) -> Question:
    """Have every group of files read at the same time, and make one question of the checked notes.

    A group without a usable answer counts as read by name; ``coverage`` is told.
    """
    groups = zip(plan.questions, plan.groups, strict=True)
    answers = await asyncio.gather(*(_notes(asking, *group) for group in groups), return_exceptions=True)
    for answer in answers:
        # Before the others: a budget that is spent is not waited for.
        if isinstance(answer, BudgetSpent):
            raise answer
    notes = []
    for paths, answer in zip(plan.groups, answers, strict=True):
        if isinstance(answer, NotesClaims):
            notes.append(answer)
        elif isinstance(answer, (ModelUnusable, ModelRefused)):
            coverage.update({path: FileReading(read_as=ReadAs.NAME, reason="no-notes") for path in paths})
        else:
            raise answer
    question, shown = await asyncio.to_thread(prompts.synthesis, asking.facts, asking.terms, plan, notes)
    for path, reading in shown.items():
        if _FULLEST.index(reading.read_as) < _FULLEST.index(coverage[path].read_as):
            coverage[path] = reading
    return question


async def _notes(asking: Asking[PullFacts], question: Question, paths: tuple[str, ...]) -> NotesClaims:
    """Have one group of files read; what cannot be verified is left out, for it is only a note."""
    claims = await asking.answer(question, NotesClaims)
    return (await asyncio.to_thread(verify.check_notes, claims, asking.facts, paths))[0]


def _reading(asking: Asking[PullFacts], coverage: Mapping[str, FileReading], found: Found) -> Reading:
    return Reading(
        language=asking.terms.language,
        prompt=asking.prompt,
        model=asking.model,
        change=prompts.change_fingerprint(asking.facts),
        threads=prompts.thread_fingerprints(asking.facts),
        insights=found.insights,
        coverage=dict(coverage),
        usage=asking.usage,
        by_model=dict(asking.by_model),
        verified=found.verified,
        repaired=found.repaired,
        dropped=found.dropped,
        verdicts=found.verdicts,
    )
