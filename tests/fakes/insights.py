"""What the deterministic rules say about given facts, in a few words for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.inference.report import build_report
from bot.model import Insight, Message, Risk
from tests.fakes.facts import pull_facts

if TYPE_CHECKING:
    from bot.model import PullFacts, PullReport, Reading, RiskKey

NOW = datetime(2026, 3, 25, 8, 0, tzinfo=UTC)


def report_on(facts: PullFacts, reading: Reading | None = None) -> PullReport:
    """The report of ``facts``: the deterministic one, or the one with what a model read."""
    return build_report(facts, now=NOW, version="0.0.0", reading=reading)


def risk(key: RiskKey, **changes: Any) -> Risk | None:
    """The risk ``key`` of a pull request with these facts, or nothing."""
    return next((found for found in report_on(pull_facts(**changes)).risks if found.key is key), None)


def severity(key: RiskKey, **changes: Any) -> str | None:
    """The severity of the risk ``key``, or nothing if there is no such risk."""
    found = risk(key, **changes)
    return found.severity.value if found else None


def said(item: Risk | Insight) -> Message:
    """The computed sentence of a risk or an effect; fails if it is a model's."""
    sentence = item.explanation if isinstance(item, Risk) else item.message
    assert isinstance(sentence, Message), sentence
    return sentence
