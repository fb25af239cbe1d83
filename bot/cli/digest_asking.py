"""Asking the model for the digest of a command line: about each pull request of it, and about the period."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.cli.insight import ask_about, asked
from bot.inference.digest.read import read_digest
from bot.llm import Asker
from bot.model import DigestReading, WithoutModel
from bot.wiring import package_version
from bot.workflows.making import make_report
from bot.workflows.reading import terms_of

if TYPE_CHECKING:
    from bot.inference.asking import Ask
    from bot.model import PeriodFacts, PullFacts, PullReport, RegisterView
    from bot.settings import Settings


def ask_about_pull(facts: PullFacts, settings: Settings) -> PullReport:
    """Make the report of a pull request, with the model's part where there is one. Raises ``UserError``."""
    found = ask_about(facts, settings)
    return make_report(facts, found, settings, package_version()).report


def ask_about_period(facts: PeriodFacts, view: RegisterView, settings: Settings) -> DigestReading:
    """Give what the model says of a period; ``without`` says why it says nothing. Raises ``UserError``."""
    terms = terms_of(settings)
    if any(one.private for one in facts.repositories) and settings.private_repositories == "facts":
        return DigestReading(language=terms.language, without=WithoutModel.PRIVATE)

    async def reading(ask: Ask, repairing: bool) -> DigestReading:  # noqa: FBT001 - one of two ways to read
        return await read_digest(
            facts, view, terms, ask, repairing=repairing, threshold=settings.digest_threshold
        )

    def without(why: WithoutModel) -> DigestReading:
        return DigestReading(language=terms.language, without=why)

    return asyncio.run(asked(settings, Asker(0, facts.repositories[0].id, 0), reading, without))
