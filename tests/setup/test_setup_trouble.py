"""What goes wrong during set-up: each time a page that says what to do, and nothing is lost."""

from __future__ import annotations

import asyncio
import secrets

import aiohttp
import pytest

from tests.fakes.process import until
from tests.fakes.set_up import Browser, setting_up


async def registered_back(up, github):
    """Go as far as GitHub, and give the address it sends the browser back to."""
    return await up.browser.confirm(await up.browser.choose(github))


def conversions(github):
    """How many times GitHub was asked for the app."""
    return github.log.count("POST /app-manifests/{code}/conversions")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda back: back.partition("&state=")[0], id="no state"),
        pytest.param(lambda back: f"{back}x", id="another state"),
        pytest.param(lambda back: back.replace("&state=", "&state=é"), id="a state with an accent"),
        pytest.param(lambda back: f"{back.partition('&state=')[0]}&state=", id="an empty state"),
    ],
)
async def test_a_state_that_is_not_ours_is_refused_before_github_is_asked(github, up, change):
    """Somebody else's code must not make this server somebody else's app."""
    back = await registered_back(up, github)
    page = await up.browser.get(change(back))
    assert (page.status, conversions(github)) == (400, 0)
    assert "not known here" in page.text
    assert not (up.folder / ".env").exists()


async def test_a_state_is_of_one_browser(github, up, tmp_path):
    """Whoever else was let in cannot use it."""
    back = await registered_back(up, github)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        other = Browser(session, up.address)
        assert (await other.get(back)).status == 403
        await other.get("/setup")
        assert (await other.get(back)).status == 400
    assert conversions(github) == 0


async def test_a_state_is_used_once(github, up):
    """The second time nothing is asked, even if the first one failed."""
    back = await registered_back(up, github)
    github.state.manifests.clear()
    assert "does not know this code" in (await up.browser.get(back)).text
    assert "not known here" in (await up.browser.get(back)).text
    assert conversions(github) == 1


async def test_a_code_that_is_too_old_is_told(github, up):
    """GitHub forgets it after an hour; the way out is to start over."""
    back = await registered_back(up, github)
    (waiting,) = github.state.manifests.values()
    waiting.until = 0.0
    page = await up.browser.get(back)
    assert page.status == 400
    assert "over an hour old" in page.text
    assert 'href="/setup"' in page.text
    assert "/setup/again" not in page.text


@pytest.mark.parametrize("code", ["", "..", "a/b", "a%2Fb", "é", "x" * 300])
async def test_a_code_that_is_none_is_never_sent(github, up, code):
    """It would become part of an address."""
    back = await registered_back(up, github)
    state = back.partition("&state=")[2]
    page = await up.browser.get(f"/setup/done?code={code}&state={state}")
    assert (page.status, conversions(github)) == (400, 0)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param({"kind": "drop_before"}, "GitHub did not answer", id="GitHub is away"),
        pytest.param({"kind": "error", "status": 503}, "answered with an error", id="GitHub is broken"),
        pytest.param({"kind": "redirect", "status": 302}, "answered with an error", id="something redirects"),
        pytest.param({"kind": "html", "status": 502}, "answered with an error", id="a page for people"),
    ],
)
async def test_when_github_is_down_the_same_code_is_tried_again(github, up, fault, words):
    """One click later the server runs."""
    back = await registered_back(up, github)
    github.faults.add(**fault, times=1, path="app-manifests")
    page = await up.browser.get(back)
    assert words in page.text
    done = await up.browser.post("/setup/again", page.hidden)
    assert (done.status, "PRHub is running" in done.text) == (200, True)


async def test_an_answer_that_holds_no_app_is_told_and_not_shown(github, up):
    """Whatever is at that address, its text is nobody's business."""
    back = await registered_back(up, github)
    github.faults.add("truncated", times=1, path="app-manifests")
    page = await up.browser.get(back)
    assert page.status == 400
    assert "holds no app" in page.text
    assert "PRIVATE KEY" not in page.text
    assert "PRIVATE KEY" not in str(up.logs)


async def test_when_the_secret_cannot_be_changed_the_app_is_kept_for_another_try(github, up):
    """The code is used up by then: what it brought must not be lost."""
    github.state.next_webhook_secret = "development"
    back = await registered_back(up, github)
    github.faults.add("error", times=1, methods=("PATCH",), path="hook/config", status=500)
    page = await up.browser.get(back)
    assert "did not take a webhook secret" in page.text
    assert not (up.folder / ".env").exists()
    waiting = await up.browser.get("/setup")
    assert "not saved yet" in waiting.text
    assert (await up.browser.post("/setup/again", waiting.hidden)).status == 200
    assert conversions(github) == 1


async def test_when_env_cannot_be_written_the_app_is_kept_for_another_try(github, up):
    """A folder in its place, as Docker makes one for a file that is not there."""
    back = await registered_back(up, github)
    (up.folder / ".env").mkdir()
    page = await up.browser.get(back)
    assert ".env cannot be written" in page.text
    (up.folder / ".env").rmdir()
    assert (await up.browser.post("/setup/again", page.hidden)).status == 200


async def test_credentials_that_came_meanwhile_are_not_overwritten(github, up):
    """Somebody set it up by hand at the same time."""
    back = await registered_back(up, github)
    (up.folder / ".env").write_text("APP_ID=77\n")
    page = await up.browser.get(back)
    assert "other credentials by now" in page.text
    assert up.env == "APP_ID=77\n"
    assert any("APP_ID is in .env already" in str(line.get("reason")) for line in up.logs)
    (up.folder / ".env").unlink()
    assert (await up.browser.post("/setup/again", page.hidden)).status == 200


async def test_a_server_that_does_not_start_is_told_on_the_page(github, tmp_path, logs):
    """The credentials are saved by then; the process ends with the same words."""
    async with setting_up(github, tmp_path, logs) as up:
        back = await registered_back(up, github)
        with (tmp_path / ".env").open("w") as file:
            file.write("DATABASE_URL=sqlite:////nowhere/at/all.sqlite\n")
        environ = up.environ
        environ.pop("DATABASE_URL")
        page = await up.browser.get(back)
        assert page.status == 500
        assert "DATABASE_URL cannot be used" in page.text
        assert f"APP_ID={github.state.app.id}" in up.env
        await until(up.task.done)
        assert "DATABASE_URL" in str(up.task.exception())


async def test_two_clicks_register_one_app(github, up):
    """Impatience does no harm."""
    back = await registered_back(up, github)
    github.faults.add("delay_before", times=1, seconds=0.3, path="app-manifests")
    first, second = await asyncio.gather(up.browser.get(back), up.browser.get(back))
    assert sorted([first.status, second.status]) in ([200, 200], [200, 400])
    assert conversions(github) == 1


async def test_two_apps_registered_at_once_make_one_server(github, up):
    """In two tabs: the first one is taken, and both pages say so."""
    backs = [await registered_back(up, github), await registered_back(up, github)]
    github.faults.add("delay_before", times=1, seconds=0.3, path="app-manifests")
    pages = await asyncio.gather(*(up.browser.get(back) for back in backs))
    assert [page.status for page in pages] == [200, 200]
    assert conversions(github) == 1


async def test_a_form_word_that_is_wrong_is_refused(github, up):
    """A page elsewhere cannot fill in the form."""
    first = await up.browser.get("/setup")
    for word in ("", secrets.token_urlsafe(32), first.hidden["word"][:-1]):
        assert (await up.browser.post("/setup", {"word": word})).status == 403
        assert (await up.browser.post("/setup/again", {"word": word})).status == 403
