"""What survived of claims as claims again, so that a test can have it checked a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model import (
    Attention,
    Audience,
    CheckClaim,
    CheckState,
    Cited,
    Claim,
    FileClaim,
    ImpactClaim,
    RelatedClaim,
    ReportClaims,
    RiskClaim,
    RiskState,
    RubricClaim,
    Source,
    SymbolClaim,
    Told,
    TopicClaim,
)

if TYPE_CHECKING:
    from bot.model import Evidence, Insight, Insights, Message, PullFacts, RemarkCheck


def claims_of(insights: Insights, facts: PullFacts) -> ReportClaims:
    """What survived as claims again, to be checked once more."""
    statement = {"motivation", "steps", "follow_ups"}
    fields: dict[str, Any] = {
        name: tuple(_statement(item, facts) for item in getattr(insights, name)) for name in statement
    }
    return ReportClaims(
        summary=_statement(insights.summary, facts),
        attention=insights.attention or Attention.NORMAL,
        action=_statement(insights.action, facts),
        files=tuple(
            FileClaim(path=item.path, change=item.change.text, why=item.why.text if item.why else "")
            for item in insights.files
        ),
        symbols=tuple(
            SymbolClaim(path=item.path, name=item.name, note=item.note.text) for item in insights.symbols
        ),
        topics=tuple(
            TopicClaim(
                threads=tuple(_thread(facts, number) for number in item.thread_ids),
                category=item.category,
                outcome=item.outcome,
                text=item.text.text,
            )
            for item in insights.topics
        ),
        checks=tuple(_check_of(item, facts) for item in insights.checks),
        risks=tuple(
            RiskClaim(
                key=item.key,
                severity=item.severity,
                state=_STATES[item.state],
                text=_words(item.explanation),
                evidence=tuple(_cited(one, facts) for one in item.evidence),
            )
            for item in insights.risks
        ),
        impact=tuple(
            ImpactClaim(on=item.on or Audience.USERS, **_statement(item, facts).model_dump())
            for item in insights.impact
        ),
        related=tuple(RelatedClaim(number=item.number, text=item.text.text) for item in insights.related),
        rubric=tuple(
            RubricClaim(item=item.item, level=item.level, reason=item.reason.text if item.reason else "")
            for item in insights.rubric
        ),
        suspicious=tuple(_cited(item, facts) for item in insights.suspicious),
        **fields,
    )


_STATES = {
    RiskState.OPEN: CheckState.OPEN,
    RiskState.FIXED_BEFORE_MERGE: CheckState.FIXED,
    RiskState.ACCEPTED: CheckState.ACCEPTED,
    RiskState.UNKNOWN: CheckState.UNKNOWN,
}


def _statement(item: Insight | None, facts: PullFacts) -> Claim:
    if item is None:
        return Claim(text="", evidence=())
    return Claim(text=_words(item.message), evidence=tuple(_cited(one, facts) for one in item.evidence))


def _words(message: Message | Told) -> str:
    return message.text if isinstance(message, Told) else message.key


def _check_of(item: RemarkCheck, facts: PullFacts) -> CheckClaim:
    place = _cited(item.evidence, facts) if item.evidence else Cited(where="", quote="")
    return CheckClaim(
        thread=_thread(facts, item.thread_id),
        state=item.state,
        where=place.where,
        quote=place.quote,
        text=item.text.text if item.text else "",
    )


def _thread(facts: PullFacts, number: int) -> str:
    return f"thread {[item.id for item in facts.threads].index(number) + 1}"


def _cited(item: Evidence, facts: PullFacts) -> Cited:
    return Cited(where=_where(item, facts), quote=item.quote or "")


def _where(item: Evidence, facts: PullFacts) -> str:
    if item.path is not None:
        return f"{item.path}:{item.line}" if item.line is not None else item.path
    if item.thread_id is not None:
        return _thread(facts, item.thread_id)
    if item.number is not None:
        return f"#{item.number}"
    if item.comment_id or item.review_id or item.commit:
        return _numbered(item, facts)
    return "title" if item.source is Source.TITLE else "description"


def _numbered(item: Evidence, facts: PullFacts) -> str:
    blocks: dict[str, list[str] | list[int]] = {
        "comment": [one.id for one in facts.comments],
        "review": [one.id for one in facts.reviews],
        "commit": [one.sha for one in facts.commits],
    }
    wanted: Any = item.commit or item.comment_id or item.review_id
    return next(f"{name} {ids.index(wanted) + 1}" for name, ids in blocks.items() if wanted in ids)
