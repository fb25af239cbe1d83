"""The steps of set-up, in order: a choice, a code, the app, ``.env``, and the server that goes on with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.errors import SettingsError
from bot.settings import load_settings
from bot.settings.addresses import server_address
from bot.setup.conversion import NotRegistered, convert, usable_secret, with_new_secret
from bot.setup.env_file import extend

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.settings import Settings
    from bot.setup.choice import Choice
    from bot.setup.conversion import Registered
    from bot.setup.visitors import Visitors

log = structlog.get_logger("prhub.setup")

# The engine and the schema of a database far away are there by then.
STARTING_SECONDS = 60.0


@dataclass
class Pending:
    """A registration under way: what could not be done yet is done with the next try."""

    choice: Choice
    code: str = field(repr=False)
    app: Registered | None = None

    @property
    def page(self) -> str:
        """The app's page at GitHub, where it is installed from."""
        assert self.app is not None  # noqa: S101 - asked for after the conversion only
        server = self.choice.server
        if self.app.html_url.startswith(f"{server}/"):
            return self.app.html_url
        folder = "apps" if server == "https://github.com" else "github-apps"
        return f"{server}/{folder}/{self.app.slug}"


@dataclass
class SetUp:
    """One set-up, from the first page to the server that goes on.

    ``saved`` gets the settings with the app's credentials; whoever starts the server with them tells
    ``started`` (``None``, or why it did not start).
    """

    settings: Settings
    environ: Mapping[str, str] = field(repr=False)
    folder: Path
    visitors: Visitors
    pending: Pending | None = None
    saved: asyncio.Future[Settings] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    started: asyncio.Future[str | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def go_on(self, begun: Pending | None = None) -> str | None:
        """Do what is left of a registration; give why the server did not start, if it did not.

        ``begun`` replaces one that has no app yet. Raises ``NotRegistered`` while something is left to do.
        """
        async with self._one:
            if begun is not None and (self.pending is None or self.pending.app is None):
                self.pending = begun
            if not self.saved.done():
                await self._save()
        try:
            return await asyncio.wait_for(asyncio.shield(self.started), STARTING_SECONDS)
        except TimeoutError:
            return "it takes long to start; the log tells how far it is"

    async def _save(self) -> None:
        if self.pending is None:
            raise NotRegistered("state_unknown")
        try:
            self.saved.set_result(await self._saved(self.pending))
        except NotRegistered as error:
            if not error.again:
                self.pending = None
            raise

    async def _saved(self, pending: Pending) -> Settings:
        choice = pending.choice
        app = pending.app = pending.app or await convert(choice.api, pending.code)
        log.info("app registered", app=app.slug, app_id=app.id)
        if not usable_secret(app):
            app = pending.app = await with_new_secret(choice.api, app)
        title = f"The GitHub App {app.slug}, registered at {choice.server}"
        try:
            await asyncio.to_thread(extend, self.folder / ".env", lines_of(app, choice, self.settings), title)
            settings = load_settings(self.environ, self.folder)
            settings.require_server()
        except OSError as error:
            log.warning("credentials not saved", reason=error.strerror)
            raise NotRegistered("not_saved", again=True) from None
        except SettingsError as error:
            log.warning("credentials not taken", reason=str(error))
            raise NotRegistered("not_taken", again=True) from None
        log.info("credentials saved", file=str(self.folder / ".env"))
        return settings


def lines_of(app: Registered, choice: Choice, settings: Settings) -> dict[str, str]:
    """Give what ``.env`` must say of an app, in so far as the settings do not say it already."""
    secret = app.webhook_secret.get_secret_value() if app.webhook_secret else ""
    lines = {"APP_ID": str(app.id), "PRIVATE_KEY": app.pem.get_secret_value(), "WEBHOOK_SECRET": secret}
    if choice.api != settings.github_api_url:
        lines["GITHUB_API_URL"] = choice.api
        if server_address(choice.api) != choice.server:
            lines["GITHUB_SERVER_URL"] = choice.server
    if choice.relay and choice.relay != settings.webhook_proxy_url:
        lines["WEBHOOK_PROXY_URL"] = choice.relay
    return lines
