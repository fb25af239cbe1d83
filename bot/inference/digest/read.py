"""The reading of a period: a model is asked for the digest and its headline; its claims are checked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.errors import BudgetSpent, ModelAway, ModelError, ModelRefused, ModelTooLong
from bot.inference import prompts
from bot.inference.asking import Asking
from bot.inference.digest.build import THRESHOLD
from bot.inference.digest.check import Kept, PeriodDesk
from bot.inference.digest.highlights import eligible
from bot.inference.digest.material import Material, touching
from bot.inference.digest.rules import holding
from bot.inference.digest.weights import heaviest
from bot.model import DigestClaims, DigestReading, HeadlineClaims, PeriodFacts, WithoutModel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.inference.asking import Ask, Found
    from bot.inference.prompts import Terms
    from bot.llm import Question
    from bot.model import PeriodPull, PullRef, RegisterView

# More than these have no room in any call, however short they are; the heaviest are kept.
_MOST_PULLS: Final = 2_000
_FEATURED: Final = 10
_FILES: Final = 6
_LEAST_CALL: Final = 2_000


async def read_digest(  # noqa: PLR0913 - what the operator sets is given by name
    facts: PeriodFacts,
    view: RegisterView,  # noqa: ARG001 - the register is told by code: a model adds nothing to it
    terms: Terms,
    ask: Ask,
    *,
    repairing: bool = True,
    threshold: float = THRESHOLD,
) -> DigestReading:
    """Ask for the digest of a period, and then for a headline over what it picked; give what holds.

    Only what may be featured by ``threshold`` (0 to 10) is offered as a pick. Without ``repairing``, claims
    that fail are dropped unasked. Raises ``ModelAway`` when the model cannot be asked now; every other
    failure of the model ends in a reading whose ``without`` says why it is empty.
    """
    if not any(pull.gist is not None for pull in facts.pulls):
        return DigestReading(language=terms.language, without=WithoutModel.TRIVIAL)
    asking = Asking(facts, terms, ask, repairing=repairing)
    try:
        kept, found = await _digest(facts, asking, threshold)
    except ModelAway:
        raise
    except ModelError as error:
        return DigestReading(language=terms.language, usage=asking.usage, without=_why(error))
    prompt, model = asking.prompt, asking.model
    asking.losses = []
    headline, more = await _headline(facts, kept, asking)
    verdicts = (*found.verdicts, *(more.verdicts if more else ()))
    return DigestReading(
        language=terms.language,
        prompt=prompt,
        model=model,
        headline=headline.headline,
        summary=kept.summary,
        themes=kept.themes,
        risk_watch=kept.risk_watch,
        picks=kept.picks,
        follow_ups=kept.follow_ups,
        usage=asking.usage,
        by_model=dict(asking.by_model),
        verified=found.verified + (more.verified if more else 0),
        repaired=sum(1 for verdict in verdicts if verdict.outcome == "repaired"),
        dropped=sum(1 for verdict in verdicts if verdict.outcome == "dropped"),
        verdicts=verdicts,
    )


def _why(error: ModelError) -> WithoutModel:
    if isinstance(error, BudgetSpent):
        return WithoutModel.BUDGET
    return WithoutModel.REFUSED if isinstance(error, ModelRefused) else WithoutModel.UNUSABLE


async def _digest(facts: PeriodFacts, asking: Asking[PeriodFacts], threshold: float) -> tuple[Kept, Found]:
    """Ask for the digest; what did not fit is tried again, once, with half of it (R85)."""
    pulls = heaviest(facts.pulls)[:_MOST_PULLS]
    offered = frozenset(pull.ref for pull in eligible(pulls, threshold))
    try:
        claims = await asking.answer(await _question(pulls, asking, offered), DigestClaims)
    except ModelTooLong as error:
        sent = min(asking.terms.call_tokens, asking.largest or asking.terms.call_tokens)
        tokens = min(sent // 2, error.tokens or sent)
        if tokens < _LEAST_CALL:
            raise
        asking.terms = asking.terms.model_copy(update={"call_tokens": tokens})
        claims = await asking.answer(await _question(pulls, asking, offered), DigestClaims)
    desk = PeriodDesk(Material(facts, (pull.ref for pull in pulls)), asking.terms.language, offered=offered)
    found = await asking.checked(claims, desk.digest)
    return desk.kept, found


async def _question(
    pulls: Sequence[PeriodPull], asking: Asking[PeriodFacts], offered: Collection[PullRef]
) -> Question:
    touched = touching(asking.facts)

    def more(pull: PeriodPull) -> Iterator[str]:
        if files := touched.get(pull.ref):
            yield f"touches: {', '.join(files[:_FILES])}"
        if pull.ref in offered:
            yield f"rules: {', '.join(rule.value for rule, _ in holding(pull))}"

    return await asyncio.to_thread(prompts.digest, pulls, asking.terms, more)


async def _headline(facts: PeriodFacts, kept: Kept, asking: Asking[PeriodFacts]) -> tuple[Kept, Found | None]:
    """Ask for the headline over the picks; a model that fails at it only leaves it out."""
    picked = {pick.ref for pick in kept.picks}
    pulls = heaviest(pull for pull in facts.pulls if pull.ref in picked)[:_FEATURED]
    if not pulls:
        return Kept(), None
    try:
        claims = await asking.answer(prompts.headline(pulls, asking.terms), HeadlineClaims)
        desk = PeriodDesk(Material(facts, picked), asking.terms.language, "headline")
        found = await asking.checked(claims, desk.headline)
    except ModelAway:
        raise
    except ModelError:
        return Kept(), None
    return desk.kept, found
