"""Parts of a rich report for tests: decisions, risks, what was done, and what was read."""

from __future__ import annotations

from typing import Any

from bot.model import (
    Coverage,
    CoverageGroup,
    Decision,
    DecisionState,
    Evidence,
    FileKind,
    FileStatus,
    Implementation,
    KeyFile,
    KeySymbol,
    Message,
    Person,
    Quote,
    ReadAs,
    Risk,
    RiskKey,
    RiskState,
    Severity,
    Source,
    Symbol,
    SymbolChange,
)


def decision(**changes: Any) -> Decision:
    """A remark that nobody answered before the merge."""
    values: dict[str, Any] = {
        "thread_id": 9001,
        "path": "engine/rollout/__init__.py",
        "line": 31,
        "merged_line": 33,
        "raised_by": Person(login="octo-reviewer"),
        "remark": "Importing the backend here fails where it is not installed.",
        "last_reply": None,
        "last_reply_by": None,
        "replies": 0,
        "resolved": False,
        "resolved_by": None,
        "outdated": False,
        "still_there": True,
        "later_commits": 0,
        "state": DecisionState.UNANSWERED,
        "open_at_merge": True,
    }
    return Decision(**{**values, **changes})


def decisions() -> tuple[Decision, ...]:
    """One decision for each state, by people and by a bot."""
    return (
        decision(),
        decision(
            thread_id=9002,
            path="engine/utils/weights.py",
            line=None,
            merged_line=None,
            raised_by=Person(login="review-helper[bot]", is_bot=True),
            remark="The loop does not accept an asynchronous iterator.",
            last_reply="Good catch, wrapped it.",
            last_reply_by=Person(login="octo-dev"),
            replies=1,
            resolved=True,
            resolved_by=Person(login="octo-dev"),
            outdated=True,
            still_there=False,
            later_commits=2,
            state=DecisionState.CHANGED,
            open_at_merge=False,
        ),
        decision(
            thread_id=9003,
            path="engine/utils/weights.py",
            line=12,
            merged_line=12,
            remark="Should this be public?",
            last_reply="Yes, the trainer calls it.",
            last_reply_by=Person(login="octo-dev"),
            replies=2,
            state=DecisionState.ANSWERED,
            open_at_merge=False,
        ),
        decision(
            thread_id=9004,
            path="docs/rollout.md",
            line=4,
            merged_line=4,
            remark="Name the version this needs.",
            resolved=True,
            resolved_by=Person(login="octo-reviewer"),
            state=DecisionState.RESOLVED,
            open_at_merge=False,
        ),
    )


def risks() -> tuple[Risk, ...]:
    """One risk of each severity, and one that was mended before the merge."""
    weights = Evidence(
        path="engine/utils/weights.py", line=12, quote="async def quantize_by_name(weights, config):"
    )
    return (
        Risk(
            key=RiskKey.COMPATIBILITY,
            severity=Severity.HIGH,
            explanation=Message(
                key="insight.risk.compatibility.async", params={"count": 1, "symbols": "quantize_by_name"}
            ),
            evidence=(weights,),
            rule="broken-symbols",
        ),
        Risk(
            key=RiskKey.UNRESOLVED_REVIEW,
            severity=Severity.MEDIUM,
            explanation=Message(key="insight.risk.open_threads", params={"count": 1}),
            evidence=(Evidence(path="engine/rollout/__init__.py", line=33, thread_id=9001),),
            rule="open-threads",
        ),
        Risk(
            key=RiskKey.MISSING_TESTS,
            severity=Severity.LOW,
            explanation=Message(key="insight.risk.missing_tests", params={"count": 2, "lines": 1270}),
            evidence=(weights, Evidence(path="engine/rollout/__init__.py")),
            rule="no-test-changed",
        ),
        Risk(
            key=RiskKey.ERROR_HANDLING,
            severity=Severity.LOW,
            explanation=Message(
                key="insight.risk.not_implemented", params={"count": 1, "symbols": "Rollout.flush"}
            ),
            evidence=(weights,),
            state=RiskState.FIXED_BEFORE_MERGE,
            rule="not-implemented",
        ),
    )


def implementation() -> Implementation:
    """Two steps, four files (one renamed, one removed) and two symbols."""
    return Implementation(
        steps=(
            Quote(text="Make quantize_by_name asynchronous", source=Source.COMMIT),
            Quote(text="Set the FP8 configuration after super().__init__()", source=Source.COMMIT),
        ),
        files=(
            KeyFile(
                path="engine/utils/weights.py",
                status=FileStatus.MODIFIED,
                kind=FileKind.SOURCE,
                module="utils",
                additions=1250,
                deletions=4,
                line=12,
                why=(Message(key="insight.file.most", params={"share": 97}),),
            ),
            KeyFile(
                path="engine/rollout/__init__.py",
                previous_path="engine/rollout.py",
                status=FileStatus.RENAMED,
                kind=FileKind.SOURCE,
                module="rollout",
                additions=20,
                deletions=5,
                line=33,
            ),
            KeyFile(
                path="docs/rollout.md",
                status=FileStatus.ADDED,
                kind=FileKind.DOCS,
                module="docs",
                additions=16,
                deletions=0,
            ),
        ),
        files_left_out=1,
        symbols=(
            KeySymbol(
                path="engine/utils/weights.py",
                symbol=Symbol(
                    name="quantize_by_name",
                    kind="function",
                    change=SymbolChange.MODIFIED,
                    line=12,
                    signature="async def quantize_by_name(weights, config):",
                    signature_changed=True,
                ),
            ),
            KeySymbol(
                path="engine/rollout/__init__.py",
                symbol=Symbol(name="Rollout.__init__", kind="method", change=SymbolChange.ADDED, line=33),
            ),
            KeySymbol(
                path="engine/rollout/__init__.py",
                symbol=Symbol(name="_load", kind="function", change=SymbolChange.REMOVED, public=False),
            ),
        ),
        symbols_left_out=2,
    )


def coverage() -> Coverage:
    """Four files: two read whole, one in part, one lock file only counted."""
    return Coverage(
        total=4,
        groups=(
            CoverageGroup(read_as=ReadAs.WHOLE, reason=None, count=2, paths=("engine/rollout/__init__.py",)),
            CoverageGroup(
                read_as=ReadAs.CLIPPED, reason="too-large", count=1, paths=("engine/utils/weights.py",)
            ),
            CoverageGroup(read_as=ReadAs.FILTERED, reason="lock", count=1, paths=("poetry.lock",)),
        ),
    )
