"""Handing work on: whatever was in hand goes to another, and what ends every process ends itself."""

from __future__ import annotations

from bot.store.processes import Processes
from bot.workflows.handover import MOST_DEATHS, Handover
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import send_merge, settled, until


async def in_hand(play):
    """A merge whose work has begun and takes a while, and its key."""
    fault = play.github.faults.add("delay_before", path="/graphql", times=1, seconds=1.0)
    pull = add_merge(play.state)
    assert await send_merge(play.github, REPOSITORY, pull) == 202
    await until(lambda: fault.fired == 1)
    return pull, f"report:{the_repository(play.state).id}:{pull.number}:{pull.merge_sha}"


async def test_work_handed_on_while_its_process_lives_is_done_once(play):
    """A process may be taken for dead that is not: the engine's owner and the publish row decide."""
    pull, _ = await in_hand(play)
    triggers = play.running.services.triggers
    handover = Handover(Processes(triggers.store), triggers)
    (executor,) = await handover.executors()
    assert await handover.hand_on(executor)
    assert not await handover.hand_on(executor)
    await settled(play.running)
    assert (len(play.comments(pull)), await play.outcome(pull)) == (1, ("done", None))


async def test_work_that_ended_every_process_is_given_up_with_its_reason(play):
    """Else it would end the next one too, for ever (R34)."""
    pull, key = await in_hand(play)
    triggers = play.running.services.triggers
    processes = Processes(triggers.store)
    for _ in range(MOST_DEATHS):
        await processes.count_death(key)
    handover = Handover(processes, triggers)
    (executor,) = await handover.executors()
    assert await handover.hand_on(executor)
    assert await play.outcome(pull) == ("dead", "25 processes ended in the middle of it")
    assert await handover.executors() == set()
    await play.merge(add_merge(play.state, {"engine/load.py": "x = 1\n"}))
