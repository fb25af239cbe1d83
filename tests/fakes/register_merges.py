"""A risk that a rule finds, and what a later merge makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.inference.register import hints, recheck
from bot.store.register_state import MergeMoment, looked_at
from tests.fakes.facts import file_change, hunk, merged_file
from tests.fakes.register import facts_of, numbered, report_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import FileChange, MergedFile, RegisteredRisk

STORE = "engine/store.py"


def registered(*files: FileChange, rule: str | None = None, **changes: Any) -> RegisteredRisk:
    """The risk that a rule finds in a pull request, merged at hour 0, as the register has it."""
    facts = facts_of(1, files=files, **changes)
    return next(risk for risk in numbered(report_of(facts), hints(facts)) if risk.rule == rule)


def after(
    risk: RegisteredRisk,
    *files: FileChange,
    hours: float = 48.0,
    texts: Sequence[MergedFile] = (),
    **changes: Any,
) -> RegisteredRisk:
    """The risk after a merge that came so many hours later."""
    facts = facts_of(2, hours=hours, files=files, merged_files=tuple(texts), **changes)
    report = report_of(facts)
    for verdict in recheck([risk], facts, report):
        risk = looked_at(risk, verdict, MergeMoment(facts.merged_at, 2))
    return risk


def became(risk: RegisteredRisk) -> str:
    """How a risk ended, or where it is now."""
    if risk.reason is not None:
        return risk.reason.key.rpartition(".")[2]
    if risk.checked_by is None:
        return "untouched"
    now = risk.now_at
    return f"{now.path}:{now.line}" if now and now.line else "open"


def edit(old: str, new: str = "", path: str = STORE, **changes: Any) -> FileChange:
    """A change of a file that puts lines in the place of others."""
    lines = [f"-{line}" for line in old.splitlines()] + [f"+{line}" for line in new.splitlines()]
    return file_change(path, hunks=(hunk("\n".join(lines)),), **changes)


def whole(text: str, path: str = STORE) -> MergedFile:
    """The file as it was merged."""
    return merged_file(path, text)
