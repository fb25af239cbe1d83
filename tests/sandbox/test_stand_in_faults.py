"""Faults on the stand-in: what the caller meets, and what was done all the same."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.fakes.github import Reply, add_merge, ask

if TYPE_CHECKING:
    from sandbox.discussion import Pull
    from sandbox.github import GitHub

COMMENTS = "/repos/octo-org/engine/issues/1/comments"
REPO = "/repos/octo-org/engine"


@pytest.fixture
def pull(github: GitHub) -> Pull:
    """A merged pull request, number 1."""
    return add_merge(github.state)


async def write(github: GitHub) -> Reply:
    """The answer to writing a comment."""
    return await ask(github, "POST", COMMENTS, json={"body": "x"})


@pytest.mark.parametrize(("kind", "written"), [("drop_before", 0), ("drop_after", 1)])
async def test_the_connection_is_closed(github: GitHub, pull: Pull, kind: str, written: int) -> None:
    """Before or after the work; the log knows what was decided either way."""
    github.faults.add(kind, times=1, methods=("POST",))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await write(github)
    assert len(pull.comments.value) == written
    assert github.log.records[-1].faults == (kind,)
    assert github.log.records[-1].status == (201 if written else 0)
    assert (await write(github)).status == 201


async def test_an_error_after_the_work(github: GitHub, pull: Pull) -> None:
    """502, yet the comment is there."""
    github.faults.add("error_after", times=1)
    reply = await write(github)
    assert (reply.status, reply.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert len(pull.comments.value) == 1


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        pytest.param({"kind": "error", "status": 503}, 503, "Server Error", id="an error instead"),
        pytest.param({"kind": "html", "status": 200}, 200, "<html>", id="a page with status 200"),
        pytest.param({"kind": "html", "status": 502}, 502, "<html>", id="a page with status 502"),
        pytest.param({"kind": "unauthorized"}, 401, "Bad credentials", id="a revoked token"),
        pytest.param(
            {"kind": "secondary", "status": 403}, 403, "secondary rate", id="a limit without a time"
        ),
        pytest.param({"kind": "graphql_limited"}, 200, "RATE_LIMITED", id="GraphQL's limit"),
    ],
)
async def test_another_answer_instead_of_the_work(
    github: GitHub, pull: Pull, fault: dict[str, Any], status: int, words: str
) -> None:
    """Nothing is done."""
    github.faults.add(**fault, times=1)
    reply = await write(github)
    assert reply.status == status
    assert words in reply.text
    assert pull.comments.value == ()


async def test_a_limit_with_a_time(github: GitHub) -> None:
    """``Retry-After`` is sent as given, however odd."""
    github.faults.add("secondary", times=1, status=429, retry_after="4000000")
    reply = await ask(github, "GET", REPO)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "4000000")


async def test_a_redirect_to_another_host(github: GitHub) -> None:
    """Nobody should follow it with a token."""
    github.faults.add("redirect", times=1, status=307, location="http://127.0.0.2:9/stolen")
    reply = await ask(github, "GET", REPO)
    assert (reply.status, reply.headers["Location"]) == (307, "http://127.0.0.2:9/stolen")


async def test_half_of_the_json(github: GitHub) -> None:
    """Status 200 and a body that ends in the middle."""
    github.faults.add("truncated", times=1)
    with pytest.raises(json.JSONDecodeError):
        await ask(github, "GET", REPO)


@pytest.mark.parametrize("kind", ["delay_before", "delay_after"])
async def test_a_delay(github: GitHub, pull: Pull, kind: str) -> None:
    """Before the work a comment is late, after it only the answer is."""
    github.faults.add(kind, times=1, seconds=0.2, methods=("POST",))
    started = time.monotonic()
    task = asyncio.ensure_future(write(github))
    await asyncio.sleep(0.1)
    assert len(pull.comments.value) == (0 if kind == "delay_before" else 1)
    assert (await task).status == 201
    assert time.monotonic() - started >= 0.2


async def test_a_fault_is_narrowed_by_method_path_and_count(github: GitHub, pull: Pull) -> None:
    """The first match goes through, the second is struck, and others are let alone."""
    fault = github.faults.add("error", times=1, skip=1, methods=("POST",), path=r"/comments$", status=500)
    statuses = [(await write(github)).status for _ in range(3)]
    assert (await ask(github, "GET", COMMENTS)).status == 200
    assert (statuses, fault.fired) == ([201, 500, 201], 1)


async def test_draws_depend_on_the_seed_and_not_on_time(github: GitHub) -> None:
    """The same seed strikes the same requests again, another seed others."""
    patterns = []
    for seed in (1, 1, 2):
        github.faults.clear()
        github.faults.seed = seed
        github.faults.forget()
        github.faults.add("error", probability=0.5)
        patterns.append([(await ask(github, "GET", REPO)).status for _ in range(20)])
    assert patterns[0] == patterns[1] != patterns[2]
    assert 4 < patterns[0].count(502) < 16


def test_an_unknown_fault_is_refused(github: GitHub) -> None:
    """A misspelt kind would otherwise never strike."""
    with pytest.raises(ValueError, match="unknown fault"):
        github.faults.add("dropped")
