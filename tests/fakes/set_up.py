"""A server in set-up mode over a stand-in GitHub, and the browser of the person who sets it up."""

from __future__ import annotations

import asyncio
import html
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.cli.setting_up import set_up_server
from bot.settings import load_settings
from tests.fakes.process import environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sandbox.github import GitHub

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_ACTION = re.compile(r'<form method="post" action="([^"]*)"')
CREDENTIALS = ("APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET", "GITHUB_API_URL")


@dataclass
class Seen:
    """A page as the browser got it."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its form."""
        return {name: html.unescape(value) for name, value in _HIDDEN.findall(self.text)}

    @property
    def action(self) -> str:
        """Where its form goes."""
        found = _ACTION.search(self.text)
        assert found is not None, self.text
        return html.unescape(found[1])


@dataclass
class Browser:
    """Clicks through set-up; cookies are kept, redirects are shown."""

    session: aiohttp.ClientSession
    base: str
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Seen:
        """Open an address of the server, or any other."""
        return await self._ask("GET", path, None, headers)

    async def post(self, path: str, form: dict[str, str], **headers: str) -> Seen:
        """Send a form from a page of the server."""
        return await self._ask("POST", path, form, {"Origin": self.base, **headers})

    async def choose(self, github: GitHub, **changes: str) -> Seen:
        """Open the form, fill it in, and send it."""
        first = await self.get("/setup")
        webhook = f"{self.base}/api/github/webhooks"
        form = {"server": github.url, "organization": "", "webhook": webhook, "relay": "", **changes}
        return await self.post("/setup", {**first.hidden, **form})

    async def confirm(self, page: Seen) -> str:
        """Register the app at GitHub; gives the address that GitHub sends the browser back to."""
        github = await self.post(page.action, page.hidden)
        assert github.status == 200, github.text
        server = "{0.scheme}://{0.netloc}".format(urlsplit(page.action))
        back = await self.post(server + github.action, {**github.hidden, "name": "PRHub for Octo"})
        return back.headers["Location"]

    async def _ask(
        self, method: str, path: str, form: dict[str, str] | None, headers: dict[str, str]
    ) -> Seen:
        url = path if path.startswith("http") else self.base + path
        sent = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        async with self.session.request(
            method, url, data=form, headers=sent, allow_redirects=False
        ) as answer:
            return Seen(answer.status, await answer.text(), dict(answer.headers))


@dataclass
class SettingUp:
    """A server in set-up mode."""

    address: str
    browser: Browser
    folder: Path
    task: asyncio.Task[bool]
    stop: asyncio.Event
    logs: list[dict[str, object]]
    environ: dict[str, str]

    @property
    def env(self) -> str:
        """What ``.env`` says."""
        return (self.folder / ".env").read_text("utf-8")

    @property
    def token(self) -> str:
        """The token that was told in the log."""
        (line,) = [line for line in self.logs if "page" in line]
        told = str(line.get("through_a_proxy") or line["page"])
        return parse_qs(urlsplit(told).query)["token"][0]


def without_credentials(github: GitHub, folder: Path, **changes: str) -> dict[str, str]:
    """What the process is started with: everything but an app."""
    given = environment(github, "", folder, **changes)
    return {name: value for name, value in given.items() if name not in CREDENTIALS or name in changes}


@asynccontextmanager
async def setting_up(
    github: GitHub, folder: Path, logs: list[dict[str, object]], **changes: str
) -> AsyncIterator[SettingUp]:
    """Run a server in set-up mode until the end of the block; ``logs`` gets its lines."""
    environ = without_credentials(github, folder, **changes)
    stop = asyncio.Event()

    async def run() -> bool:
        settings = load_settings(environ, folder)
        async with set_up_server(settings, environ, folder, stop) as running:
            await stop.wait()
            return running

    task = asyncio.create_task(run())
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        try:
            while not (told := [line for line in logs if "page" in line]):
                assert not task.done(), task.exception()
                await asyncio.sleep(0.02)
            page = urlsplit(str(told[0]["page"]))
            address = f"http://127.0.0.1:{page.port}"
            yield SettingUp(address, Browser(session, address), folder, task, stop, logs, environ)
        finally:
            stop.set()
            await asyncio.wait([task])
