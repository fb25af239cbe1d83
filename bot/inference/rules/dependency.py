"""Dependencies that changed: manifests, lock files, images, submodules, vendored code."""

from __future__ import annotations

import re

from bot.inference.folders import is_aside
from bot.inference.lines import evidence_of, first_line
from bot.inference.manifests import DependencyChange, dependency_changes
from bot.inference.messages import counted, names
from bot.inference.rules.finding import Context, Finding
from bot.model import Evidence, RiskKey, Severity

_SEVERITY = {
    "manifest": Severity.MEDIUM,
    "image": Severity.MEDIUM,
    "submodule": Severity.MEDIUM,
    "patch": Severity.MEDIUM,
    "vendored": Severity.LOW,
    "lock": Severity.LOW,
}
_EVIDENCE = 5
_PARTS = re.compile(r"[a-z]+")
# fmt: off
_DEVELOPMENT = frozenset({
    "dev", "develop", "development", "test", "tests", "testing", "lint", "doc", "docs", "benchmark",
    "benchmarks", "template", "templates",
})
# fmt: on


def dependency(context: Context) -> Finding | None:
    """Files that say what this software is built from changed; the heaviest kind gives the sentence."""
    changes = list(dependency_changes(context.facts.files))
    if not changes:
        return None
    what = next(kind for kind in _SEVERITY if any(change.what == kind for change in changes))
    told = sorted((change for change in changes if change.what == what), key=_is_light)
    ordered = told + [change for change in changes if change.what != what]
    return Finding(
        rule="dependencies",
        key=RiskKey.DEPENDENCY,
        severity=Severity.LOW if all(map(_is_light, told)) else _SEVERITY[what],
        explanation=counted(
            f"insight.risk.dependency.{what}", len(told), paths=names([change.file.path for change in told])
        ),
        evidence=tuple(_evidence(context, change) for change in ordered[:_EVIDENCE]),
    )


def _is_light(change: DependencyChange) -> bool:
    return change.minor or _is_for_development(change)


def _is_for_development(change: DependencyChange) -> bool:
    """Whether only tests, documentation or examples are built from it, by its path."""
    path = change.file.path.lower()
    return is_aside(path) or bool(_DEVELOPMENT.intersection(_PARTS.findall(path)))


def _evidence(context: Context, change: DependencyChange) -> Evidence:
    found = evidence_of(context.standing([change.line])) if change.line else ()
    return found[0] if found else Evidence(path=change.file.path, line=first_line(change.file))
