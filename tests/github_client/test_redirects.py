"""Redirects keep method and body, stay at home, and end."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.errors import Forbidden, Moved
from bot.github import WRITE
from sandbox.build import INSTALLATION_ID, rename
from tests.fakes.answering import answering, client_of
from tests.fakes.github import REPOSITORY, add_merge, the_repository

COMMENTS = f"/repos/{REPOSITORY}/issues/1/comments"


@pytest.fixture
def writing(github, client):
    """The API with a token to write to the one repository."""
    return client.as_installation(INSTALLATION_ID, the_repository(github.state).id, WRITE)


async def test_a_comment_lands_on_a_renamed_repository(github, writing):
    """The old name leads to the repository's id, with the POST still a POST (R45)."""
    pull = add_merge(github.state)
    rename(the_repository(github.state), "motor")
    made = await writing.post(COMMENTS, data={"body": "hello"})
    assert [comment.id for comment in pull.comments.value] == [made["id"]]
    assert [record.method for record in github.log.records if "comments" in record.path] == ["POST", "POST"]


async def test_reads_and_changes_follow_too(github, writing):
    """A list, a PATCH and a DELETE under the old name."""
    pull = add_merge(github.state)
    made = await writing.post(COMMENTS, data={"body": "one"})
    rename(the_repository(github.state), "motor")
    one = f"/repos/{REPOSITORY}/issues/comments/{made['id']}"
    await writing.patch(one, data={"body": "two"})
    assert [item["body"] async for item in writing.getiter(COMMENTS)] == ["two"]
    await writing.delete(one, {})
    assert pull.comments.value == ()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("method", ["post", "patch", "put"])
async def test_a_redirect_never_turns_a_write_into_a_read(status, method):
    """Common clients make a GET of it, and take a list for success (G5)."""
    bodies = []

    async def answer(request):
        bodies.append(await request.json())
        if request.path == "/old":
            raise _redirect(status, "/new")
        return web.json_response({"id": 1}, status=201)

    async with answering(answer) as home, client_of(home.url) as github:
        api = github.as_person()
        assert await getattr(api, method)("/old", data={"a": 1}) == {"id": 1}
        assert [method for method, _, _ in home.asked] == [method.upper()] * 2
        assert bodies == [{"a": 1}, {"a": 1}]


def _redirect(status, location):
    """A redirect as an exception that the server answers with."""
    kinds = {301: web.HTTPMovedPermanently, 302: web.HTTPFound, 307: web.HTTPTemporaryRedirect}
    return kinds.get(status, web.HTTPPermanentRedirect)(location)


@pytest.mark.parametrize("method", ["post", "getitem"])
async def test_a_redirect_to_another_host_is_refused(method):
    """Neither token nor body goes there."""
    async with answering(lambda _: _refuse()) as foreign:

        async def answer(_request):
            raise web.HTTPTemporaryRedirect(f"{foreign.url}/steal")

        async with answering(answer) as home, client_of(home.url) as github:
            api = github.as_person()
            with pytest.raises(Forbidden):
                await (api.post("/x", data={}) if method == "post" else api.getitem("/x"))
        assert foreign.asked == []


async def _refuse():
    return web.json_response({})


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("/x", id="in a circle"),
        pytest.param("http://[", id="to a malformed address"),
        pytest.param("", id="to nowhere"),
    ],
)
async def test_a_redirect_that_leads_nowhere_ends(location):
    """After two steps it is ``Moved``, and nothing was done."""

    async def answer(_request):
        return web.Response(status=307, headers={"Location": location})

    async with answering(answer) as home, client_of(home.url) as github:
        with pytest.raises(Moved):
            await github.as_person().post("/x", data={})
        assert len(home.asked) <= 3


async def test_a_redirect_without_an_address_is_moved():
    """There is nothing to follow."""

    async def answer(_request):
        return web.Response(status=301)

    async with answering(answer) as home, client_of(home.url) as github:
        with pytest.raises(Moved):
            await github.as_person().post("/x", data={})
        assert len(home.asked) == 1
