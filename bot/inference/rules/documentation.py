"""What users must do differently, without a word about it in documentation or change log."""

from __future__ import annotations

from bot.inference.messages import say
from bot.inference.rules.breaking import breaking_change
from bot.inference.rules.finding import Context, Finding
from bot.inference.settings_lines import setting_changes
from bot.inference.surface import surface
from bot.model import Evidence, FileKind, RiskKey, Severity

_LOGS = ("changelog", "changes", "news", "history", "release", "upgrading", "migration")
_EVIDENCE = 5


def documentation(context: Context) -> Finding | None:
    """It is marked as breaking, or a flag or setting is gone, and no documentation changed.

    A changed function says nothing here: most functions that are public by name have no documentation.
    """
    if not context.complete or _documented(context):
        return None
    breaking = breaking_change(context)
    evidence = breaking.evidence if breaking else _gone(context)
    if not evidence:
        return None
    return Finding(
        rule="undocumented-break",
        key=RiskKey.DOCUMENTATION,
        severity=Severity.LOW,
        explanation=say("insight.risk.documentation"),
        evidence=evidence,
    )


def _gone(context: Context) -> tuple[Evidence, ...]:
    """The flags and settings that users may still give, and that are not there any more."""
    changes = [change for file in context.facts.files for change in setting_changes(file)]
    settings = [
        Evidence(path=item.path, quote=item.key) for item in changes if item.was_there and not item.line
    ]
    flags = [Evidence(quote=name) for name in surface(context.facts.files).flags_removed]
    return (*flags, *settings)[:_EVIDENCE]


def _documented(context: Context) -> bool:
    return any(
        file.kind is FileKind.DOCS or file.path.rsplit("/", 1)[-1].lower().startswith(_LOGS)
        for file in context.facts.files
    )
