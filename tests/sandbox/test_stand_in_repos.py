"""Repositories, files and headers on the stand-in."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.build import add_user, rename
from sandbox.objects import SYMLINK, Blob
from tests.fakes.github import add_merge, ask, the_repository

if TYPE_CHECKING:
    from sandbox.github import GitHub

REPO = "/repos/octo-org/engine"


async def test_a_read_of_a_renamed_repository_is_redirected_by_id(github: GitHub) -> None:
    """301, with the new address in header and body, which then answers."""
    rename(the_repository(github.state), "motor")
    reply = await ask(github, "GET", f"{REPO}/labels?per_page=5")
    wanted = f"{github.url}/repositories/{the_repository(github.state).id}/labels?per_page=5"
    assert (reply.status, reply.headers["Location"], reply.json["url"]) == (301, wanted, wanted)
    assert (await ask(github, "GET", wanted)).json == []


async def test_a_write_to_a_renamed_repository_is_redirected_with_307(github: GitHub) -> None:
    """The method is kept, and nothing was written."""
    pull = add_merge(github.state)
    rename(the_repository(github.state), "motor")
    reply = await ask(github, "POST", f"{REPO}/issues/1/comments", json={"body": "x"})
    assert reply.status == 307
    assert pull.comments.value == ()
    assert (await ask(github, "POST", reply.headers["Location"], json={"body": "x"})).status == 201
    assert len(pull.comments.value) == 1


async def test_a_repository_is_the_same_by_name_and_id(github: GitHub) -> None:
    """Letter case does not count in names."""
    by_id = await ask(github, "GET", f"/repositories/{the_repository(github.state).id}")
    assert by_id.json == (await ask(github, "GET", "/repos/Octo-Org/ENGINE")).json
    assert by_id.json["full_name"] == "octo-org/engine"


async def test_a_file_comes_as_base64_or_raw(github: GitHub) -> None:
    """By the ``Accept`` header."""
    path = f"{REPO}/contents/engine/store.py"
    shown = (await ask(github, "GET", path)).json
    raw = await ask(github, "GET", path, headers={"Accept": "application/vnd.github.raw+json"})
    assert base64.b64decode(shown["content"]).decode() == raw.text


async def test_a_file_is_as_it_was_at_a_commit(github: GitHub) -> None:
    """``ref`` may be a branch or a commit."""
    base = the_repository(github.state).branches["main"]
    add_merge(github.state)
    headers = {"Accept": "application/vnd.github.raw"}
    texts = [
        (await ask(github, "GET", f"{REPO}/contents/engine/store.py?ref={ref}", headers=headers)).text
        for ref in (base, "main")
    ]
    assert texts == ["def save():\n    return 1\n", "def save():\n    return 2\n"]


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        pytest.param("link", "target", "README.md", id="a link says where it leads"),
        pytest.param("huge.txt", "encoding", "none", id="a file over 1 MB has no content"),
        pytest.param("missing", "message", "Not Found", id="nothing is a 404"),
    ],
)
async def test_other_contents(github: GitHub, path: str, key: str, value: str) -> None:
    """What is not a small file is told apart."""
    add_merge(github.state, {"link": Blob(b"README.md", SYMLINK), "huge.txt": "x" * 1_000_001})
    assert (await ask(github, "GET", f"{REPO}/contents/{path}")).json[key] == value


async def test_a_folder_is_a_list(github: GitHub) -> None:
    """Of its entries, each with its path."""
    entries = (await ask(github, "GET", f"{REPO}/contents/engine")).json
    assert [entry["path"] for entry in entries] == ["engine/store.py"]


@pytest.mark.parametrize(
    ("role", "private", "shown"),
    [
        pytest.param("admin", False, ("admin", "admin"), id="an admin"),
        pytest.param("maintain", False, ("write", "maintain"), id="maintain is folded into write"),
        pytest.param("triage", False, ("read", "triage"), id="triage is folded into read"),
        pytest.param(None, False, ("read", "read"), id="everybody reads a public repository"),
        pytest.param(None, True, ("none", "none"), id="a stranger has nothing in a private one"),
    ],
)
async def test_a_role_is_told(github: GitHub, role: str | None, *, private: bool, shown: Any) -> None:
    """Both fields, the folded and the exact one."""
    repository = the_repository(github.state)
    repository.private = private
    add_user(github.state, "octo-dev")
    if role:
        repository.roles["octo-dev"] = role
    reply = await ask(github, "GET", f"{REPO}/collaborators/octo-dev/permission")
    assert (reply.json["permission"], reply.json["role_name"]) == shown


async def test_nobody_has_no_role(github: GitHub) -> None:
    """A login that does not exist is a 404."""
    assert (await ask(github, "GET", f"{REPO}/collaborators/nobody/permission")).status == 404


async def test_an_unchanged_answer_costs_nothing(github: GitHub) -> None:
    """``If-None-Match`` is answered with 304, which does not count."""
    first = await ask(github, "GET", REPO)
    again = await ask(github, "GET", REPO, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.text) == (304, "")
    assert again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"] == "1"


async def test_the_rate_limit_can_be_asked_for(github: GitHub) -> None:
    """The same figures as in the headers."""
    reply = await ask(github, "GET", "/rate_limit")
    assert reply.json["resources"]["core"]["limit"] == 5000
    assert reply.json["rate"]["remaining"] == int(reply.headers["X-RateLimit-Remaining"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"User-Agent": ""}, 403, id="no user agent"),
        pytest.param({"X-GitHub-Api-Version": "1999-01-01"}, 400, id="an unknown version"),
        pytest.param({"X-GitHub-Api-Version": "2026-03-10"}, 200, id="a known version"),
    ],
)
async def test_request_headers_count(github: GitHub, headers: dict[str, str], status: int) -> None:
    """GitHub looks at these before anything else."""
    assert (await ask(github, "GET", REPO, headers=headers)).status == status


async def test_unknown_routes_and_parameters_are_noted(github: GitHub) -> None:
    """The list must be empty at the end of a test that uses the stand-in."""
    await ask(github, "GET", f"{REPO}/stargazers")
    await ask(github, "DELETE", REPO)
    await ask(github, "GET", f"{REPO}/labels?colour=red")
    assert github.log.unknown == [
        f"GET {REPO}/stargazers",
        f"DELETE {REPO}",
        "GET /repos/{owner}/{repo}/labels ?colour",
    ]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]"])
async def test_a_body_that_is_no_json_object_is_refused(github: GitHub, body: Any) -> None:
    """400 for no JSON, 422 for no object."""
    reply = await ask(github, "POST", f"{REPO}/labels", data=body)
    assert reply.status == (422 if body == b"[]" else 400)
