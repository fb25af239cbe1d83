"""Webhooks of the stand-in: signed as GitHub signs, sent once, listed, and redelivered on request."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from sandbox import payloads
from sandbox.talk import add_comment
from sandbox.webhooks import deliver, headers_of
from tests.fakes.github import AppKey, add_merge, app_jwt, ask, bearer, the_repository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_aiohttp import AiohttpServer

    from sandbox.github import GitHub

SECRET = "s3cret-of-the-stand-in-webhooks!"


class Receiver:
    """Takes webhooks and answers with a status."""

    def __init__(self) -> None:
        self.status = 202
        self.seconds = 0.0
        self.seen: list[tuple[Mapping[str, str], bytes]] = []

    async def take(self, request: web.Request) -> web.Response:
        """One webhook."""
        self.seen.append((request.headers.copy(), await request.read()))
        await asyncio.sleep(self.seconds)
        return web.Response(status=self.status)


@pytest.fixture
async def receiver(github: GitHub, aiohttp_server: AiohttpServer) -> Receiver:
    """A receiver that the app's webhook address leads to."""
    taking = Receiver()
    app = web.Application()
    app.router.add_post("/hook", taking.take)
    server = await aiohttp_server(app)
    github.state.app.webhook_url = str(server.make_url("/hook"))
    github.state.app.webhook_secret = SECRET
    return taking


@pytest.fixture
def closed(github: GitHub) -> dict[str, Any]:
    """The payload of a merge."""
    pull = add_merge(github.state)
    return payloads.pull_request_payload(github.state, the_repository(github.state), pull)


def test_the_signature_is_githubs(github: GitHub) -> None:
    """The vector of GitHub's documentation."""
    github.state.app.webhook_secret = "It's a Secret to Everybody"
    headers = headers_of(github.state, "ping", "guid", b"Hello, World!")
    assert headers["X-Hub-Signature-256"] == (
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    )


async def test_a_delivery_has_all_of_githubs_headers(
    github: GitHub, receiver: Receiver, closed: dict[str, Any]
) -> None:
    """Names and kinds of a webhook to an app."""
    attempt = await deliver(github.state, "pull_request", closed)
    headers, body = receiver.seen[0]
    assert headers["X-GitHub-Event"] == "pull_request"
    assert headers["X-GitHub-Delivery"] == attempt.guid
    assert headers["X-GitHub-Hook-ID"] == "900001"
    assert headers["X-GitHub-Hook-Installation-Target-Type"] == "integration"
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == "1001"
    assert headers["User-Agent"].startswith("GitHub-Hookshot/")
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={signed}"
    assert json.loads(body)["pull_request"]["merged"] is True


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        pytest.param(202, "OK", id="accepted"),
        pytest.param(503, "Invalid HTTP Response: 503", id="refused"),
        pytest.param(302, "Invalid HTTP Response: 302", id="a redirect is not followed"),
    ],
)
async def test_a_delivery_is_sent_once_and_its_outcome_noted(
    github: GitHub, receiver: Receiver, closed: dict[str, Any], status: int, shown: Any
) -> None:
    """GitHub does not retry; its list says how it went."""
    receiver.status = status
    attempt = await deliver(github.state, "pull_request", closed)
    assert (len(receiver.seen), attempt.status_code) == (1, status)
    assert attempt.status == shown


async def test_nobody_there_is_noted(github: GitHub, closed: dict[str, Any]) -> None:
    """A server that is down is a failed delivery, not an exception."""
    github.state.app.webhook_url = "http://127.0.0.1:9/hook"
    assert (await deliver(github.state, "pull_request", closed)).status == "failed to connect to host"


async def test_an_answer_that_takes_too_long_is_noted(
    github: GitHub, receiver: Receiver, closed: dict[str, Any]
) -> None:
    """After ten seconds (here a tenth of one) GitHub gives up."""
    assert github.state.app.webhook_timeout == 10
    github.state.app.webhook_timeout = 0.1
    receiver.seconds = 0.5
    assert (await deliver(github.state, "pull_request", closed)).status == "timed out"


async def test_deliveries_are_listed_by_cursor_and_redelivered(
    github: GitHub, app_key: AppKey, receiver: Receiver, closed: dict[str, Any]
) -> None:
    """The same GUID comes again, as a delivery of its own that says it is one."""
    receiver.status = 503
    first = await deliver(github.state, "pull_request", closed)
    receiver.status = 202
    await deliver(github.state, "ping", payloads.ping_payload(github.state))
    headers = bearer(app_jwt(app_key))
    page = await ask(github, "GET", "/app/hook/deliveries?per_page=1", headers=headers)
    assert page.json[0]["event"] == "ping"
    (row,) = (await ask(github, "GET", page.links["next"], headers=headers)).json
    assert (row["id"], row["status"]) == (first.id, "Invalid HTTP Response: 503")
    path = f"/app/hook/deliveries/{first.id}/attempts"
    assert (await ask(github, "POST", path, headers=headers)).status == 202
    await asyncio.sleep(0.1)
    again = github.state.deliveries[-1]
    assert (again.guid, again.redelivery, again.status) == (first.guid, True, "OK")
    assert receiver.seen[0][1] == receiver.seen[2][1]


def test_every_payload_names_installation_and_sender(github: GitHub) -> None:
    """What a receiver needs to know in every event about a repository."""
    state = github.state
    repository, pull = the_repository(state), add_merge(state)
    comment = add_comment(state, pull, "octo-dev", "x")
    built = [
        payloads.pull_request_payload(state, repository, pull, "edited"),
        payloads.issue_comment_payload(state, repository, 1, comment),
        payloads.repository_payload(state, repository, "renamed", changes={}),
    ]
    assert [payload["installation"]["id"] for payload in built] == [4242] * 3
    assert [payload["action"] for payload in built] == ["edited", "created", "renamed"]
    assert built[0]["changes"] == {"title": {"from": pull.title}}
    assert "pull_request" in built[1]["issue"]


def test_an_installation_names_its_repositories(github: GitHub) -> None:
    """As GitHub does when the app is installed."""
    payload = payloads.installation_payload(github.state, github.state.installations[4242])
    assert [repository["full_name"] for repository in payload["repositories"]] == ["octo-org/engine"]
