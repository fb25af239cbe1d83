"""Services: everything the workflows need, as one frozen value handed over before the launch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge

if TYPE_CHECKING:
    from bot.github import GitHub
    from bot.settings import Settings
    from bot.store import Publications, Reports, Triggers


@dataclass(frozen=True)
class Meters:
    """What the process counts; one registry for each process, so that tests do not share numbers."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    deliveries: Counter = field(init=False)
    work: Counter = field(init=False)
    requests: Counter = field(init=False)
    comments: Counter = field(init=False)
    triggers: Gauge = field(init=False)

    def __post_init__(self) -> None:
        for name, text, labels in (
            ("deliveries", "Webhook requests by what became of them", ["event", "outcome"]),
            ("work", "Workflows by kind and how they ended", ["kind", "end"]),
            ("requests", "GitHub requests by method and status", ["method", "status"]),
            ("comments", "Report comments by what publishing did", ["outcome"]),
        ):
            counter = Counter(f"prhub_{name}", text, labels, registry=self.registry)
            object.__setattr__(self, name, counter)
        gauge = Gauge("prhub_triggers", "Stored triggers by their state", ["state"], registry=self.registry)
        object.__setattr__(self, "triggers", gauge)


@dataclass(frozen=True)
class Services:
    """What the stages work with. ``app_id`` tells our own comments from others."""

    settings: Settings
    github: GitHub
    reports: Reports
    publications: Publications
    triggers: Triggers
    meters: Meters
    app_id: int
    version: str


class _Holder:
    """The one place that knows the services: workflows are module functions and take only JSON."""

    current: Services | None = None


def provide(services: Services | None) -> None:
    """Hand the services to the workflows of this process (``None`` takes them back)."""
    _Holder.current = services


def services() -> Services:
    """Give the services. Raises ``RuntimeError`` if a workflow runs before they are provided."""
    if _Holder.current is None:
        raise RuntimeError("the services were not provided before the engine was launched")
    return _Holder.current
