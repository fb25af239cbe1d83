"""Source files that many earlier pull requests touched."""

from __future__ import annotations

from bot.inference.history import core_histories
from bot.inference.lines import first_line
from bot.inference.messages import Value, counted
from bot.inference.rules.finding import Context, Finding
from bot.model import Evidence, FileHistory, Message, RiskKey, Severity

LARGE_CHANGE = 30


def core_path(context: Context) -> Finding | None:
    """A changed source file is one of those the repository changes most often."""
    histories = core_histories(context.facts)
    if not histories:
        return None
    files = {file.path: file for file in context.facts.files}
    busiest = histories[0]
    changed = sum(files[item.path].additions + files[item.path].deletions for item in histories)
    known = any(item.days is not None for item in histories)
    return Finding(
        rule="core-path",
        key=RiskKey.CORE_PATH,
        severity=Severity.MEDIUM if known and changed >= LARGE_CHANGE else Severity.LOW,
        explanation=how_often("insight.risk.core_path", len(histories), busiest),
        evidence=tuple(Evidence(path=item.path, line=first_line(files[item.path])) for item in histories[:5]),
    )


def how_often(key: str, count: int, busiest: FileHistory) -> Message:
    """The sentence ``key`` about ``count`` core files, with the days of the busiest one if they are known."""
    values: dict[str, Value] = {"path": busiest.path, "pulls": busiest.pulls}
    if busiest.days is None:
        return counted(key, count, window=busiest.window, **values)
    return counted(f"{key}_days", count, days=busiest.days, **values)
