"""The book of choices: what holds for each repository as far as the store knows, without asking GitHub."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.model.repo_config import Loaded
from bot.repo_config import choices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model.repo_config import Choices
    from bot.settings import Settings
    from bot.store import RepoConfigs, StoredRepository


@dataclass(frozen=True)
class Book:
    """The choices of many repositories; only what changed in the store since the last look is read again."""

    settings: Settings
    kept: RepoConfigs
    _known: dict[int, tuple[float | None, str, Choices]] = field(default_factory=dict, repr=False)

    async def of(self, there: Iterable[StoredRepository]) -> dict[int, Choices]:
        """Give the choices of repositories by id; one that was never read has the operator's."""
        stamps, found = await self.kept.stamps(), {}
        # Hundreds without a file have the same.
        plain = choices(self.settings, Loaded(), "")
        for one in there:
            name, stamp = one.full_name or "", stamps.get(one.id)
            if stamp is None and not self.settings.paths_in(name):
                found[one.id] = plain
                continue
            known = self._known.get(one.id)
            if known is None or known[:2] != (stamp, name):
                loaded = await self.kept.get(one.id) if stamp is not None else None
                known = (stamp, name, choices(self.settings, loaded or Loaded(), name))
                self._known[one.id] = known
            found[one.id] = known[2]
        return found
