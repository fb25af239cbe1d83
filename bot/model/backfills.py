"""Backfills: what was asked for, how far each pull request is, and what is spent."""

from __future__ import annotations

from enum import StrEnum

from bot.model.base import Frozen


class BackfillOptions(Frozen):
    """Which merges get reports, and how; times are epoch seconds, ``until`` excluded.

    ``comment`` says whether the reports are posted. ``again`` takes those as well that have a report.
    """

    since: float | None = None
    until: float | None = None
    limit: int | None = None
    comment: bool = False
    again: bool = False


class SpendCaps(Frozen):
    """The most that a run may spend: tokens, in and out together, and money; ``None`` is no limit."""

    tokens: int | None = None
    money: float | None = None

    def allows(self, tokens: int, money: float) -> bool:
        """Tell whether so much in all is within both."""
        return (self.tokens is None or tokens <= self.tokens) and (self.money is None or money <= self.money)


class RunState(StrEnum):
    """A run goes on, or has ended."""

    OPEN = "open"
    ENDED = "ended"


class PullState(StrEnum):
    """How far a pull request of a run is.

    ``found`` in the list, ``read`` from GitHub, ``made`` into a stored report, ``posted`` (or to have no
    comment), ``done`` with its risks in the register. ``skipped`` has a report already or is to have none;
    ``left`` is for a later run; ``failed`` cannot be made, and the reason says why.
    """

    FOUND = "found"
    READ = "read"
    MADE = "made"
    POSTED = "posted"
    DONE = "done"
    SKIPPED = "skipped"
    LEFT = "left"
    FAILED = "failed"


class BatchState(StrEnum):
    """``intended`` is stored before it is sent; ``lost`` never came to be at the server."""

    INTENDED = "intended"
    SENT = "sent"
    COLLECTED = "collected"
    LOST = "lost"


class EntryState(StrEnum):
    """An entry is ``open`` until its answer is kept, or until it is known that none comes."""

    OPEN = "open"
    ENDED = "ended"


class Spend(Frozen):
    """Tokens and money: held for what is under way, and spent."""

    held: int = 0
    spent: int = 0
    held_money: float = 0.0
    spent_money: float = 0.0
