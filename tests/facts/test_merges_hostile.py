"""Lists of merges and comparisons that hold anything: an answer or one of our errors, never another."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.errors import PRHubError
from bot.facts.merges import read_merges, read_range
from tests.fakes.merged import listed, utc

ANYTHING = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=9)
    | some.sampled_from(["2026-03-24T00:00:00Z", "0001-01-01T00:00:00+23:59", "User", "Bot"]),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.sampled_from(["nodes", "login", "oid", "path", "state"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = [*listed(1, "2026-03-24T00:00:00"), "reviews", "files", "additions", "changedFiles"]
ROWS = some.lists(some.dictionaries(some.sampled_from(FIELDS), ANYTHING) | ANYTHING, max_size=3)
COMMIT = some.dictionaries(some.sampled_from(["sha", "parents", "commit"]), ANYTHING) | ANYTHING
COMPARED = some.sampled_from(["base_commit", "total_commits", "commits"])


class Hostile:
    """A reader that gives what it was made with."""

    def __init__(self, rows: Any = None, compared: Any = None) -> None:
        self.rows = rows
        self.compared = compared

    async def graphql_data(self, _query, _variables):
        connection = {"nodes": self.rows, "pageInfo": {"hasNextPage": True, "endCursor": "x"}}
        return {"repository": {"nameWithOwner": "octo-org/engine", "pullRequests": connection}}

    async def getitem(self, _url, _variables):
        return self.compared

    async def getiter(self, _url, _variables):
        yield self.compared


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, compared=ANYTHING)
async def test_whatever_the_list_holds_is_read_or_called_partial(rows: list[Any], compared: Any):
    """In a list that never ends, among rows that are none, what is a merge is found."""
    good = listed(7, "2026-03-24T00:00:00", updatedAt="2026-03-24T00:00:00Z")
    reader: Any = Hostile([good, *rows], compared)
    with contextlib.suppress(PRHubError):
        found = await read_merges(
            reader, "octo-org/engine", utc("2026-03-23"), utc("2026-03-30"), with_paths=True
        )
        assert 7 in [merge.number for merge in found.merges]


@settings(max_examples=150, deadline=None)
@given(compared=some.dictionaries(COMPARED, some.lists(COMMIT, max_size=3) | ANYTHING))
async def test_whatever_the_comparison_holds_is_read_or_refused(compared: Any):
    """No comparison makes another error than ours."""
    with contextlib.suppress(PRHubError):
        since, until, shas = await read_range(Hostile(compared=compared), "octo-org/engine", "v1", "v2")  # type: ignore[arg-type]
        assert since <= until
        assert shas
