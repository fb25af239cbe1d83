"""What an operator drops ends and what is retried is done, once; a job that always fails blocks nobody."""

from __future__ import annotations

import asyncio

import pytest

from bot.facts.pull import read_pull
from bot.store.jobs import JobQuery, Jobs
from bot.store.triggers import BY_OPERATOR, TriggerState
from bot.workflows import edge
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import send_merge, settled, until


def key_of(play, pull) -> str:
    """The key of a merge's job."""
    return f"report:{the_repository(play.state).id}:{pull.number}:{pull.merge_sha}"


def jobs_of(play) -> Jobs:
    """The jobs, as the command line has them."""
    return Jobs(play.running.services.triggers.store)


async def ended(play, count: int) -> None:
    """Wait until so many pieces of work have come to an end of any kind."""
    sample = play.running.services.meters.work.labels("report", "dropped")
    await until(lambda: sample._value.get() >= count)


async def test_a_job_dropped_under_way_ends_before_its_next_step(play):
    """Nothing is posted; retried, it is posted once."""
    fault = play.github.faults.add("delay_after", path="/graphql", times=1, seconds=0.7)
    pull = add_merge(play.state)
    assert await send_merge(play.github, REPOSITORY, pull) == 202
    await until(lambda: fault.fired == 1)
    await asyncio.sleep(0.3)
    assert await jobs_of(play).drop([key_of(play, pull)]) == 1
    await ended(play, 1)
    assert (play.comments(pull), await play.outcome(pull)) == ([], ("dropped", BY_OPERATOR))
    assert await play.running.services.reports.facts_of(the_repository(play.state).id, pull.number) is None
    await jobs_of(play).retry([key_of(play, pull)])
    await settled(play.running)
    assert (len(play.comments(pull)), await play.outcome(pull)) == (1, ("done", None))


async def test_a_job_dropped_after_a_lost_answer_and_retried_has_one_comment(play, hasty):
    """The post was done, and nobody knows: the later round looks before it posts."""
    play.github.faults.add("drop_after", path="/comments$", methods=("POST",), times=1)
    pull = add_merge(play.state)
    assert await send_merge(play.github, REPOSITORY, pull) == 202
    await until(lambda: len(play.comments(pull)) == 1)
    await jobs_of(play).drop([key_of(play, pull)])
    await ended(play, 1)
    await jobs_of(play).retry([key_of(play, pull)])
    await settled(play.running)
    assert (len(play.comments(pull)), await play.outcome(pull)) == (1, ("done", None))


async def test_a_job_retried_while_its_first_round_still_works_has_one_comment(play):
    """The first round ends at its next step, and does not note its own end over the second's."""
    fault = play.github.faults.add("delay_after", path="/graphql", times=1, seconds=4.0)
    pull = add_merge(play.state)
    assert await send_merge(play.github, REPOSITORY, pull) == 202
    await until(lambda: fault.fired == 1)
    await jobs_of(play).drop([key_of(play, pull)])
    await jobs_of(play).retry([key_of(play, pull)])
    await ended(play, 1)
    await settled(play.running)
    assert (len(play.comments(pull)), await play.outcome(pull)) == (1, ("done", None))


@pytest.fixture
def hasty(monkeypatch):
    """Three tries, without hours between them."""
    monkeypatch.setattr(edge, "BACKOFF", (0.05, 0.05))


@pytest.fixture
def poison(monkeypatch, hasty):
    """One pull request on which our code always fails."""
    numbers: set[int] = set()

    async def poisoned(reader, repository, repository_id, number, manner):
        if number in numbers:
            raise KeyError("poison")
        return await read_pull(reader, repository, repository_id, number, manner)

    monkeypatch.setattr("bot.workflows.stages.read_pull", poisoned)
    return numbers


async def test_a_poisoned_job_blocks_nobody_and_ends_dead_in_sight(play, poison):
    """Among others of the same installation; mended and retried, it is done like any other (R34)."""
    pulls = [add_merge(play.state, {f"engine/part_{n}.py": f"x = {n}\n"}) for n in range(6)]
    poison.add(pulls[0].number)
    await play.merge(*pulls)
    assert [len(play.comments(pull)) for pull in pulls] == [0, 1, 1, 1, 1, 1]
    (dead,) = await jobs_of(play).find(JobQuery())
    assert (dead.key, dead.state, dead.reason) == (key_of(play, pulls[0]), TriggerState.DEAD, "KeyError")
    poison.clear()
    assert await jobs_of(play).retry_dead() == 1
    await settled(play.running)
    assert [len(play.comments(pull)) for pull in pulls] == [1] * 6
    assert await jobs_of(play).find(JobQuery()) == []
