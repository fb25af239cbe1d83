"""A report as it is stored and shown: built from facts and a reading, priced, and checked once more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.inference.report import build_report
from bot.workflows.checking import checked, style_of
from bot.workflows.costs import priced

if TYPE_CHECKING:
    from bot.inference.read import Read
    from bot.model import PullFacts
    from bot.settings import Settings
    from bot.workflows.checking import Checked


def make_report(facts: PullFacts, found: Read, settings: Settings, version: str) -> Checked:
    """Make a pull request's report; ``version`` is PRHub's. The largest take seconds: not on the loop."""
    report = build_report(
        facts,
        now=datetime.now(UTC),
        version=version,
        reading=found.reading,
        without_model=found.without,
    )
    return checked(priced(report, found.reading, settings.prices), facts, style_of(settings))
