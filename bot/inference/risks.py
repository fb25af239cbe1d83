"""The risks of a pull request: every rule in one tuple, and one risk for each key of the taxonomy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.inference.messages import counted
from bot.inference.rules.breaking import breaking_change
from bot.inference.rules.compatibility import compatibility
from bot.inference.rules.configuration import configuration
from bot.inference.rules.core_path import core_path
from bot.inference.rules.dependency import dependency
from bot.inference.rules.documentation import documentation
from bot.inference.rules.errors import not_implemented, swallowed
from bot.inference.rules.injection import prompt_injection
from bot.inference.rules.migration import data_migration
from bot.inference.rules.missing_tests import missing_tests
from bot.inference.rules.private_api import private_api
from bot.inference.rules.revert import revert
from bot.inference.rules.runtime import runtime_versions
from bot.inference.rules.secrets import committed_secrets
from bot.inference.rules.security import access_paths, dangerous_calls, security_remarks, workflow_triggers
from bot.inference.rules.unresolved import changes_requested, open_threads
from bot.model import CheckState, Decision, Insight, Risk, RiskKey, RiskState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.inference.rules.finding import Context, Finding, Rule

RULES_VERSION = 1
EVIDENCE = 5
RULES: tuple[Rule, ...] = (
    missing_tests,
    core_path,
    breaking_change,
    compatibility,
    runtime_versions,
    committed_secrets,
    dangerous_calls,
    workflow_triggers,
    security_remarks,
    access_paths,
    not_implemented,
    swallowed,
    data_migration,
    configuration,
    dependency,
    private_api,
    documentation,
    changes_requested,
    open_threads,
    revert,
    prompt_injection,
)
# Rules that judge by the decision log: what checks closed is kept as settled.
OF_DISCUSSION: tuple[Rule, ...] = (security_remarks, open_threads)


def find(context: Context, *instructions: Finding | None) -> tuple[Finding, ...]:
    """What the rules found, the heaviest first, then in the order of the taxonomy.

    Whoever has run ``prompt_injection`` gives what it found as ``instructions``: it is not run again.
    """
    instructions = instructions or (prompt_injection(context),)
    keys = list(RiskKey)
    others = (rule(context) for rule in RULES if rule is not prompt_injection)
    found = [finding for finding in (*others, *instructions) if finding is not None]
    return tuple(sorted(found, key=lambda finding: (finding.severity.rank, keys.index(finding.key))))


def risks(findings: Sequence[Finding]) -> tuple[Risk, ...]:
    """One risk for each key, from the heaviest finding that has it."""
    heaviest: dict[RiskKey, Finding] = {}
    for finding in findings:
        heaviest.setdefault(finding.key, finding)
    return tuple(
        Risk(
            key=finding.key,
            severity=finding.severity,
            explanation=finding.explanation,
            evidence=finding.evidence[:EVIDENCE],
            rule=finding.rule,
        )
        for finding in heaviest.values()
    )


def settled(context: Context, before: tuple[Decision, ...], findings: Sequence[Finding]) -> tuple[Risk, ...]:
    """What rules found by the decision log ``before`` the checks, and find no more: shown, not counted."""
    if not any(context.is_settled(decision.thread_id) for decision in before):
        return ()
    unchecked = replace(context, decisions=before, checks={})
    standing = {finding.rule for finding in findings}
    found = [finding for rule in OF_DISCUSSION if (finding := rule(unchecked)) is not None]
    return tuple(_settled(context, finding) for finding in found if finding.rule not in standing)


def _settled(context: Context, finding: Finding) -> Risk:
    states = {context.checks.get(item.thread_id) for item in finding.evidence if item.thread_id is not None}
    fixed = states == {CheckState.FIXED}
    key = "insight.risk.threads_fixed" if fixed else "insight.risk.threads_settled"
    return Risk(
        key=finding.key,
        severity=finding.severity,
        explanation=counted(key, int(finding.explanation.params["count"])),
        evidence=finding.evidence[:EVIDENCE],
        state=RiskState.FIXED_BEFORE_MERGE if fixed else RiskState.ACCEPTED,
        rule=finding.rule,
    )


def further(findings: Sequence[Finding]) -> tuple[Insight, ...]:
    """What rules found besides, under a key for which a heavier finding already speaks."""
    spoken: set[RiskKey] = set()
    insights: list[Insight] = []
    for finding in findings:
        if finding.key in spoken:
            insights.append(Insight(message=finding.explanation, evidence=finding.evidence[:EVIDENCE]))
        spoken.add(finding.key)
    return tuple(insights)
