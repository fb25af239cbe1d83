"""The stand-in GitHub: an aiohttp application over a state, with limits, faults and a request log."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox import control, manifests
from sandbox.calls import Route, paths_of
from sandbox.faults import Faults
from sandbox.limits import STRICT, Limits, LimitSettings
from sandbox.pipeline import Pipeline
from sandbox.query import endpoint
from sandbox.requestlog import RequestLog
from sandbox.rest import ROUTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sandbox.state import State

# GitHub's largest answer to a write is far smaller; its largest webhook is 25 MB.
_MAX_BODY = 32 * 1024 * 1024


@dataclass(frozen=True)
class GitHub:
    """A running stand-in: where it is, and what can be looked at and changed while it runs.

    ``url`` is the API's base as on github.com (GraphQL at ``/graphql``); ``enterprise_url`` is the
    base as on Enterprise Server (GraphQL at ``/api/graphql``).
    """

    url: str
    state: State
    limits: Limits
    faults: Faults
    log: RequestLog

    @property
    def enterprise_url(self) -> str:
        """The base under ``/api/v3``."""
        return f"{self.url}/api/v3"

    def __str__(self) -> str:
        return self.url


def application(pipeline: Pipeline) -> web.Application:
    """The application: every route by name and by id, with and without Enterprise Server's prefix."""
    app = web.Application(client_max_size=_MAX_BODY)
    control.add_routes(app, pipeline)
    manifests.add_routes(app, pipeline.state)
    for route in (*ROUTES, *manifests.ROUTES):
        for path in paths_of(route):
            for prefix in ("", "/api/v3"):
                app.router.add_route(route.method, prefix + path, _handler(pipeline, route))
    for route in endpoint.ROUTES:
        app.router.add_route("POST", "/graphql", _handler(pipeline, route))
        app.router.add_route("POST", "/api/graphql", _handler(pipeline, route))
    app.router.add_route("*", "/{unknown:.*}", pipeline.unknown)
    return app


def _handler(pipeline: Pipeline, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """What aiohttp calls for a route."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await pipeline.serve(route, request)

    return handle


@asynccontextmanager
async def running(
    state: State, *, limits: LimitSettings = STRICT, port: int = 0, seed: int = 0
) -> AsyncIterator[GitHub]:
    """Serve a state on 127.0.0.1 until the block ends; port 0 takes a free one.

    The state's ``api_url`` becomes the address; ``seed`` decides which requests faults strike.
    """
    pipeline = Pipeline(state, Limits(limits, state), Faults(seed), RequestLog())
    runner = web.AppRunner(application(pipeline), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        state.api_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield GitHub(state.api_url, state, pipeline.limits, pipeline.faults, pipeline.log)
        await pipeline.finish()
    finally:
        await runner.cleanup()
