"""Small builders of what a model read: every field has a sensible default, and any can be set."""

from __future__ import annotations

from typing import Any

from bot.model import (
    Category,
    CheckState,
    Evidence,
    FileInsight,
    FileReading,
    Insight,
    Insights,
    ReadAs,
    Reading,
    RelatedInsight,
    RemarkCheck,
    Risk,
    RiskKey,
    RubricAnswer,
    RubricKey,
    Severity,
    SymbolInsight,
    Told,
    Topic,
    TopicOutcome,
    Usage,
)

PATH = "engine/store.py"
MODEL = "sandbox-model-1"
LINE = Evidence(path=PATH, line=1, quote="keep = load(path)")
REPLY = Evidence(thread_id=700, comment_id=900, quote="I would like to keep it.")


def told(text: str = "A failed save no longer loses the snapshot.") -> Told:
    """A sentence of the model's."""
    return Told(text=text)


def insight(text: str = "A failed save no longer loses the snapshot.", **changes: Any) -> Insight:
    """A sentence with a line of ``engine/store.py`` as its evidence."""
    return Insight(**({"message": told(text), "evidence": (LINE,)} | changes))


def check(state: CheckState | str = CheckState.FIXED, **changes: Any) -> RemarkCheck:
    """The check of thread 700: shown by a line, accepted by a reply, or unknown without either."""
    shown = {CheckState.FIXED: LINE, CheckState.OPEN: LINE, CheckState.ACCEPTED: REPLY}
    fields: dict[str, Any] = {
        "thread_id": 700,
        "state": CheckState(state),
        "evidence": shown.get(CheckState(state)),
        "text": told("The merged code shows it."),
    }
    return RemarkCheck(**(fields | changes))


def told_risk(key: RiskKey = RiskKey.PERFORMANCE, **changes: Any) -> Risk:
    """An open risk of medium severity that only the model found."""
    fields: dict[str, Any] = {
        "key": key,
        "severity": Severity.MEDIUM,
        "explanation": told("Every save copies the whole snapshot."),
        "evidence": (LINE,),
    }
    return Risk(**(fields | changes))


def topic(*thread_ids: int, **changes: Any) -> Topic:
    """A topic about correctness that was adopted, by default of thread 700."""
    fields: dict[str, Any] = {
        "thread_ids": thread_ids or (700,),
        "category": Category.CORRECTNESS,
        "outcome": TopicOutcome.ADOPTED,
        "text": told("The reviewer asked to keep the last snapshot, and it is kept."),
    }
    return Topic(**(fields | changes))


def file_insight(path: str = PATH, text: str = "The snapshot is kept until the save is done.") -> FileInsight:
    """What changed in one file, and why it matters."""
    return FileInsight(path=path, change=told(text), why=told("Every save goes through it."))


def symbol_insight(name: str = "save", path: str = PATH, line: int | None = 1) -> SymbolInsight:
    """What one symbol does now."""
    return SymbolInsight(path=path, name=name, line=line, note=told("Writes beside the old snapshot."))


def related_insight(number: int, text: str = "It goes on where that one ended.") -> RelatedInsight:
    """How the change continues an earlier one."""
    return RelatedInsight(number=number, text=told(text))


def rubric(level: int = 2, **levels: int) -> tuple[RubricAnswer, ...]:
    """An answer to each item at ``level``; ``reach=3`` sets one of them."""
    return tuple(
        RubricAnswer(item=item, level=levels.get(item.value, level), reason=told("The data shows it."))
        for item in RubricKey
    )


def insights(**changes: Any) -> Insights:
    """What survived of the claims; by default nothing did."""
    return Insights(**changes)


def rich_insights(**changes: Any) -> Insights:
    """One claim of each kind about a change of ``engine/store.py`` with thread 700."""
    fields: dict[str, Any] = {
        "summary": insight("Keeps the last snapshot when a save fails, so that a crash loses nothing."),
        "attention": "normal",
        "action": insight("Whoever writes snapshots should read `save` closely."),
        "motivation": (insight("A failed save used to leave no snapshot behind."),),
        "steps": (insight("The new snapshot is written beside the old one."),),
        "files": (file_insight(),),
        "symbols": (symbol_insight(),),
        "topics": (topic(),),
        "checks": (check(),),
        "risks": (told_risk(),),
        "impact": (insight("Whoever reads snapshots finds the last good one.", on="users"),),
        "follow_ups": (insight("Old snapshots have to be cleaned up at some time."),),
        "related": (related_insight(9),),
        "rubric": rubric(),
    }
    return Insights(**(fields | changes))


def reading(**changes: Any) -> Reading:
    """What is kept of one reading; ``insights`` are empty, and ``engine/store.py`` was read whole."""
    fields: dict[str, Any] = {
        "language": "en",
        "prompt": "report/v1",
        "model": MODEL,
        "change": "f" * 64,
        "insights": Insights(),
        "coverage": {PATH: FileReading(read_as=ReadAs.WHOLE)},
        "usage": Usage(calls=1, tokens_in=1200, tokens_out=300),
    }
    return Reading(**(fields | changes))
