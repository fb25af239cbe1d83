"""How a report's open risks become entries of the register, and which of them are there already."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from bot.model import (
    Message,
    PlaceHints,
    RegisteredRisk,
    RiskPlace,
    RiskState,
    SymbolChange,
    Told,
)
from bot.model.register import branch_of
from bot.store.database import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import Evidence, PullReport, Risk

# As many places as a report names of one risk: with as many, there may be more.
MOST_EVIDENCE = 5
# Its passages may be in text, where a later merge proves nothing.
_OF_TEXT = "instructions-to-readers"
# What this rule names is in no file: a flag, or the title that says what breaks.
_OF_NO_FILE = "undocumented-break"

_REVERTS = frozenset({"reverted", "reverts", "revert-title"})


def drafts(report: PullReport, hints: PlaceHints) -> tuple[RegisteredRisk, ...]:
    """The open risks of a report as entries without a number.

    That a change took another one back, or was taken back, is none: no later code could end it.
    """
    found = (risk for risk in report.risks if risk.state is RiskState.OPEN and risk.rule not in _REVERTS)
    return tuple(_draft(report, risk, hints) for risk in found)


def _draft(report: PullReport, risk: Risk, hints: PlaceHints) -> RegisteredRisk:
    head = report.head
    places = tuple({place.origin: place for place in _places(report, risk, hints)}.values())
    first = places[0] if places else None
    return RegisteredRisk(
        repository_id=head.repository.id,
        number=0,
        key=risk.key,
        name=risk.name,
        severity=risk.severity,
        explanation=risk.explanation,
        rule=risk.rule,
        path=first.path if first else None,
        line=first.line if first else None,
        quote=first.quote if first else None,
        symbol=_around(report, first) if first else None,
        thread_id=first.thread_id if first else None,
        pull=head.number or 0,
        merge_sha=head.merge_sha,
        opened_at=head.merged_at,
        branch=branch_of(head.base_ref, head.repository.default_branch),
        places=places,
        complete=_is_complete(risk),
    )


def _is_complete(risk: Risk) -> bool:
    """Whether the evidence surely holds every place: a rule counts them, and at most five are kept."""
    explanation = risk.explanation
    count = explanation.params.get("count") if isinstance(explanation, Message) else None
    if risk.rule == _OF_TEXT and any(item.path is None for item in risk.evidence):
        return False
    if isinstance(count, int) and risk.told is None:
        return count <= len(risk.evidence)
    return len(risk.evidence) < MOST_EVIDENCE


def _places(report: PullReport, risk: Risk, hints: PlaceHints) -> Iterator[RiskPlace]:
    remarked = {decision.thread_id: decision for decision in report.decisions}
    for item in risk.evidence:
        decision = remarked.get(item.thread_id) if item.thread_id is not None else None
        path = item.path or (decision.path if decision else None)
        is_named = path is not None or (risk.rule == _OF_NO_FILE and item.quote)
        if not is_named or (risk.rule == _OF_TEXT and item.thread_id is not None):
            continue
        quote, line = item.quote, item.line
        if item.thread_id is not None:
            # The quote is the remark; what may change is the line it is about.
            quote = hints.remarked.get(item.thread_id) or None
            line = line or (decision.merged_line if decision else None)
        yield RiskPlace(
            origin=_origin(item, path),
            path=path,
            line=line,
            quote=quote,
            symbols=hints.symbols.get(path or "", ()) or _symbols(report, path),
            thread_id=item.thread_id,
        )


def _origin(item: Evidence, path: str | None) -> str:
    parts: list[object] = [path, item.line, item.quote, item.thread_id]
    if item.thread_id is not None:
        # A remark can be edited, and stays the same remark.
        parts = ["thread", item.thread_id]
    return _digest(parts)[:16]


def _symbols(report: PullReport, path: str | None) -> tuple[str, ...]:
    return tuple(
        item.symbol.name
        for item in report.implementation.symbols
        if item.path == path and item.symbol.change is not SymbolChange.REMOVED
    )


def _around(report: PullReport, place: RiskPlace) -> str | None:
    """The nearest key symbol that begins at or above the line."""
    above = [
        (item.symbol.line, item.symbol.name)
        for item in report.implementation.symbols
        if item.path == place.path and item.symbol.line and place.line and item.symbol.line <= place.line
    ]
    return max(above)[1] if above else None


def same_one(draft: RegisteredRisk, known: Sequence[RegisteredRisk]) -> RegisteredRisk | None:
    """The entry among ``known`` (of the same pull request) that is this risk, or ``None``.

    A rule finds one risk for each key. What a model told is known again by its places or its words.
    """
    alike = [risk for risk in known if (risk.key, risk.rule) == (draft.key, draft.rule)]
    if draft.rule is not None:
        return alike[0] if alike else None
    best = max(alike, key=lambda risk: _likeness(draft, risk), default=None)
    return best if best is not None and _likeness(draft, best) else None


def _likeness(one: RegisteredRisk, other: RegisteredRisk) -> int:
    shared = {place.origin for place in one.places} & {place.origin for place in other.places}
    return 10 * (one.explanation == other.explanation) + len(shared)


def updated(known: RegisteredRisk, draft: RegisteredRisk) -> RegisteredRisk:
    """``known`` as its report names it now; places that were followed stay where they were found."""
    followed = {place.origin: place for place in known.places}
    places = tuple(_merged(followed.get(place.origin), place) for place in draft.places)
    same = ("number", "checked_by", "checked_at", "ended", "accepted", "reopened")
    kept: dict[str, Any] = {name: getattr(known, name) for name in same}
    if known.closed_at is not None:
        # Closed is closed: a place that is named only now does not open it again.
        places, kept["complete"] = known.places, known.complete
    return draft.model_copy(update=kept | {"places": places, "withdrawn": False})


def _merged(known: RiskPlace | None, named: RiskPlace) -> RiskPlace:
    if known is None:
        return named
    if known.quote is None and known.gone is None:
        return known.model_copy(update={"quote": named.quote, "symbols": named.symbols})
    return known


def fingerprint(risk: RegisteredRisk, taken: Iterable[str]) -> str:
    """What a new entry is known by in the table: unlike all that its pull request has ``taken``."""
    said = risk.explanation.text if isinstance(risk.explanation, Told) and risk.rule is None else ""
    origins = [place.origin for place in risk.places[:1]] if risk.rule is None else []
    parts: list[object] = [risk.pull, risk.key.value, risk.rule, *origins, said]
    used = set(taken)
    while (found := _digest(parts)) in used:
        parts.append("again")
    return found


def _digest(parts: Sequence[object]) -> str:
    return hashlib.sha256(storable("\n".join(map(str, parts))).encode()).hexdigest()
