"""The control routes, for a stand-in that runs in another process."""

from __future__ import annotations

import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.fakes.github import add_merge, ask, bearer, the_repository

if TYPE_CHECKING:
    from sandbox.github import GitHub

COMMENTS = "/repos/octo-org/engine/issues/1/comments"


async def test_the_dump_shows_what_was_written(github: GitHub) -> None:
    """Comments and labels by issue."""
    add_merge(github.state, labels=["bug"])
    await ask(github, "POST", COMMENTS, json={"body": "report"})
    issue = (await ask(github, "GET", "/_dump")).json["repositories"]["octo-org/engine"]["issues"]["1"]
    assert issue["labels"] == ["bug"]
    assert [(one["author"], one["app_id"], one["body"]) for one in issue["comments"]] == [
        ("prhub[bot]", 1001, "report")
    ]


async def test_the_request_log_can_be_read(github: GitHub) -> None:
    """Counts by template and status, and what was unknown."""
    await ask(github, "GET", "/repos/octo-org/engine")
    await ask(github, "GET", "/nothing")
    log = (await ask(github, "GET", "/_requests")).json
    assert log["by_line"] == {"GET /repos/{owner}/{repo}": 1, "GET unknown": 1}
    assert (log["by_status"], log["unknown"]) == ({"200": 1, "404": 1}, ["GET /nothing"])
    assert github.log.count("GET /repos/{owner}/{repo}") == 1
    assert github.log.statuses() == {200: 1, 404: 1}


async def test_faults_can_be_set(github: GitHub) -> None:
    """A list replaces those that were on; a misspelt one is refused."""
    body = {"seed": 3, "faults": [{"kind": "error", "times": 1, "status": 500}]}
    assert (await ask(github, "POST", "/_faults", json=body)).status == 200
    assert (await ask(github, "GET", "/repos/octo-org/engine")).status == 500
    wrong = await ask(github, "POST", "/_faults", json={"faults": [{"kind": "eror"}]})
    assert (wrong.status, github.faults.active) == (422, [])


@pytest.mark.parametrize(
    ("change", "method", "path", "status"),
    [
        pytest.param({"archived": True}, "POST", COMMENTS, 403, id="archived"),
        pytest.param({"locked": [1]}, "POST", COMMENTS, 403, id="locked"),
        pytest.param({"renamed_to": "motor"}, "POST", COMMENTS, 307, id="renamed"),
        pytest.param({"installation": 4242, "installed": False}, "GET", COMMENTS, 404, id="not installed"),
        pytest.param({"installation": 4242, "suspended": True}, "GET", COMMENTS, 403, id="suspended"),
        pytest.param(
            {"installation": 4242, "permissions": {"issues": "none", "pull_requests": "none"}},
            "GET",
            COMMENTS,
            403,
            id="permissions taken away",
        ),
    ],
)
async def test_the_state_can_be_changed(
    github: GitHub, change: dict[str, Any], method: str, path: str, status: int
) -> None:
    """Each change has its effect on a token that was good before."""
    add_merge(github.state)
    body = {"repository": "octo-org/engine", **change}
    assert (await ask(github, "POST", "/_state", json=body)).status == 200
    assert (await ask(github, method, path, json={"body": "x"})).status == status


async def test_an_unknown_change_is_refused(github: GitHub) -> None:
    """So that a misspelt one is noticed."""
    body = {"repository": "octo-org/engine", "archived?": True}
    assert (await ask(github, "POST", "/_state", json=body)).status == 422
    assert not the_repository(github.state).archived


async def test_it_runs_by_hand() -> None:
    """``python -m sandbox`` serves the sample and says where."""
    arguments = ["-m", "sandbox", "--port", "0", "--lenient"]
    process = await create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    try:
        assert process.stdout
        line = (await process.stdout.readline()).decode()
        headers = bearer("sandbox-user-token")
        url = f"{line.split()[0]}/repos/octo-harbor/tidepool/pulls/7"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
            assert (await answer.json())["merged"] is True
    finally:
        process.terminate()
        await process.wait()


async def test_nothing_but_loopback_can_be_reached() -> None:
    """The guard of the test suite holds."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("http://192.0.2.1/")
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("http://prhub.example/")
