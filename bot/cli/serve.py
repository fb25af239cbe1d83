"""``prhub serve``: the server, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.logs import set_up_logs
from bot.errors import UserError
from bot.server.run import stop_signal
from bot.settings import Settings, load_settings
from bot.store.failures import unusable
from bot.store.processes import Mode
from bot.wiring import required, running_server

log = structlog.get_logger("prhub.server")

# Whatever still runs then is taken up again by the next process: nothing is lost by going.
LAST_SECONDS = 19.0


@click.command()
@click.option("--web-only", is_flag=True, help="Only take deliveries; other processes do the work.")
@click.option("--worker-only", is_flag=True, help="Only work on what other processes take.")
def command(web_only: bool, worker_only: bool) -> None:  # noqa: FBT001 - click passes them by name
    """Run the server that takes GitHub's webhooks and does the work.

    Settings come from the environment and from .env in the working folder: docs/configuration.md.
    """
    mode = _mode(web_only=web_only, worker_only=worker_only)
    settings = load_settings(os.environ, Path.cwd())
    if settings.no_credentials:
        _check_may_set_up(mode)
        set_up_logs(settings)
        asyncio.run(_set_up(settings, Path.cwd()))
        return
    required(settings, mode)
    set_up_logs(settings)
    asyncio.run(_serve(settings, mode))


def _mode(*, web_only: bool, worker_only: bool) -> Mode:
    if web_only and worker_only:
        raise UserError("--web-only and --worker-only exclude each other: leave both out to do both.")
    if web_only:
        return Mode.WEB
    return Mode.WORKER if worker_only else Mode.ALL


def _check_may_set_up(mode: Mode) -> None:
    if mode is not Mode.ALL:
        raise UserError(
            "APP_ID is missing, PRIVATE_KEY and WEBHOOK_SECRET too: set them, or register an app in the"
            " browser with `prhub serve`, without --web-only and --worker-only."
        )


async def _set_up(settings: Settings, folder: Path) -> None:
    from bot.cli.setting_up import set_up_server  # noqa: PLC0415 - its pages are for the first start only

    stop = stop_signal()
    async with set_up_server(settings, os.environ, folder, stop):
        await stop.wait()
        log.info("stopping")
        _go_at_last()


async def _serve(settings: Settings, mode: Mode) -> None:
    stop = stop_signal()
    try:
        async with running_server(settings, mode=mode):
            await stop.wait()
            log.info("stopping")
            _go_at_last()
    except SQLAlchemyError as error:
        raise UserError(unusable(error)) from error


def _go_at_last() -> None:
    """See to it that the process is gone within 20 s, whatever hangs (R36)."""
    last = threading.Timer(LAST_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()
