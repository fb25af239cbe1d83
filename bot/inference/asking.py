"""Asking: the questions of one reading; each answer is read leniently, checked, and repaired once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import ModelAway, ModelError, ModelUnusable
from bot.inference import prompts, verify
from bot.model import (
    BriefClaims,
    DigestClaims,
    HeadlineClaims,
    Insights,
    RepairClaims,
    ReportClaims,
    ReviewClaims,
    Usage,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from bot.inference.prompts import Terms
    from bot.inference.verify import Checked, Failure, Parsed
    from bot.llm import Answer, Question
    from bot.model import PeriodFacts, PullFacts

Ask = Callable[["Question"], Awaitable["Answer"]]
Claims = TypeVar("Claims", ReportClaims, BriefClaims, ReviewClaims, DigestClaims, HeadlineClaims)
Facts = TypeVar("Facts", "PullFacts", "PeriodFacts")
_Shape = TypeVar("_Shape", bound="BaseModel")

_AGAIN = (
    "\n\nThe last answer to this was not the JSON object that is asked for. Answer with that object alone."
)


@dataclass(frozen=True)
class Found:
    """What is left of the claims after their check, and what became of each that failed it."""

    insights: Insights
    verified: int
    verdicts: tuple[Verdict, ...]

    @property
    def repaired(self) -> int:
        """How many claims were put right."""
        return sum(1 for verdict in self.verdicts if verdict.outcome == "repaired")

    @property
    def dropped(self) -> int:
        """How many claims are left out."""
        return sum(1 for verdict in self.verdicts if verdict.outcome == "dropped")


class Asking(Generic[Facts]):
    """The questions of one reading. ``usage``, ``model`` and ``prompt`` tell what was asked so far.

    ``by_model`` is the usage of each model, ``largest`` the most data that one question had, in tokens as
    ``estimate`` counts them.
    """

    def __init__(self, facts: Facts, terms: Terms, ask: Ask, *, repairing: bool = True) -> None:
        self.facts: Facts = facts
        self.terms = terms
        self.usage = Usage()
        self.by_model: dict[str, Usage] = {}
        self.model = ""
        self.prompt = ""
        self.largest = 0
        self.losses: list[Verdict] = []
        self._ask = ask
        self._repairing = repairing

    async def answer(self, question: Question, shape: type[_Shape]) -> _Shape:
        """Ask, and read the answer; one that is no such object is asked for once more.

        Raises ``ModelUnusable`` if that is none either, and what the model's client raises.
        """
        try:
            parsed = await self._parsed(question, shape)
        except ModelUnusable:
            parsed = await self._parsed(question.smaller(ask=question.ask + _AGAIN), shape)
        self.losses += parsed.losses
        return parsed.claims

    async def _parsed(self, question: Question, shape: type[_Shape]) -> Parsed[_Shape]:
        self.largest = max(self.largest, prompts.estimate(question.data))
        answer = await self._ask(question)
        self.usage += answer.usage
        charged = answer.charged_as
        self.by_model[charged] = self.by_model.get(charged, Usage()) + answer.usage
        if question.task not in {"notes", "repair"}:
            self.model, self.prompt = answer.model, question.prompt
        return verify.parse(answer.text, shape)

    def check(self, check: Callable[[Claims, Facts, str], Checked]) -> Callable[[Claims], Checked]:
        """Give a check of claims that knows these facts and this language."""
        return lambda claims: check(claims, self.facts, self.terms.language)

    async def checked(self, claims: Claims, check: Callable[[Claims], Checked]) -> Found:
        """Check claims; those that fail are repaired once, and dropped if they fail again."""
        first = await asyncio.to_thread(check, claims)
        if not first.failures:
            return Found(first.insights, first.verified, tuple(self.losses))
        repairs = await self._repairs(first.failures)
        mended = verify.apply_repairs(claims, first.failures, repairs)
        last = await asyncio.to_thread(check, mended)
        again = {failure.claim: failure for failure in last.failures}
        answered = {" ".join(item.id.lower().split()) for item in repairs.claims if item.text}
        verdicts: list[Verdict] = [
            _verdict(_last(failure, again.get(failure.claim)), "dropped")
            if failure.claim in again or failure.claim not in answered
            else _verdict(failure, "repaired")
            for failure in first.failures
        ]
        return Found(last.insights, last.verified, (*self.losses, *verdicts))

    async def _repairs(self, failures: Sequence[Failure]) -> RepairClaims:
        """Ask for the failed claims again, with what failed; a model that fails at it repairs nothing.

        Raises ``ModelAway``: what was answered so far is kept, and nothing is lost by waiting.
        """
        if not self._repairing:
            return RepairClaims(claims=())
        try:
            return await self.answer(prompts.repair(self.facts, self.terms, failures), RepairClaims)
        except ModelAway:
            raise
        except ModelError:
            return RepairClaims(claims=())


def _last(first: Failure, again: Failure | None) -> Failure:
    """Give the failure as it was last, or as it was first if nothing was said instead."""
    return again if again is not None and again.text else first


def _verdict(failure: Failure, outcome: str) -> Verdict:
    return Verdict(claim=failure.claim, outcome=outcome, text=failure.text, reasons=failure.reasons)
