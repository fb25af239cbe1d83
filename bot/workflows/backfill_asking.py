"""Questions of a backfill: put down for a batch and awaited, or with ``--now`` asked at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bot.errors import (
    BudgetSpent,
    ModelAwaited,
    ModelAway,
    ModelError,
    ModelRefused,
    ModelTooLong,
    ModelUnusable,
)
from bot.llm import Answer, request
from bot.model import Usage
from bot.model.backfills import EntryState, Spend, SpendCaps
from bot.model.prices import BATCH
from bot.store.backfill_batches import Entry
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.inference.asking import Ask
    from bot.llm import Asker, Model, Question, Size
    from bot.llm.batches import BatchClient
    from bot.store.backfill_rows import Run
    from bot.workflows.backfill_meter import Meter

# A question that expired, was cancelled, or failed at the server's so often has no answer.
MOST_TRIES = 3
_TRIED = frozenset({"expired", "canceled", "failed", "overloaded", "limited", "parked"})
_FOREVER: dict[str, ModelError] = {
    "refused": ModelRefused("the model refused to answer"),
    "too_long": ModelTooLong("the question was too long"),
    "truncated": ModelTooLong("the answer was cut off at max_tokens"),
}
_UNUSABLE = frozenset({"unusable", "leaked", "rejected"})


class Overdrawn(ModelAwaited):
    """The run's cap, or a budget, has no room for the question."""


@dataclass(frozen=True)
class Queued:
    """A question that waits to be sent in a batch, with the most that it can come to."""

    question: Question
    asker: Asker
    model: str
    body: dict[str, Any]
    tokens: int
    money: float

    def entry(self, run: Run, batch: str | None, entry_id: str) -> Entry:
        """Give the row that is stored of it before it is sent."""
        return Entry(
            id=entry_id,
            run=run.id,
            batch=batch,
            repository_id=self.asker.repository_id,
            installation_id=self.asker.installation_id,
            number=self.asker.number,
            content=self.question.content,
            model=self.model,
            task=self.question.task,
            prompt=self.question.prompt,
            guarded=self.question.guarded,
            max_output=self.question.max_output_tokens,
            hold=entry_id if batch else None,
            held=self.tokens,
            held_money=self.money,
        )


@dataclass
class Questions:
    """What a run asks. ``full`` says that its caps, or a budget, had no room for a question.

    ``direct`` is the model that is asked at once; without it, questions are queued for a batch.
    ``given_up`` are the pull requests for which a question got no answer in three batches.
    """

    run: Run
    client: BatchClient | None
    caps: SpendCaps
    direct: Model | None = None
    meter: Meter | None = None
    spend: Spend = field(default_factory=Spend)
    queue: dict[tuple[str, str], Queued] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)
    full: bool = False
    spent_budget: str | None = None

    def ask_for(self, asker: Asker, size: Size | None) -> Ask:
        """Give the way to ask in somebody's name; ``size`` is that of all questions, if it is fixed."""

        async def ask(question: Question) -> Answer:
            sized = question if size is None else question.smaller(size=size)
            return await self._ask(sized, asker)

        return ask

    async def _ask(self, question: Question, asker: Asker) -> Answer:
        """Give a kept answer, or put the question where it will be answered.

        Raises ``ModelAwaited`` for what is not answered yet, and what became of it if that is no answer.
        """
        client = self.client
        if client is None:
            raise RuntimeError("asked without a model")
        model = client.settings.name_of(question.size)
        history = await services().batches.asked(question.content, model)
        kept = await services().answers.get(question.content, model)
        if kept is not None:
            batch = any(one.batch and one.outcome == "answered" for one in history)
            return Answer(kept.text, kept.model, kept.usage, reused=True, batch=batch)
        if any(one.state is EntryState.OPEN and one.batch for one in history):
            raise ModelAwaited(0.0, "the question is in a batch")
        self._no_more(history, asker.number)
        queued = self._priced(question, asker, model, await client.body(question))
        if self.direct is not None:
            return await self._asked_now(queued, self.direct)
        if (question.content, model) not in self.queue:
            self._require_room(queued)
            self.queue[question.content, model] = queued
        raise ModelAwaited(0.0, "the question waits for a batch")

    def _no_more(self, history: list[Entry], number: int) -> None:
        """Raise what is to be said of a question that is not asked again."""
        outcome = history[-1].outcome if history else None
        if outcome in _FOREVER:
            raise _FOREVER[outcome].with_traceback(None)
        if outcome in _UNUSABLE:
            raise ModelUnusable(f"the model's answer was {outcome}")
        if sum(one.outcome in _TRIED for one in history) >= MOST_TRIES:
            self.given_up.add(number)
            raise ModelError("no batch answered the question")

    def _require_room(self, queued: Queued) -> None:
        tokens = self.spend.held + self.spend.spent + queued.tokens
        money = self.spend.held_money + self.spend.spent_money + queued.money
        waiting = self.queue.values()
        tokens += sum(one.tokens for one in waiting)
        money += sum(one.money for one in waiting)
        if not self.caps.allows(tokens, money):
            self.full = True
            raise Overdrawn(0.0, "the caps of this run have no room for the question")

    def _priced(self, question: Question, asker: Asker, model: str, body: dict[str, Any]) -> Queued:
        tokens = request.most(body)
        name = model if self.direct is not None else model + BATCH
        return Queued(question, asker, model, body, tokens, dearest(name, tokens, body["max_tokens"]))

    async def _asked_now(self, queued: Queued, model: Model) -> Answer:
        """Ask directly, within the caps. Raises ``ModelAway`` and the other errors of the model's client."""
        entry = queued.entry(self.run, None, f"now-{uuid4().hex}")
        if not await services().batches.take(entry, self.caps):
            self.full = True
            raise Overdrawn(0.0, "the caps of this run have no room for the question")
        outcome = "failed"
        try:
            answer = await model.ask(queued.question, queued.asker)
            outcome = "answered"
        except BudgetSpent as error:
            self.full, self.spent_budget = True, error.scope
            raise
        except ModelAway:
            outcome = "away"
            raise
        except ModelError:
            outcome = "unanswered"
            raise
        finally:
            await asyncio.shield(self._settled(entry, outcome))
        return answer

    async def _settled(self, entry: Entry, outcome: str) -> None:
        usage = self.meter.taken(entry.content) if self.meter is not None else Usage()
        money = services().settings.prices.amount(entry.model, usage) or 0.0
        spent = usage.tokens_in + usage.tokens_out
        await services().batches.settle(entry.id, outcome, spent, money)


def dearest(name: str, tokens: int, max_output: int) -> float:
    """Give the most money that a question of so many tokens can come to; 0 without a price."""
    count = max(tokens - max_output, 0)
    fresh = Usage(tokens_in=count, tokens_out=max_output)
    written = Usage(tokens_in=count, tokens_out=max_output, cache_written=count)
    prices = services().settings.prices
    return max(prices.amount(name, usage) or 0.0 for usage in (fresh, written))


async def settle_strays(run: Run) -> None:
    """Count what a killed process asked by itself, in full: nobody knows whether it was answered."""
    for entry in await services().batches.stray(run.repository_id):
        await services().batches.settle(entry.id, "unknown", entry.held, entry.held_money)
