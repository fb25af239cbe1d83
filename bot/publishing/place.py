"""Where something is published, and what publishing asks of GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


@dataclass(frozen=True)
class Place:
    """A pull request, by the repository's id and by the name it has now."""

    repository_id: int
    full_name: str
    number: int

    @property
    def url_vars(self) -> dict[str, str]:
        """The variables of GitHub's URL templates."""
        owner, _, repo = self.full_name.partition("/")
        return {"owner": owner, "repo": repo, "number": str(self.number)}


class Writer(Protocol):
    """The part of ``bot.github.API`` that writes; its errors pass through this stage."""

    async def admit(self, method: str, path: str) -> None:
        """Wait for GitHub's limits, so that the next request is sent at once."""

    async def post(self, url: str, url_vars: Mapping[str, Any], *, data: Any) -> Any:
        """Send a POST, never repeated by itself."""

    async def patch(self, url: str, url_vars: Mapping[str, Any], *, data: Any) -> Any:
        """Send a PATCH."""

    async def delete(self, url: str, url_vars: Mapping[str, Any]) -> None:
        """Send a DELETE."""

    def getiter(self, url: str, url_vars: Mapping[str, Any]) -> AsyncIterator[Any]:
        """Give the items of every page of a list."""
