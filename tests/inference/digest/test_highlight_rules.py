"""Each rule of highlights holds for what docs/digests.md says, and for nothing else."""

from __future__ import annotations

import pytest

from bot.inference.digest.highlights import highlights
from bot.inference.digest.rules import holding
from bot.model import (
    Audience,
    Highlight,
    HighlightRule,
    Insight,
    Message,
    RiskKey,
    RubricAnswer,
    RubricKey,
    Severity,
    Told,
)
from tests.fakes.period_pulls import BREAKING, CORE_PATH, MISSING_TESTS, risk
from tests.fakes.periods import pull, ref, week

REMOVED = risk(
    RiskKey.COMPATIBILITY,
    Severity.MEDIUM,
    Message(key="insight.risk.compatibility.removed", params={"count": 1, "symbols": "run"}),
)
TOLD_RISK = risk(RiskKey.SECURITY, Severity.HIGH, "`load` runs what it reads.")
LIGHT = risk(RiskKey.COMPATIBILITY, Severity.LOW, "A parameter went.")
DEPENDENCY = risk(RiskKey.DEPENDENCY, Severity.MEDIUM, "The image changed.")
EFFECT = Insight(message=Told(text="`--trace` writes a timeline."), on=Audience.USERS)


def level(item, value):
    return {"rubric": (RubricAnswer(item=RubricKey(item), level=value),)}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"breaking": True}, "contract-changed", id="it is marked as breaking"),
        pytest.param({"risks": (REMOVED,)}, "contract-changed", id="a public symbol went"),
        pytest.param({"risks": (LIGHT,)}, None, id="a light one of that kind is none"),
        pytest.param(level("assumption", 2), "assumption-changed", id="something relied on was otherwise"),
        pytest.param(level("assumption", 1), None, id="a detail was otherwise"),
        pytest.param(level("decision", 3), "decision-taken", id="a direction was set"),
        pytest.param(level("decision", 1), None, id="a local choice"),
        pytest.param({"settled": 2}, "decision-taken", id="two remarks were settled"),
        pytest.param({"settled": 1}, None, id="one remark was settled"),
        pytest.param({"settled": 4, **level("argument", 1)}, None, id="settled without an argument"),
        pytest.param({"for_users": (EFFECT,)}, "user-visible", id="users notice"),
        pytest.param({"tags": ("feature",)}, "user-visible", id="a feature"),
        pytest.param({"risks": (TOLD_RISK,)}, "risk", id="a high risk is open"),
        pytest.param({"risks": (CORE_PATH, DEPENDENCY)}, "risk", id="a medium risk in a core file"),
        pytest.param({"risks": (CORE_PATH,)}, None, id="a core file alone"),
        pytest.param({"risks": (DEPENDENCY,)}, None, id="one medium risk"),
        pytest.param({"risks": (DEPENDENCY, DEPENDENCY)}, "risk", id="two medium risks"),
        pytest.param({"risks": (MISSING_TESTS,)}, None, id="tests are missing"),
        pytest.param({}, None, id="nothing of note"),
        pytest.param({"why": "never_seen"}, None, id="no report"),
    ],
)
def test_the_first_rule_that_holds(changes, rule):
    """A row for every limit."""
    found = next(iter(holding(pull(1, **changes))), None)
    assert (found[0].value if found else None) == rule


def test_the_reason_is_what_was_computed():
    """The very sentence of the rule that found it."""
    (rule, why), *_ = holding(pull(1, risks=(REMOVED,)))
    assert (rule, why) == (HighlightRule.CONTRACT_CHANGED, REMOVED.explanation)


def test_a_risk_that_a_model_told_is_named_by_its_key():
    """Its sentence is not a computed one."""
    reasons = dict(holding(pull(1, risks=(TOLD_RISK,))))
    assert reasons[HighlightRule.RISK].params == {"risk_symbol": "security"}


def chosen(pulls, most=10, threshold=4.0, picks=()):
    return [item.ref.number for item in highlights(pulls, picks, most, threshold)]


def test_the_threshold_is_of_importance_or_insight():
    """What teaches something is worth a reader's time as well."""
    heavy = [pull(number, importance=5.0, tags=("feature",)) for number in (3, 4)]
    light = pull(1, importance=3.9, tags=("feature",))
    telling = pull(2, importance=1.0, insight=4.0, tags=("feature",))
    assert set(chosen((*heavy, light, telling))) == {2, 3, 4}


def test_a_quiet_week_has_its_heaviest_ones():
    """Up to three below the threshold, if a rule holds and they reach half of it."""
    quiet = [pull(number, importance=2.0 + number / 10, tags=("feature",)) for number in range(1, 6)]
    dull = pull(8, importance=1.9, tags=("feature",))
    assert chosen((*quiet, dull)) == [5, 4, 3]
    assert chosen((dull,)) == []


def test_a_busy_week_has_more_of_them():
    """A fifth of the merges, five at most."""
    light = [pull(number, importance=2.0 + number / 100, tags=("feature",)) for number in range(1, 61)]
    assert chosen(light[:20]) == [20, 19, 18, 17]
    assert chosen(light) == [60, 59, 58, 57, 56]


@pytest.mark.parametrize(
    "changes",
    [pytest.param({"breaking": True}, id="breaking"), pytest.param({"risks": (BREAKING,)}, id="high")],
)
def test_what_is_grave_needs_no_threshold(changes):
    """Nobody may miss it."""
    assert chosen((pull(1, importance=0.1, **changes),), threshold=10.0) == [1]


def test_the_cap_keeps_the_heaviest():
    """In the order of their weight."""
    assert chosen(week(), most=2) == [1232, 1234]
    assert chosen(week(), most=0) == []


def test_a_pick_goes_before_what_is_heavier_and_was_not_picked():
    """A model knows better which of them a reader should open."""
    pick = Highlight(
        ref=ref(1230),
        rule=HighlightRule.ASSUMPTION_CHANGED,
        why=Message(key="insight.why.assumption_2"),
        told=Told(text="Weights may arrive late."),
    )
    found = highlights(week(), (pick,), 1, 4.0)
    assert [(item.ref.number, item.told) for item in found] == [(1230, pick.told)]


def test_a_pick_brings_nothing_in_that_no_rule_holds_for():
    """Nor under a rule that does not hold."""
    pick = Highlight(ref=ref(1231), rule=HighlightRule.RISK, why=Message(key="insight.why.breaking"))
    assert 1231 not in chosen(week(), picks=(pick,))
    wrong = pick.model_copy(update={"ref": ref(1232), "rule": HighlightRule.ASSUMPTION_CHANGED})
    found = {item.ref.number: item.rule for item in highlights(week(), (wrong,), 10, 4.0)}
    assert found[1232] is HighlightRule.CONTRACT_CHANGED
