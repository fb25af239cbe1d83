"""The risks of rules and of a model become one list, in which the model can add and nothing of it lowers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.inference.history import core_files
from bot.inference.messages import counted
from bot.inference.risks import EVIDENCE
from bot.inference.rules.missing_tests import tests_changed
from bot.model import Evidence, Insight, Risk, RiskKey, RiskState, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.inference.rules.finding import Context

_STANDING = frozenset({RiskState.OPEN, RiskState.UNKNOWN})
_ORDER = (RiskState.OPEN, RiskState.UNKNOWN, RiskState.FIXED_BEFORE_MERGE, RiskState.ACCEPTED)


class Blend(NamedTuple):
    """One list of risks, and what a model found besides under a key that is spoken for."""

    risks: tuple[Risk, ...]
    further: tuple[Insight, ...] = ()


def blend(found: Sequence[Risk], told: Sequence[Risk], context: Context) -> Blend:
    """The risks that rules ``found`` and that a model ``told``: open ones first, the heaviest first.

    For each key there is at most one that stands, with the higher severity of the two, and at most
    one that was settled. A told risk that only facts can decide, and do not bear out, is unknown.
    """
    risks: list[Risk] = []
    further: list[Insight] = []
    for key in RiskKey:
        ours = [risk for risk in found if risk.key is key]
        spoken = [risk for risk in told if risk.key is key]
        theirs = sorted(spoken if ours else (_judged(risk, context) for risk in spoken), key=_weight)
        standing = [risk for risk in theirs if risk.state in _STANDING]
        one = _united([risk for risk in ours if risk.state in _STANDING], standing)
        risks += one[:1]
        further += [_besides(risk) for risk in standing[1:] if risk.state is RiskState.OPEN]
        settled = [risk for risk in theirs if risk.state not in _STANDING and not _overlaps(risk, one)]
        risks += _united([risk for risk in ours if risk.state not in _STANDING], settled)[:1]
    return Blend(tuple(sorted(risks, key=_weight)), tuple(further))


def with_suspicion(found: tuple[Risk, ...], items: tuple[Evidence, ...]) -> tuple[Risk, ...]:
    """``found`` with the risk that text gives instructions, if a model pointed ``items`` of it out.

    What the rule said of it stays, and gets the evidence.
    """
    if not items:
        return found
    rule = next((risk for risk in found if risk.key is RiskKey.PROMPT_INJECTION), None)
    if rule is None:
        explanation = counted("insight.risk.injection", len(items))
        new = Risk(key=RiskKey.PROMPT_INJECTION, severity=Severity.MEDIUM, explanation=explanation)
        return (*found, new.model_copy(update={"evidence": items[:EVIDENCE]}))
    more = rule.model_copy(update={"evidence": united(rule.evidence, items)})
    return tuple(more if risk is rule else risk for risk in found)


def _weight(risk: Risk) -> tuple[int, int, int]:
    return _ORDER.index(risk.state), risk.severity.rank, list(RiskKey).index(risk.key)


def _judged(risk: Risk, context: Context) -> Risk:
    if risk.state is RiskState.OPEN and not _may_stand(risk, context):
        return risk.model_copy(update={"state": RiskState.UNKNOWN})
    return risk


def _may_stand(risk: Risk, context: Context) -> bool:
    """Whether the facts leave room for a risk about which they know everything."""
    match risk.key:
        case RiskKey.MISSING_TESTS:
            return context.complete and not tests_changed(context)
        case RiskKey.CORE_PATH:
            return bool(core_files(context.facts))
        case RiskKey.REVERT:
            return False
        case RiskKey.UNRESOLVED_REVIEW:
            cited = {item.thread_id for item in risk.evidence if item.thread_id is not None}
            standing = {item.thread_id for item in context.decisions if item.open_at_merge}
            return not cited or bool(cited & standing)
        case _:
            return True


def _united(ours: list[Risk], theirs: list[Risk]) -> list[Risk]:
    """The first of ours with the first of theirs joined to it, or whichever there is."""
    if not (ours and theirs):
        return ours or theirs
    rule, told = ours[0], theirs[0]
    raised = told.state is RiskState.OPEN and told.severity.rank < rule.severity.rank
    changes = {
        # The first place stands beside the sentence that is shown above, and that is the model's.
        "evidence": united(told.evidence, rule.evidence),
        "severity": told.severity if raised else rule.severity,
        "told": told.explanation,
    }
    return [rule.model_copy(update=changes)]


def united(first: Iterable[Evidence], second: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Both, each place once, at most five."""
    places: dict[tuple[object, ...], Evidence] = {}
    for item in (*first, *second):
        places.setdefault(_place(item), item)
    return tuple(places.values())[:EVIDENCE]


def _place(item: Evidence) -> tuple[object, ...]:
    if item.path is not None and item.line is not None:
        return item.path, item.line
    if item.thread_id is not None:
        return "thread", item.thread_id
    return item.path, item.comment_id, item.number, item.commit, item.source, item.quote


def _overlaps(risk: Risk, others: list[Risk]) -> bool:
    taken = {_place(item) for other in others for item in other.evidence}
    return any(_place(item) in taken for item in risk.evidence)


def _besides(risk: Risk) -> Insight:
    return Insight(message=risk.explanation, evidence=risk.evidence[:EVIDENCE])
