"""Files of the core: other pull requests touch them every week, or the repository's file names them."""

from __future__ import annotations

from bot.inference.history import CoreFile, core_files
from bot.inference.lines import added_lines, first_line, removed_lines
from bot.inference.messages import counted, names
from bot.inference.rules.finding import Context, Finding
from bot.model import Evidence, FileChange, Message, RiskKey, Severity

LARGE_CHANGE = 30


def core_path(context: Context) -> Finding | None:
    """A changed source file is one of those the repository changes most often, or names as its core."""
    core = core_files(context.facts)
    if not core:
        return None
    files = {file.path: file for file in context.facts.files}
    changed = sum(_changed_lines(context, files[item.path]) for item in core)
    return Finding(
        rule="core-path",
        key=RiskKey.CORE_PATH,
        severity=Severity.MEDIUM if changed >= LARGE_CHANGE else Severity.LOW,
        explanation=_explanation(core),
        evidence=tuple(Evidence(path=item.path, line=first_line(files[item.path])) for item in core[:5]),
    )


def _explanation(core: tuple[CoreFile, ...]) -> Message:
    """Say it of the busiest file; where history tells of none, of those that are named."""
    if core[0].pulls:
        busy = sum(1 for item in core if item.pulls)
        return counted("insight.risk.core_path", busy, **core[0]._asdict())
    return counted("insight.risk.core_named", len(core), paths=names([item.path for item in core]))


def _changed_lines(context: Context, file: FileChange) -> int:
    """The lines that came or went; what was only put elsewhere does not count."""
    if not file.hunks:
        return file.additions + file.deletions
    added = [line.text for line in added_lines(file)]
    stays = {text.strip() for text in added}
    came = sum(1 for text in added if not context.was_moved(text))
    return came + sum(1 for text in removed_lines(file) if text.strip() not in stays)
