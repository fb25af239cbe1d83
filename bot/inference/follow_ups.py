"""What is left to do after the merge: open threads, marks in the code, failing checks, missing tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.inference.folders import is_patch
from bot.inference.lines import Line, added_lines, evidence_of
from bot.inference.messages import counted, names
from bot.model import Evidence, FileKind, Insight, Message, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.inference.rules.finding import Context, Finding

_MARK = re.compile(r"(?:#|//|/\*|\*|--|<!--|;|%)[^\n]{0,80}?\b(TODO|FIXME|XXX|HACK)\b")
_KINDS = frozenset({FileKind.SOURCE, FileKind.TEST, FileKind.CONFIG, FileKind.CI})
_EVIDENCE = 5
_FROM_RULES = {
    "not-implemented": "insight.follow_up.not_implemented",
    "missing-tests": "insight.follow_up.tests",
    "undocumented-break": "insight.follow_up.documentation",
}
_NAMED = re.compile(r"`([^`\n]{1,300})`")
_WORD = re.compile(r"\w+")
_MATTERS = {
    "missing-tests": re.compile(r"\btest|测试", re.IGNORECASE),
    "undocumented-break": re.compile(r"\bdoc(?:s|ument)|\bchange ?log|文档|变更日志", re.IGNORECASE),
}


def follow_ups(
    context: Context, findings: Sequence[Finding], told: tuple[Insight, ...] = ()
) -> tuple[Insight, ...]:
    """What a model ``told``, then what the facts show as unfinished, each with its evidence.

    What a rule asks for in general is left out where the model asks for it in particular. The risk that
    the rule found says it in any case.
    """
    asked = "\n".join(item.message.text for item in told if isinstance(item.message, Told))
    general = (finding for finding in findings if not _is_asked_for(finding, asked))
    return (*told, *_threads(context), *_checks(context), *_marks(context), *_from_rules(general))


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


def _is_asked_for(finding: Finding, asked: str) -> bool:
    """Whether the words that were told name the matter of a rule: tests, documentation, or the symbols."""
    matter = _MATTERS.get(finding.rule)
    if matter is not None:
        return matter.search(asked) is not None
    symbols = str(finding.explanation.params.get("symbols", "")).split(", ")
    named = {word for span in _NAMED.findall(asked) for word in _WORD.findall(span)}
    return {name.rsplit(".", 1)[-1] for name in symbols} <= named


def _from_rules(findings: Iterable[Finding]) -> Iterator[Insight]:
    for finding in findings:
        key = _FROM_RULES.get(finding.rule)
        if key:
            yield Insight(
                message=Message(key=key, params=finding.explanation.params), evidence=finding.evidence
            )
