"""How closely a change should be read, and the computed reasons for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.history import core_files
from bot.inference.messages import counted, say
from bot.inference.sizes import UNWRITTEN, only_documentation, only_kinds, weighted_lines
from bot.model import (
    Attention,
    Decision,
    FileKind,
    FileStatus,
    Message,
    PullFacts,
    Risk,
    RiskKey,
    RiskState,
    Scores,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSE_FROM = 6.0  # importance
CLOSE_WITH_MEDIUM_FROM = 4.5  # importance, with at least two medium risks
SKIM_BELOW = 2.0  # importance
TRIVIAL_LINES = 5.0  # weighted lines
_REASONS = 4


def recommend(
    facts: PullFacts,
    risks: tuple[Risk, ...],
    decisions: tuple[Decision, ...],
    scores: Scores,
    wanted: Attention | None = None,
) -> tuple[Attention, tuple[Message, ...]]:
    """The recommended attention, and at most four reasons, the weightiest first.

    ``wanted`` is what a model recommends. It counts only where it asks for more.
    """
    standing = [risk for risk in risks if risk.state is RiskState.OPEN]
    high = sum(1 for risk in standing if risk.severity is Severity.HIGH)
    medium = sum(1 for risk in standing if risk.severity is Severity.MEDIUM)
    small = list(_small(facts))
    close = (
        high
        or scores.importance >= CLOSE_FROM
        or (medium > 1 and scores.importance >= CLOSE_WITH_MEDIUM_FROM)
    )
    if close or wanted is Attention.CLOSE:
        return Attention.CLOSE, tuple(_weighty(facts, standing, decisions))[:_REASONS]
    harmless = not medium and (small or scores.importance < SKIM_BELOW)
    if harmless and wanted is not Attention.NORMAL:
        return Attention.SKIM, (*small, *_open(decisions), _size(facts))[:_REASONS]
    return Attention.NORMAL, tuple(_weighty(facts, standing, decisions))[:_REASONS]


def _weighty(facts: PullFacts, risks: list[Risk], decisions: tuple[Decision, ...]) -> Iterator[Message]:
    if any(risk.key is RiskKey.BREAKING_CHANGE and risk.severity is not Severity.LOW for risk in risks):
        yield say("insight.attention.breaking")
    for severity in (Severity.HIGH, Severity.MEDIUM):
        count = sum(1 for risk in risks if risk.severity is severity)
        if count:
            yield counted(f"insight.attention.risks.{severity.value}", count)
    core = core_files(facts)
    busy = sum(1 for item in core if item.pulls)
    if busy:
        yield counted("insight.attention.core", busy)
    elif core:
        yield counted("insight.attention.core_named", len(core))
    yield from _open(decisions)
    yield _size(facts)


def _open(decisions: tuple[Decision, ...]) -> Iterator[Message]:
    standing = sum(1 for decision in decisions if decision.open_at_merge)
    if standing:
        yield counted("insight.attention.open", standing)


def _size(facts: PullFacts) -> Message:
    return counted("insight.attention.size", facts.changed_files, lines=facts.additions + facts.deletions)


def _small(facts: PullFacts) -> Iterator[Message]:
    """Why little can go wrong, where the kinds of the files say so."""
    if only_documentation(facts):
        yield say("insight.attention.only_docs")
    elif only_kinds(facts, FileKind.TEST):
        yield say("insight.attention.only_tests")
    elif only_kinds(facts, FileKind.CI):
        yield say("insight.attention.only_ci")
    elif only_kinds(facts, FileKind.LOCK):
        yield say("insight.attention.only_lock")
    elif only_kinds(facts, *UNWRITTEN):
        yield say("insight.attention.only_unwritten")
    elif _only_moved(facts):
        yield say("insight.attention.only_renames")
    elif facts.files and len(facts.files) >= facts.changed_files and weighted_lines(facts) <= TRIVIAL_LINES:
        yield say("insight.attention.trivial")


def _only_moved(facts: PullFacts) -> bool:
    listed = bool(facts.files) and len(facts.files) >= facts.changed_files
    return listed and all(
        file.status is FileStatus.RENAMED and not file.additions and not file.deletions
        for file in facts.files
    )
