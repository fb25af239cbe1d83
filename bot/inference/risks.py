"""The risks of a pull request: every rule in one tuple, and one risk for each key of the taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from bot.model import Insight, Risk, RiskKey

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


def find(context: Context) -> tuple[Finding, ...]:
    """What the rules found, the heaviest first, then in the order of the taxonomy."""
    keys = list(RiskKey)
    found = [finding for rule in RULES if (finding := rule(context)) is not None]
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


def further(findings: Sequence[Finding]) -> tuple[Insight, ...]:
    """What rules found besides, under a key for which a heavier finding already speaks."""
    spoken: set[RiskKey] = set()
    insights: list[Insight] = []
    for finding in findings:
        if finding.key in spoken:
            insights.append(Insight(message=finding.explanation, evidence=finding.evidence[:EVIDENCE]))
        spoken.add(finding.key)
    return tuple(insights)
