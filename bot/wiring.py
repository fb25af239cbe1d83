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

from bot import failpoint
from bot.deliveries import Policy
from bot.errors import UserError
from bot.github import PACE, Credentials, Door, Gate, GitHub
from bot.github.transport import Transport
from bot.llm import Budget
from bot.llm.opening import open_model
from bot.repo_config import Configs
from bot.server import Duties, make_web, serve
from bot.server.intake import Intake
from bot.store import (
    Answers,
    Commands,
    DigestIssues,
    Digests,
    Inbox,
    Ledger,
    Limits,
    Publications,
    Readings,
    RepoConfigs,
    Reports,
    Triggers,
    installed,
    migrate,
    open_store,
)
from bot.store.feedback import Feedback
from bot.store.gists import Gists
from bot.store.lock import only_server
from bot.store.processes import Mode, Processes
from bot.store.pull_choices import PullChoices
from bot.store.register import Register
from bot.workflows.drain import Drain
from bot.workflows.heartbeat import PULSE, Crew
from bot.workflows.reading import terms_of
from bot.workflows.roles import Roles
from bot.workflows.services import Meters, Services
from bot.workflows.shift import heart_of, on_shift
from bot.workflows.sweep import sweep
from bot.workflows.upkeep import upkeep

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Pace
    from bot.settings import Settings
    from bot.store import Store
    from bot.workflows.heartbeat import Heartbeat, Pulse

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
async def open_services(
    settings: Settings, pace: Pace = PACE, crew: Crew | None = None
) -> AsyncIterator[tuple[Services, Store]]:
    """Give the services of a process that publishes, over a migrated store.

    ``crew`` tells with how many processes GitHub's limits are shared.
    Raises ``SettingsError`` without the app's credentials, ``UserError`` if the database is not there.
    """
    app = settings.require_app()
    store = await _open_migrated(settings)
    meters = Meters()
    credentials = Credentials(app_id=app.app_id, private_key=app.private_key)
    try:
        places = installed(store, app.app_id)
        sharers, door = (crew or Crew()).count, Door(places.installations)
        gate = Gate(Limits(store), pace, sharers=sharers, door=door, on_limit=meters.hit)
        answers, ledger = Answers(store), Ledger(store)
        budget = Budget(ledger, settings.caps, meters.refused)
        async with (
            open_github(settings, credentials, gate, meters) as github,
            open_model(settings, answers, meters.asked, budget) as model,
        ):
            services = Services(
                settings=settings,
                github=github,
                model=model,
                terms=terms_of(settings),
                answers=answers,
                ledger=ledger,
                readings=Readings(store),
                reports=Reports(store),
                publications=Publications(store),
                digests=Digests(store),
                digest_issues=DigestIssues(store),
                gists=Gists(store),
                register=Register(store),
                configs=Configs(github, RepoConfigs(store), places.repositories.may_show),
                triggers=Triggers(store),
                commands=Commands(store),
                pull_choices=PullChoices(store),
                feedback=Feedback(store),
                roles=Roles(),
                installed=places,
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


def required(settings: Settings, mode: Mode) -> list[bytes]:
    """Check what a server in this mode needs, and give its webhook secrets. Raises ``SettingsError``."""
    if not mode.takes_deliveries:
        settings.require_app()
        return []
    return [secret.get_secret_value() for secret in settings.require_server().webhook_secrets]


@asynccontextmanager
async def running_server(
    settings: Settings, pace: Pace = PACE, mode: Mode = Mode.ALL, pulse: Pulse = PULSE
) -> AsyncIterator[Running]:
    """Run a server until the end of the block; another ``pace`` or ``pulse`` is for scaled time only.

    Raises ``SettingsError`` before anything is opened if a setting is missing or weak, and
    ``UserError`` if another server runs on the same SQLite database.
    """
    secrets, crew = required(settings, mode), Crew()
    failpoint.arm(settings.failpoint)
    if settings.failpoint is not None:
        log.warning("this process will kill itself: PRHUB_FAILPOINT is for tests only", at=settings.failpoint)
    with only_server(settings.sync_database_url):
        async with open_services(settings, pace, crew) as (services, store):
            drain = Drain(services.triggers)
            inbox = Inbox(store, services.app_id, drain.wake)
            heart = heart_of(Processes(store), services, mode, crew, pulse)
            intake = _intake(settings, inbox, services, secrets) if mode.takes_deliveries else None
            jobs = [drain.run, lambda: upkeep(inbox, services), lambda: sweep(services)]
            async with on_shift(heart, services, jobs) as tasks:
                duties = _duties(store, services, heart, tasks)
                web = make_web(settings.webhook_path, intake, duties, services.meters)
                async with serve(web, settings.host, settings.port) as address:
                    github = urlsplit(settings.github_api_url).hostname
                    log.info("serving", address=address, github=github, mode=mode.value, process=heart.me.id)
                    yield Running(address, services)


def _intake(settings: Settings, inbox: Inbox, services: Services, secrets: list[bytes]) -> Intake:
    policy = Policy(
        now=time.time(),
        repositories=settings.repositories,
        refresh_delay=settings.refresh_delay,
        commands=True,
    )
    return Intake(inbox, services.app_id, secrets, policy, services.meters)


def _duties(store: Store, services: Services, heart: Heartbeat, tasks: list[asyncio.Task[None]]) -> Duties:
    async def store_takes_writes() -> str | None:
        try:
            async with asyncio.timeout(5), store.write():
                return None
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return type(error).__name__

    async def work_is_done() -> str | None:
        return "a background task ended" if any(task.done() for task in tasks) else None

    checks = {"store": store_takes_writes, "work": work_is_done, "heartbeat": heart.trouble}
    return Duties(checks, backlog=services.triggers, ledger=services.ledger)
