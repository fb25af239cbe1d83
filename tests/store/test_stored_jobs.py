"""Jobs as an operator sees them: found, taken up anew and dropped; and what work then still may do."""

from __future__ import annotations

import pytest

from bot.store import Triggers, TriggerState
from bot.store.jobs import JobQuery, Jobs
from bot.store.triggers import BY_OPERATOR, TAKEN_UP_ANEW
from tests.fakes.inbox import trigger

KEYS = {state: f"report:2:{number}:x" for number, state in enumerate(TriggerState)}


@pytest.fixture
async def jobs(store):
    """One job in every state."""
    known = Triggers(store)
    for number, state in enumerate(TriggerState):
        await known.add(trigger(number).model_copy(update={"key": KEYS[state]}))
        await known.finish([KEYS[state]], state, f"because it is {state}")
    return Jobs(store)


async def states(jobs: Jobs) -> dict[str, TriggerState]:
    """The state of each, by the one it was made in."""
    found = await jobs.named(list(KEYS.values()))
    return {made.value: found[key].state for made, key in KEYS.items()}


async def test_what_is_done_or_dropped_is_not_looked_for(jobs):
    """The newest come last, next to the prompt, and are what a limit leaves."""
    found = await jobs.find(JobQuery())
    assert [job.state.value for job in found] == ["new", "started", "parked", "dead"]
    assert [job.state.value for job in await jobs.find(JobQuery(limit=2))] == ["parked", "dead"]


async def test_jobs_of_a_repository_are_found_by_its_name(jobs):
    """Without case, as GitHub compares them; signs that SQL knows mean themselves."""
    name = trigger(0).repository
    assert len(await jobs.find(JobQuery(repository=name.upper()))) == 4
    assert await jobs.find(JobQuery(repository=name.replace("-", "_"))) == []
    assert await jobs.find(JobQuery(repository=f"{name[:-1]}%")) == []


async def test_retrying_begins_another_round_of_what_has_ended_undone(jobs):
    """What is done, waits or is under way stays as it is."""
    assert await jobs.retry(list(KEYS.values())) == 3
    assert await states(jobs) == {
        "new": "new",
        "started": "started",
        "parked": "new",
        "done": "done",
        "dropped": "new",
        "dead": "new",
    }
    retried = (await jobs.named([KEYS[TriggerState.DEAD]]))[KEYS[TriggerState.DEAD]]
    assert (retried.round, retried.reason) == (1, None)


async def test_all_dead_is_only_what_is_dead(jobs):
    """After an outage that was longer than the six hours of tries."""
    assert await jobs.retry_dead() == 1
    assert (await states(jobs))["dropped"] == "dropped"


async def test_dropping_ends_all_but_what_is_done(jobs):
    """And says by whom; dropping it twice is not another event."""
    assert await jobs.drop(list(KEYS.values())) == 4
    found = await jobs.named(list(KEYS.values()))
    assert {job.reason for job in found.values() if job.state is TriggerState.DROPPED} == {
        BY_OPERATOR,
        "because it is dropped",
    }
    assert found[KEYS[TriggerState.DONE]].state is TriggerState.DONE


async def test_a_drained_trigger_that_was_dropped_meanwhile_stays_dropped(jobs, store):
    """The drain had read it as new."""
    key = KEYS[TriggerState.NEW]
    await jobs.drop([key])
    await Triggers(store).mark_started([key])
    assert (await states(jobs))["new"] == "dropped"


async def test_work_learns_that_it_is_not_wanted_any_more(jobs, store):
    """Dropped by hand; or a later round is at it, and then its own end must not be noted."""
    known, key = Triggers(store), KEYS[TriggerState.STARTED]
    first = (await jobs.named([key]))[key].trigger
    assert first is not None
    assert await known.overtaken(first) is None
    await jobs.drop([key])
    assert await known.overtaken(first) == BY_OPERATOR
    await known.close(first, TriggerState.DONE, None)
    assert (await states(jobs))["started"] == "dropped"
    await jobs.retry([key])
    assert await known.overtaken(first) == TAKEN_UP_ANEW
    await known.close(first, TriggerState.DEAD, "too late")
    assert (await states(jobs))["started"] == "new"


async def test_asking_again_starts_what_is_unknown_or_ended_and_leaves_the_rest(jobs):
    """As a redelivery would, if GitHub's deliveries were not known already."""
    unknown = trigger(99)
    assert await jobs.ask(unknown, "guid") is None
    assert (await jobs.named([unknown.key]))[unknown.key].guid == "guid"
    for state in TriggerState:
        assert await jobs.ask(trigger(0).model_copy(update={"key": KEYS[state]}), "guid") is state
    found = await states(jobs)
    assert {made: state.value for made, state in found.items()} == dict.fromkeys(found, "new") | {
        "started": "started"
    }


async def test_the_age_of_the_queue_is_that_of_its_oldest_job(jobs, store):
    """From when it was due: what is put off on purpose is not late."""
    due = (await jobs.named([KEYS[TriggerState.NEW]]))[KEYS[TriggerState.NEW]].due_at
    ages = await Triggers(store).ages(due + 90.0)
    assert (round(ages["new"]), round(ages["started"])) == (90, 90)
    assert await Triggers(store).ages(due - 90.0) == {"new": 0.0, "started": 0.0}
