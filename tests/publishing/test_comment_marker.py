"""Which comment is ours: the one with this pull request's marker that our app wrote, and no other."""

from __future__ import annotations

import pytest

from bot.publishing import Outcome
from sandbox.talk import add_comment

PATCH = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}"


async def test_what_people_write_is_not_touched(desk):
    """A copied marker, whoever posts it and whenever, is not ours (R29)."""
    issue = await desk.new("mine")
    forged = desk.body(issue, "forged")
    add_comment(desk.github.state, issue, "octo-mallory", forged)
    add_comment(desk.github.state, issue, "octo-mallory", forged, app_id=1001)  # signed in through the app
    desk.github.faults.add("drop_before", times=1, methods=("POST",), path="comments")
    assert await desk.settle(issue) is Outcome.RECOVERED
    bodies = [comment.body for comment in issue.comments.value]
    assert bodies == [forged, forged, desk.body(issue, "mine")]
    assert desk.count(PATCH) == 0


def by(app, user="Bot", **changes):
    """A comment under this pull request's marker, by an app's bot or a person."""
    marked = {"body": "<!-- prhub:report:v1 repo=4001 pull=1 -->\nhello"}
    return {"performed_via_github_app": app, "user": {"type": user}} | marked | changes


@pytest.mark.parametrize(
    ("comment", "ours"),
    [
        pytest.param(by({"id": 1001}), True, id="our bot's"),
        pytest.param(by({"id": 77}), False, id="another app's"),
        pytest.param(by({"id": "1001"}), False, id="an id that is text"),
        pytest.param(by(None), False, id="a bot's that is no app"),
        pytest.param(by({"id": 1001}, "User"), False, id="a person's who signed in through our app"),
        pytest.param(by({"id": 1001}, user=None), False, id="a deleted account's"),
        pytest.param(by({"id": 1001}, body=None), False, id="without a body"),
        pytest.param(by({"id": 1001}, body="hello"), False, id="without a marker"),
        pytest.param([], False, id="no comment at all"),
    ],
)
async def test_ours_is_what_our_app_wrote_under_this_marker(desk, comment, ours):
    """Marker and author together, and nothing less."""
    assert desk.publisher(await desk.new())._is_ours(comment) is ours


async def test_our_comment_under_another_pull_requests_marker_is_not_this_one(desk):
    """The marker names repository and number; one number being the start of another does not matter."""
    issue = await desk.new("mine")
    for text in (
        desk.body(issue, "x").replace("pull=1 ", "pull=11 "),
        desk.body(issue, "x").replace("repo=4", "repo=14"),
        "x" + desk.body(issue, "x"),
        "> " + desk.body(issue, "x"),
        desk.body(issue, "x").replace("pull=1", "pull=\u0661"),
    ):
        add_comment(desk.github.state, issue, "prhub[bot]", text, app_id=1001)
    desk.github.faults.add("drop_before", times=1, methods=("POST",), path="comments")
    await desk.settle(issue)
    assert len(issue.comments.value) == 6
    assert desk.count(PATCH) == 0
