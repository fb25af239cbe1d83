"""What the facts stage asks of GitHub: three ways to read, and no way to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


class Reader(Protocol):
    """The part of ``bot.github.API`` that reads; its errors pass through this stage."""

    async def graphql_data(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Run a query and give its data."""

    async def diff(self, url: str, url_vars: Mapping[str, Any]) -> bytes:
        """Give a resource as a diff; ``TooLarge`` over 300 files or 20,000 lines."""

    def getiter(self, url: str, url_vars: Mapping[str, Any]) -> AsyncIterator[Any]:
        """Give the items of every page of a list."""
