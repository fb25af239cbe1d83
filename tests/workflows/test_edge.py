"""The workflow's edge: what is tried again, when, and for how long."""

from __future__ import annotations

import pytest

from bot.errors import Forbidden, Gone, Later, NotMerged, NotSent, RateLimited
from bot.model import Trigger, TriggerKind, WorkItem
from bot.workflows.edge import BACKOFF, NOT_MERGED_WAITS, outcome_of, successor


def next_attempt(work: WorkItem, error: Later) -> tuple[WorkItem, float]:
    """The successor, which must be there."""
    found = successor(work, error)
    assert found is not None
    return found


def item(**changes) -> WorkItem:
    """Work on one pull request."""
    trigger = Trigger(
        kind=TriggerKind.REPORT,
        key="report:5:7:abc",
        installation_id=3,
        repository_id=5,
        repository="octo-org/engine",
        number=7,
    )
    return WorkItem(trigger=trigger, guid="g", **changes)


def test_a_successor_has_its_own_id():
    """The engine would take the same id for the same work."""
    following, _ = next_attempt(item(), Later(5.0, "down"))
    assert (following.workflow_id, following.failures) == ("report:5:7:abc:1", 1)


def test_failures_wait_longer_each_time_and_end_after_eight():
    """Eight tries over about six hours, then the work is dead with its reason."""
    work, waits = item(), []
    while (found := successor(work, Later(1.0, "down"))) is not None:
        work, wait = found
        waits.append(wait)
    assert len(waits) == len(BACKOFF) == 8
    assert all(longest / 2 <= wait <= longest for wait, longest in zip(waits, BACKOFF, strict=True))
    assert 3 * 3600 < sum(waits) < 7 * 3600


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(NotSent(120.0, "our own limit"), id="a limit kept by ourselves"),
        pytest.param(RateLimited(120.0, "slow down"), id="a limit GitHub named"),
        pytest.param(Later(120.0, "the quarantine", counts=False), id="a wait of the comment protocol"),
    ],
)
def test_waiting_is_no_failure(error):
    """A busy day must not kill work; the wait is kept, and spread a little."""
    work = item(attempt=500, failures=3)
    following, wait = next_attempt(work, error)
    assert (following.attempt, following.failures) == (501, 3)
    assert 120.0 <= wait <= 132.0


@pytest.mark.parametrize(
    ("error", "flow", "words"),
    [
        pytest.param(Gone("no such pull request"), "end", "no such", id="what is gone ends the work"),
        pytest.param(Forbidden("suspended"), "end", "suspended", id="what is refused for good ends the work"),
        pytest.param(Later(7.0, "down"), "later", "down", id="an outage is waited out"),
        pytest.param(KeyError("x"), "later", "KeyError", id="a fault of ours is tried again"),
    ],
)
def test_how_an_error_leaves_the_flow(error, flow, words):
    """Each way is recorded as JSON, for the engine to take again after a crash."""
    outcome = outcome_of(item(), "step", error)
    assert outcome["flow"] == flow
    assert words in outcome["reason"]


def test_a_merge_that_github_does_not_show_yet_is_asked_for_three_times_more():
    """After 5 s, 30 s and 5 min; then GitHub is believed."""
    outcomes = [outcome_of(item(failures=n), "facts", NotMerged("not yet")) for n in range(4)]
    assert [outcome.get("seconds") for outcome in outcomes] == [*NOT_MERGED_WAITS, None]
    assert outcomes[-1]["flow"] == "end"
