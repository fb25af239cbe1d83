"""Comments on the stand-in: who may write what, and what readers see of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.build import add_user_token
from sandbox.talk import add_comment, add_issue
from tests.fakes.github import add_merge, ask, bearer, installation_token, the_repository

if TYPE_CHECKING:
    from sandbox.discussion import Pull
    from sandbox.github import GitHub

COMMENTS = "/repos/octo-org/engine/issues/1/comments"


@pytest.fixture
def pull(github: GitHub) -> Pull:
    """A merged pull request, number 1."""
    return add_merge(github.state)


def one(comment: int) -> str:
    """The address of a comment."""
    return f"/repos/octo-org/engine/issues/comments/{comment}"


async def test_a_comment_is_written_changed_and_deleted(github: GitHub, pull: Pull) -> None:
    """The life of a comment by the app; it says which app wrote it."""
    made = await ask(github, "POST", COMMENTS, json={"body": "first"})
    assert made.status == 201
    assert made.json["performed_via_github_app"]["id"] == 1001
    assert made.json["user"]["login"] == "prhub[bot]"
    changed = await ask(github, "PATCH", one(made.json["id"]), json={"body": "second"})
    assert (changed.status, changed.json["body"]) == (200, "second")
    assert (await ask(github, "GET", one(made.json["id"]))).json["body"] == "second"
    assert (await ask(github, "DELETE", one(made.json["id"]))).status == 204
    assert (await ask(github, "GET", one(made.json["id"]))).status == 404
    assert pull.comments.value == ()


async def test_comments_are_listed_oldest_first_over_pages(github: GitHub, pull: Pull) -> None:
    """The newest comment is on the last page."""
    for number in range(5):
        add_comment(github.state, pull, "octo-dev", f"{number}")
    first = await ask(github, "GET", f"{COMMENTS}?per_page=2")
    last = await ask(github, "GET", first.links["last"])
    assert [comment["body"] for comment in first.json] == ["0", "1"]
    assert [comment["body"] for comment in last.json] == ["4"]
    assert set(last.links) == {"first", "prev"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("x" * 65_537, "Body is too long", id="65,537 characters"),
        pytest.param("  ", "missing_field", id="blank"),
        pytest.param(None, "missing_field", id="null"),
    ],
)
async def test_a_body_can_be_refused(github: GitHub, pull: Pull, body: Any, words: str) -> None:
    """A 422 says why; a body of 65,536 characters is fine."""
    reply = await ask(github, "POST", COMMENTS, json={"body": body})
    assert reply.status == 422
    assert words in reply.text
    assert (await ask(github, "POST", COMMENTS, json={"body": "x" * 65_536})).status == 201


async def test_a_locked_conversation_takes_no_comment(github: GitHub, pull: Pull) -> None:
    """GitHub's words for it."""
    pull.locked = True
    reply = await ask(github, "POST", COMMENTS, json={"body": "x"})
    assert (reply.status, reply.json["message"]) == (
        403,
        "Unable to create comment because issue is locked.",
    )


async def test_an_archived_repository_is_read_only(github: GitHub, pull: Pull) -> None:
    """Reads go on, writes are 403."""
    the_repository(github.state).archived = True
    reply = await ask(github, "POST", COMMENTS, json={"body": "x"})
    assert (reply.status, reply.json["message"]) == (403, "Repository was archived so is read-only.")
    assert (await ask(github, "GET", COMMENTS)).status == 200


async def test_only_the_author_or_a_maintainer_may_change_a_comment(github: GitHub, pull: Pull) -> None:
    """The app cannot edit a person's comment, a maintainer can edit the app's."""
    foreign = add_comment(github.state, pull, "octo-dev", "mine")
    assert (await ask(github, "PATCH", one(foreign.id), json={"body": "x"})).status == 403
    assert (await ask(github, "DELETE", one(foreign.id))).status == 403
    own = (await ask(github, "POST", COMMENTS, json={"body": "report"})).json["id"]
    the_repository(github.state).roles["octo-lead"] = "maintain"
    add_user_token(github.state, "octo-lead", "ghp_lead")
    assert (await ask(github, "DELETE", one(own), headers=bearer("ghp_lead"))).status == 204


async def test_a_stale_list_shows_the_past_and_a_single_comment_does_not(github: GitHub, pull: Pull) -> None:
    """With the fault ``stale`` a new, changed or deleted comment is as it was seconds ago in lists."""
    early = (await ask(github, "POST", COMMENTS, json={"body": "early"})).json["id"]
    now = time.time()
    github.state.clock = lambda: now + 60
    late = (await ask(github, "POST", COMMENTS, json={"body": "late"})).json["id"]
    await ask(github, "PATCH", one(early), json={"body": "edited"})
    github.faults.add("stale", probability=1, seconds=10)
    assert [comment["body"] for comment in (await ask(github, "GET", COMMENTS)).json] == ["early"]
    assert (await ask(github, "GET", one(late))).json["body"] == "late"
    github.state.clock = lambda: now + 80
    assert [comment["body"] for comment in (await ask(github, "GET", COMMENTS)).json] == ["edited", "late"]


async def test_either_permission_is_enough_on_a_pull_request_but_not_on_an_issue(
    github: GitHub, pull: Pull
) -> None:
    """Comments on a pull request may be written with that permission; on an issue only with the other."""
    add_issue(github.state, the_repository(github.state))
    headers = bearer(installation_token(github.state, {"pull_requests": "write"}))
    assert (await ask(github, "POST", COMMENTS, json={"body": "x"}, headers=headers)).status == 201
    on_issue = COMMENTS.replace("/1/", "/2/")
    assert (await ask(github, "POST", on_issue, json={"body": "x"}, headers=headers)).status == 403


async def test_a_reaction_twice_is_one(github: GitHub, pull: Pull) -> None:
    """The first is 201, the same again 200; unknown ones are 422."""
    path = f"{one(add_comment(github.state, pull, 'octo-dev', '/prhub report').id)}/reactions"
    statuses = [
        (await ask(github, "POST", path, json={"content": content})).status
        for content in ("eyes", "eyes", "wave")
    ]
    assert statuses == [201, 200, 422]
    assert [reaction["content"] for reaction in (await ask(github, "GET", path)).json] == ["eyes"]


async def test_a_comment_on_nothing_is_not_found(github: GitHub) -> None:
    """There is no issue 9."""
    assert (await ask(github, "POST", COMMENTS.replace("/1/", "/9/"), json={"body": "x"})).status == 404


async def test_unknown_names_in_a_body_are_noted(github: GitHub, pull: Pull) -> None:
    """GitHub ignores them in silence; the log does not."""
    await ask(github, "POST", COMMENTS, json={"body": "x", "boddy": "y"})
    assert github.log.unknown == ["POST /repos/{owner}/{repo}/issues/{number}/comments body.boddy"]


async def test_issues_can_be_opened_listed_and_closed(github: GitHub) -> None:
    """A digest is an issue with a label."""
    issues = "/repos/octo-org/engine/issues"
    made = await ask(github, "POST", issues, json={"title": "Digest", "body": "b", "labels": ["digest"]})
    number = made.json["number"]
    assert (made.status, made.json["labels"][0]["name"]) == (201, "digest")
    assert [issue["number"] for issue in (await ask(github, "GET", f"{issues}?labels=digest")).json] == [
        number
    ]
    closed = await ask(github, "PATCH", f"{issues}/{number}", json={"state": "closed"})
    assert (closed.json["state"], closed.json["state_reason"]) == ("closed", "completed")
    assert (await ask(github, "GET", issues)).json == []
    assert (await ask(github, "GET", f"{issues}/{number}")).json["title"] == "Digest"
