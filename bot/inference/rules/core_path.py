"""Source files that other pull requests touch every week."""

from __future__ import annotations

from bot.inference.history import core_files
from bot.inference.lines import first_line
from bot.inference.messages import counted
from bot.inference.rules.finding import Context, Finding
from bot.model import Evidence, RiskKey, Severity

LARGE_CHANGE = 30


def core_path(context: Context) -> Finding | None:
    """A changed source file is one of those the repository changes most often."""
    core = core_files(context.facts)
    if not core:
        return None
    files = {file.path: file for file in context.facts.files}
    changed = sum(files[item.path].additions + files[item.path].deletions for item in core)
    return Finding(
        rule="core-path",
        key=RiskKey.CORE_PATH,
        severity=Severity.MEDIUM if changed >= LARGE_CHANGE else Severity.LOW,
        explanation=counted("insight.risk.core_path", len(core), **core[0]._asdict()),
        evidence=tuple(Evidence(path=item.path, line=first_line(files[item.path])) for item in core[:5]),
    )
