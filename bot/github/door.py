"""The door of each installation: where the app may not work, nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from cachetools import TTLCache

from bot.errors import Shut
from bot.model import Standing

# How stale a standing set by another process may be here.
MEMORY_SECONDS = 2.0
_WHY = {
    Standing.SUSPENDED: "is suspended",
    Standing.MISSING: "was not found by GitHub",
    Standing.GONE: "was removed",
}


class Standings(Protocol):
    """What the door keeps between processes."""

    async def standing(self, installation_id: int) -> Standing:
        """Tell how an installation stands."""

    async def shut(self, installation_id: int, standing: Standing) -> None:
        """Note that GitHub refused a token."""


@dataclass
class Door:
    """Whether an installation may be asked anything. Without ``standings`` it is always open.

    Installation 0 stands for requests as the app or a person: never shut.
    """

    standings: Standings | None = None
    _known: TTLCache[int, Standing] = field(default_factory=lambda: TTLCache(10_000, MEMORY_SECONDS))

    async def check(self, installation_id: int) -> None:
        """Raise ``Shut`` while nothing may be asked there."""
        if self.standings is None or installation_id == 0:
            return
        standing = self._known.get(installation_id)
        if standing is None:
            standing = self._known[installation_id] = await self.standings.standing(installation_id)
        if standing is not Standing.ACTIVE:
            raise Shut(f"installation {installation_id} {_WHY[standing]}")

    def look_again(self, installation_id: int) -> None:
        """Forget how an installation stood: it was told to have changed."""
        self._known.pop(installation_id, None)

    async def shut(self, installation_id: int, standing: Standing) -> None:
        """Shut the door: GitHub said so, and must not be asked again and again (R56)."""
        if self.standings is None or installation_id == 0:
            return
        await self.standings.shut(installation_id, standing)
        self._known[installation_id] = standing
