"""What security depends on: dangerous calls, workflow triggers, remarks, where access is decided."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.lines import (
    Line,
    added_lines,
    evidence_of,
    first_line,
    is_code,
    is_comment,
    removed_lines,
    suffix,
)
from bot.inference.messages import counted, names, say
from bot.inference.rules.dangers import DANGERS, QUICK, SECRET_WORDS, Danger
from bot.inference.rules.finding import Context, Finding
from bot.model import (
    DecisionState,
    Evidence,
    FileChange,
    FileKind,
    FileStatus,
    RiskKey,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")
_TRIGGER = re.compile(r"\bpull_request_target\b|\bworkflow_run\s?:")
_HEAD = re.compile(r"github\.event\.(?:pull_request|workflow_run)\.head|github\.head_ref|refs/pull/")
_WRITE_ALL = re.compile(r"^\s{0,40}permissions\s?:\s?write-all\b")
_INJECTED = re.compile(
    r"\brun\s?:.{0,300}\$\{\{\s{0,4}github\.(?:head_ref|event\.(?:issue|pull_request|comment|review|discussion)\.(?:title|body))"
)
_BADGE = re.compile(
    r"security-(?:critical|high|medium)|\bvulnerabilit|\bremote code execution\b|\bRCE\b|安全漏洞|"
    r"远程代码执行"
)


class _Hit(NamedTuple):
    line: Line
    danger: Danger


def dangerous_calls(context: Context) -> Finding | None:
    """Added lines of source that call what is dangerous with the wrong input.

    A call that the change takes away as often as it adds it was only moved or edited.
    """
    known = Counter(danger.name for file in context.facts.files for danger in _removed(file))
    found = [hit for file in context.sources() for hit in _hits(context, file)]
    new = Counter(hit.danger.name for hit in found) - known
    hits = [hit for hit in found if new[hit.danger.name]]
    if not hits:
        return None
    hits.sort(key=lambda hit: hit.danger.severity.rank)
    return Finding(
        rule="dangerous-calls",
        key=RiskKey.SECURITY,
        severity=hits[0].danger.severity,
        explanation=counted(
            "insight.risk.dangerous", len(hits), symbols=names([hit.danger.name for hit in hits])
        ),
        evidence=evidence_of(hit.line for hit in hits),
    )


def _removed(file: FileChange) -> Iterator[Danger]:
    dangers = _dangers(file)
    for text in removed_lines(file) if dangers else ():
        if QUICK.search(text):
            line = Line(file.path, 0, text)
            yield from (danger for danger in dangers if _matches(danger, line))


def _dangers(file: FileChange) -> list[Danger]:
    ending = suffix(file.path) or file.path.rsplit("/", 1)[-1].lower()
    return [danger for danger in DANGERS if ending in danger.endings and file.kind is FileKind.SOURCE]


def _hits(context: Context, file: FileChange) -> Iterator[_Hit]:
    dangers = _dangers(file)
    if not dangers:
        return
    for line in context.standing(line for line in context.new_code(file) if QUICK.search(line.text)):
        yield from (_Hit(line, danger) for danger in dangers if _matches(danger, line))


def _matches(danger: Danger, line: Line) -> bool:
    match = danger.pattern.search(line.text)
    return match is not None and is_code(line, match.start())


def workflow_triggers(context: Context) -> Finding | None:
    """A workflow now runs foreign pull requests with the repository's own rights, or may write everything."""
    hits = [
        (kind, found)
        for file in context.facts.files
        for kind, line in _workflow_hits(file)
        if (found := context.at_merge(line))
    ]
    if not hits:
        return None
    kinds = [kind for kind, _ in hits]
    what = next(kind for kind in ("checkout", "injection", "target", "write_all") if kind in kinds)
    return Finding(
        rule="workflow-triggers",
        key=RiskKey.SECURITY,
        severity=Severity.HIGH if what in {"checkout", "injection"} else Severity.MEDIUM,
        explanation=say(f"insight.risk.workflow.{what}"),
        evidence=evidence_of(line for kind, line in sorted(hits, key=lambda hit: hit[0] != what)),
    )


def _workflow_hits(file: FileChange) -> Iterator[tuple[str, Line]]:
    if not _WORKFLOW.match(file.path) or file.status is FileStatus.REMOVED:
        return
    lines = [line for line in added_lines(file) if not is_comment(line.text)]
    triggers = [line for line in lines if _TRIGGER.search(line.text)]
    checks_out = any(_HEAD.search(line.text) for line in lines)
    yield from (("checkout" if checks_out else "target", line) for line in triggers)
    yield from (("injection", line) for line in lines if _INJECTED.search(line.text))
    yield from (("write_all", line) for line in lines if _WRITE_ALL.search(line.text))


def security_remarks(context: Context) -> Finding | None:
    """A review remark about security was not marked as resolved, and its line is in the merged file."""
    texts = {thread.id: thread.remarks[0].body for thread in context.facts.threads if thread.remarks}
    standing = [
        decision
        for decision in context.decisions
        if decision.still_there
        and not context.is_settled(decision.thread_id)
        and decision.state in {DecisionState.ANSWERED, DecisionState.UNANSWERED}
        and _BADGE.search(texts.get(decision.thread_id, ""))
    ]
    if not standing:
        return None
    return Finding(
        rule="security-remarks",
        key=RiskKey.SECURITY,
        severity=Severity.MEDIUM,
        explanation=counted("insight.risk.security_remarks", len(standing)),
        evidence=tuple(
            Evidence(path=item.path, line=item.merged_line, thread_id=item.thread_id, quote=item.remark)
            for item in standing[:5]
        ),
    )


def access_paths(context: Context) -> Finding | None:
    """Source whose path says that it decides about access or keeps secrets."""
    touched = [file for file in context.sources() if (file.additions or file.deletions) and _is_access(file)]
    if not touched:
        return None
    return Finding(
        rule="access-paths",
        key=RiskKey.SECURITY,
        severity=Severity.LOW,
        explanation=counted(
            "insight.risk.access_paths", len(touched), paths=names([file.path for file in touched])
        ),
        evidence=tuple(Evidence(path=file.path, line=first_line(file)) for file in touched[:5]),
    )


def _is_access(file: FileChange) -> bool:
    return any(word.lower() in SECRET_WORDS for word in _WORDS.findall(file.path.rsplit(".", 1)[0]))
