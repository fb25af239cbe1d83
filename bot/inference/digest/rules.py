"""The rules of highlights: what a report must have for a digest to feature it; docs/digests.md lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.inference.digest.weights import open_risks
from bot.inference.messages import counted, say
from bot.model import HighlightRule, Message, RiskKey, RubricKey, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.model import Gist, PeriodPull, Risk

_CONTRACT: Final = (
    RiskKey.BREAKING_CHANGE,
    RiskKey.COMPATIBILITY,
    RiskKey.CONFIGURATION,
    RiskKey.DATA_MIGRATION,
)
_LEVEL: Final = 2  # of the rubric: something that others relied on, a choice with its reasons
_SETTLED: Final = 2  # remarks
_SEVERAL: Final = 2  # medium risks


def why(rule: HighlightRule, pull: PeriodPull) -> Message | None:
    """What makes ``rule`` hold for a pull request, with computed values; ``None`` if it does not hold."""
    return None if pull.gist is None else _RULES[rule](pull, pull.gist)


def holding(pull: PeriodPull) -> Iterator[tuple[HighlightRule, Message]]:
    """Every rule that holds, with its reason, the most telling one first."""
    for rule in _RULES:
        reason = why(rule, pull)
        if reason is not None:
            yield rule, reason


def is_grave(gist: Gist) -> bool:
    """Whether it must be known whatever its scores are: it breaks an interface or has a high risk."""
    return gist.breaking or any(risk.severity is Severity.HIGH for risk in open_risks(gist))


def _contract(_: PeriodPull, gist: Gist) -> Message | None:
    weighty = [risk for risk in gist.risks if risk.key in _CONTRACT and risk.severity is not Severity.LOW]
    first = min(weighty, key=lambda risk: (risk.severity.rank, _CONTRACT.index(risk.key)), default=None)
    if first is not None:
        return _said(first)
    return say("insight.why.breaking") if gist.breaking else None


def _assumption(_: PeriodPull, gist: Gist) -> Message | None:
    level = _level(gist, RubricKey.ASSUMPTION)
    return say(f"insight.why.assumption_{level}") if level >= _LEVEL else None


def _decision(_: PeriodPull, gist: Gist) -> Message | None:
    level = _level(gist, RubricKey.DECISION)
    if level >= _LEVEL:
        return say(f"insight.why.decision_{level}")
    argued = not gist.rubric or _level(gist, RubricKey.ARGUMENT) >= _LEVEL
    return counted("insight.why.settled", gist.settled) if argued and gist.settled >= _SETTLED else None


def _user_visible(pull: PeriodPull, gist: Gist) -> Message | None:
    if gist.for_users:
        return counted("insight.why.for_users", len(gist.for_users))
    if "feature" not in gist.tags:
        return None
    merge = pull.merge
    return counted("insight.why.feature", merge.changed_files, lines=merge.additions + merge.deletions)


def _risk(_: PeriodPull, gist: Gist) -> Message | None:
    high = [risk for risk in open_risks(gist) if risk.severity is Severity.HIGH]
    if high:
        return _said(high[0])
    medium = [risk for risk in gist.risks if risk.severity is Severity.MEDIUM]
    is_core = any(risk.key is RiskKey.CORE_PATH for risk in gist.risks)
    others = [risk for risk in medium if risk.key is not RiskKey.CORE_PATH]
    if others and (is_core or len(medium) >= _SEVERAL):
        return _said(others[0])
    return None


def _chosen(pull: PeriodPull, _: Gist) -> Message | None:
    return say("insight.why.chosen") if pull.featured else None


def _level(gist: Gist, item: RubricKey) -> int:
    return max((answer.level for answer in gist.rubric if answer.item is item), default=0)


def _said(risk: Risk) -> Message:
    """The computed explanation of a risk; one that a model told is named by its key alone."""
    if isinstance(risk.explanation, Message):
        return risk.explanation
    return say(f"insight.why.risk_{risk.severity.value}", risk_symbol=risk.name or risk.key.value)


_RULES: Final[Mapping[HighlightRule, Callable[[PeriodPull, Gist], Message | None]]] = {
    HighlightRule.CONTRACT_CHANGED: _contract,
    HighlightRule.ASSUMPTION_CHANGED: _assumption,
    HighlightRule.DECISION_TAKEN: _decision,
    HighlightRule.USER_VISIBLE: _user_visible,
    HighlightRule.RISK: _risk,
    HighlightRule.CHOSEN: _chosen,
}
