"""Set-up mode of ``prhub serve``: the page that registers the app, then the server, at the same address."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import click
import structlog

from bot.errors import PRHubError
from bot.server.run import Front, listening
from bot.setup import SetUp, check_folder, make_setup_web
from bot.setup.visitors import Visitors, is_loopback
from bot.wiring import open_migrated, running_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from bot.settings import Settings

log = structlog.get_logger("prhub.setup")


@asynccontextmanager
async def set_up_server(
    settings: Settings, environ: Mapping[str, str], folder: Path, stop: asyncio.Event
) -> AsyncIterator[bool]:
    """Show the set-up page until an app is registered, then run the server as it until the block ends.

    Gives ``False`` if ``stop`` came first. Raises ``UserError`` if no page can be shown or no ``.env``
    written, and what ``running_server`` raises.
    """
    check_folder(folder)
    # What would stop the server should be known before an app is registered.
    await (await open_migrated(settings)).close()
    async with listening(settings.host, settings.port) as front, AsyncExitStack() as until_end:
        async with AsyncExitStack() as until_set_up:
            visitors = Visitors(settings.host)
            set_up = SetUp(settings, environ, folder, visitors)
            await until_set_up.enter_async_context(front.showing(make_setup_web(set_up)))
            _tell(front, settings, visitors.token)
            new = await _saved(set_up, stop)
            if new is not None:
                server = running_server(new, front=front)
                try:
                    await until_end.enter_async_context(server)
                except PRHubError as error:
                    set_up.started.set_result(str(error))
                    raise
                set_up.started.set_result(None)
        yield new is not None


async def _saved(set_up: SetUp, stop: asyncio.Event) -> Settings | None:
    """Wait for the settings with credentials; ``None`` if the process is to stop."""
    stopped = asyncio.create_task(stop.wait())
    either: list[asyncio.Future[Any]] = [set_up.saved, stopped]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    return set_up.saved.result() if set_up.saved.done() else None


def _tell(front: Front, settings: Settings, token: str) -> None:
    """Say where the page is; with the token, for who does not sit at this machine."""
    secret = f"/setup?token={token}"
    here = is_loopback(settings.host)
    if here:
        page, more = f"{front.address}/setup", f"Through a proxy, at its address: {secret}"
    else:
        page, more = (
            f"{_reachable(front.address)}{secret}",
            "From another machine, write this one's name in it.",
        )
    log.warning(
        "set-up mode: no GitHub App is registered yet, open the page",
        page=page,
        **({"through_a_proxy": secret} if here else {}),
    )
    if sys.stderr.isatty():
        lines = (f"PRHub is not set up yet. Open {page}", more, "The token can be used once.")
        click.echo("\n".join(["", *(f"  {line}" for line in lines), ""]), err=True)


def _reachable(address: str) -> str:
    """Give an address that a browser on this machine can open, where the server listens on all."""
    return address.replace("//0.0.0.0:", "//localhost:").replace("//[::]:", "//localhost:")
