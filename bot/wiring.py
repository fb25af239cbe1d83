"""The wiring: settings become the parts of a running process, each put together in one place."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.deliveries import Policy
from bot.errors import UserError
from bot.github import PACE, Credentials, Gate, GitHub
from bot.github.transport import Transport
from bot.server import Duties, make_web, serve
from bot.server.intake import Intake
from bot.store import Inbox, Limits, Publications, Reports, Triggers, migrate, open_store
from bot.workflows import engine
from bot.workflows.drain import Drain
from bot.workflows.services import Meters, Services
from bot.workflows.upkeep import upkeep

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Pace
    from bot.settings import Settings
    from bot.store import Store

log = structlog.get_logger("prhub.wiring")


def package_version() -> str:
    """Give PRHub's version, as installed."""
    return version("prhub")


@asynccontextmanager
async def open_github(
    settings: Settings, credentials: Credentials, gate: Gate, meters: Meters
) -> AsyncIterator[GitHub]:
    """Give the way to GitHub; its connections are closed at the end of the block."""

    def observe(method: str, _url: str, status: int) -> None:
        meters.requests.labels(method, str(status)).inc()

    urls = (settings.github_api_url, settings.github_graphql_url)
    # No proxy from the environment: requests go where the settings say (R54).
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield GitHub(Transport(session, urls, observe), gate, credentials, urls)


@asynccontextmanager
async def open_services(settings: Settings, pace: Pace = PACE) -> AsyncIterator[tuple[Services, Store]]:
    """Give the services of a process that publishes, over a migrated store.

    Raises ``SettingsError`` without the app's credentials, ``UserError`` if the database is not there.
    """
    app = settings.require_app()
    store = await _open_migrated(settings)
    meters = Meters()
    credentials = Credentials(app_id=app.app_id, private_key=app.private_key)
    try:
        async with open_github(settings, credentials, Gate(Limits(store), pace), meters) as github:
            services = Services(
                settings=settings,
                github=github,
                reports=Reports(store),
                publications=Publications(store),
                triggers=Triggers(store),
                meters=meters,
                app_id=app.app_id,
                version=package_version(),
            )
            yield services, store
    finally:
        await store.close()


async def _open_migrated(settings: Settings) -> Store:
    try:
        await asyncio.to_thread(migrate, settings.sync_database_url)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).splitlines()[0]
        raise UserError(
            f"DATABASE_URL cannot be used ({cause}): check the address and its rights."
        ) from error
    return open_store(settings.async_database_url)


@dataclass(frozen=True)
class Running:
    """A running server: its address, and its parts for those who look inside."""

    address: str
    services: Services


@asynccontextmanager
async def running_server(settings: Settings, pace: Pace = PACE) -> AsyncIterator[Running]:
    """Run the whole server until the end of the block; another ``pace`` is for scaled time only.

    Raises ``SettingsError`` before anything is opened if a setting is missing or weak.
    """
    server = settings.require_server()
    async with open_services(settings, pace) as (services, store):
        drain = Drain(services.triggers)
        inbox = Inbox(store, services.app_id, drain.wake)
        policy = Policy(
            now=time.time(), repositories=settings.repositories, refresh_delay=settings.refresh_delay
        )
        secrets = [secret.get_secret_value() for secret in server.webhook_secrets]
        intake = Intake(inbox, services.app_id, secrets, policy, services.meters)
        await engine.launch(services)
        tasks = [asyncio.create_task(drain.run()), asyncio.create_task(upkeep(inbox, services))]
        try:
            web = make_web(settings.webhook_path, intake, _duties(store, services, tasks), services.meters)
            async with serve(web, settings.host, settings.port) as address:
                log.info("serving", address=address, github=urlsplit(settings.github_api_url).hostname)
                yield Running(address, services)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await engine.shut_down()


def _duties(store: Store, services: Services, tasks: list[asyncio.Task[None]]) -> Duties:
    async def store_takes_writes() -> str | None:
        try:
            async with asyncio.timeout(5), store.write():
                return None
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return type(error).__name__

    async def work_is_done() -> str | None:
        return "a background task ended" if any(task.done() for task in tasks) else None

    checks = {"store": store_takes_writes, "work": work_is_done}
    return Duties(checks, backlog=services.triggers.counts)
