"""Who the stand-in lets in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.build import add_repository, add_user_token, suspend
from tests.fakes.github import (
    AppKey,
    app_jwt,
    ask,
    bearer,
    installation_token,
    make_key,
    own_headers,
    the_repository,
)

if TYPE_CHECKING:
    from sandbox.github import GitHub

TOKENS = "/app/installations/4242/access_tokens"
PULLS = "/repos/octo-org/engine/pulls/1"


async def test_a_signed_jwt_gets_a_token_of_the_new_form(github: GitHub, app_key: AppKey) -> None:
    """A token has the form ``ghs_<app id>_…``, 520 characters, and lives for an hour."""
    reply = await ask(github, "POST", TOKENS, json={}, headers=bearer(app_jwt(app_key)))
    assert reply.status == 201
    assert reply.json["token"].startswith("ghs_1001_")
    assert len(reply.json["token"]) == 520
    assert reply.json["permissions"]["pull_requests"] == "write"


async def test_a_token_can_be_narrowed_and_the_log_says_so(github: GitHub, app_key: AppKey) -> None:
    """A token for one repository and one permission is what comes back, and its use is logged as narrow."""
    wanted = {"repository_ids": [the_repository(github.state).id], "permissions": {"contents": "read"}}
    answer = (await ask(github, "POST", TOKENS, json=wanted, headers=bearer(app_jwt(app_key)))).json
    assert answer["permissions"] == {"contents": "read", "metadata": "read"}
    path = "/repos/octo-org/engine/contents/README.md"
    assert (await ask(github, "GET", path, headers=bearer(answer["token"]))).status == 200
    assert github.log.records[-1].narrowed
    assert github.log.records[-1].permission == "contents:read"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        pytest.param({"exp": int(time.time()) + 3600}, "too far", id="it lives for more than ten minutes"),
        pytest.param({"exp": int(time.time()) - 5}, "Expiration", id="it has expired"),
        pytest.param({"iat": int(time.time()) + 600}, "Issued at", id="it was issued in the future"),
        pytest.param({"iss": "77"}, "Issuer", id="it is another app's"),
    ],
)
async def test_a_jwt_is_refused(github: GitHub, app_key: AppKey, claims: dict[str, Any], words: str) -> None:
    """GitHub's rules for claims hold."""
    reply = await ask(github, "POST", TOKENS, json={}, headers=bearer(app_jwt(app_key, **claims)))
    assert reply.status == 401
    assert words in reply.json["message"]


async def test_a_jwt_of_another_key_is_refused(github: GitHub) -> None:
    """The signature is really checked."""
    reply = await ask(github, "GET", "/app", headers=bearer(app_jwt(make_key())))
    assert (reply.status, reply.json["message"]) == (401, "A JSON web token could not be decoded")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param({"permissions": {"contents": "write"}}, "not granted", id="a permission it lacks"),
        pytest.param({"repository_ids": [1]}, "not accessible", id="a repository it does not cover"),
    ],
)
async def test_a_token_cannot_be_wider_than_the_installation(
    github: GitHub, app_key: AppKey, body: Any, words: str
) -> None:
    """What the installation does not grant is a 422."""
    reply = await ask(github, "POST", TOKENS, json=body, headers=bearer(app_jwt(app_key)))
    assert reply.status == 422
    assert words in reply.json["message"]


async def test_a_suspended_installation_gets_no_token(github: GitHub, app_key: AppKey) -> None:
    """GitHub says so in words that clients look for."""
    suspend(github.state, 4242)
    reply = await ask(github, "POST", TOKENS, json={}, headers=bearer(app_jwt(app_key)))
    assert (reply.status, reply.json["message"]) == (403, "This installation has been suspended")


async def test_an_unknown_installation_is_not_found(github: GitHub, app_key: AppKey) -> None:
    """An installation that is gone is a 404."""
    path = "/app/installations/1/access_tokens"
    assert (await ask(github, "POST", path, json={}, headers=bearer(app_jwt(app_key)))).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Authorization": ""}, 401, id="nobody"),
        pytest.param(bearer("ghs_1001_forged"), 401, id="a token nobody gave out"),
        pytest.param({"Authorization": "Basic abc"}, 401, id="another scheme"),
    ],
)
async def test_without_a_valid_token_nothing_is_answered(
    github: GitHub, headers: dict[str, str], status: int
) -> None:
    """Unlike GitHub, the stand-in answers nobody anonymously."""
    assert (await ask(github, "GET", PULLS, headers=headers)).status == status


async def test_an_expired_token_is_refused(github: GitHub) -> None:
    """A token that was good an hour ago is bad credentials."""
    headers = own_headers(github)
    github.state.clock = lambda: time.time() + 3700
    assert (await ask(github, "GET", "/repos/octo-org/engine", headers=headers)).status == 401


async def test_a_missing_permission_is_forbidden(github: GitHub) -> None:
    """GitHub's words for it."""
    headers = bearer(installation_token(github.state, {"issues": "read", "pull_requests": "read"}))
    reply = await ask(github, "POST", "/repos/octo-org/engine/labels", json={"name": "x"}, headers=headers)
    assert (reply.status, reply.json["message"]) == (403, "Resource not accessible by integration")


async def test_another_repository_than_the_tokens_is_not_found(github: GitHub) -> None:
    """A narrow token shows nothing else, not even that it exists."""
    headers = own_headers(github)
    add_repository(github.state, "octo-org/other", github.state.installations[4242])
    assert (await ask(github, "GET", "/repos/octo-org/other", headers=headers)).status == 404


async def test_a_user_token_works_with_both_schemes(github: GitHub) -> None:
    """``GITHUB_TOKEN`` may be sent as ``Bearer`` or ``token``."""
    add_user_token(github.state, "octo-lead", "ghp_user")
    for scheme in ("Bearer", "token"):
        reply = await ask(
            github, "GET", "/repos/octo-org/engine", headers={"Authorization": f"{scheme} ghp_user"}
        )
        assert reply.status == 200


async def test_the_app_tells_who_it_is_and_where_it_is_installed(github: GitHub, app_key: AppKey) -> None:
    """``GET /app`` and the two ways to an installation agree."""
    headers = bearer(app_jwt(app_key))
    assert (await ask(github, "GET", "/app", headers=headers)).json["id"] == 1001
    by_id = await ask(github, "GET", "/app/installations/4242", headers=headers)
    by_name = await ask(github, "GET", "/repos/octo-org/engine/installation", headers=headers)
    assert by_id.json == by_name.json
    assert by_id.json["account"]["login"] == "octo-org"
