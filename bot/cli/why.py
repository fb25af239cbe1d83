"""``prhub jobs why``: what is known of one job, in words, and what to do next."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cli.jobs_shown import pull_of
from bot.cli.replay import asked_for, found_delivery
from bot.cli.stored import age, moment, printable, with_store
from bot.errors import UserError
from bot.publishing.comment import KIND
from bot.store import Publications, Reports
from bot.store.jobs import Jobs
from bot.store.received import Received
from bot.store.triggers import TriggerState
from bot.workflows.attempts import attempts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings
    from bot.store import Publication, Store
    from bot.store.jobs import Job
    from bot.store.received import ReceivedDelivery
    from bot.workflows.attempts import Attempt

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A server that lives takes a job within seconds of its time.
LATE_SECONDS = 60.0


@dataclass(frozen=True)
class _Known:
    """All that the store holds about one job."""

    job: Job
    delivery: ReceivedDelivery | None
    comment: Publication | None
    revision: int | None


def why(settings: Settings, name: str) -> str:
    """Tell about a job by its key, or by the GUID of its delivery. Raises ``UserError`` if there is none."""
    known = with_store(settings, lambda store: _known(store, settings, name), read_only=True)
    attempts = attempts_of(settings.sync_database_url, [one.job.key for one in known])
    told = ("\n".join(_lines(one, attempts.get(one.job.key, ()), time.time())) for one in known)
    return "\n\n".join(told) + "\n"


async def _known(store: Store, settings: Settings, name: str) -> list[_Known]:
    jobs = Jobs(store)
    found = list((await jobs.named([name])).values())
    if not found and _GUID.fullmatch(name):
        found = await jobs.of_delivery(name.lower())
        if not found:
            # Other deliveries asked for the same before: it has the first one's GUID.
            trigger = asked_for(await found_delivery(store, settings, name), settings)
            if trigger is None:
                raise UserError(f"The delivery {name} asked for nothing: there is no job.")
            found = list((await jobs.named([trigger.key])).values())
    if not found:
        raise UserError(
            f"No job has the key or the delivery {printable(name)[:255]}: prhub jobs list shows the keys "
            "(--state done for those that are done), and GitHub the deliveries, on the app's page."
        )
    return [await _about(store, settings, job) for job in found]


async def _about(store: Store, settings: Settings, job: Job) -> _Known:
    delivery = None if job.guid is None else await Received(store).get(job.guid, settings.app_id)
    comment = await Publications(store).get(job.repository_id, job.number, KIND) if job.number else None
    report = await Reports(store).get(job.repository_id, job.number) if job.number else None
    return _Known(job, delivery, comment, None if report is None else report.revision)


def _lines(known: _Known, attempts: Sequence[Attempt], now: float) -> Iterator[str]:
    job = known.job
    yield f"{job.kind} {pull_of(job)}".rstrip() + f": {job.state.value}, {age(job.updated_at, now)} ago"
    yield _row("key", job.key)
    if job.reason:
        yield _row("reason", printable(job.reason))
    yield _row("stored", f"{moment(job.created_at)}, due {moment(job.due_at)}")
    yield _row("asked by", _asked(known))
    if job.round:
        yield _row("round", f"{job.round}: it was taken up anew so often")
    for attempt in attempts:
        yield _row(f"attempt {attempt.number + 1}", _attempt(attempt, job, now))
    if not attempts:
        yield _row("attempts", "none that the engine knows of (ended ones are kept for 7 days)")
    yield from _result(known)
    yield _row("next", _next(job, attempts, now))


def _row(name: str, text: str) -> str:
    return f"  {name:<11}{text}"


def _asked(known: _Known) -> str:
    guid, delivery = known.job.guid, known.delivery
    if guid is None:
        return "PRHub itself (a scan, or work on another pull request)"
    if delivery is None:
        return f"the delivery {guid}, which is forgotten (after 30 days)"
    kept = "kept" if delivery.body is not None else "gone (after 7 days)"
    return (
        f"the delivery {guid}: {delivery.name}, received {moment(delivery.received_at)}, its body is {kept}"
    )


def _attempt(attempt: Attempt, job: Job, now: float) -> str:
    before = f"(round {attempt.round}) " if attempt.round != job.round else ""
    if attempt.state == "DELAYED" and attempt.starts_at is not None:
        left = max(attempt.starts_at - now, 0.0)
        return f"{before}waits until {moment(attempt.starts_at)}, {left:.0f} s from now"
    if attempt.state == "ENQUEUED":
        return f"{before}waits for a free worker"
    if attempt.state == "PENDING":
        since = "" if attempt.begun_at is None else f" for {age(attempt.begun_at, now)}"
        return f"{before}runs{since} in {attempt.process}"
    when = "" if attempt.ended_at is None else f"{moment(attempt.ended_at)}: "
    return before + when + printable(attempt.said or attempt.state.lower())


def _result(known: _Known) -> Iterator[str]:
    if known.job.number:
        stored = "none is stored" if known.revision is None else f"stored, revision {known.revision}"
        yield _row("report", stored)
    row = known.comment
    if row is not None:
        text = row.state.value if row.comment_id is None else f"{row.state.value}, comment {row.comment_id}"
        yield _row("comment", f"{text}: {printable(row.reason)}" if row.reason else text)


def _next(job: Job, attempts: Sequence[Attempt], now: float) -> str:
    given_up = bool(attempts) and all(one.state == "ERROR" for one in attempts)
    if job.state is TriggerState.NEW and job.due_at + LATE_SECONDS < now:
        return "no server has taken it: look whether prhub serve runs, and at its /readyz"
    if job.state is TriggerState.STARTED and given_up:
        return f"the engine gave it up: prhub jobs drop {job.key}, then prhub jobs retry {job.key}"
    text = _NEXT[job.state].format(key=job.key)
    again = f" (prhub report {pull_of(job)} --publish makes it anew)"
    return text + (again if job.state is TriggerState.DONE and job.number else "")


_NEXT = {
    TriggerState.NEW: "nothing: a running server takes it up by itself",
    TriggerState.STARTED: "nothing: it goes on by itself; prhub jobs drop {key} ends it before its next step",
    TriggerState.DEAD: "mend what the reason says, then prhub jobs retry {key}; or prhub jobs drop {key}",
    TriggerState.PARKED: "nothing: it is taken up when the app works there again, within a week; "
    "at once with prhub jobs retry {key}",
    TriggerState.DROPPED: "nothing; prhub jobs retry {key} takes it up anew",
    TriggerState.DONE: "nothing: it is done",
}
