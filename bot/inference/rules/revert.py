"""Changes that take an earlier one back, or were taken back themselves."""

from __future__ import annotations

from bot.inference.messages import counted, say
from bot.inference.rules.finding import Context, Finding
from bot.inference.sentences import clip
from bot.inference.titles import read_title
from bot.model import Evidence, Relation, RiskKey, Severity


def revert(context: Context) -> Finding | None:
    """The pull request reverts another one, or a later one reverted it."""
    undone = [item.number for item in context.facts.related if item.relation is Relation.REVERTED_BY]
    undoes = [item.number for item in context.facts.related if item.relation is Relation.REVERTS]
    if undone:
        return Finding(
            rule="reverted",
            key=RiskKey.REVERT,
            severity=Severity.HIGH,
            explanation=counted("insight.risk.revert.undone", len(undone)),
            evidence=tuple(Evidence(number=number) for number in undone[:5]),
        )
    if undoes:
        return Finding(
            rule="reverts",
            key=RiskKey.REVERT,
            severity=Severity.MEDIUM,
            explanation=counted("insight.risk.revert.undoes", len(undoes)),
            evidence=tuple(Evidence(number=number) for number in undoes[:5]),
        )
    if read_title(context.facts.title).reverts:
        quote = Evidence(number=context.facts.number, quote=clip(context.facts.title))
        return Finding(
            rule="revert-title",
            key=RiskKey.REVERT,
            severity=Severity.MEDIUM,
            explanation=say("insight.risk.revert.title"),
            evidence=(quote,),
        )
    return None
