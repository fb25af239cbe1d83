"""Budgets: how many tokens may be spent for whom, and what is spent or held of them."""

from __future__ import annotations

from enum import StrEnum
from uuid import uuid4

from pydantic import Field

from bot.model.base import Frozen


class Scope(StrEnum):
    """What a budget is for, the narrowest first.

    That of a pull request is for ever, those of a repository and of the whole server for a day, that of an
    installation for a month; days and months are those of UTC.
    """

    PULL = "pull"
    REPOSITORY = "repository"
    INSTALLATION = "installation"
    SERVER = "server"


class Caps(Frozen):
    """The most tokens, in and out together, of each scope; 0 is no limit."""

    pull: int = 0
    repository: int = 0
    installation: int = 0
    server: int = 0

    def of(self, scope: Scope) -> int:
        """Give the cap of a scope."""
        return int(getattr(self, scope.value))

    def narrowed(self, other: Caps) -> Caps:
        """Give the lower of the two caps of each scope: nobody can raise what another has set."""
        both = {scope.value: (self.of(scope), other.of(scope)) for scope in Scope}
        return Caps(**{name: min(caps) if all(caps) else max(caps) for name, caps in both.items()})


class Hold(Frozen):
    """The most tokens that one call can come to, held before it is made.

    ``number`` is 0 for a call that is about no single pull request. ``seconds`` is for how long the call
    can last: a hold that is older belongs to nobody any more, and counts as spent.
    """

    installation_id: int
    repository_id: int
    number: int
    tokens: int
    seconds: float = 0.0
    id: str = Field(default_factory=lambda: uuid4().hex)


class Refusal(Frozen):
    """Which budget has no room. ``is_spent`` is false if there may be when the calls under way have ended."""

    scope: Scope
    is_spent: bool


class BudgetStanding(Frozen):
    """How one budget stands: tokens spent, tokens held for calls under way, and the cap (0: none)."""

    scope: Scope
    spent: int
    held: int
    cap: int
