"""The conversation's answer, with what GitHub leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import Gone, Later
from bot.facts import discussion
from bot.facts.conversation import MAX_PAGES, read_conversation
from bot.facts.merge import merge_method
from bot.facts.threads import settle_threads
from bot.facts.words import Washer
from bot.model import MergeMethod
from tests.fakes.facts import commit, thread


class Scripted:
    """A reader that gives one answer for every query."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = 0

    async def graphql_data(self, _query, _variables):
        self.asked += 1
        return self.answer


def scripted(answer) -> Any:
    """A reader for one query."""
    return Scripted(answer)


def repository(**pull):
    return {"repository": {"databaseId": 5, "nameWithOwner": "octo-org/engine", "pullRequest": pull}}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param({}, Gone, id="an empty answer"),
        pytest.param({"repository": None}, Gone, id="a repository that may not be seen"),
        pytest.param({"repository": {"databaseId": 5, "pullRequest": None}}, Gone, id="no such pull request"),
        pytest.param(repository(title=None), Later, id="half an answer is asked for again"),
    ],
)
async def test_what_is_no_conversation(answer, error):
    """Nothing is made of it."""
    with pytest.raises(error):
        await read_conversation(scripted(answer), "octo-org/engine", 5, 7)


async def test_a_name_that_belongs_to_another_repository_now_is_not_followed():
    """The old name may have been taken by a stranger."""
    with pytest.raises(Gone):
        await read_conversation(scripted(repository(title="x")), "octo-org/engine", 6, 7)


async def test_pages_that_never_end_are_left():
    """A fault of GitHub's, or a discussion nobody reads to its end."""
    endless = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "x"}}
    reader = scripted(repository(title="x", comments=endless))
    await read_conversation(reader, "octo-org/engine", 5, 7)
    assert reader.asked == MAX_PAGES + 1


@pytest.mark.parametrize(
    "pull",
    [
        pytest.param({}, id="nothing is there"),
        pytest.param({"reviewThreads": None, "reviews": None, "commits": None}, id="all of it is null"),
        pytest.param(
            {
                "reviewThreads": {"nodes": [None, {"path": None}, {"path": "a", "comments": None}]},
                "reviews": {"nodes": [None, {"state": "PENDING"}, {"state": "NEW_WORD"}]},
                "headCommit": {"nodes": [{"commit": {"statusCheckRollup": None}}]},
                "closingIssuesReferences": {"nodes": [None]},
            },
            id="hidden nodes, unknown words and threads without remarks",
        ),
    ],
)
def test_a_discussion_of_nothing(pull):
    """No part of it may be missing."""
    washer = Washer()
    assert discussion.commits(pull, washer) == ()
    assert discussion.threads(pull, (), washer) == ()
    assert discussion.reviews(pull, washer) == ()
    assert discussion.issues(pull, "octo-org/engine", washer) == ()
    assert discussion.checks(pull, washer).total == 0


def test_checks_by_their_outcome():
    """Runs and statuses have different words; a run that is not done has no conclusion."""
    contexts = [
        {"name": "a", "status": "COMPLETED", "conclusion": "SUCCESS"},
        {"name": "b", "status": "COMPLETED", "conclusion": "TIMED_OUT"},
        {"name": "c", "status": "IN_PROGRESS", "conclusion": None},
        {"context": "d", "state": "FAILURE"},
        None,
    ]
    rollup = {"contexts": {"totalCount": 5, "nodes": contexts}}
    found = discussion.checks(
        {"headCommit": {"nodes": [{"commit": {"statusCheckRollup": rollup}}]}}, Washer()
    )
    assert (found.total, found.failed, found.pending) == (5, ("b", "d"), 1)


@pytest.mark.parametrize(
    ("parents", "headline", "commits", "method"),
    [
        pytest.param(2, "Merge pull request #7 from a/b", ["x"], MergeMethod.MERGE, id="two parents"),
        pytest.param(1, "Save (#7)", ["x", "y"], MergeMethod.SQUASH, id="GitHub's number at the end"),
        pytest.param(1, "Save (#8)", ["x", "Save (#8)"], MergeMethod.REBASE, id="another one's number"),
        pytest.param(1, "y", ["x", "y"], MergeMethod.REBASE, id="the last of several commits again"),
        pytest.param(1, "z", ["x", "y"], MergeMethod.SQUASH, id="words of its own"),
        pytest.param(1, "x", ["x"], MergeMethod.UNKNOWN, id="one commit, repeated, could be either"),
        pytest.param(1, "x", [], MergeMethod.UNKNOWN, id="no commits are known"),
        pytest.param(0, "x", ["x"], MergeMethod.UNKNOWN, id="no parent"),
    ],
)
def test_the_merge_method(parents, headline, commits, method):
    """As far as the merge commit tells."""
    assert merge_method(parents, headline, 7, [commit(text) for text in commits]) is method


@pytest.mark.parametrize(
    ("remarked", "merged", "expected"),
    [
        pytest.param("+return compute()", "x\n  return compute()\n", (True, 2), id="the line is still there"),
        pytest.param("+return compute()", "x\n", (False, None), id="the line is gone"),
        pytest.param("-return compute()", "x\n", (None, None), id="a removed line says nothing"),
        pytest.param("+}", "}\n", (None, None), id="a brace is everywhere"),
        pytest.param("+return compute()", None, (None, None), id="the merged text was not read"),
    ],
)
def test_whether_a_remarked_line_is_still_there(remarked, merged, expected):
    """Only a telling line of a text that was read decides."""
    written = thread(path="a.py", line=2, remarked_text=remarked, still_there=None, merged_line=None)
    (settled,) = settle_threads([written], {} if merged is None else {"a.py": merged})
    assert (settled.still_there, settled.merged_line) == expected
