"""PullFacts, and a model's verified reading where there is one, become a PullReport."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.inference.blend import blend, with_suspicion
from bot.inference.checks import hold
from bot.inference.coverage import cover
from bot.inference.files import key_files
from bot.inference.follow_ups import follow_ups
from bot.inference.head import head
from bot.inference.impact import impact
from bot.inference.motivation import motivation
from bot.inference.own_risks import own_risks
from bot.inference.related import related
from bot.inference.reviews import outcomes
from bot.inference.risks import RULES_VERSION, find, further, settled
from bot.inference.risks import risks as risks_of
from bot.inference.scores import score
from bot.inference.steps import steps
from bot.inference.summary import summarise
from bot.inference.symbols import key_symbols
from bot.inference.topics import topics
from bot.model import (
    FileKind,
    FileStatus,
    Implementation,
    Insights,
    Provenance,
    PullFacts,
    PullReport,
    Quote,
    Reading,
    Risk,
    WithoutModel,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.inference.checks import Held

_SET_ASIDE: Final = frozenset({FileKind.GENERATED, FileKind.VENDORED, FileKind.LOCK, FileKind.IGNORED})


def build_report(
    facts: PullFacts,
    *,
    now: datetime,
    version: str,
    reading: Reading | None = None,
    without_model: WithoutModel | None = None,
) -> PullReport:
    """The report of one merged pull request: computed, with what a model told beside it.

    ``now`` is in UTC with its zone, ``version`` is PRHub's. ``reading`` may be of an older state of the
    facts: what they do not have any more is left out, and where the two differ the facts are right.
    ``without_model`` says why there is none, or why it is of an older state. No input makes it raise.
    """
    held = hold(facts, reading.insights if reading else Insights())
    context, told = held.context, held.told
    findings = find(context, held.instructions)
    computed = (*risks_of(findings), *settled(context, held.before, findings), *own_risks(facts))
    risks = blend(with_suspicion(computed, told.suspicious), told.risks, context)
    scores = score(context, told.rubric)
    done = steps(facts)
    return PullReport(
        head=head(facts),
        summary=summarise(facts, risks, context.decisions, scores, told),
        motivation=motivation(facts, done),
        reasons=told.motivation,
        implementation=_implementation(held, risks, done),
        decisions=context.decisions,
        topics=topics(told.topics, context),
        checks=told.checks,
        reviews=outcomes(facts),
        risks=risks,
        impact=(*told.impact, *impact(context), *further(findings)),
        follow_ups=follow_ups(context, findings, told.follow_ups),
        related=related(facts, told.related),
        scores=scores,
        coverage=cover(facts, reading),
        provenance=_provenance(
            Provenance(generated_at=now, version=version, rules=RULES_VERSION, redactions=facts.redactions),
            reading,
            without_model,
        ),
        paths=tuple(file.path for file in facts.files),
        removed=tuple(file.path for file in facts.files if file.status is FileStatus.REMOVED),
        kinds=dict(Counter(file.kind for file in facts.files)),
        set_aside=tuple(file.path for file in facts.files if file.kind in _SET_ASIDE),
    )


def _implementation(held: Held, risks: tuple[Risk, ...], done: tuple[Quote, ...]) -> Implementation:
    context, told = held.context, held.told
    files, files_left_out = key_files(context.facts, risks, told.files)
    symbols, symbols_left_out = key_symbols(context, files, told.symbols)
    return Implementation(
        steps=done,
        told=told.steps,
        files=files,
        files_left_out=files_left_out,
        symbols=symbols,
        symbols_left_out=symbols_left_out,
    )


def _provenance(made: Provenance, reading: Reading | None, without_model: WithoutModel | None) -> Provenance:
    """What made the report: the model's part in it, and why that is missing or behind."""
    names = ("model", "prompt", "language", "usage", "verified", "repaired", "dropped") if reading else ()
    told = {name: getattr(reading, name) for name in names}
    return made.model_copy(update=told | {"without_model": without_model})
