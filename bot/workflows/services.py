"""Services: everything the workflows need, as one frozen value handed over before the launch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge

from bot.store import ConfigIssues
from bot.traces import OFF

if TYPE_CHECKING:
    from bot.github import GitHub
    from bot.inference.prompts import Terms
    from bot.llm import Model
    from bot.model import Scope, Usage
    from bot.repo_config import Configs
    from bot.settings import Settings
    from bot.store import (
        Answers,
        Commands,
        DigestIssues,
        Digests,
        Installed,
        Ledger,
        Publications,
        Readings,
        Reports,
        Triggers,
    )
    from bot.store.backfill_batches import Batches
    from bot.store.backfills import Backfills
    from bot.store.feedback import Feedback
    from bot.store.gists import Gists
    from bot.store.pull_choices import PullChoices
    from bot.store.register import Register
    from bot.traces import Traces
    from bot.workflows.roles import Roles


@dataclass(frozen=True)
class Meters:
    """What the process counts; one registry for each process, so that tests do not share numbers."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    deliveries: Counter = field(init=False)
    work: Counter = field(init=False)
    requests: Counter = field(init=False)
    comments: Counter = field(init=False)
    checks: Counter = field(init=False)
    issues: Counter = field(init=False)
    commands: Counter = field(init=False)
    muted: Counter = field(init=False)
    redelivered: Counter = field(init=False)
    recovered: Counter = field(init=False)
    model_calls: Counter = field(init=False)
    model_tokens: Counter = field(init=False)
    claims: Counter = field(init=False)
    budget_refused: Counter = field(init=False)
    limits_hit: Counter = field(init=False)
    triggers: Gauge = field(init=False)
    queue_age: Gauge = field(init=False)
    budget_tokens: Gauge = field(init=False)

    def __post_init__(self) -> None:
        for name, text, labels in (
            ("deliveries", "Webhook requests by what became of them", ["event", "outcome"]),
            ("work", "Workflows by kind and how they ended", ["kind", "end"]),
            ("requests", "GitHub requests by method and status", ["method", "status"]),
            ("redelivered", "Missed deliveries that GitHub was asked for again", ["outcome"]),
            ("recovered", "What was missed and came in after all, by how", ["by"]),
            ("limits_hit", "Answers that a limit was exceeded, of GitHub and of the model", ["kind"]),
            ("comments", "Report comments by what publishing did", ["outcome"]),
            ("checks", "Check runs of reports by what publishing did", ["outcome"]),
            ("issues", "Issues, of digests and of broken files, by what publishing did", ["outcome"]),
            ("commands", "Commands by name and what became of them", ["command", "outcome"]),
            ("muted", "Repositories whose commands were muted for an hour", []),
            ("model_calls", "Calls of the model by task, model and outcome", ["task", "model", "outcome"]),
            ("model_tokens", "Tokens by model and kind", ["model", "kind"]),
            ("claims", "The model's claims by what their check did", ["outcome"]),
            ("budget_refused", "Questions to the model that a budget refused, by its scope", ["scope"]),
        ):
            counter = Counter(f"prhub_{name}", text, labels, registry=self.registry)
            object.__setattr__(self, name, counter)
        for name, full, text, label in (
            ("triggers", "prhub_triggers", "Stored triggers by their state", "state"),
            (
                "queue_age",
                "prhub_queue_age_seconds",
                "Age of the oldest trigger that was due, by its state",
                "state",
            ),
            (
                "budget_tokens",
                "prhub_budget_tokens",
                "Tokens of the fullest budget of each scope now",
                "scope",
            ),
        ):
            object.__setattr__(self, name, Gauge(full, text, [label], registry=self.registry))

    def hit(self, kind: str) -> None:
        """Count an answer that a limit was exceeded: primary, secondary, graphql or model."""
        self.limits_hit.labels(kind).inc()

    def refused(self, scope: Scope) -> None:
        """Count a question that a budget refused."""
        self.budget_refused.labels(scope.value).inc()

    def asked(self, task: str, model: str, outcome: str, usage: Usage, _seconds: float) -> None:
        """Count a question to the model; what was answered before costs nothing again."""
        self.model_calls.labels(task, model, outcome).inc()
        if outcome == "limited":
            self.hit("model")
        if outcome != "reused":
            self.model_tokens.labels(model, "in").inc(usage.tokens_in)
            self.model_tokens.labels(model, "out").inc(usage.tokens_out)
            self.model_tokens.labels(model, "cached").inc(usage.cache_read)


@dataclass(frozen=True)
class Services:
    """What the stages work with. ``app_id`` tells our own comments from others.

    ``model`` is ``None`` where none is asked; ``terms`` say how it is asked.
    """

    settings: Settings
    github: GitHub
    reports: Reports
    readings: Readings
    answers: Answers
    ledger: Ledger
    publications: Publications
    digests: Digests
    digest_issues: DigestIssues
    gists: Gists
    register: Register
    configs: Configs
    triggers: Triggers
    commands: Commands
    pull_choices: PullChoices
    feedback: Feedback
    backfills: Backfills
    roles: Roles
    installed: Installed
    meters: Meters
    model: Model | None
    terms: Terms
    app_id: int
    version: str
    traces: Traces = OFF

    @property
    def batches(self) -> Batches:
        """What was asked in batches, which is a part of backfills."""
        return self.backfills.batches

    @property
    def config_issues(self) -> ConfigIssues:
        """What repositories are told about their configuration files."""
        return ConfigIssues(self.triggers.store, self.installed.clock)


class _Holder:
    """The one place that knows the services: workflows are module functions and take only JSON."""

    current: Services | None = None


def provide(services: Services | None) -> None:
    """Hand the services to the workflows of this process (``None`` takes them back)."""
    _Holder.current = services


def provided() -> Services | None:
    """Give the services if they were provided."""
    return _Holder.current


def services() -> Services:
    """Give the services. Raises ``RuntimeError`` if a workflow runs before they are provided."""
    if _Holder.current is None:
        raise RuntimeError("the services were not provided before the engine was launched")
    return _Holder.current
