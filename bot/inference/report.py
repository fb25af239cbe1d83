"""PullFacts become a PullReport without a model: every statement is computed or quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.coverage import cover
from bot.inference.decisions import decide
from bot.inference.files import key_files
from bot.inference.follow_ups import follow_ups
from bot.inference.head import head
from bot.inference.impact import impact
from bot.inference.motivation import motivation
from bot.inference.related import related
from bot.inference.reviews import outcomes
from bot.inference.risks import RULES_VERSION, find, further
from bot.inference.risks import risks as risks_of
from bot.inference.rules.finding import Context, context_of
from bot.inference.scores import score
from bot.inference.steps import steps
from bot.inference.summary import summarise
from bot.inference.symbols import key_symbols
from bot.model import FileStatus, Implementation, Provenance, PullFacts, PullReport, Quote, Risk

if TYPE_CHECKING:
    from datetime import datetime


def build_report(facts: PullFacts, *, now: datetime, version: str) -> PullReport:
    """The deterministic report of one merged pull request.

    ``now`` is in UTC with its zone, ``version`` is PRHub's. No input makes it raise.
    """
    decisions = decide(facts)
    context = context_of(facts, decisions)
    findings = find(context)
    risks = risks_of(findings)
    scores = score(context)
    done = steps(facts)
    return PullReport(
        head=head(facts),
        summary=summarise(facts, risks, decisions, scores),
        motivation=motivation(facts, done),
        implementation=_implementation(context, risks, done),
        decisions=decisions,
        reviews=outcomes(facts),
        risks=risks,
        impact=(*impact(context), *further(findings)),
        follow_ups=follow_ups(context, findings),
        related=related(facts),
        scores=scores,
        coverage=cover(facts),
        provenance=Provenance(
            generated_at=now, version=version, rules=RULES_VERSION, redactions=facts.redactions
        ),
        paths=tuple(file.path for file in facts.files),
        removed=tuple(file.path for file in facts.files if file.status is FileStatus.REMOVED),
    )


def _implementation(context: Context, risks: tuple[Risk, ...], done: tuple[Quote, ...]) -> Implementation:
    files, files_left_out = key_files(context.facts, risks)
    symbols, symbols_left_out = key_symbols(context, files)
    return Implementation(
        steps=done,
        files=files,
        files_left_out=files_left_out,
        symbols=symbols,
        symbols_left_out=symbols_left_out,
    )
