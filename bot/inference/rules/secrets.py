"""Added lines in which redaction found a secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.inference.folders import is_aside, is_patch
from bot.inference.lines import added_lines, evidence_of
from bot.inference.messages import counted, names
from bot.inference.rules.finding import Context, Finding
from bot.model import FileKind, RiskKey, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.lines import Line

# What bot.redaction puts in a secret's place.
_REDACTED = re.compile(r"\[REDACTED:([a-z0-9-]{1,40})\]")
# Known by the name it is given to or by its place, not by its form.
_GUESSED = frozenset({"assigned-secret", "url-credentials"})
_KINDS = frozenset({FileKind.SOURCE, FileKind.CONFIG, FileKind.CI})


def committed_secrets(context: Context) -> Finding | None:
    """Added lines outside tests and examples hold what has the form or the name of a secret."""
    lines = context.standing(_lines(context))
    if not lines:
        return None
    kinds = [kind for line in lines for kind in _REDACTED.findall(line.text)]
    return Finding(
        rule="committed-secrets",
        key=RiskKey.SECURITY,
        severity=Severity.MEDIUM if _GUESSED.issuperset(kinds) else Severity.HIGH,
        explanation=counted("insight.risk.secrets", len(lines), symbols=names(kinds)),
        evidence=evidence_of(lines),
    )


def _lines(context: Context) -> Iterator[Line]:
    return (
        line
        for file in context.facts.files
        if file.kind in _KINDS and not is_aside(file.path) and not is_patch(file.path)
        for line in added_lines(file)
        if _REDACTED.search(line.text) and not context.was_moved(line.text)
    )
