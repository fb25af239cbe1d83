"""The register as a digest shows it: as it stood at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import RegisteredRisk, RegisterState, RegisterView
from bot.store.register_state import as_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def view_of(
    risks: Sequence[RegisteredRisk], since: datetime, until: datetime, *, most: int, path: str | None
) -> RegisterView:
    """The view of these risks, the heaviest first, then the oldest."""
    stood = [risk for risk in risks if path is None or risk.is_within(path)]
    seen = sorted(filter(None, (as_of(risk, until) for risk in stood)), key=_weight)
    still = [risk for risk in seen if risk.state is RegisterState.OPEN]
    return RegisterView(
        new=tuple(risk for risk in seen if risk.opened_at >= since),
        still_open=tuple(risk for risk in still if risk.opened_at < since)[:most],
        closed=tuple(risk for risk in seen if _closed_since(risk, since)),
        open_count=len(still),
        accepted_count=sum(1 for risk in seen if risk.state is RegisterState.ACCEPTED),
    )


def _weight(risk: RegisteredRisk) -> tuple[int, float, int, int]:
    return risk.severity.rank, risk.opened_at.timestamp(), risk.repository_id, risk.number


def _closed_since(risk: RegisteredRisk, since: datetime) -> bool:
    return risk.state is RegisterState.CLOSED and risk.closed_at is not None and risk.closed_at >= since
