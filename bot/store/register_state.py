"""What a registered risk comes to: merges prove, reports withdraw, people decide, in whatever order.

All that merges prove is kept by the time of the merge, and the earliest proof counts. So the same merges give
the same register, told in order, out of order, or twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.model import Ending, RegisteredRisk, RegisterState, RiskPlace, RiskVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.model import PersonsWord, Sighting


class MergeMoment(NamedTuple):
    """When a pull request was merged; of two at the same moment the lower number counts as earlier."""

    at: datetime
    pull: int


def concluded(risk: RegisteredRisk) -> RegisteredRisk:
    """``risk`` with the state that follows from what is known of it, and by whom it was closed."""
    ending = _ending(risk)
    changes: dict[str, object] = {
        "state": _state(risk, ending),
        "closed_by": ending.pull if ending else None,
        "closed_at": ending.at if ending else None,
        "reason": ending.reason if ending else None,
    }
    if ending is not None:
        # What came after the end is not looked at where merges come in order: nor is it kept otherwise.
        changes |= {"checked_by": ending.pull, "checked_at": ending.at}
    return risk.model_copy(update=changes)


def _state(risk: RegisteredRisk, ending: Ending | None) -> RegisterState:
    if risk.withdrawn:
        return RegisterState.WITHDRAWN
    if ending is not None:
        return RegisterState.CLOSED
    return RegisterState.ACCEPTED if risk.accepted else RegisterState.OPEN


def _ending(risk: RegisteredRisk) -> Ending | None:
    """The end as a whole, or of the last place, whichever came first."""
    gone = [place.gone for place in risk.places if place.gone is not None]
    by_places = risk.complete and risk.places and len(gone) == len(risk.places)
    return _earliest((risk.ended, max(gone, key=_order) if by_places else None))


def _earliest(endings: Iterable[Ending | None]) -> Ending | None:
    return min((ending for ending in endings if ending is not None), key=_order, default=None)


def _order(ending: Ending) -> MergeMoment:
    return MergeMoment(ending.at, ending.pull)


def looked_at(risk: RegisteredRisk, verdict: RiskVerdict, merge: MergeMoment) -> RegisteredRisk:
    """``risk`` with what a merge shows of it; one not later than its own shows nothing."""
    if merge.at <= risk.opened_at:
        return risk
    may_end = risk.reopened is None or merge.at > risk.reopened.at
    seen = {sighting.origin: sighting for sighting in verdict.places}
    is_newest = risk.checked_at is None or merge >= (risk.checked_at, risk.checked_by or 0)
    places = tuple(
        _placed(place, seen[place.origin], merge, (may_end, is_newest)) if place.origin in seen else place
        for place in risk.places
    )
    changes: dict[str, object] = {"places": places}
    if verdict.ended is not None and may_end:
        changes["ended"] = _earliest((risk.ended, _ended(verdict.ended, merge)))
    if is_newest:
        changes |= {"checked_by": merge.pull, "checked_at": merge.at}
    return concluded(risk.model_copy(update=changes))


def _placed(place: RiskPlace, seen: Sighting, merge: MergeMoment, allowed: tuple[bool, bool]) -> RiskPlace:
    may_end, is_newest = allowed
    if seen.gone is not None:
        gone = _earliest((place.gone, _ended(seen.gone, merge))) if may_end else place.gone
        return place.model_copy(update={"gone": gone})
    if not is_newest or place.gone is not None:
        return place
    return place.model_copy(update={"path": seen.path, "line": seen.line, "quote": seen.quote})


def _ended(reason: object, merge: MergeMoment) -> Ending:
    return Ending.model_validate({"pull": merge.pull, "at": merge.at, "reason": reason})


def accepted(risk: RegisteredRisk, word: PersonsWord) -> RegisteredRisk | None:
    """``risk`` as a person accepted it; ``None`` if it is neither open nor accepted."""
    if risk.state not in {RegisterState.OPEN, RegisterState.ACCEPTED}:
        return None
    return concluded(risk.model_copy(update={"accepted": word}))


def reopened(risk: RegisteredRisk, word: PersonsWord) -> RegisteredRisk | None:
    """``risk`` as a person opened it again; ``None`` if its own report does not name it any more.

    What merges proved until then does not count any more.
    """
    if risk.state is RegisterState.WITHDRAWN:
        return None
    places = tuple(place.model_copy(update={"gone": _after(place.gone, word.at)}) for place in risk.places)
    changes = {"accepted": None, "reopened": word, "places": places, "ended": _after(risk.ended, word.at)}
    return concluded(risk.model_copy(update=changes))


def _after(ending: Ending | None, at: datetime) -> Ending | None:
    return ending if ending is not None and ending.at > at else None


def as_of(risk: RegisteredRisk, until: datetime) -> RegisteredRisk | None:
    """``risk`` as it stood at a moment, without what came later; ``None`` if it was not there.

    One that its report took back was never there. Places are left out: they move.
    """
    if risk.withdrawn or risk.opened_at >= until:
        return None
    word = risk.accepted
    changes: dict[str, object] = {
        "places": tuple(
            place.model_copy(update={"gone": _before(place.gone, until)}) for place in risk.places
        ),
        "ended": _before(risk.ended, until),
        "accepted": word if word is not None and word.at < until else None,
    }
    if risk.checked_at is not None and risk.checked_at >= until:
        changes |= {"checked_by": None, "checked_at": None}
    return concluded(risk.model_copy(update=changes)).model_copy(update={"places": (), "ended": None})


def _before(ending: Ending | None, until: datetime) -> Ending | None:
    return ending if ending is not None and ending.at < until else None
