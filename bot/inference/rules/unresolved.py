"""Review remarks that were open at the merge, and changes that were asked for and never approved."""

from __future__ import annotations

import re

from bot.inference.messages import counted
from bot.inference.remarks import excerpt
from bot.inference.reviews import standing_requests
from bot.inference.rules.finding import Context, Finding
from bot.model import Decision, Evidence, RiskKey, Severity

_URGENT = re.compile(
    r"security-(?:critical|high)|/(?:critical|high(?:-priority)?)\.svg|!\[(?:critical|high|P0|P1)\b|\bP[01]\b|"
    r"🔴|critical\b|阻塞|严重",
    re.IGNORECASE,
)
_EVIDENCE = 5


def open_threads(context: Context) -> Finding | None:
    """Threads that nobody resolved, answered or met with a change, and faults that still hold."""
    bodies = {thread.id: thread.remarks[0].body for thread in context.facts.threads if thread.remarks}
    standing = [decision for decision in context.decisions if decision.open_at_merge]
    if not standing:
        return None
    weighty = any(
        not item.raised_by.is_bot
        or context.holds(item.thread_id)
        or _URGENT.search(bodies.get(item.thread_id, ""))
        for item in standing
    )
    return Finding(
        rule="open-threads",
        key=RiskKey.UNRESOLVED_REVIEW,
        severity=Severity.MEDIUM if weighty else Severity.LOW,
        explanation=counted("insight.risk.open_threads", len(standing)),
        evidence=tuple(_evidence(item) for item in standing[:_EVIDENCE]),
    )


def _evidence(item: Decision) -> Evidence:
    return Evidence(path=item.path, line=item.merged_line, thread_id=item.thread_id, quote=item.remark)


def changes_requested(context: Context) -> Finding | None:
    """Somebody's last review before the merge asked for changes."""
    standing = [review for review in standing_requests(context.facts) if not review.author.is_bot]
    if not standing:
        return None
    return Finding(
        rule="changes-requested",
        key=RiskKey.UNRESOLVED_REVIEW,
        severity=Severity.HIGH,
        explanation=counted(
            "insight.risk.changes_requested", len(standing), reviewer=standing[0].author.login
        ),
        evidence=tuple(
            Evidence(number=context.facts.number, quote=excerpt(review.body) or None)
            for review in standing[:_EVIDENCE]
        ),
    )
