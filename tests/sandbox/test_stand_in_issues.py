"""Issues on the stand-in: lists and their filters, reasons, limits, and what people do to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.build import add_label, add_user_token
from sandbox.talk import add_issue
from sandbox.triage import close_issue, delete_issue, edit_issue, reopen_issue
from tests.fakes.gates import Clock
from tests.fakes.github import add_merge, ask, bearer, the_repository

if TYPE_CHECKING:
    from sandbox.github import GitHub
    from tests.fakes.github import Reply

ISSUES = "/repos/octo-org/engine/issues"
DIGEST = {"title": "Digest", "body": "b", "labels": ["digest"]}


def numbers(reply: Reply) -> list[int]:
    """The numbers in a list."""
    return [issue["number"] for issue in reply.json]


@pytest.fixture
def clock(github: GitHub) -> Clock:
    """The stand-in's clock, which only the test moves."""
    github.state.clock = clock = Clock(1_780_000_000.5)
    return clock


async def test_the_app_is_named_as_author(github: GitHub) -> None:
    """By its bot and by its id, as the publisher looks for it, in the answer and in lists."""
    made = (await ask(github, "POST", ISSUES, json=DIGEST)).json
    (listed,) = (await ask(github, "GET", ISSUES)).json
    for shown in (made, listed):
        assert (shown["user"]["login"], shown["user"]["type"]) == ("prhub[bot]", "Bot")
        assert shown["performed_via_github_app"]["id"] == 1001
        assert "pull_request" not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", [3, 1], id="open ones by default, pull requests among them, newest first"),
        pytest.param("state=closed", [2], id="closed ones"),
        pytest.param("state=all&direction=asc", [1, 2, 3], id="all, oldest first"),
        pytest.param("state=all&labels=DIGEST", [2, 1], id="by label, whatever its case"),
        pytest.param("state=all&labels=digest,x", [2], id="by two labels"),
        pytest.param("state=all&creator=octo-dev", [2, 1], id="by who opened it"),
        pytest.param("state=all&creator=prhub[bot]", [3], id="by the bot that opened it"),
        pytest.param("state=all&sort=updated", [1, 3, 2], id="last changed first"),
        pytest.param("state=all&since=2026-05-28T20:28:00Z", [3, 1], id="changed since"),
        pytest.param("state=all&per_page=2&page=2", [1], id="the second page"),
    ],
)
async def test_lists_are_filtered(github: GitHub, clock: Clock, query: str, found: list[int]) -> None:
    """As GitHub filters them."""
    state, repository = github.state, the_repository(github.state)
    first = add_issue(state, repository, labels=["digest"])
    close_issue(state, add_issue(state, repository, labels=["Digest", "x"]))
    clock.now += 3600
    await ask(github, "POST", ISSUES, json={"title": "x"})
    clock.now += 60
    edit_issue(state, first, title="y")
    assert numbers(await ask(github, "GET", f"{ISSUES}?{query}")) == found
    assert github.log.unknown == []


async def test_a_stale_list_shows_what_was_then(github: GitHub, clock: Clock) -> None:
    """Without what was opened since, with what was deleted, and with old text, state and labels."""
    state, repository = github.state, the_repository(github.state)
    for _ in range(2):
        await ask(github, "POST", ISSUES, json=DIGEST)
    clock.now += 60
    delete_issue(state, repository, 2)
    await ask(github, "PATCH", f"{ISSUES}/1", json={"body": "new", "state": "closed", "labels": []})
    await ask(github, "POST", ISSUES, json=DIGEST)
    clock.now += 5
    assert numbers(await ask(github, "GET", f"{ISSUES}?state=all")) == [3, 1]
    github.faults.add("stale", probability=1.0, seconds=10, methods=("GET",))
    assert numbers(await ask(github, "GET", f"{ISSUES}?state=open&labels=digest")) == [2, 1]
    assert [one["body"] for one in (await ask(github, "GET", ISSUES)).json] == ["b", "b"]
    assert (await ask(github, "GET", f"{ISSUES}/1")).json["body"] == "new"


async def test_half_a_second_is_seen_in_a_stale_list(github: GitHub, clock: Clock) -> None:
    """Though GitHub's times are whole seconds."""
    await ask(github, "POST", ISSUES, json=DIGEST)
    github.faults.add("stale", probability=1.0, seconds=0.2, methods=("GET",))
    assert numbers(await ask(github, "GET", ISSUES)) == []
    clock.now += 0.3
    assert numbers(await ask(github, "GET", ISSUES)) == [1]


async def test_closing_and_opening_have_reasons(github: GitHub) -> None:
    """GitHub remembers that an open issue was closed before."""
    await ask(github, "POST", ISSUES, json=DIGEST)
    steps = [
        ({"state": "closed", "state_reason": "not_planned"}, "not_planned"),
        ({"body": "x"}, "not_planned"),
        ({"state": "open"}, "reopened"),
        ({"state": "closed"}, "completed"),
    ]
    for sent, reason in steps:
        assert (await ask(github, "PATCH", f"{ISSUES}/1", json=sent)).json["state_reason"] == reason
    reopen_issue(github.state, the_repository(github.state).issues[1])
    assert (await ask(github, "GET", f"{ISSUES}/1")).json["state_reason"] == "reopened"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"title": ""}, id="no title"),
        pytest.param({"title": " "}, id="a blank title"),
        pytest.param({"title": "x" * 257}, id="257 characters of title"),
        pytest.param({"body": "x" * 65_537}, id="65,537 characters of text"),
        pytest.param({"labels": ["x" * 51]}, id="51 characters of label"),
        pytest.param({"labels": "digest"}, id="labels that are no list"),
    ],
)
async def test_an_issue_can_be_refused(github: GitHub, wrong: dict[str, Any]) -> None:
    """422, whether it is opened or changed, and then nothing has changed."""
    assert (await ask(github, "POST", ISSUES, json=DIGEST | wrong)).status == 422
    await ask(github, "POST", ISSUES, json=DIGEST)
    assert (await ask(github, "PATCH", f"{ISSUES}/1", json=wrong)).status == 422
    issue = the_repository(github.state).issues[1]
    assert (issue.title, issue.body, issue.labels.value) == ("Digest", "b", ("digest",))
    assert list(the_repository(github.state).issues) == [1]


@pytest.mark.parametrize("wrong", [{"state": "merged"}, {"state": "closed", "state_reason": "boring"}])
async def test_states_that_github_does_not_know_are_refused(github: GitHub, wrong: dict[str, str]) -> None:
    """422."""
    await ask(github, "POST", ISSUES, json=DIGEST)
    assert (await ask(github, "PATCH", f"{ISSUES}/1", json=wrong)).status == 422


async def test_a_label_of_the_repository_is_used_whatever_its_case(github: GitHub) -> None:
    """Else one is made in grey."""
    add_label(github.state, the_repository(github.state), "Digest", color="123456")
    made = await ask(github, "POST", ISSUES, json=DIGEST | {"labels": ["digest", "new"]})
    assert [(one["name"], one["color"]) for one in made.json["labels"]] == [
        ("Digest", "123456"),
        ("new", "ededed"),
    ]


async def test_a_deleted_issue_is_gone_and_its_number_used_up(github: GitHub) -> None:
    """410 for each question, and the next issue has the next number."""
    await ask(github, "POST", ISSUES, json=DIGEST)
    delete_issue(github.state, the_repository(github.state), 1)
    for method, sent in (("GET", None), ("PATCH", {"body": "x"})):
        assert (await ask(github, method, f"{ISSUES}/1", json=sent)).status == 410
    assert (await ask(github, "GET", f"{ISSUES}/2")).status == 404
    assert (await ask(github, "POST", ISSUES, json=DIGEST)).json["number"] == 2


@pytest.mark.parametrize(("off", "status"), [("archived", 403), ("issues", 410)])
async def test_neither_opened_nor_changed_where_that_is_off(github: GitHub, off: str, status: int) -> None:
    """An archived repository can be read; one without issues has none to read."""
    await ask(github, "POST", ISSUES, json=DIGEST)
    repository = the_repository(github.state)
    repository.archived, repository.has_issues = off == "archived", off == "archived"
    assert (await ask(github, "POST", ISSUES, json=DIGEST)).status == status
    assert (await ask(github, "PATCH", f"{ISSUES}/1", json={"body": "x"})).status == status
    assert (await ask(github, "GET", f"{ISSUES}?state=all")).status == (200 if off == "archived" else 410)
    assert repository.issues[1].body == "b"


async def test_only_who_wrote_it_or_has_a_role_may_change_it(github: GitHub) -> None:
    """A stranger is refused, a maintainer is not."""
    add_merge(github.state)
    await ask(github, "POST", ISSUES, json=DIGEST)
    the_repository(github.state).roles["octo-lead"] = "maintain"
    for login, status in (("octo-mallory", 403), ("octo-lead", 200)):
        add_user_token(github.state, login, login)
        reply = await ask(github, "PATCH", f"{ISSUES}/2", headers=bearer(login), json={"state": "closed"})
        assert reply.status == status


async def test_new_issues_count_as_new_content(github: GitHub, clock: Clock) -> None:
    """Eighty a minute, then 403 or 429 with the time to wait; changing one does not count."""
    for _ in range(80):
        assert (await ask(github, "POST", ISSUES, json=DIGEST)).status == 201
    refused = await ask(github, "POST", ISSUES, json=DIGEST)
    assert refused.status in {403, 429}
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (await ask(github, "PATCH", f"{ISSUES}/1", json={"body": "x"})).status == 200
    clock.now += 61
    assert (await ask(github, "POST", ISSUES, json=DIGEST)).status == 201


async def test_an_answer_can_be_lost_after_the_work(github: GitHub) -> None:
    """502, and the issue is there."""
    github.faults.add("error_after", times=1, status=502, methods=("POST",), path="issues$")
    assert (await ask(github, "POST", ISSUES, json=DIGEST)).status == 502
    assert numbers(await ask(github, "GET", ISSUES)) == [1]
