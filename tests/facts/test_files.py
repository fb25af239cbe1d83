"""The changed files: the diff where GitHub gives it, the list where it does not, and what does not add up."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import TooLarge
from bot.facts.files import read_files

WHERE = {"owner": "octo-org", "repo": "engine", "number": "7"}
DIFF = b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
ROW = {
    "filename": "a.py",
    "status": "modified",
    "additions": 1,
    "deletions": 1,
    "patch": "@@ -1 +1 @@\n-x\n+y",
}


class Scripted:
    """A reader with one diff (``None``: 406) and one list."""

    def __init__(self, diff, rows=()):
        self._diff, self._rows = diff, rows

    async def diff(self, _url, _url_vars):
        if self._diff is None:
            raise TooLarge("406")
        return self._diff

    async def getiter(self, _url, _url_vars):
        for row in self._rows:
            yield row


def totals(files: int, additions: int, deletions: int):
    return {"changedFiles": files, "additions": additions, "deletions": deletions}


@pytest.mark.parametrize(
    ("reader", "pull", "paths", "partial"),
    [
        pytest.param(Scripted(DIFF), totals(1, 1, 1), ["a.py"], None, id="the diff is all of it"),
        pytest.param(Scripted(None, [ROW]), totals(1, 1, 1), ["a.py"], None, id="406 leads to the list"),
        pytest.param(Scripted(DIFF, [ROW]), totals(2, 1, 1), ["a.py"], "unlisted", id="a file is in neither"),
        pytest.param(Scripted(DIFF), totals(1, 9, 1), ["a.py"], "uncounted", id="the counts do not agree"),
        pytest.param(Scripted(b""), totals(0, 0, 0), [], None, id="a merge that changes nothing"),
        pytest.param(
            Scripted(None, [None, {"filename": None}, 7, ROW]),
            totals(1, 1, 1),
            ["a.py"],
            None,
            id="rows that are none are passed over",
        ),
        pytest.param(
            Scripted(None, [ROW | {"additions": -5, "deletions": "x", "patch": None}]),
            totals(1, 1, 1),
            ["a.py"],
            "uncounted",
            id="negative numbers and no patch",
        ),
    ],
)
async def test_what_is_read_and_whether_it_is_all(reader, pull, paths, partial):
    """What is missing is said, never guessed."""
    files, reason = await read_files(reader, WHERE, pull, lambda _path: False)
    assert ([file.path for file in files], reason) == (paths, partial)


async def test_lines_of_skipped_files_are_not_kept():
    """A lock file is counted, not read."""
    reader: Any = Scripted(DIFF)
    ((file,), _) = await read_files(reader, WHERE, totals(1, 1, 1), lambda _path: True)
    assert (file.additions, file.deletions, file.hunks) == (1, 1, ())
