"""What the operator decided about deliveries, as one small value."""

from __future__ import annotations

from fnmatch import fnmatchcase

from bot.model import Frozen


class Policy(Frozen):
    """The settings that turn deliveries into triggers, and the time.

    ``repositories`` are globs over ``owner/name``; none means all. ``refresh_delay`` is in seconds,
    ``now`` in seconds since 1970. Without ``commands`` a command is a comment like any other.
    """

    now: float
    repositories: tuple[str, ...] = ()
    refresh_delay: float = 300.0
    commands: bool = False

    def covers(self, repository: str) -> bool:
        """Whether PRHub works on ``repository``; without case, as GitHub compares names."""
        name = repository.lower()
        return not self.repositories or any(fnmatchcase(name, glob.lower()) for glob in self.repositories)
