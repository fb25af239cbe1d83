"""Source files that other pull requests touch every week."""

from __future__ import annotations

from bot.inference.history import core_files
from bot.inference.lines import added_lines, first_line, removed_lines
from bot.inference.messages import counted
from bot.inference.rules.finding import Context, Finding
from bot.model import Evidence, FileChange, RiskKey, Severity

LARGE_CHANGE = 30


def core_path(context: Context) -> Finding | None:
    """A changed source file is one of those the repository changes most often."""
    core = core_files(context.facts)
    if not core:
        return None
    files = {file.path: file for file in context.facts.files}
    changed = sum(_changed_lines(context, files[item.path]) for item in core)
    return Finding(
        rule="core-path",
        key=RiskKey.CORE_PATH,
        severity=Severity.MEDIUM if changed >= LARGE_CHANGE else Severity.LOW,
        explanation=counted("insight.risk.core_path", len(core), **core[0]._asdict()),
        evidence=tuple(Evidence(path=item.path, line=first_line(files[item.path])) for item in core[:5]),
    )


def _changed_lines(context: Context, file: FileChange) -> int:
    """The lines that came or went; what was only put elsewhere does not count."""
    if not file.hunks:
        return file.additions + file.deletions
    added = [line.text for line in added_lines(file)]
    stays = {text.strip() for text in added}
    came = sum(1 for text in added if not context.was_moved(text))
    return came + sum(1 for text in removed_lines(file) if text.strip() not in stays)
