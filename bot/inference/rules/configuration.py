"""Settings that are new, gone, or have another value than before."""

from __future__ import annotations

from bot.inference.lines import evidence_of, first_line
from bot.inference.messages import counted, names
from bot.inference.rules.finding import Context, Finding
from bot.inference.settings_lines import SettingChange, is_settings_file, setting_changes
from bot.model import Evidence, FileStatus, RiskKey, Severity

_EVIDENCE = 5


def configuration(context: Context) -> Finding | None:
    """Configuration files changed; heavier when a key is gone or has another value."""
    changes = [change for file in context.facts.files for change in setting_changes(file)]
    gone = [change for change in changes if change.was_there and change.line is None]
    other = [change for change in changes if change.was_there and change.line is not None]
    if gone or other:
        return _keys_changed(context, gone, other)
    return _files_changed(context)


def _keys_changed(context: Context, gone: list[SettingChange], other: list[SettingChange]) -> Finding:
    what, shown = ("removed", gone) if gone else ("values", other)
    lines = context.standing(change.line for change in other if change.line is not None)
    evidence = [Evidence(path=change.path, quote=change.key) for change in gone]
    return Finding(
        rule="settings-changed",
        key=RiskKey.CONFIGURATION,
        severity=Severity.MEDIUM,
        explanation=counted(
            f"insight.risk.configuration.{what}",
            len({change.key for change in shown}),
            symbols=names([change.key for change in shown]),
        ),
        evidence=(*evidence, *evidence_of(lines))[:_EVIDENCE],
    )


def _files_changed(context: Context) -> Finding | None:
    files = [
        file
        for file in context.facts.files
        if is_settings_file(file)
        and (file.additions or file.deletions)
        and (file.status is not FileStatus.RENAMED or file.hunks)
    ]
    if not files:
        return None
    return Finding(
        rule="settings-files",
        key=RiskKey.CONFIGURATION,
        severity=Severity.LOW,
        explanation=counted(
            "insight.risk.configuration.files", len(files), paths=names([file.path for file in files])
        ),
        evidence=tuple(Evidence(path=file.path, line=first_line(file)) for file in files[:_EVIDENCE]),
    )
