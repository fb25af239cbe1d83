"""Weeks of a repository: merges at the times a test names, and the digests that come of them."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.facts.calendar import period_of, week
from bot.marker import digest_of
from bot.model import DigestRequest, PeriodKind, Trigger, TriggerKind, WorkItem
from bot.workflows.queue import enqueue
from bot.workflows.schedule import trigger_key
from sandbox.build import add_user
from sandbox.discussion import Pull
from tests.fakes.github import the_repository
from tests.fakes.process import settled

if TYPE_CHECKING:
    from sandbox.discussion import Issue
    from sandbox.state import Repository, State
    from tests.fakes.process import Play

_IDS = itertools.count(70_000)


def merged_at(state: State, repository: Repository, moment: datetime, user: str = "octo-dev") -> Pull:
    """A pull request merged at a moment, no more than a row of GitHub's list."""
    tip = repository.branches.get("main", "")
    number = repository.next_number()
    pull = Pull(
        id=next(_IDS),
        number=number,
        title=f"Change {number}",
        body=None,
        user=add_user(state, user),
        created_at=moment - timedelta(hours=5),
        updated_at=moment,
        closed_at=moment,
        base_sha=tip,
        head_sha=tip,
        head_ref="main",
        merged_at=moment,
        merged_by=add_user(state, "octo-lead"),
        merge_sha=tip,
    )
    repository.issues[number] = pull
    return pull


def day(key: str, number: int = 1, hour: int = 12) -> datetime:
    """A moment in an ISO week: day 1 is Monday."""
    return week(key, "UTC").since + timedelta(days=number - 1, hours=hour)


def digest_trigger(
    state: State, key: str, scope: str = "", *, repository: Repository | None = None, again: str = ""
) -> Trigger:
    """What the schedule asks for; ``again`` makes it another piece of work."""
    repository = repository or the_repository(state)
    (installation,) = [one for one in state.installations.values() if repository.id in one.repositories]
    request = DigestRequest(period=week(key, "UTC"), scope=scope)
    return Trigger(
        kind=TriggerKind.DIGEST,
        key=trigger_key(repository.id, request) + again,
        installation_id=installation.id,
        repository_id=repository.id,
        repository=repository.full_name,
        number=0,
        digest=request,
    )


def silent(trigger: Trigger) -> Trigger:
    """The same without an issue."""
    assert trigger.digest is not None
    return trigger.model_copy(update={"digest": trigger.digest.model_copy(update={"publish": False})})


def digest_issues(repository: Repository, app_id: int) -> list[tuple[str, Issue]]:
    """The app's digests among a repository's issues, with the key of the period that each marker names."""
    found = [
        (marked[2], issue)
        for issue in repository.issues.values()
        if issue.app_id == app_id and (marked := digest_of(issue.body or "")) is not None
    ]
    return sorted(found, key=lambda item: item[1].number)


async def ask_for(play: Play, *triggers: Trigger) -> None:
    """Store triggers as the schedule does, and wait until nothing is left to do."""
    for trigger in triggers:
        await start(play, trigger)
    await settled(play.running)


async def start(play: Play, trigger: Trigger) -> None:
    """Store a trigger, and have it taken at once: the drain would take it within two seconds."""
    await play.running.services.triggers.add(trigger)
    await enqueue(WorkItem(trigger=trigger, requested_at=time.time()))


def now() -> datetime:
    """The present second."""
    return datetime.now(UTC).replace(microsecond=0)


def this_week() -> str:
    """The key of the week that is now."""
    return period_of(now(), PeriodKind.WEEK, "UTC").key
