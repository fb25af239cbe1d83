"""Upkeep: once an hour, what has had its time is forgotten."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog
from dbos import DBOS

from bot.store import ANSWER_SECONDS, Limits
from bot.store.processes import Processes
from bot.workflows.handover import DEATH_SECONDS

if TYPE_CHECKING:
    from bot.store import Inbox
    from bot.workflows.services import Services

log = structlog.get_logger("prhub.upkeep")

EVERY_SECONDS = 3600.0
# Ended workflows are kept as long as GitHub's deliveries can be sent again; their keys stay longer.
WORKFLOW_SECONDS = 7 * 86400.0
# Facts hold lines of the diff: what no work has finished with in a week is dropped (R122).
FACTS_SECONDS = 7 * 86400.0
TRIGGER_SECONDS = 30 * 86400.0
# The longest period of a budget is a month; that of a pull request that nobody touches is forgotten, too.
BUDGET_SECONDS = 100 * 86400.0
# No limit of GitHub's counts further back than an hour.
LIMIT_SECONDS = 86400.0
# A backfill that was stopped may be taken up again for as long as its batches' results are kept.
BACKFILL_SECONDS = 30 * 86400.0
BATCH = 500


async def upkeep(inbox: Inbox, services: Services) -> None:
    """Clean up every hour, for ever; an error is logged and the next round tries again."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await clean_up(inbox, services, time.time())
        except Exception:
            log.exception("upkeep failed")


async def clean_up(inbox: Inbox, services: Services, now: float) -> None:
    """Drop what is old: bodies and keys of deliveries, facts, answers, budgets, commands, and ended work."""
    await inbox.purge(now)
    await services.reports.drop_stale_facts(now - FACTS_SECONDS)
    await services.digests.drop_stale_facts(now - FACTS_SECONDS)
    await services.answers.purge(now - ANSWER_SECONDS)
    await services.ledger.purge(now - BUDGET_SECONDS)
    await services.backfills.purge(now - BACKFILL_SECONDS)
    await services.commands.purge(now - TRIGGER_SECONDS)
    await services.triggers.purge(now - TRIGGER_SECONDS)
    await services.installed.sweeps.purge(now - TRIGGER_SECONDS)
    await Limits(services.triggers.store).purge(now - LIMIT_SECONDS)
    await Processes(services.triggers.store).forget_deaths(DEATH_SECONDS)
    before = datetime.fromtimestamp(now - WORKFLOW_SECONDS, UTC).isoformat()
    while True:
        ended = await DBOS.list_workflows_async(
            completed_before=before, limit=BATCH, load_input=False, load_output=False
        )
        if ended:
            await DBOS.delete_workflows_async([workflow.workflow_id for workflow in ended])
        if len(ended) < BATCH:
            return
