"""The workflow's edge: where every error becomes a retry, a clean end, or a dead end with a reason."""

from __future__ import annotations

import random
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog
from dbos import DBOS

from bot import failpoint
from bot.errors import Forbidden, Gone, Later, NotMerged, Parked, Unauthorized
from bot.logged import about
from bot.store import NOT_MERGED, TriggerState
from bot.workflows.lifecycle import explained
from bot.workflows.services import services

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import WorkItem

log = structlog.get_logger("prhub.work")

# The step that ends the work; it comes also when no other step is wanted any more.
CLOSE = "close"
# Eight tries over about six hours, each wait shortened by up to half so that tries spread (R34).
BACKOFF = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0, 7200.0)
# GitHub may show a merge late; after that the pull request is taken at its word (R22).
NOT_MERGED_WAITS = (5.0, 30.0, 300.0)
# An operator has to act; meanwhile the work is tried again like in an outage.
REFUSED = "GitHub refuses our credentials"
REFUSED_ADVICE = "prhub doctor tells whether the key was revoked, is another app's, or the clock is wrong"


class Flow(StrEnum):
    """How a step left the flow: on to the next one, out to a later attempt, or to an end."""

    ON = "on"
    LATER = "later"
    END = "end"


class Ended(Exception):
    """The workflow is over before its last step; ``reason`` says why."""

    def __init__(self, reason: str, state: TriggerState = TriggerState.DROPPED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.state = state


async def step(name: str, function: Callable[[WorkItem], Awaitable[Any]], item: WorkItem) -> Any:
    """Run one step, checkpointed: a value that JSON can hold, or how it left the flow.

    Raises ``Later`` or ``Ended`` from the recorded outcome, so that a recovered workflow takes the
    same way: the engine itself records only JSON, and would bring back another exception.
    """
    outcome = await DBOS.run_step_async({"name": name}, _guarded, name, function, item)
    if outcome["flow"] == Flow.LATER:
        raise Later(outcome["seconds"], outcome["reason"], counts=outcome["counts"])
    if outcome["flow"] == Flow.END:
        raise Ended(outcome["reason"], TriggerState(outcome["state"]))
    return outcome["value"]


async def _guarded(
    name: str, function: Callable[[WorkItem], Awaitable[Any]], item: WorkItem
) -> dict[str, Any]:
    failpoint.reached(f"before_{name}")
    with services().traces.span(name) as span:
        try:
            if name != CLOSE:
                await _still_wanted(item)
            value = await function(item)
            failpoint.reached(f"after_{name}")
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes an outcome here
            outcome = outcome_of(item, name, await _meaning(item, error))
            services().meters.work.labels(item.trigger.kind.value, outcome["flow"]).inc()
            span.set(**{"prhub.flow": outcome["flow"]})
            if outcome["flow"] == Flow.LATER:
                span.failed(type(error).__name__)
            return outcome
    return {"flow": Flow.ON.value, "value": value}


async def _meaning(item: WorkItem, error: Exception) -> Exception:
    """Give what an error means; where the store is away, that is what went wrong."""
    try:
        return await explained(item.trigger, error)
    except Exception as another:  # noqa: BLE001 - nothing may leave the edge but an outcome
        return another


async def _still_wanted(item: WorkItem) -> None:
    """End work that an operator dropped, or that a later round does: nothing of it is written then."""
    reason = await services().triggers.overtaken(item.trigger)
    if reason is not None:
        raise Ended(reason)


def outcome_of(item: WorkItem, name: str, error: Exception) -> dict[str, Any]:
    """Tell, as JSON, how an error in step ``name`` leaves the flow."""
    if isinstance(error, Ended):
        return _end(error.reason, error.state)
    if isinstance(error, Parked):
        return _end(str(error), TriggerState.PARKED)
    if isinstance(error, NotMerged):
        return _not_merged(item, error)
    if isinstance(error, (Gone, Forbidden)):
        return _end(str(error), TriggerState.DONE)
    if isinstance(error, Unauthorized):
        log.error(REFUSED, step=name, reason=str(error), advice=REFUSED_ADVICE, **about(item))
        error = Later(BACKOFF[0], f"{REFUSED}: prhub doctor tells why")
    if isinstance(error, Later):
        return _later(error.seconds, error.reason, counts=error.counts)
    # Ours: logged in full with the delivery, and tried again like an outage until it is dead.
    log.error("step failed", step=name, exc_info=error, **about(item))
    return _later(BACKOFF[0], type(error).__name__, counts=True)


def _later(seconds: float, reason: str, *, counts: bool) -> dict[str, Any]:
    return {"flow": Flow.LATER.value, "seconds": seconds, "reason": reason, "counts": counts}


def _end(reason: str, state: TriggerState) -> dict[str, Any]:
    return {"flow": Flow.END.value, "reason": reason, "state": state.value}


def _not_merged(item: WorkItem, error: NotMerged) -> dict[str, Any]:
    if item.failures < len(NOT_MERGED_WAITS):
        return _later(NOT_MERGED_WAITS[item.failures], str(error), counts=True)
    return _end(NOT_MERGED, TriggerState.DROPPED)


def successor(item: WorkItem, error: Later) -> tuple[WorkItem, float] | None:
    """Give the next attempt and the seconds until it, or ``None`` when the work is dead."""
    failures = item.failures + (1 if error.counts else 0)
    if failures > len(BACKOFF):
        return None
    wait = error.seconds
    if error.counts:
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads tries, guards nothing
        wait = max(wait, BACKOFF[failures - 1] * jitter)
    elif wait > 1.0:
        wait *= random.uniform(1.0, 1.1)  # noqa: S311 - spreads tries, guards nothing
    update = {"attempt": item.attempt + 1, "failures": failures}
    return item.model_copy(update=update), wait
