"""Register: the open risks of a repository, carried from week to week under short ids."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.model.base import Frozen
from bot.model.statements import Message, Told
from bot.model.taxonomy import AnyRiskKey, Severity


class RegisterState(StrEnum):
    """Where a registered risk stands."""

    OPEN = "open"
    CLOSED = "closed"
    ACCEPTED = "accepted"
    # The report that named it does not name it any more.
    WITHDRAWN = "withdrawn"


class Ending(Frozen):
    """What a merge proved: ``pull`` was merged ``at``, and ``reason`` says what it shows."""

    pull: int
    at: datetime
    reason: Message


class PersonsWord(Frozen):
    """What a person decided about a risk: who, why in their own words, and when."""

    by: str
    reason: str
    at: datetime


class RiskPlace(Frozen):
    """One place that bears a risk out, followed from merge to merge until it is gone.

    ``origin`` tells it from the others and never changes. ``quote`` is the line of code there, of a remark
    the line remarked on. ``symbols`` are definitions that the pull request brought or changed in the file.
    """

    origin: str
    path: str | None = None
    line: int | None = None
    quote: str | None = None
    symbols: tuple[str, ...] = ()
    thread_id: int | None = None
    gone: Ending | None = None


class PlaceHints(Frozen):
    """What facts know of places, and a report does not: remarked lines by thread, symbols by path."""

    remarked: dict[int, str] = Field(default_factory=dict)
    symbols: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Sighting(Frozen):
    """How a later merge shows one place: where it is now, or with ``gone`` why it is not there any more."""

    origin: str
    path: str | None = None
    line: int | None = None
    quote: str | None = None
    gone: Message | None = None


class RiskVerdict(Frozen):
    """What a later merge shows of a registered risk; ``ended`` ends all of it, whatever its places."""

    number: int
    places: tuple[Sighting, ...] = ()
    ended: Message | None = None


class RegisteredRisk(Frozen):
    """A risk of the register. ``number`` is its id in the repository, shown as ``R12``.

    ``pull`` brought it in, at ``opened_at``. ``path``, ``line`` and ``quote`` are its place at that merge
    commit, ``symbol`` the definition around it. ``checked_by`` is the last pull request that touched the
    place, at whose merge commit it was looked at again; ``closed_by`` the one that ended it, ``reason``
    how.

    ``branch`` is the branch it was merged into, ``None`` for the default one. ``places`` are all places, as
    they stand now; ``complete`` says that the risk has no other. ``ended`` is what ended it as a whole.
    ``withdrawn``, ``accepted`` and ``reopened`` are what its own report and people said of it. State,
    ``closed_by``, ``closed_at`` and ``reason`` follow from these. ``name``: a repository's own risk has one.
    """

    repository_id: int
    number: int
    key: AnyRiskKey
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
    branch: str | None = None
    places: tuple[RiskPlace, ...] = ()
    complete: bool = True
    ended: Ending | None = None
    withdrawn: bool = False
    accepted: PersonsWord | None = None
    reopened: PersonsWord | None = None
    name: str | None = None

    @property
    def id(self) -> str:
        """The short id: ``R12``."""
        return f"R{self.number}"

    @property
    def now_at(self) -> RiskPlace | None:
        """The first place that is not gone, as the last merge that touched it left it."""
        return next((place for place in self.places if place.gone is None), None)

    @property
    def standing_paths(self) -> frozenset[str]:
        """The files in which it still stands."""
        return frozenset(place.path for place in self.places if place.path and place.gone is None)

    def is_within(self, path: str) -> bool:
        """Whether one of its places is, or was at its merge, this file or in this folder."""
        folder = path.rstrip("/")
        places = [self.path, *(place.path for place in self.places)]
        return any(place == folder or (place or "").startswith(f"{folder}/") for place in places)


def branch_of(base_ref: str, default_branch: str) -> str | None:
    """The branch whose risks a merge may end; ``None`` is the default one, which may be renamed."""
    return None if base_ref in {"", default_branch} else base_ref
