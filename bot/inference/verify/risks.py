"""Risks by the rules of truth: closed keys, a place that was found, and no state that is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.inference.verify.agreement import elsewhere
from bot.inference.verify.evidence import Found, Missing
from bot.inference.verify.guards import guard
from bot.inference.verify.sentence import Backing
from bot.model import CheckState, Cited, Risk, RiskKey, RiskState, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.inference.verify.desk import Desk
    from bot.model import Evidence, RiskClaim

_STATES: Final = {
    CheckState.OPEN: RiskState.OPEN,
    CheckState.FIXED: RiskState.FIXED_BEFORE_MERGE,
    CheckState.ACCEPTED: RiskState.ACCEPTED,
    CheckState.UNKNOWN: RiskState.UNKNOWN,
}
_STANDING: Final = frozenset({RiskState.OPEN, RiskState.UNKNOWN})
_SPOKEN: Final = frozenset({"thread", "comment", "review", "description"})
# What may break because a line went: the line that was removed bears it out.
_OF_WHAT_WENT: Final = frozenset(
    {
        RiskKey.BREAKING_CHANGE,
        RiskKey.COMPATIBILITY,
        RiskKey.CONFIGURATION,
        RiskKey.DATA_MIGRATION,
        RiskKey.DEPENDENCY,
        RiskKey.OBSERVABILITY,
    }
)
# What the merged lines alone show: the files cited have at least one of the names.
_OF_THE_LINES: Final = frozenset(
    {
        RiskKey.SECURITY,
        RiskKey.PERFORMANCE,
        RiskKey.CONCURRENCY,
        RiskKey.ERROR_HANDLING,
        RiskKey.PLATFORM,
        RiskKey.PRIVATE_API,
    }
)
_MOST_EVIDENCE: Final = 5


def risks(desk: Desk, claims: Iterable[RiskClaim]) -> tuple[Risk, ...]:
    """The risks that hold, open ones first, the heaviest first; what two claims say of one place once.

    A medium or high risk needs a place that was found, an open one a place that the merged code still
    has, unless it is about what went. ``fixed`` needs words of the merged text, ``accepted`` words that
    somebody wrote; else the state is ``unknown``, as it is for both where text in the pull request gives
    instructions.
    """
    found = [_risk(desk, f"risks {number}", claim) for number, claim in enumerate(claims, 1)]
    return _merged([risk for risk in found if risk is not None])


def _risk(desk: Desk, name: str, claim: RiskClaim) -> Risk | None:
    if not claim.text:
        return None
    if claim.key is RiskKey.PROMPT_INJECTION or claim.state is CheckState.NO_FAULT:
        reason = "instructions in the data belong into the list suspicious, and what is no fault is no risk"
        desk.fail(name, claim.text, claim.evidence, ((reason,), ()))
        return None
    found, missing = desk.look_up(claim.evidence)
    state = _state(desk, claim.state, found)
    if state is RiskState.OPEN:
        if claim.key not in _OF_WHAT_WENT:
            found, missing = _present(found, missing)
        found, missing = _unguarded(desk, claim, found, missing)
    if not found and (claim.severity is not Severity.LOW or missing):
        desk.fail(name, claim.text, claim.evidence, desk.unproven(missing))
        return None
    told = desk.told(name, claim.text, Backing(found), claim.evidence)
    if told is None:
        return None
    is_claimed = state is RiskState.OPEN and claim.key in _OF_THE_LINES
    if is_claimed and (doubt := elsewhere(desk.corpus, told.text, found)):
        desk.fail(name, claim.text, claim.evidence, ((doubt,), ()))
        return None
    desk.count(found)
    return Risk(
        key=claim.key,
        severity=claim.severity,
        explanation=told,
        evidence=tuple(item.evidence for item in found),
        state=state,
    )


def _state(desk: Desk, claimed: CheckState, found: Sequence[Found]) -> RiskState:
    if claimed is CheckState.FIXED and (desk.is_suspected or not any(item.is_present for item in found)):
        return RiskState.UNKNOWN
    spoken = any(item.said and item.place.block in _SPOKEN for item in found)
    if claimed is CheckState.ACCEPTED and (desk.is_suspected or not spoken):
        return RiskState.UNKNOWN
    return _STATES[claimed]


def _present(found: list[Found], missing: list[Missing]) -> tuple[list[Found], list[Missing]]:
    """Without lines that the merged file does not have: they show nothing that remains."""
    past = [item for item in found if item.said and item.place.block == "file" and not item.is_present]
    kept = [item for item in found if item not in past]
    gone = [
        Missing(_cited(item), "the line quoted was removed: quote one of the merged text", item.place)
        for item in past
    ]
    return kept, missing + gone


def _unguarded(
    desk: Desk, claim: RiskClaim, found: list[Found], missing: list[Missing]
) -> tuple[list[Found], list[Missing]]:
    """None of them if the merged code handles the fault on one: the others only stand beside it."""
    handled = [(item, why) for item in found if (why := guard(desk.corpus, claim.text, item))]
    if not handled:
        return found, missing
    return [], [*missing, *(Missing(_cited(item), why, item.place) for item, why in handled)]


def _cited(item: Found) -> Cited:
    return Cited(where=item.place.path, quote=item.said.split("\n", 1)[0])


def _merged(found: Sequence[Risk]) -> tuple[Risk, ...]:
    """Each key and place once, the heaviest first; evidence of both is kept."""
    kept: list[Risk] = []
    for risk in sorted(found, key=_weight):
        same = next((number for number, other in enumerate(kept) if _is_same(risk, other)), None)
        if same is None:
            kept.append(risk)
        else:
            both = dict.fromkeys((*kept[same].evidence, *risk.evidence))
            kept[same] = kept[same].model_copy(update={"evidence": tuple(both)[:_MOST_EVIDENCE]})
    return tuple(kept)


def _weight(risk: Risk) -> tuple[bool, int]:
    return risk.state not in _STANDING, risk.severity.rank


def _is_same(one: Risk, other: Risk) -> bool:
    """Whether two risks have the same key and both stand, and neither names a place of its own."""
    if one.key is not other.key or (one.state in _STANDING) is not (other.state in _STANDING):
        return False
    places = set(map(_place, other.evidence))
    return one.explanation == other.explanation or all(_place(item) in places for item in one.evidence)


def _place(item: Evidence) -> tuple[object, ...]:
    return item.path, item.line, item.thread_id, item.comment_id, item.review_id, item.number, item.commit
