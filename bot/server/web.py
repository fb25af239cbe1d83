"""The routes: the webhook, whether the process lives and can do its duty, its numbers, and a schema."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.repo_config import SCHEMA_PATH, schema_text
from bot.store import TriggerState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiohttp.typedefs import Handler

    from bot.server.intake import Intake
    from bot.store import Ledger, Triggers
    from bot.workflows.services import Meters
log = structlog.get_logger("prhub.web")
_ADVICE = "compare the Webhook URL on the app's page with WEBHOOK_PATH"


@dataclass(frozen=True)
class Duties:
    """What this process must be able to do, and how much of it waits.

    Each check gives ``None`` or what is wrong; ``backlog`` knows the triggers by their state, and
    ``ledger`` the budgets of the model.
    """

    checks: Mapping[str, Callable[[], Awaitable[str | None]]]
    backlog: Triggers | None = None
    ledger: Ledger | None = None

    async def troubles(self) -> dict[str, str]:
        """Give every duty that cannot be done now, and why."""
        found = {}
        for name, check in self.checks.items():
            trouble = await check()
            if trouble is not None:
                found[name] = trouble
        return found


def make_web(path: str, intake: Intake | None, duties: Duties, meters: Meters) -> web.Application:
    """Give the application with its five routes; other paths are 404, other methods 405.

    Without an intake there is no webhook route.
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        troubles = await duties.troubles()
        body = {"status": "not ready", "troubles": troubles} if troubles else {"status": "ready"}
        return web.json_response(body, status=503 if troubles else 200)

    async def metrics(_request: web.Request) -> web.Response:
        if duties.backlog is not None:
            # While the store is away, what this process counted is told all the same.
            with suppress(SQLAlchemyError, OSError):
                await _measure(duties.backlog, meters)
        if duties.ledger is not None:
            with suppress(SQLAlchemyError, OSError):
                for scope, tokens in (await duties.ledger.fullest()).items():
                    meters.budget_tokens.labels(scope.value).set(tokens)
        text = generate_latest(meters.registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    application = web.Application(middlewares=[_noticed] if intake is not None else [])
    if intake is not None:
        application.router.add_post(path, intake.receive)
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/readyz", readyz)
    application.router.add_get("/metrics", metrics)
    application.router.add_get(SCHEMA_PATH, _schema)
    return application


@web.middleware
async def _noticed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log a delivery that came to a path of which nobody knows: the webhook's address is wrong."""
    try:
        return await handler(request)
    except web.HTTPException as refused:
        if refused.status in {404, 405} and "X-GitHub-Delivery" in request.headers:
            # As it was sent: encoded, so that no character of it moves a terminal's cursor.
            path = request.rel_url.raw_path[:200]
            log.warning("a delivery came to another path", status=refused.status, path=path, advice=_ADVICE)
        raise


async def _schema(_request: web.Request) -> web.Response:
    """Give what editors check a repository's configuration file with: it is the same for everybody."""
    headers = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}
    return web.Response(body=_schema_body(), content_type="application/schema+json", headers=headers)


@cache
def _schema_body() -> bytes:
    return schema_text().encode()


async def _measure(backlog: Triggers, meters: Meters) -> None:
    """Bring the gauges up to date; a state that nothing is in any more counts 0."""
    counts = await backlog.counts()
    for state in TriggerState:
        meters.triggers.labels(state.value).set(counts.get(state.value, 0))
    for name, age in (await backlog.ages(time.time())).items():
        meters.queue_age.labels(name).set(age)
