"""Metrics that are there before anything happens: zeros that alerts rise from, budgets, and the disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from prometheus_client import Gauge

from bot.model.budgets import Scope
from bot.workflows.services import Meters

if TYPE_CHECKING:
    from bot.settings import Settings

_EVENTS = (
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "issue_comment",
    "repository",
    "installation",
    "installation_repositories",
)


def meters_of(settings: Settings) -> Meters:
    """Give the metrics of a process."""
    meters = Meters()
    begin_at_zero(meters)
    show_bounds(settings, meters)
    return meters


def show_bounds(settings: Settings, meters: Meters) -> None:
    """Show among the metrics what the settings bound: budgets that are set, and SQLite's disk."""
    limits = Gauge(
        "prhub_budget_limit_tokens", "Tokens that each budget allows", ["scope"], registry=meters.registry
    )
    for scope in Scope:
        if settings.caps.of(scope):
            limits.labels(scope.value).set(settings.caps.of(scope))
    url = sa.make_url(settings.sync_database_url)
    if url.get_backend_name() == "sqlite" and url.database is not None:
        folder = Path(url.database).resolve().parent
        free = Gauge("prhub_disk_free_bytes", "Room where the database is", registry=meters.registry)
        free.set_function(lambda: _free(folder))


def begin_at_zero(meters: Meters) -> None:
    """Let the counters that alerts watch begin at 0: Prometheus sees no rise in one that begins at 1."""
    for event in _EVENTS:
        meters.deliveries.labels(event, "unstored")
        meters.deliveries.labels(event, "accepted")
    meters.deliveries.labels("unknown", "rejected_401")
    for kind in ("primary", "secondary", "graphql", "model"):
        meters.limits_hit.labels(kind)
    for by in ("scan", "redelivery"):
        meters.recovered.labels(by)
    for scope in Scope:
        meters.budget_refused.labels(scope.value)


def _free(folder: Path) -> float:
    try:
        return float(shutil.disk_usage(folder).free)
    except OSError:
        return float("nan")
