"""Roles: what somebody may do in a repository, as GitHub says now, and nothing where it does not say."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from cachetools import TTLCache

from bot.errors import NoAccess, NotSent, PRHubError, RateLimited
from bot.model import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = structlog.get_logger("prhub.commands")

# R66: somebody who lost a role must not use it for longer.
REMEMBERED_SECONDS = 60.0
_PERMISSION = "/repos/{owner}/{repo}/collaborators/{login}/permission"
# The old field knows no custom roles, and folds triage and maintain.
_FOLDED = {"admin": Role.ADMIN, "write": Role.WRITE, "read": Role.READ}


class Asker(Protocol):
    """The part of ``bot.github.API`` that reads one thing."""

    async def getitem(self, url: str, url_vars: Mapping[str, Any] = ...) -> Any:
        """Send a GET and give what the answer holds."""


@dataclass(frozen=True)
class Someone:
    """A person in a repository: ids decide, names are for the request."""

    repository_id: int
    full_name: str
    author_id: int
    login: str


@dataclass(frozen=True)
class Roles:
    """Asks GitHub for roles, and remembers each for a minute; ``clock`` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _known: TTLCache[tuple[int, int], Role] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", TTLCache(10_000, REMEMBERED_SECONDS, timer=self.clock))

    async def of(self, api: Asker, who: Someone) -> Role:
        """Give somebody's role; ``Role.NONE`` where GitHub fails, or its answer is about another account.

        Raises ``RateLimited`` and ``NotSent``, when nothing was asked, and ``NoAccess`` if the app may do
        nothing there.
        """
        key = (who.repository_id, who.author_id)
        known = self._known.get(key)
        if known is not None:
            return known
        owner, _, repo = who.full_name.partition("/")
        try:
            answer = await api.getitem(_PERMISSION, {"owner": owner, "repo": repo, "login": who.login})
        except (RateLimited, NotSent, NoAccess):
            raise
        except PRHubError as error:
            log.warning("no role was told", repository=who.full_name, error=str(error))
            return Role.NONE
        role = role_in(answer, who.author_id)
        self._known[key] = role
        return role


def role_in(answer: object, author_id: int) -> Role:
    """Read the role from GitHub's answer; ``Role.NONE`` unless it is about the account with that id."""
    user = answer.get("user") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(user, dict) or user.get("id") != author_id:
        return Role.NONE
    name, folded = answer.get("role_name"), answer.get("permission")
    if isinstance(name, str) and name in set(Role):
        return Role(name)
    return _FOLDED.get(folded, Role.NONE) if isinstance(folded, str) else Role.NONE
