"""The risks of rules and of a model become one list, in which the model can add and nothing of it lowers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.inference.history import core_files
from bot.inference.messages import counted
from bot.inference.risks import EVIDENCE
from bot.inference.rules.missing_tests import tests_changed
from bot.model import Evidence, Message, Risk, RiskKey, RiskState, Severity, Told, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.inference.rules.finding import Context
    from bot.model import AnyRiskKey

_STANDING = frozenset({RiskState.OPEN, RiskState.UNKNOWN})
_ORDER = (RiskState.OPEN, RiskState.UNKNOWN, RiskState.FIXED_BEFORE_MERGE, RiskState.ACCEPTED)
# What is said once of all of a change, and what rules find about all of it, or of a file.
_ONCE = frozenset(
    {
        RiskKey.MISSING_TESTS,
        RiskKey.CORE_PATH,
        RiskKey.UNRESOLVED_REVIEW,
        RiskKey.REVERT,
        RiskKey.PROMPT_INJECTION,
    }
)
_OF_THE_WHOLE = _ONCE | {RiskKey.DOCUMENTATION}
_OF_A_FILE = frozenset({RiskKey.CONFIGURATION, RiskKey.DEPENDENCY, RiskKey.DATA_MIGRATION})
_NEAR = 10  # lines
_NAME = re.compile(r"[A-Za-z_]\w{3,}", re.ASCII)
_SPAN = re.compile(r"`([^`]+)`")


def blend(found: Sequence[Risk], told: Sequence[Risk], context: Context) -> tuple[Risk, ...]:
    """The risks that rules ``found`` and that a model ``told``: open ones first, the heaviest first.

    Two about one matter become one, with the higher severity; other matters under the same key stand
    beside it. A told risk that only facts can decide, and do not bear out, is unknown.
    """
    risks: list[Risk] = []
    # What no rule of the taxonomy found is a repository's own: a model does not know of it.
    for key in RiskKey:
        ours = [risk for risk in found if risk.key is key]
        spoken = {risk.model_dump_json(): _judged(risk, context) for risk in told if risk.key is key}
        theirs = sorted(spoken.values(), key=_weight)
        one = _paired([risk for risk in ours if risk.state in _STANDING], _counting(theirs))
        settled = [risk for risk in theirs if risk.state not in _STANDING and not _overlaps(risk, one)]
        risks += [*one, *_paired([risk for risk in ours if risk.state not in _STANDING], settled)]
    own = (risk for risk in found if not isinstance(risk.key, RiskKey))
    return tuple(sorted((*risks, *own), key=_weight))


def _counting(told: list[Risk]) -> list[Risk]:
    """Those that are open; if none is, the first of which nobody knows."""
    standing = [risk for risk in told if risk.state in _STANDING]
    return [risk for risk in standing if risk.state is RiskState.OPEN] or standing[:1]


def _paired(ours: list[Risk], theirs: list[Risk]) -> list[Risk]:
    """Each of ours with the first of theirs about the same matter joined to it, then the rest of theirs."""
    left, joined = list(theirs), []
    for rule in ours:
        said = next((risk for risk in left if _is_about(rule, risk)), None)
        joined.append(_united(rule, said) if said else rule)
        left = [risk for risk in left if risk is not said]
    whole = joined + left
    return whole[:1] if whole and whole[0].key in _ONCE else whole


def _is_about(rule: Risk, told: Risk) -> bool:
    """Whether what a model told is about what a rule found: the same place, or a name that the rule gives."""
    if rule.key in _OF_THE_WHOLE or any(
        _beside(rule.key, a, b) for a in rule.evidence for b in told.evidence
    ):
        return True
    values = rule.explanation.params.values() if isinstance(rule.explanation, Message) else ()
    given = {name for value in values for name in _NAME.findall(str(value))}
    said = told.explanation.text if isinstance(told.explanation, Told) else ""
    return any(name in given for span in _SPAN.findall(said) for name in _NAME.findall(span))


def _beside(key: AnyRiskKey, one: Evidence, other: Evidence) -> bool:
    """Whether two places are the same or a few lines apart."""
    if one.thread_id is not None and one.thread_id == other.thread_id:
        return True
    if one.path is None or one.path != other.path:
        return False
    if one.line is None or other.line is None:
        return key in _OF_A_FILE or (one.line == other.line and one.quote == other.quote)
    return key in _OF_A_FILE or abs(one.line - other.line) <= _NEAR


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


def _weight(risk: Risk) -> tuple[int, int, tuple[int, str]]:
    return _ORDER.index(risk.state), risk.severity.rank, place_of(risk.key)


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


def _united(rule: Risk, told: Risk) -> Risk:
    """What a rule found, with what a model told of it; the model may raise its severity."""
    raised = told.state is RiskState.OPEN and told.severity.rank < rule.severity.rank
    changes = {
        # The first place stands beside the sentence that is shown above, and that is the model's.
        "evidence": united(told.evidence, rule.evidence),
        "severity": told.severity if raised else rule.severity,
        "told": told.explanation,
    }
    return rule.model_copy(update=changes)


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
    return item.path, item.comment_id, item.review_id, item.number, item.commit, item.source, item.quote


def _overlaps(risk: Risk, others: list[Risk]) -> bool:
    taken = {_place(item) for other in others for item in other.evidence}
    return any(_place(item) in taken for item in risk.evidence)
