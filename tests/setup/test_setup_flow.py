"""Set-up in the browser, over real HTTP: from a server without an app to its first report."""

from __future__ import annotations

import asyncio
import json
import re
import stat

import aiohttp
import pytest

from bot.settings import load_settings
from sandbox.relay import relay_running
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, send_merge, until
from tests.fakes.set_up import setting_up


async def test_from_nothing_to_the_first_report(github, tmp_path, logs):
    """Form, confirmation, GitHub, back: the server goes on at the same address, without a restart."""
    async with setting_up(github, tmp_path, logs) as up:
        confirm = await up.browser.choose(github, organization="octo-org")
        assert confirm.action.startswith(f"{github.url}/organizations/octo-org/settings/apps/new?state=")
        done = await up.browser.get(await up.browser.confirm(confirm))
        assert done.status == 200
        assert f'href="{github.url}/apps/prhub-for-octo/installations/new"' in done.text
        pull = add_merge(github.state)
        assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: bool(own_comments(github, pull)))
        assert (await up.browser.get("/readyz")).status == 200
        assert (await up.browser.get("/setup")).status == 404
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    settings = load_settings({}, tmp_path)
    server = settings.require_server()
    assert server.app.app_id == github.state.app.id
    assert server.webhook_secrets[0].get_secret_value().decode() == github.state.app.webhook_secret
    assert settings.github_api_url == f"{github.url}/api/v3"
    assert github.log.unknown == []


async def test_the_manifest_asks_for_the_least_and_names_this_server(github, up):
    """What is in ``app.yml``, with the webhook's address and the way back."""
    manifest = json.loads((await up.browser.choose(github)).hidden["manifest"])
    assert manifest["hook_attributes"] == {"url": f"{up.address}/api/github/webhooks", "active": True}
    assert manifest["redirect_url"] == f"{up.address}/setup/done"
    assert manifest["default_permissions"]["contents"] == "read"
    assert manifest["public"] is False
    assert set(manifest) <= {
        *("name", "url", "hook_attributes", "redirect_url", "public", "description"),
        *("default_permissions", "default_events"),
    }


async def test_by_way_of_a_relay(github, tmp_path, logs):
    """The channel becomes the webhook's address, is kept, and is listened to at once."""
    async with relay_running() as relay, setting_up(github, tmp_path, logs) as up:
        confirm = await up.browser.choose(github, webhook="", relay=relay.url)
        assert (await up.browser.get(await up.browser.confirm(confirm))).status == 200
        await until(lambda: relay.listeners == 1)
        pull = add_merge(github.state)
        assert await send_merge(github, REPOSITORY, pull) == 200
        await until(lambda: bool(own_comments(github, pull)))
        assert f"WEBHOOK_PROXY_URL={relay.url}" in up.env


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("development", id="a secret that is well known"),
        pytest.param("0123456789abcdef0123456789abcdef01234567", id="a secret that can be guessed"),
        pytest.param(
            "9f8c1d3b7a2e4f60b5d8,c7e1a3f902469f8c1d3b7a2e4f60b5d8c7e1a3f90246", id="two, with a comma"
        ),
    ],
)
async def test_a_weak_secret_of_githubs_is_replaced_there_too(github, up, given):
    """The server would not start with it."""
    github.state.next_webhook_secret = given
    done = await up.browser.get(await up.browser.confirm(await up.browser.choose(github)))
    assert done.status == 200
    assert re.fullmatch("[0-9a-f]{64}", github.state.app.webhook_secret or "")
    assert f"WEBHOOK_SECRET={github.state.app.webhook_secret}" in up.env


async def test_meanwhile_webhooks_are_put_off_and_probes_told_why(up):
    """GitHub keeps what was answered 503; the process lives and is not ready."""
    refused = await up.browser.post("/api/github/webhooks", {})
    health, ready = await up.browser.get("/healthz"), await up.browser.get("/readyz")
    assert (refused.status, health.status, ready.status) == (503, 200, 503)
    assert json.loads(ready.text)["troubles"] == {"setup": "no GitHub App is registered yet: open /setup"}
    assert (await up.browser.get("/")).headers["Location"] == "/setup"


async def test_nothing_secret_is_logged(github, up):
    """Neither the key nor the secret, nor the code they were got with."""
    back = await up.browser.confirm(await up.browser.choose(github))
    await up.browser.get(back)
    said = json.dumps(up.logs, default=str)
    code = back.partition("code=")[2].partition("&")[0]
    for secret in (github.state.app.webhook_secret, "BEGIN RSA", code, back.partition("state=")[2]):
        assert secret not in said


async def test_nobody_is_turned_away_while_it_goes_on(github, up):
    """Each request that comes meanwhile is answered: put off at first, and then checked."""
    answers: list[int] = []
    confirm = await up.browser.choose(github)

    async def knock() -> None:
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector) as session:
            while True:
                async with session.post(f"{up.address}/api/github/webhooks", json={}) as answer:
                    answers.append(answer.status)

    knocking = asyncio.create_task(knock())
    assert (await up.browser.get(await up.browser.confirm(confirm))).status == 200
    await until(lambda: 401 in answers or knocking.done())
    knocking.cancel()
    assert set(answers) == {503, 401}
    assert answers == sorted(answers, reverse=True)


async def test_a_stop_ends_set_up(up):
    """SIGTERM does not wait for a person."""
    up.stop.set()
    assert await up.task is False
