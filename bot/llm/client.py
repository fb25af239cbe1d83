"""The model: the one way to ask it, such that nothing is paid twice and no failure goes unnamed."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import structlog

from bot import failpoint
from bot.errors import BudgetSpent, ModelAway, ModelParked, ModelTooLong, ModelUnusable, SettingsError
from bot.llm import request
from bot.llm.breaker import Breaker
from bot.llm.budget import Budget
from bot.llm.gate import Gate
from bot.llm.guard import leaks
from bot.llm.hopeless import Hopeless
from bot.llm.outcomes import ANSWERED, Ruling, judge
from bot.llm.question import Answer, Size
from bot.llm.waits import ACCESS_SECONDS, SHORTEST, minute_limit
from bot.model import ModelCall, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.llm.access import ModelSettings
    from bot.llm.gate import Turn
    from bot.llm.kept import Kept, Observe
    from bot.llm.question import Asker, Question
    from bot.llm.reply import Reply
    from bot.llm.sdk import Connection

log = structlog.get_logger("prhub.llm")

# What calls get to end in when the process stops; an answer that is there by then is kept.
CLOSING_SECONDS = 2.0
_LEAKED = Ruling("leaked", error=ModelUnusable("the answer repeats what must not leave"))


def _unobserved(_task: str, _model: str, _outcome: str, _usage: Usage, _seconds: float) -> None:
    return


@dataclass
class Model:
    """Asks the configured models. ``observe`` is told of every question that was answered or sent.

    ``clock`` gives seconds and ``draw`` a number from 0 to 1: waits depend on nothing else.
    """

    settings: ModelSettings
    kept: Kept
    observe: Observe = _unobserved
    clock: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random
    budget: Budget = field(default_factory=Budget)
    _gate: Gate = field(init=False, repr=False)
    _hopeless: Hopeless = field(init=False, repr=False)
    _limits: dict[str, int] = field(default_factory=dict, init=False, repr=False)
    _flights: dict[tuple[str, str], asyncio.Task[Answer]] = field(
        default_factory=dict, init=False, repr=False
    )
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)
    _connection: Connection | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        breaker = Breaker(self.settings.concurrency, self.clock)
        self._gate = Gate(breaker, self.settings.tenant_share, self.clock, self.draw)
        self._hopeless = Hopeless(self.clock)

    async def ask(self, question: Question, asker: Asker) -> Answer:
        """Give the answer to a question: a kept one, the one that is just being given, or a new one.

        A call once begun goes on even if the asker is cancelled: it is paid for, and its answer is kept.

        Raises ``ModelAway`` when the model cannot be asked for a while and ``ModelParked`` when an
        operator must act first; ``BudgetSpent``, ``ModelTooLong``, ``ModelRefused`` and
        ``ModelUnusable`` as they say.
        """
        name = self.settings.name_of(question.size)
        key = (question.content, name)
        flight = self._flights.get(key)
        if flight is not None:
            answer = await asyncio.shield(flight)
            self.observe(question.task, name, "reused", Usage(), 0.0)
            return replace(answer, reused=True)
        flight = asyncio.get_running_loop().create_task(self._answer(question, asker, name))
        self._flights[key] = flight
        flight.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(flight)

    def away_for(self) -> float:
        """Give the seconds until ``PRHUB_MODEL`` may be asked again; 0 when it may be now."""
        return self._gate.away_for(self.settings.name_of(Size.LARGE))

    async def aclose(self) -> None:
        """End the calls that run, after two seconds, and close all connections."""
        flights = list(self._flights.values())
        if flights:
            _, late = await asyncio.wait(flights, timeout=CLOSING_SECONDS)
            for flight in late:
                flight.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._connection is not None:
            await self._connection.aclose()
            self._connection = None

    def _landed(self, key: tuple[str, str], flight: asyncio.Task[Answer]) -> None:
        self._flights.pop(key, None)
        if not flight.cancelled():
            # Looked at here as well: every asker may have been cancelled meanwhile.
            flight.exception()

    async def _answer(self, question: Question, asker: Asker, name: str) -> Answer:
        kept = await self._kept_answer(question, name)
        if kept is not None:
            self.observe(question.task, name, "reused", Usage(), 0.0)
            return kept
        if error := self._hopeless.error_of((question.content, name)):
            self.observe(question.task, name, "hopeless", Usage(), 0.0)
            raise error.with_traceback(None)
        self._refuse_above_minute_limit(question, name)
        try:
            await self.budget.require(asker, request.least(question))
            return await self._in_turn(question, asker, name)
        except BudgetSpent:
            self.observe(question.task, name, "budget", Usage(), 0.0)
            raise

    async def _in_turn(self, question: Question, asker: Asker, name: str) -> Answer:
        turn = await self._gate.enter(name, asker.installation_id)
        try:
            return await self._asked(question, asker, turn)
        finally:
            self._gate.leave(turn)

    async def _kept_answer(self, question: Question, name: str) -> Answer | None:
        try:
            kept = await self.kept.get(question.content, name)
        except Exception as error:
            # Not asked: it may have been paid for already.
            raise ModelAway(SHORTEST, "the kept answers cannot be read") from error
        return None if kept is None else Answer(kept.text, kept.model, kept.usage, reused=True)

    def _refuse_above_minute_limit(self, question: Question, name: str) -> None:
        """Refuse what the minute limit could never let through: asking for less helps, waiting does not."""
        limit = self._limits.get(name)
        if limit is not None and request.estimate(question) > limit:
            raise ModelTooLong("the question is above the account's input tokens a minute", limit)

    async def _asked(self, question: Question, asker: Asker, turn: Turn) -> Answer:
        """Send one request, and keep, charge, learn and tell what came of it."""
        connection, body = await self._prepared(question)
        longest = self.settings.timeouts.whole(question.max_output_tokens)
        hold = await self.budget.reserve(asker, request.most(body), longest)
        reply = await connection.send(body)
        failpoint.reached("after_model_answer")
        ruling = judge(reply, (question.data, *self.settings.provider.secrets))
        if ruling is ANSWERED and leaks(reply.text, (*question.guarded, *self.settings.provider.guarded)):
            ruling = _LEAKED
        call = _call(question, asker, turn.model, reply, ruling.outcome)
        await self._enter(call, reply, ruling)
        await self.budget.settle(hold, reply, question.max_output_tokens)
        failpoint.reached("after_model_kept")
        error = self._gate.settle(turn, ruling)
        self._hopeless.note((question.content, turn.model), ruling)
        self._limits[turn.model] = minute_limit(reply.headers) or self._limits.get(turn.model, 2**40)
        self._tell(call, reply, ruling, self.clock() - turn.began)
        if error is not None:
            raise error
        return Answer(reply.text, turn.model, reply.usage)

    async def _prepared(self, question: Question) -> tuple[Connection, dict[str, Any]]:
        try:
            async with self._opening:
                if self._connection is None:
                    self._connection = await asyncio.to_thread(_connect, self.settings)
        except (SettingsError, ImportError) as error:
            raise ModelParked(ACCESS_SECONDS, str(error)) from error
        return self._connection, await asyncio.to_thread(_body, question, self.settings)

    async def _enter(self, call: ModelCall, reply: Reply, ruling: Ruling) -> None:
        """Keep what was answered, and enter what was paid; without a store the answer is not lost."""
        try:
            if ruling is ANSWERED:
                await self.kept.put(call, reply.text)
            elif call.usage.tokens_in or call.usage.tokens_out:
                await self.kept.charge(call)
        except Exception:
            log.exception("a call was not entered", **_about(call))

    def _tell(self, call: ModelCall, reply: Reply, ruling: Ruling, seconds: float) -> None:
        usage = call.usage
        told: dict[str, Any] = {
            **_about(call),
            "tokens_in": usage.tokens_in,
            "tokens_out": usage.tokens_out,
            "cache_read": usage.cache_read,
            "seconds": round(seconds, 3),
            "request_id": reply.request_id,
        }
        if ruling is _LEAKED:
            log.error("leak", **told)
        elif ruling is ANSWERED:
            log.info("asked the model", **told)
        else:
            log.warning("asked the model in vain", reason=ruling.reason or str(ruling.error), **told)
        self.observe(call.task, call.model, ruling.outcome, usage, seconds)


def _connect(settings: ModelSettings) -> Connection:
    from bot.llm import sdk  # noqa: PLC0415 - a second and 80 MB, which only those pay who ask

    return sdk.connect(settings)


def _body(question: Question, settings: ModelSettings) -> dict[str, Any]:
    from bot.llm import sdk  # noqa: PLC0415 - imported when connected

    return request.body(question, settings, sdk.schema_of(question.shape))


def _call(question: Question, asker: Asker, model: str, reply: Reply, outcome: str) -> ModelCall:
    return ModelCall(
        content=question.content,
        task=question.task,
        prompt=question.prompt,
        model=model,
        installation_id=asker.installation_id,
        repository_id=asker.repository_id,
        number=asker.number,
        outcome=outcome,
        usage=reply.usage,
    )


def _about(call: ModelCall) -> dict[str, object]:
    return {
        "task": call.task,
        "model": call.model,
        "outcome": call.outcome,
        "installation": call.installation_id,
        "repository_id": call.repository_id,
        "pull": call.number or None,
    }
