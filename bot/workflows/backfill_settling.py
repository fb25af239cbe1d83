"""Settling a batch's entries: answers are kept, and budgets and caps are charged what they came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.llm.guard import leaks
from bot.llm.outcomes import ANSWERED, judge
from bot.model import ModelCall, Usage
from bot.model.prices import BATCH
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.llm.results import Result
    from bot.store.backfill_batches import Entry

log = structlog.get_logger("prhub.backfill")


async def settle(entry: Entry, result: Result) -> None:
    """Keep one answer, charge it to the budgets, and note what came of the question."""
    outcome, usage = result.unasked, Usage()
    if not outcome:
        ruling, usage = judge(result.reply, ()), result.reply.usage
        outcome = ruling.outcome
        guarded = (*entry.guarded, *_guarded())
        if ruling is ANSWERED and leaks(result.reply.text, guarded):
            outcome = "leaked"
            log.error("leak", task=entry.task, model=entry.model, number=entry.number)
        call = _call(entry, outcome, usage)
        if outcome == ANSWERED.outcome:
            await services().answers.put(call, result.reply.text)
        elif usage.tokens_in or usage.tokens_out:
            await services().answers.charge(call)
    services().meters.asked(entry.task, entry.model + BATCH, outcome, usage, 0.0)
    spent = usage.tokens_in + usage.tokens_out
    await services().ledger.settle(entry.id, spent)
    money = services().settings.prices.amount(entry.model + BATCH, usage) or 0.0
    await services().batches.settle(entry.id, outcome, spent, money)


async def give_up(entry: Entry) -> None:
    """Charge the most that a question can have come to: nobody can tell any more whether it was answered."""
    await services().ledger.settle(entry.id, entry.held)
    await services().batches.settle(entry.id, "given_up", entry.held, entry.held_money)


def _guarded() -> tuple[str, ...]:
    model = services().model
    return () if model is None else model.settings.provider.guarded


def _call(entry: Entry, outcome: str, usage: Usage) -> ModelCall:
    return ModelCall(
        id=entry.id,
        content=entry.content,
        task=entry.task,
        prompt=entry.prompt,
        model=entry.model,
        installation_id=entry.installation_id,
        repository_id=entry.repository_id,
        number=entry.number,
        outcome=outcome,
        usage=usage,
        batch=True,
    )
