"""What the deterministic rules say about given facts, in a few words for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.inference.report import build_report
from tests.fakes.facts import pull_facts

if TYPE_CHECKING:
    from bot.model import PullFacts, PullReport, Risk, RiskKey

NOW = datetime(2026, 3, 25, 8, 0, tzinfo=UTC)


def report_on(facts: PullFacts) -> PullReport:
    """The deterministic report of ``facts``."""
    return build_report(facts, now=NOW, version="0.0.0")


def risk(key: RiskKey, **changes: Any) -> Risk | None:
    """The risk ``key`` of a pull request with these facts, or nothing."""
    return next((found for found in report_on(pull_facts(**changes)).risks if found.key is key), None)


def severity(key: RiskKey, **changes: Any) -> str | None:
    """The severity of the risk ``key``, or nothing if there is no such risk."""
    found = risk(key, **changes)
    return found.severity.value if found else None
