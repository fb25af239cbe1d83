"""What a step finds in the store of what the steps before it left there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.errors import Later
from bot.store import DigestKey
from bot.store.failures import in_words
from bot.workflows.services import services

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import PullReport, Trigger, WorkItem
    from bot.store.reports import FactsInFlight

log = structlog.get_logger("prhub.work")

AWAY_SECONDS = 1.0
# What the store raises while it is away, locked or full.
STORE_AWAY = (OperationalError, InterfaceError, NoConnection)


async def insisting(write: Callable[[], Awaitable[None]]) -> None:
    """Write to the store, and again for as long as it is away, locked or full.

    For the end of work: all is done but the note of it, and without that it would count as under way.
    """
    while True:
        try:
            await write()
        except STORE_AWAY as error:
            log.warning("the store is away", error=in_words(error))
            await asyncio.sleep(AWAY_SECONDS)
        else:
            return


async def drop_facts(trigger: Trigger) -> None:
    """Forget the facts that work was done on: those of a pull request, or of a digest's period."""
    if trigger.digest is not None:
        await services().digests.drop_facts(digest_key(trigger))
    else:
        await services().reports.drop_facts(trigger.repository_id, trigger.number)


def digest_key(trigger: Trigger) -> DigestKey:
    """Give the key of the digest that a trigger is about. Raises ``ValueError`` if it is about none."""
    if trigger.digest is None:
        raise ValueError("the trigger asks for no digest")
    return DigestKey(trigger.repository_id, trigger.digest.scope, trigger.digest.period.key)


async def facts_in_flight(item: WorkItem) -> FactsInFlight:
    """Give the facts, or raise ``Later``: other work on the same pull request ended and dropped them."""
    trigger = item.trigger
    flight = await services().reports.facts_of(trigger.repository_id, trigger.number)
    if flight is None:
        raise Later(1.0, "the facts were dropped by other work", counts=False)
    return flight


async def stored_report(item: WorkItem) -> PullReport:
    """Give the stored report, or raise ``Later`` if it is not there (any more)."""
    trigger = item.trigger
    stored = await services().reports.get(trigger.repository_id, trigger.number)
    if stored is None:
        raise Later(1.0, "the report is not in the store", counts=True)
    return stored.report
