"""Claims put right: what the model answered about its failed claims takes their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel

from bot.model import (
    CheckClaim,
    FileClaim,
    FileNote,
    Frozen,
    PeriodClaim,
    PickClaim,
    RelatedClaim,
    RubricClaim,
    SymbolClaim,
    ThemeClaim,
    TopicClaim,
    WatchClaim,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.inference.verify.failures import Failure
    from bot.model import RepairClaims, Repaired

T = TypeVar("T", bound=BaseModel)
_NAME: Final = re.compile(r"([a-z_]{1,40})(?: (\d{1,6}))?(?: (why|title))?")
_NUMBER: Final = re.compile(r"#?(\d{1,9})")
# The field that holds the statement, where it is not called text.
_TEXTS: Final[dict[type, str]] = {
    FileClaim: "change",
    FileNote: "change",
    SymbolClaim: "note",
    RubricClaim: "reason",
}


def apply_repairs(claims: T, failures: Sequence[Failure], repaired: RepairClaims) -> T:
    """``claims`` with each failed one put right by its name; what was given up is emptied.

    Only what failed is touched, whatever else ``repaired`` names. An emptied claim keeps its place, so
    that the names of the others stay true, and is passed over when what comes out is checked again.
    """
    answers = {" ".join(item.id.lower().split()): item for item in repaired.claims}
    changes: dict[str, Any] = {}
    for failure in failures:
        match = _NAME.fullmatch(failure.claim)
        current = changes.get(match[1], getattr(claims, match[1], None)) if match else None
        if match is None or current is None:
            continue
        answer = answers.get(failure.claim)
        if isinstance(current, tuple):
            at = int(match[2] or 0) - 1
            if 0 <= at < len(current):
                changes[match[1]] = (*current[:at], _put(current[at], answer, match[3]), *current[at + 1 :])
        else:
            changes[match[1]] = _put(current, answer, match[3])
    return claims.model_copy(update=changes)


def _put(claim: Frozen, answer: Repaired | None, part: str | None) -> Frozen:
    """``claim`` as the answer has it, or without its statement."""
    field = part or _TEXTS.get(type(claim), "text")
    if answer is None or not answer.text:
        return claim.model_copy(update={field: ""})
    return claim.model_copy(update={field: answer.text, **_proof(claim, answer)})


def _proof(claim: Frozen, answer: Repaired) -> Mapping[str, object]:
    """What the answer cites, in the fields that this kind of claim has for it; nothing keeps what was."""
    if not answer.evidence:
        return {}
    first = answer.evidence[0]
    match claim:
        case CheckClaim():
            proof: Mapping[str, object] = {"where": first.where, "quote": first.quote}
        case FileClaim():
            proof = {"path": first.where}
        case FileNote():
            proof = {"quotes": tuple(item.quote for item in answer.evidence if item.quote)}
        case SymbolClaim():
            proof = {"path": first.where} | ({"name": first.quote} if first.quote else {})
        case TopicClaim():
            proof = {"threads": tuple(item.where for item in answer.evidence)}
        case RelatedClaim():
            number = _NUMBER.fullmatch(first.where.strip())
            proof = {"number": int(number[1])} if number else {}
        case PeriodClaim() | ThemeClaim() | WatchClaim():
            proof = {"pulls": tuple(item.where for item in answer.evidence)}
        case RubricClaim() | PickClaim():
            proof = {}
        case _:
            proof = {"evidence": answer.evidence}
    return proof
