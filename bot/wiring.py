"""The wiring: settings become the parts of a running process, each put together in one place."""

from __future__ import annotations

import asyncio
import os
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
from bot.server import make_web, serve
from bot.server.duties import duties_of
from bot.server.intake import Intake
from bot.server.relay import relaying
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
from bot.store.backfills import Backfills
from bot.store.failures import unusable
from bot.store.feedback import Feedback
from bot.store.gists import Gists
from bot.store.lock import only_server
from bot.store.processes import Mode, Processes
from bot.store.pull_choices import PullChoices
from bot.store.register import Register
from bot.traces import OFF
from bot.tracing import open_traces
from bot.workflows.drain import Drain
from bot.workflows.gauges import meters_of
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
    from bot.server import Front
    from bot.settings import Settings
    from bot.store import Installed, Store
    from bot.traces import Traces
    from bot.workflows.heartbeat import Pulse

log = structlog.get_logger("prhub.wiring")


def package_version() -> str:
    """Give PRHub's version, as installed."""
    return version("prhub")


@asynccontextmanager
async def open_github(
    settings: Settings, credentials: Credentials, gate: Gate, meters: Meters, traces: Traces = OFF
) -> AsyncIterator[GitHub]:
    """Give the way to GitHub; its connections are closed at the end of the block."""

    def observe(method: str, _url: str, status: int) -> None:
        meters.requests.labels(method, str(status)).inc()

    urls = (settings.github_api_url, settings.github_graphql_url)
    # No proxy from the environment: requests go where the settings say (R54).
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield GitHub(Transport(session, urls, observe, traces), gate, credentials, urls)


@asynccontextmanager
async def open_services(
    settings: Settings, pace: Pace = PACE, crew: Crew | None = None
) -> AsyncIterator[tuple[Services, Store]]:
    """Give the services of a process that publishes, over a migrated store.

    ``crew`` tells with how many processes GitHub's limits are shared.
    Raises ``SettingsError`` without the app's credentials, ``UserError`` if the database is not there.
    """
    app = settings.require_app()
    meters = meters_of(settings)
    credentials = Credentials(app_id=app.app_id, private_key=app.private_key)
    async with _opened(settings) as store:
        places = installed(store, app.app_id)
        gate = _gate(Limits(store), places, pace, crew or Crew(), meters)
        answers, ledger = Answers(store), Ledger(store)
        budget = Budget(ledger, settings.caps, meters.refused)
        async with (
            open_traces(os.environ, package_version()) as traces,
            open_github(settings, credentials, gate, meters, traces) as github,
            open_model(settings, answers, meters.asked, budget, traces) as model,
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
                backfills=Backfills(store),
                roles=Roles(),
                installed=places,
                meters=meters,
                app_id=app.app_id,
                version=package_version(),
                traces=traces,
            )
            yield services, store


def _gate(limits: Limits, places: Installed, pace: Pace, crew: Crew, meters: Meters) -> Gate:
    door = Door(places.installations)
    return Gate(limits, pace, sharers=crew.count, door=door, on_limit=meters.hit)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Store]:
    store = await open_migrated(settings)
    try:
        yield store
    finally:
        await store.close()


async def open_migrated(settings: Settings) -> Store:
    """Give the store with its schema up to date; raises ``UserError`` if the database cannot be used."""
    try:
        await asyncio.to_thread(migrate, settings.sync_database_url)
    except SQLAlchemyError as error:
        raise UserError(unusable(error)) from error
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
    settings: Settings,
    pace: Pace = PACE,
    mode: Mode = Mode.ALL,
    pulse: Pulse = PULSE,
    front: Front | None = None,
) -> AsyncIterator[Running]:
    """Run a server until the end of the block; another ``pace`` or ``pulse`` is for scaled time only.

    It listens where the settings say, or shows itself at a ``front`` that listens already.

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
                duties = duties_of(services, heart, tasks)
                web = make_web(settings.webhook_path, intake, duties, services.meters)
                relay = relaying(settings.webhook_proxy_url, intake.relayed if intake else None)
                shown = front.showing(web) if front else serve(web, settings.host, settings.port)
                async with shown as address, relay:
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
    return Intake(inbox, services.app_id, secrets, policy, services.meters, services.traces)
