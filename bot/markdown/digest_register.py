"""The register in a digest: what is new, still open and closed, the heaviest of each, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.digest_rows import DigestRows, filled_digest
from bot.markdown.escape import Safe, code
from bot.model import RegisterState, RiskKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Digest, RegisteredRisk, RegisterView

SHOWN_RISKS: Final = 10
"""Risks of a group that a digest names; the others are in ``prhub risks``."""
_CARRIED: Final = "register.closed.carried"
_COUNTED: Final = "carried"
_COMMAND: Final = "prhub risks"
_CLOSED: Final = " --state closed"


@dataclass(frozen=True)
class RiskGroup:
    """One of the register's lists: the name it is called by, its heaviest risks, and how many there are."""

    name: str
    risks: tuple[RegisteredRisk, ...]
    count: int


def risk_groups(view: RegisterView) -> tuple[RiskGroup, ...]:
    """New and still open, older and still open, and closed, each risk in one of them.

    What a newer entry says again is not closed for a reader: it is only counted (``carried``).
    """
    new = [risk for risk in view.new if risk.state is RegisterState.OPEN]
    carried = [risk for risk in view.closed if risk.reason is not None and risk.reason.key == _CARRIED]
    closed = [risk for risk in view.closed if risk not in carried]
    # The view has the heaviest of the older ones; the count of all that are open is whole.
    older = max(len(view.still_open), view.open_count - len(new))
    return (
        RiskGroup("new", _heaviest(new), len(new)),
        RiskGroup("still_open", _heaviest(view.still_open), older),
        RiskGroup("closed", _heaviest(closed), len(closed)),
        RiskGroup(_COUNTED, (), len(carried)),
    )


def register_body(digest: Digest, rows: DigestRows) -> Safe:
    """The lists of the register; empty if it has nothing to name."""
    groups = risk_groups(digest.risk_register)
    if not any(group.risks for group in groups):
        return Safe()
    listed = [
        (f"digest.register.{group.name}", group.count, group.risks, _more(group, digest, rows))
        for group in groups
        if group.count and group.name != _COUNTED
    ]
    return filled_digest("register", rows, groups=listed)


def register_parts(digest: Digest, rows: DigestRows) -> Safe:
    """How many risks are new, older, closed, carried on and accepted; empty if there are none."""
    view, say = digest.risk_register, rows.pieces.catalogue.say
    parts = [
        say(f"digest.gist.{group.name}", count=group.count) for group in risk_groups(view) if group.count
    ]
    if view.accepted_count:
        parts.append(say("digest.register.accepted", count=view.accepted_count))
    return rows.pieces.listed(parts)


def register_line(digest: Digest, rows: DigestRows) -> Safe:
    """What the register comes to, in one line; empty if it holds nothing."""
    parts = register_parts(digest, rows)
    if not parts:
        return Safe()
    summary = "digest.register.summary"
    return rows.pieces.catalogue.say(summary, parts=parts, open=digest.risk_register.open_count)


def _heaviest(risks: Iterable[RegisteredRisk]) -> tuple[RegisteredRisk, ...]:
    """By severity, as the view has them; of equal ones those last that only say how often a file changes."""
    ordered = sorted(risks, key=lambda risk: (risk.severity.rank, risk.key is RiskKey.CORE_PATH))
    return tuple(ordered[:SHOWN_RISKS])


def _more(group: RiskGroup, digest: Digest, rows: DigestRows) -> Safe:
    """How many of a group are not named, and the command that lists them."""
    more = group.count - len(group.risks)
    if more <= 0:
        return Safe()
    homes = [home.full_name for home in digest.facts.repositories]
    name = homes[0] if len(homes) == 1 else "OWNER/REPO"
    say = rows.pieces.catalogue.say
    if "/" not in name:
        # A clone is read into no store that the command could ask.
        return say("digest.register.more", count=more)
    command = code(f"{_COMMAND} {name}{_CLOSED if group.name == 'closed' else ''}")
    return say("digest.register.more_in", count=more, command=command)
