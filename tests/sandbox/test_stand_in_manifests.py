"""The stand-in's manifest flow: what GitHub's own page and endpoint do."""

from __future__ import annotations

import html
import json
import re

import aiohttp
import jwt
import pytest

MANIFEST = {
    "name": "PRHub of Octo",
    "url": "https://github.com",
    "redirect_url": "http://127.0.0.1:1/back",
    "hook_attributes": {"url": "http://127.0.0.1:1/hook", "active": True},
    "default_permissions": {"contents": "read"},
    "default_events": ["pull_request"],
}


async def register(session, github, manifest=MANIFEST):
    """Go through the page; gives the address the browser is sent back to."""
    form = {"manifest": json.dumps(manifest)}
    async with session.post(f"{github.url}/settings/apps/new?state=s1", data=form) as page:
        shown = await page.text()
    fields = {
        name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', shown)
    }
    async with session.post(f"{github.url}/_manifest", data=fields, allow_redirects=False) as back:
        return back.headers["Location"]


async def convert(session, github, code):
    """Ask for the app; gives status and answer."""
    async with session.post(f"{github.url}/app-manifests/{code}/conversions") as answer:
        return answer.status, await answer.json()


async def test_a_manifest_becomes_an_app_for_one_code(github):
    """With a key that signs for it; the second time the code is not known."""
    async with aiohttp.ClientSession() as session:
        back = await register(session, github)
        (code,) = re.findall(r"^http://127\.0\.0\.1:1/back\?code=(\w+)&state=s1$", back)
        status, app = await convert(session, github, code)
        assert (status, app["slug"], app["events"]) == (201, "prhub-of-octo", ["pull_request"])
        assert app["permissions"] == {"metadata": "read", "contents": "read"}
        token = jwt.encode({"iss": str(app["id"])}, app["pem"], algorithm="RS256")
        assert jwt.decode(token, github.state.app.public_key, ["RS256"])
        assert github.state.app.webhook_secret == app["webhook_secret"]
        assert (await convert(session, github, code))[0] == 404


async def test_a_code_lives_for_an_hour(github):
    """After that GitHub knows nothing of it."""
    now = 1_000.0
    github.state.clock = lambda: now
    async with aiohttp.ClientSession() as session:
        code = (await register(session, github)).partition("code=")[2].partition("&")[0]
        now += 3601
        assert (await convert(session, github, code))[0] == 404


@pytest.mark.parametrize("missing", ["name", "url", "redirect_url", "hook_attributes"])
async def test_a_manifest_without_what_github_asks_for_is_refused(github, missing):
    """On the page, before anything is registered."""
    manifest = {name: value for name, value in MANIFEST.items() if name != missing}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{github.url}/settings/apps/new", data={"manifest": json.dumps(manifest)}) as page,
    ):
        assert page.status == 422
