"""Who gets to the set-up page, and what the page may do in a browser."""

from __future__ import annotations

import asyncio
import json
import re

import aiohttp
import pytest

from tests.fakes.set_up import Browser, setting_up

NOT_HERE = [
    pytest.param({"Host": "evil.example:3000"}, id="a name of the web that leads here"),
    pytest.param({"Host": "127.0.0.1.evil.example"}, id="a name that begins like this machine's"),
    pytest.param({"Host": "["}, id="a host that is none"),
    pytest.param({"X-Forwarded-For": "203.0.113.9"}, id="by way of a proxy"),
    pytest.param({"Forwarded": "for=203.0.113.9"}, id="by way of a proxy of the newer kind"),
    pytest.param({"X-Real-IP": "203.0.113.9"}, id="by way of a proxy that names the sender"),
    pytest.param({"Via": "1.1 edge"}, id="by way of a cache"),
]


@pytest.mark.parametrize("headers", NOT_HERE)
async def test_who_does_not_sit_here_needs_the_token(up, headers):
    """Once: the second time it is refused, and the cookie is what counts."""
    refused = await up.browser.get("/setup", **headers)
    assert refused.status == 403
    assert "<form" not in refused.text
    assert "Set-Cookie" not in refused.headers
    assert (await up.browser.get("/setup?token=wrong", **headers)).status == 403
    entered = await up.browser.get(f"/setup?token={up.token}", **headers)
    assert (entered.status, entered.headers["Location"]) == (303, "/setup")
    cookie = entered.headers["Set-Cookie"].partition(";")[0]
    assert (await up.browser.get("/setup", Cookie=cookie, **headers)).status == 200
    up.browser.session.cookie_jar.clear()
    assert (await up.browser.get(f"/setup?token={up.token}", **headers)).status == 403


async def test_a_proxy_that_says_nothing_of_itself_is_found_out(github, up):
    """By the age of what it speaks, or by where the browser thinks it is."""
    host, _, port = up.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /setup HTTP/1.0\r\nHost: 127.0.0.1:3000\r\nConnection: close\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.0 403")
    writer.close()
    first = await up.browser.get("/setup")
    form = {**first.hidden, "server": github.url, "webhook": up.address}
    assert (await up.browser.post("/setup", form, Origin="https://prhub.example")).status == 403
    assert (await up.browser.post("/setup", form)).status == 200


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "127.9.9.9:80", "[::1]:3000"])
async def test_who_sits_here_needs_none(up, host):
    """By any name of this machine."""
    assert (await up.browser.get("/setup", Host=host)).status == 200


async def test_a_server_that_others_can_reach_asks_everybody_for_the_token(github, tmp_path, logs):
    """From this machine as well: what listens everywhere cannot tell who asks."""
    async with setting_up(github, tmp_path, logs, HOST="0.0.0.0") as up:
        assert (await up.browser.get("/setup")).status == 403
        (told,) = [line for line in logs if "page" in line]
        assert re.fullmatch(r"http://localhost:\d+/setup\?token=[\w-]{40,}", told["page"])
        assert (await up.browser.get(f"/setup?token={up.token}")).status == 303
        assert (await up.browser.get("/setup")).status == 200


async def test_behind_a_proxy_the_browser_comes_back_to_where_it_was(github, up):
    """The proxy's address is the webhook's suggestion, and the way back; only the browser knows it."""
    proxied = {"Host": "prhub.example.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    entered = await up.browser.get(f"/setup?token={up.token}", **proxied)
    cookie = {"Cookie": entered.headers["Set-Cookie"].partition(";")[0]}
    first = await up.browser.get("/setup", **proxied, **cookie)
    assert 'value="https://prhub.example.com/api/github/webhooks"' in first.text
    form = {**first.hidden, "server": github.url, "webhook": "https://prhub.example.com"}
    origin = {"Origin": "https://prhub.example.com"}
    confirm = await up.browser.post("/setup", form, **proxied, **cookie, **origin)
    manifest = json.loads(confirm.hidden["manifest"])
    assert manifest["redirect_url"] == "https://prhub.example.com/setup/done"


async def test_looking_at_an_address_does_not_use_up_its_token(up):
    """Some programs ask for the head of every address they see."""
    async with aiohttp.ClientSession() as session:
        assert (await session.head(f"{up.address}/setup?token={up.token}")).status == 405
    assert (await up.browser.get(f"/setup?token={up.token}", Via="x")).status == 303


async def test_the_cookie_is_out_of_reach(up):
    """Of scripts, of other sites' requests, and of other pages of this host."""
    cookie = (await up.browser.get("/setup")).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/setup"} <= {part.strip() for part in cookie.split(";")}
    up.browser.session.cookie_jar.clear()
    by_proxy = await up.browser.get(f"/setup?token={up.token}", **{"X-Forwarded-Proto": "https"})
    assert "Secure" in by_proxy.headers["Set-Cookie"]


async def test_no_page_can_be_framed_scripted_or_kept(github, up):
    """Nothing is fetched, and forms go here or to the GitHub that was chosen."""
    pages = {
        "'self'": await up.browser.get("/setup"),
        f"'self' {github.url}": await up.browser.choose(github),
        "": await up.browser.get("/setup/done?state=x&code=y"),
    }
    for targets, page in pages.items():
        policy = page.headers["Content-Security-Policy"]
        (nonce,) = re.findall(r"'nonce-([\w-]+)'", policy)
        assert f'<style nonce="{nonce}">' in page.text
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert f"form-action {targets or chr(39) + 'self' + chr(39)};" in policy
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script|<img|<link|src=|style=", page.text)


async def test_what_was_typed_comes_back_as_text(github, up):
    """Mistakes are shown beside what was written, with nothing of it taken for HTML."""
    page = await up.browser.choose(github, server='https://x"><script>alert(1)</script>', organization="<b>")
    assert page.status == 422
    assert "<script" not in page.text
    assert "&lt;b&gt;" in page.text
    assert "This is not a web address." in page.text


async def test_a_form_that_is_too_large_or_none_is_refused(up):
    """A few lines are all there is to say."""
    first = await up.browser.get("/setup")
    assert (await up.browser.post("/setup", {**first.hidden, "server": "x" * 20_000})).status == 413
    async with aiohttp.ClientSession() as session:
        assert (await session.post(f"{up.address}/setup", json={})).status == 415
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await session.post(f"{up.address}/setup", data="a=b&" * 100, headers=kind)).status == 400
        assert (await session.post(f"{up.address}/setup", data=b"word=\xff%ff", headers=kind)).status == 403


async def test_the_page_is_in_chinese_for_who_reads_it(up):
    """By the browser's own languages; any other is English."""
    chinese = await up.browser.get("/setup", **{"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8"})
    french = await up.browser.get("/setup", **{"Accept-Language": "fr,en;q=0.8"})
    assert '<html lang="zh-CN">' in chinese.text
    assert "Register the GitHub App" in french.text


async def test_many_visitors_do_not_fill_the_memory(up):
    """The oldest are forgotten; who came last gets on."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        other = Browser(session, up.address)
        for _ in range(100):
            assert (await other.get("/setup")).status == 200
    assert (await up.browser.get("/setup")).status == 200
