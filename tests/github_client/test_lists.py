"""Lists over many pages: all of it or an error, and an end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from bot.errors import Later, PRHubError
from bot.github.api import MAX_PAGES
from sandbox.build import INSTALLATION_ID
from sandbox.talk import add_comment
from tests.fakes.answering import answering, client_of
from tests.fakes.github import REPOSITORY, add_merge, the_repository


async def listed(api, url="/list") -> list[Any]:
    """Every item."""
    return [item async for item in api.getiter(url)]


@pytest.mark.parametrize("enterprise", [False, True])
async def test_every_page_is_read(github, as_app, enterprise):
    """250 comments at 100 a page, by the links GitHub gives, on github.com and on Enterprise Server."""
    pull = add_merge(github.state)
    for number in range(250):
        add_comment(github.state, pull, "octo-dev", f"{number}")
    async with as_app(base=github.enterprise_url if enterprise else None) as client:
        api = client.as_installation(INSTALLATION_ID, the_repository(github.state).id, {"issues": "read"})
        items = await listed(api, f"/repos/{REPOSITORY}/issues/1/comments?per_page=100")
    assert [item["body"] for item in items] == [f"{number}" for number in range(250)]


async def test_a_list_that_does_not_end_is_left():
    """A hundred pages, then an error: a part is not the whole (R55, G7)."""

    async def answer(request):
        page = int(request.query.get("page", "1"))
        return web.json_response([page], headers={"Link": f'</list?page={page + 1}>; rel="next"'})

    async with answering(answer) as home, client_of(home.url) as github:
        with pytest.raises(Later, match="does not end"):
            await listed(github.as_person())
        assert len(home.asked) == MAX_PAGES


async def test_a_page_that_leads_to_itself_ends_too():
    """As does a circle of two."""

    async def answer(_request):
        return web.json_response([1], headers={"Link": '</list>; rel="next", </list>; rel="last"'})

    async with answering(answer) as home, client_of(home.url) as github:
        with pytest.raises(Later):
            await listed(github.as_person())


@pytest.mark.parametrize("body", [{"items": [1]}, {}, None, "text", 7, True])
async def test_what_is_no_list_is_an_error(body):
    """Not an empty list: no comment of ours would be found, and a second one written."""

    async def answer(_request):
        return web.Response(body=json.dumps(body), content_type="application/json")

    async with answering(answer) as home, client_of(home.url) as github:
        with pytest.raises(Later):
            await listed(github.as_person())


@pytest.mark.parametrize(
    "link",
    [
        pytest.param('<http://[/x>; rel="next"', id="malformed"),
        pytest.param('<https://evil.invalid/x>; rel="next"', id="to another host"),
        pytest.param('<{+x}>; rel="next"', id="a template"),
        pytest.param("<" * 8000, id="8,000 brackets"),
        pytest.param('<x>; rel="next', id="cut off"),
    ],
)
async def test_an_odd_link_is_an_error_or_no_link(link):
    """Whatever it is, it ends."""

    async def answer(request):
        headers = {"Link": link} if request.path == "/list" else {}
        return web.json_response([1], headers=headers)

    async with answering(answer) as home, client_of(home.url) as github:
        try:
            items = await listed(github.as_person())
        except PRHubError:
            items = [1]
        assert items[0] == 1
        assert len(home.asked) <= 2


async def test_the_second_page_failing_fails_the_list():
    """No half of a list passes for all of it."""

    async def answer(request):
        if "page" in request.query:
            raise web.HTTPBadGateway
        return web.json_response([1], headers={"Link": '</list?page=2>; rel="next"'})

    async with answering(answer) as home, client_of(home.url) as github:
        with pytest.raises(Later):
            await listed(github.as_person())


async def test_an_empty_answer_is_none():
    """204 and a 202 without a body are answers; an empty 200 is not."""

    async def answer(request):
        return web.Response(status=int(request.path[1:]))

    async with answering(answer) as home, client_of(home.url) as github:
        api = github.as_person()
        assert await api.post("/202", data={}) is None
        assert await api.put("/204") is None
        with pytest.raises(Later):
            await api.post("/200", data={})
