"""Pull requests merged at a given time, and readers of lists that a test wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import Later
from sandbox.build import add_user
from sandbox.talk import merge_pull, open_pull
from tests.fakes.github import the_repository

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from sandbox.discussion import Pull
    from sandbox.state import State


def utc(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def merged_at(state: State, when: str, touched: str | None = None, **fields: Any) -> Pull:
    """A merge of that time that adds a file of its own; ``touched`` is when it was last updated."""
    repository = the_repository(state)
    number, at = repository.next_number(), utc(when)
    changes = fields.pop("changes", None) or {f"engine/part_{number}.py": f"PART = {number}\n"}
    pull = open_pull(state, repository, changes, created_at=at - timedelta(hours=1), **fields)
    merge_pull(repository, pull, add_user(state, "octo-lead"), at)
    pull.updated_at = utc(touched or when)
    return pull


def listed(number: int, when: str, touched: str | None = None, **fields: Any) -> dict[str, Any]:
    """A pull request as GitHub's list has it."""
    return {
        "number": number,
        "title": f"Change {number}",
        "author": {"__typename": "User", "login": "octo-dev"},
        "createdAt": "2026-01-01T00:00:00Z",
        "mergedAt": f"{when}Z",
        "updatedAt": f"{touched or when}Z",
        "mergeCommit": {"oid": f"{number:040x}"},
        **fields,
    }


class ListReader:
    """Gives pages of a list, two pull requests each, that a test may change between them.

    ``slow`` is the largest page GitHub manages; larger ones fail. ``moves`` are made after the first page.
    """

    def __init__(self, rows: list[dict[str, Any]], slow: int = 100) -> None:
        self.rows = rows
        self.slow = slow
        self.sizes: list[int] = []
        self.moves: list[dict[str, Any]] = []
        self.files: dict[str, list[str]] = {}

    async def graphql_data(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """A page after a cursor, which stands for the time of the last row, as GitHub's do."""
        assert "pullRequests(states: MERGED" in query
        self.sizes.append(variables["size"])
        if variables["size"] > self.slow:
            raise Later(5.0, "This may be the result of a timeout")
        after = variables["after"] or "9"
        rows = sorted(self.rows, key=lambda row: row["updatedAt"], reverse=True)
        left = [row for row in rows if row["updatedAt"] < after]
        page, more = left[:2], len(left) > 2
        for row in self.moves:
            next(one for one in self.rows if one["number"] == row["number"]).update(row)
        self.moves = []
        last = page[-1]["updatedAt"] if page else None
        connection = {"nodes": page, "pageInfo": {"hasNextPage": more, "endCursor": last}}
        return {"repository": {"nameWithOwner": "octo-org/engine", "pullRequests": connection}}

    async def diff(self, _url: str, _url_vars: Mapping[str, Any]) -> bytes:
        """No diff is asked for."""
        raise AssertionError

    async def getiter(self, _url: str, url_vars: Mapping[str, Any]) -> AsyncIterator[Any]:
        """The files of a pull request."""
        for path in self.files[url_vars["number"]]:
            yield {"filename": path}
