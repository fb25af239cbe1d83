"""Whether a digest that the schedule asked for is due still, by the repository's file as it stands now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import Later
from bot.facts.calendar import due, latest_complete, next_due
from bot.model import PeriodKind
from bot.model.repo_config import Source
from bot.settings.digesting import OFF
from bot.store import ORGANISATION
from bot.workflows.digest_places import path_of
from bot.workflows.edge import Ended
from bot.workflows.schedule import trigger_key
from bot.workflows.services import services
from bot.workflows.worded import chosen_for

if TYPE_CHECKING:
    from bot.model import DigestRequest, WorkItem
    from bot.model.repo_config import DigestChoice

# A long wait is spread like every other: it ends early, and is taken up again.
LONGEST_WAIT = 6 * 3600.0
_SHORT = 600.0
_OF_FILES = frozenset({Source.FILE, Source.EXTENDS})


async def require_due(item: WorkItem) -> None:
    """End, or put off, a scheduled digest that the repository's file does not want now.

    The schedule goes by the file as it was read last. Digests that somebody asked for, and those over several
    repositories, are always due.
    """
    request = item.trigger.digest
    if request is None or request.scope == ORGANISATION or not is_scheduled(item):
        return
    choices = await chosen_for(item)
    by_file = frozenset(key for key, source in choices.sources.items() if source in _OF_FILES)
    chosen = choices.digest
    reason = _why_not(chosen, request, by_file)
    if reason is not None:
        raise Ended(reason)
    if "digest.schedule" not in by_file:
        return
    now = datetime.fromtimestamp(services().installed.clock(), UTC)
    fired = due(chosen.schedule, now, chosen.time_zone)
    if latest_complete(PeriodKind(chosen.period), fired, chosen.time_zone).until >= request.period.until:
        return
    wait = (next_due(chosen.schedule, now, chosen.time_zone) - now).total_seconds()
    seconds = wait if wait < _SHORT else min(0.9 * wait, LONGEST_WAIT)
    raise Later(seconds, "digest.schedule of the repository's file has changed", counts=False)


def is_scheduled(item: WorkItem) -> bool:
    """Tell whether it was the schedule that asked for a digest, and no person."""
    trigger = item.trigger
    return trigger.digest is not None and trigger.key == trigger_key(trigger.repository_id, trigger.digest)


def _why_not(chosen: DigestChoice, request: DigestRequest, by_file: frozenset[str]) -> str | None:
    """Give what the file has against a digest; what only the operator has set was known before."""
    path = path_of(request.scope)
    if chosen.schedule == OFF and "digest.schedule" in by_file:
        return "the repository's file says digest.schedule: off"
    if chosen.period != request.period.kind and "digest.period" in by_file:
        return f"the repository's file says digest.period: {chosen.period}"
    if path is not None and path not in chosen.paths and "digest.paths" in by_file:
        return "the repository's file does not have the folder in digest.paths any more"
    return None
