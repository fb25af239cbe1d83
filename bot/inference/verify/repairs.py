"""Claims put right: what the model answered about its failed claims takes their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from bot.model import (
    CheckClaim,
    Cited,
    FileClaim,
    FileNote,
    RelatedClaim,
    RepairClaims,
    Repaired,
    RubricClaim,
    SymbolClaim,
    TopicClaim,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.inference.verify.failures import Failure

T = TypeVar("T", bound=BaseModel)
_NUMBER = re.compile(r"#?(\d{1,9})")


def apply_repairs(claims: T, failures: Sequence[Failure], repaired: RepairClaims) -> T:
    """``claims`` with the failed ones put right by name; one with an empty text, or none, is taken out.

    Only what failed is touched, whatever ``repaired`` names. What comes out is to be checked again.
    """
    answers = {item.id.strip().lower(): item for item in repaired.claims}
    changes: dict[str, Any] = {}
    for failure in reversed(failures):
        answer = answers.get(failure.claim)
        field, position, part = _named(failure.claim)
        current = changes.get(field, getattr(claims, field, None))
        if current is None:
            continue
        if not isinstance(current, tuple):
            changes[field] = _put(current, answer, part) or current.model_copy(update={"text": ""})
        elif 0 < position <= len(current):
            item = _put(current[position - 1], answer, part)
            changes[field] = (*current[: position - 1], *((item,) if item else ()), *current[position:])
    return claims.model_copy(update=changes)
