"""What is left to do after the merge: open threads, marks in the code, failing checks, missing tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.inference.folders import is_patch
from bot.inference.lines import Line, added_lines, evidence_of
from bot.inference.messages import counted, names
from bot.model import Evidence, FileKind, Insight, Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.inference.rules.finding import Context, Finding

_MARK = re.compile(r"(?:#|//|/\*|\*|--|<!--|;|%)[^\n]{0,80}?\b(TODO|FIXME|XXX|HACK)\b")
_KINDS = frozenset({FileKind.SOURCE, FileKind.TEST, FileKind.CONFIG, FileKind.CI})
_EVIDENCE = 5
_FROM_RULES = {
    "not-implemented": "insight.follow_up.not_implemented",
    "missing-tests": "insight.follow_up.tests",
    "undocumented-break": "insight.follow_up.documentation",
}


def follow_ups(context: Context, findings: Sequence[Finding]) -> tuple[Insight, ...]:
    """What the facts show as unfinished, each with its evidence."""
    return (*_threads(context), *_checks(context), *_marks(context), *_from_rules(findings))


def _threads(context: Context) -> Iterator[Insight]:
    standing = [decision for decision in context.decisions if decision.open_at_merge]
    if standing:
        yield Insight(
            message=counted("insight.follow_up.threads", len(standing)),
            evidence=tuple(
                Evidence(path=item.path, line=item.merged_line, thread_id=item.thread_id, quote=item.remark)
                for item in standing[:_EVIDENCE]
            ),
        )


def _checks(context: Context) -> Iterator[Insight]:
    checks = context.facts.checks
    commit = Evidence(commit=context.facts.head_sha or context.facts.merge_sha)
    if checks.failed:
        message = counted(
            "insight.follow_up.checks_failed", len(checks.failed), name=names(list(checks.failed))
        )
        yield Insight(message=message, evidence=(commit,))
    if checks.pending:
        yield Insight(message=counted("insight.follow_up.checks_pending", checks.pending), evidence=(commit,))


def _marks(context: Context) -> Iterator[Insight]:
    new = (line for line in _marked_lines(context) if not context.was_moved(line.text))
    marks = context.standing(new)
    if marks:
        yield Insight(message=counted("insight.follow_up.marks", len(marks)), evidence=evidence_of(marks))


def _marked_lines(context: Context) -> Iterator[Line]:
    return (
        line
        for file in context.facts.files
        if file.kind in _KINDS and not is_patch(file.path)
        for line in added_lines(file)
        if _MARK.search(line.text)
    )


def _from_rules(findings: Sequence[Finding]) -> Iterator[Insight]:
    for finding in findings:
        key = _FROM_RULES.get(finding.rule)
        if key:
            yield Insight(
                message=Message(key=key, params=finding.explanation.params), evidence=finding.evidence
            )
