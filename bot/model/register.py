"""Register: the open risks of a repository, carried from week to week under short ids."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.model.base import Frozen
from bot.model.statements import Message, Told
from bot.model.taxonomy import RiskKey, Severity


class RegisterState(StrEnum):
    """Where a registered risk stands."""

    OPEN = "open"
    CLOSED = "closed"
    ACCEPTED = "accepted"
    # The report that named it does not name it any more.
    WITHDRAWN = "withdrawn"


class RegisteredRisk(Frozen):
    """A risk of the register. ``number`` is its id in the repository, shown as ``R12``.

    ``pull`` brought it in, at ``opened_at``. ``path``, ``line`` and ``quote`` are its place at that merge
    commit, ``symbol`` the definition around it. ``checked_by`` is the last pull request that touched the
    place, at whose merge commit it was looked at again; ``closed_by`` the one that ended it, ``reason``
    how.
    """

    repository_id: int
    number: int
    key: RiskKey
    severity: Severity
    explanation: Message | Told
    rule: str | None = None
    path: str | None = None
    line: int | None = None
    quote: str | None = None
    symbol: str | None = None
    thread_id: int | None = None
    pull: int
    merge_sha: str
    opened_at: datetime
    state: RegisterState = RegisterState.OPEN
    checked_by: int | None = None
    checked_at: datetime | None = None
    closed_by: int | None = None
    closed_at: datetime | None = None
    reason: Message | None = None

    @property
    def id(self) -> str:
        """The short id: ``R12``."""
        return f"R{self.number}"
