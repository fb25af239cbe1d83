"""Remarks held against the merged code: which checks are believed, and what they make of the decision log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.current import current
from bot.inference.decisions import decide, in_order
from bot.inference.rules.finding import Context, context_of
from bot.inference.rules.injection import prompt_injection
from bot.model import CheckState, Decision, Insights, PullFacts, RemarkCheck, RiskKey, RiskState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.inference.rules.finding import Finding

_CLOSING = frozenset({CheckState.FIXED, CheckState.ACCEPTED})
_CLOSED = frozenset({RiskState.FIXED_BEFORE_MERGE, RiskState.ACCEPTED})
# Of several checks of one thread the one that says most is believed, and of those the worst.
_WORST = (
    CheckState.OPEN,
    CheckState.ACCEPTED,
    CheckState.FIXED,
    CheckState.UNKNOWN,
    CheckState.NO_FAULT,
)


class Held(NamedTuple):
    """A reading as far as it is believed, and the facts with it.

    ``before`` is the decision log without any check, the one in ``context`` follows the checks.
    ``instructions`` is what the rule found about text that gives instructions.
    """

    told: Insights
    before: tuple[Decision, ...]
    context: Context
    instructions: Finding | None


def hold(facts: PullFacts, insights: Insights) -> Held:
    """Hold a reading against the facts as they are now.

    Where a rule or the model suspects that the pull request's text gives instructions, nothing that
    the model says closes anything: neither a thread nor a risk.
    """
    before = decide(facts)
    context = context_of(facts, before)
    told = current(insights, facts)
    instructions = prompt_injection(context)
    if instructions is not None or _is_suspicious(insights):
        told = _doubted(told)
    logged = {decision.thread_id for decision in before}
    checks = tuple(check for check in _once(map(_shown, told.checks)) if check.thread_id in logged)
    told = told.model_copy(update={"checks": checks})
    states = {check.thread_id: check.state for check in checks}
    after = replace(context, decisions=_followed(facts, before, states), checks=states) if states else context
    return Held(told=told, before=before, context=after, instructions=instructions)


def _is_suspicious(insights: Insights) -> bool:
    """Whether the model took text for instructions, be it deleted by now."""
    return bool(insights.suspicious) or any(risk.key is RiskKey.PROMPT_INJECTION for risk in insights.risks)


def _doubted(told: Insights) -> Insights:
    checks = [_unknown(check) if check.state in _CLOSING else check for check in told.checks]
    risks = [
        risk.model_copy(update={"state": RiskState.UNKNOWN}) if risk.state in _CLOSED else risk
        for risk in told.risks
    ]
    return told.model_copy(update={"checks": tuple(checks), "risks": tuple(risks)})


def _unknown(check: RemarkCheck) -> RemarkCheck:
    """The check without its verdict; what it said was said for the verdict."""
    return check.model_copy(update={"state": CheckState.UNKNOWN, "text": None})


def _shown(check: RemarkCheck) -> RemarkCheck:
    """The check if what it says is shown: a line of a file, or the thread's own words; else unknown."""
    item = check.evidence
    by_line = item is not None and bool(item.path and item.quote)
    by_words = item is not None and item.thread_id == check.thread_id and bool(item.quote)
    shown = {CheckState.FIXED: by_line, CheckState.OPEN: by_line, CheckState.ACCEPTED: by_words}
    return check if shown.get(check.state, True) else _unknown(check)


def _once(checks: Iterable[RemarkCheck]) -> tuple[RemarkCheck, ...]:
    kept: dict[int, RemarkCheck] = {}
    for check in sorted(checks, key=lambda check: _WORST.index(check.state)):
        kept.setdefault(check.thread_id, check)
    return tuple(kept.values())


def _followed(
    facts: PullFacts, decisions: Iterable[Decision], states: dict[int, CheckState]
) -> tuple[Decision, ...]:
    """The decision log with the checks: mended and accepted is closed, what still holds is open.

    What was raised after the merge was not open at it, whatever it says.
    """
    late = {
        item.id for item in facts.threads if item.remarks and item.remarks[0].created_at > facts.merged_at
    }
    opens = {thread for thread, state in states.items() if state is CheckState.OPEN} - late
    closes = {thread for thread, state in states.items() if state in _CLOSING}
    return in_order(
        decision.model_copy(
            update={
                "open_at_merge": decision.thread_id in opens
                or (decision.open_at_merge and decision.thread_id not in closes)
            }
        )
        for decision in decisions
    )
