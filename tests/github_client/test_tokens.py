"""Installation tokens: narrow, shared, renewed once, never shown; and the app's JWT under a wrong clock."""

from __future__ import annotations

import asyncio
import logging
import pickle
import time
import traceback

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.errors import Forbidden, Later, NoAccess, Unauthorized
from bot.github import READ, WRITE, Credentials
from bot.github.tokens import Scope, TokenBroker
from sandbox.build import INSTALLATION_ID, suspend
from tests.fakes.answering import TOKEN, answering, client_of, sending_bytes
from tests.fakes.github import REPOSITORY, add_merge, the_repository

MINT = "POST /app/installations/{installation_id}/access_tokens"
COMMENTS = f"/repos/{REPOSITORY}/issues/1/comments"


@pytest.fixture
def pull(github):
    """A merged pull request, number 1."""
    return add_merge(github.state)


@pytest.fixture
def writing(client, github, pull):
    """The API with a token to write to the one repository."""
    return client.as_installation(INSTALLATION_ID, the_repository(github.state).id, WRITE)


async def test_a_token_is_for_one_repository_and_the_steps_rights(github, client, pull):
    """Never wider than the step needs (R46), and 520 characters are just text."""
    repository = the_repository(github.state)
    api = client.as_installation(INSTALLATION_ID, repository.id, READ)
    await api.getitem(f"/repos/{REPOSITORY}/pulls/1")
    ((value, token),) = github.state.tokens.items()
    assert token.repositories == frozenset({repository.id})
    assert dict(token.permissions) == READ
    assert len(value) == 520
    assert [record.narrowed for record in github.log.records if record.repository] == [True]


async def test_a_repository_whose_id_is_not_known_is_named(app_key):
    """The command line knows owner and name only; the token is for that one all the same."""
    asked = []

    async def answer(request):
        asked.append(await request.json() if request.method == "POST" else None)
        return web.json_response({"token": "t"}, status=201)

    async with answering(answer) as server, client_of(server.url) as client:
        client.credentials = Credentials(1, SecretStr(app_key.private))
        await client.as_installation(7, "octo-org/engine", WRITE).getitem("/")
    assert asked[0] == {"repositories": ["engine"], "permissions": WRITE}


async def test_two_hundred_callers_share_one_mint(github, writing):
    """Single flight, and then the cache (R43)."""
    await asyncio.gather(*(writing.getitem(f"/repos/{REPOSITORY}/pulls/1") for _ in range(200)))
    assert github.log.count(MINT) == 1


async def test_another_repository_or_right_is_another_token():
    """A token never serves a scope it was not minted for."""
    minted = []

    async def mint(scope):
        minted.append(scope)
        return {"token": f"t{len(minted)}"}

    broker = TokenBroker(mint)
    scopes = [Scope(1, 2, (("issues", "write"),)), Scope(1, 3, (("issues", "write"),)), Scope(1, 2, ())]
    tokens = [await broker.token(scope) for scope in scopes * 2]
    assert tokens == ["t1", "t2", "t3"] * 2


async def test_a_failing_mint_is_asked_once_for_all_who_wait():
    """Two hundred waiting jobs must not knock two hundred times, one after the other, on a broken door."""
    asked = []

    async def mint(scope):
        asked.append(scope)
        await asyncio.sleep(0.01)
        raise Later(5.0, "GitHub answered 502")

    broker = TokenBroker(mint)
    waiting = [broker.token(Scope(1, 2, ())) for _ in range(200)]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert len(asked) == 1
    assert {type(outcome) for outcome in outcomes} == {Later}


async def test_a_caller_that_gives_up_leaves_the_token_to_the_others():
    """The first of many callers is cancelled; the mint goes on."""

    async def mint(_scope):
        await asyncio.sleep(0.02)
        return {"token": "t"}

    broker = TokenBroker(mint)
    callers = [asyncio.create_task(broker.token(Scope(1, 2, ()))) for _ in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()
    assert await asyncio.gather(*callers[1:]) == ["t", "t"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_token_refused_in_mid_job_is_minted_again_once(github, writing, method):
    """Fifty requests meet the same revoked token: one re-mint, and every request is done once."""
    await writing.getitem(f"/repos/{REPOSITORY}/pulls/1")
    github.state.tokens.clear()
    github.log.clear()
    if method == "GET":
        await asyncio.gather(*(writing.getitem(f"/repos/{REPOSITORY}/pulls/1") for _ in range(50)))
    else:
        await writing.post(COMMENTS, data={"body": "once"})
    assert github.log.count(MINT) == 1
    assert github.log.count(
        "POST /repos/{owner}/{repo}/issues/{number}/comments", lambda r: r.status == 201
    ) == (method == "POST")


async def test_a_second_refusal_is_told(github, writing):
    """No endless minting when GitHub refuses whatever it is shown."""
    github.faults.add("unauthorized", probability=1.0, path="pulls")
    with pytest.raises(Unauthorized):
        await writing.getitem(f"/repos/{REPOSITORY}/pulls/1")
    assert github.log.count(MINT) == 2


@pytest.mark.parametrize("ahead", [-3600, -300, -90, 0, 90, 300, 3600])
async def test_a_wrong_clock_does_not_matter(github, writing, ahead):
    """GitHub's clock is ahead of or behind ours: its Date header puts the JWT right (R42)."""
    github.state.clock = lambda: time.time() + ahead
    for _ in range(3):
        assert (await writing.getitem(f"/repos/{REPOSITORY}/pulls/1"))["number"] == 1
    assert github.log.count(MINT, lambda record: record.status == 201) == 1


@pytest.mark.parametrize(
    "expires",
    [
        pytest.param(None, id="missing"),
        pytest.param("soon", id="text"),
        pytest.param("0001-01-01T00:00:00", id="in the year 1"),
        pytest.param("9999-12-31T23:59:59Z", id="in the year 9999"),
        pytest.param("2001-01-01T00:00:00Z", id="over, by our wrong clock"),
        pytest.param(7, id="a number"),
    ],
)
async def test_an_odd_expiry_neither_crashes_nor_mints_for_each_request(expires):
    """The token is used, for at most fifty minutes."""
    minted = []

    async def mint(scope):
        minted.append(scope)
        return {"token": "t", "expires_at": expires}

    broker = TokenBroker(mint)
    assert [await broker.token(Scope(1, 2, ())) for _ in range(3)] == ["t"] * 3
    assert len(minted) == 1
    ((_, until),) = broker._tokens.values()
    assert until <= time.time() + 3000


@pytest.mark.parametrize(
    "answer", [{}, {"token": None}, {"token": ""}, {"token": "a\r\nb: c"}, {"token": ["t"]}]
)
async def test_an_answer_without_a_token_is_a_passing_fault(answer):
    """Nothing odd gets into a header."""

    async def mint(_scope):
        return answer

    with pytest.raises(Later):
        await TokenBroker(mint).token(Scope(1, 2, ()))


@pytest.mark.parametrize("state", ["suspended", "uninstalled", "repository taken out"])
async def test_no_token_is_no_answer_about_the_pull_request(github, writing, state):
    """A suspended app must not take its comments for deleted: ``NoAccess``, not ``Gone``."""
    installation = github.state.installations[INSTALLATION_ID]
    if state == "suspended":
        suspend(github.state, INSTALLATION_ID)
    elif state == "uninstalled":
        del github.state.installations[INSTALLATION_ID]
    else:
        installation.repositories.clear()
    with pytest.raises(NoAccess) as raised:
        await writing.patch(f"/repos/{REPOSITORY}/issues/comments/7", data={"body": "x"})
    assert isinstance(raised.value, Forbidden)
    assert f"installation {INSTALLATION_ID}" in str(raised.value)


async def test_who_is_admitted_has_the_token_already(github, writing):
    """From then to the request nothing else is asked: the moment of a write is noted in between."""
    await writing.admit("POST", COMMENTS)
    assert github.log.count(MINT) == 1
    github.log.clear()
    await writing.post(COMMENTS, data={"body": "hello"})
    assert [record.method for record in github.log.records] == ["POST"]
    assert github.log.count(MINT) == 0


async def test_errors_of_the_library_do_not_carry_the_token_on():
    """They hold the request's headers, which some loggers print."""
    async with sending_bytes(lambda: b"garbage\r\n\r\n") as url, client_of(url) as client:
        with pytest.raises(Later) as raised:
            await client.as_person().getitem("/user")
    assert TOKEN not in repr(raised.value.__cause__)


async def test_a_token_is_never_shown(github, client, writing, caplog):
    """Not by repr, not in logs at DEBUG, not in the traceback of an error with its causes (R114)."""
    caplog.set_level(logging.DEBUG)
    await writing.getitem(f"/repos/{REPOSITORY}/pulls/1")
    github.faults.add("drop_before", probability=1.0, path="pulls")
    with pytest.raises(Later) as raised:
        await writing.getitem(f"/repos/{REPOSITORY}/pulls/1")
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value.__cause__)
    shown = [
        told,
        caplog.text,
        repr(client),
        str(client),
        repr(client._broker),
        repr(writing),
        repr(client.credentials),
    ]
    (token,) = github.state.tokens
    assert not [text for text in shown if token[:20] in text or "BEGIN RSA" in text or "eyJ" in text]
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(client)
