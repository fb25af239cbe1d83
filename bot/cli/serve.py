"""``prhub serve``: the server, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from bot.cli.logs import set_up_logs
from bot.server.run import until_told_to_stop
from bot.settings import Settings, load_settings
from bot.wiring import running_server


@click.command()
def command() -> None:
    """Run the server that takes GitHub's webhooks.

    Settings come from the environment and from .env in the working folder: docs/configuration.md.
    """
    settings = load_settings(os.environ, Path.cwd())
    settings.require_server()
    set_up_logs(settings)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    async with running_server(settings):
        await until_told_to_stop()
