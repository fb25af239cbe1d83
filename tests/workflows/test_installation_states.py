"""What becomes of installations and repositories: each a clean end, and the data where it belongs."""

from __future__ import annotations

import time

import pytest

from bot.errors import NoAccess
from bot.model import Standing
from bot.store import TriggerState
from sandbox.build import add_installation, add_repository, suspend
from sandbox.lifecycle import uninstall
from sandbox.payloads import installation_payload
from tests.fakes.github import the_repository
from tests.fakes.inbox import trigger
from tests.fakes.sweeping import DAY, HOUR
from tests.fakes.tenants import fill_tenant, rows_of_installation

MINT = "POST /app/installations/{installation_id}/access_tokens"
WHOSE = "GET /repos/{owner}/{repo}/installation"
INSTALLATION = 4242


async def test_a_suspended_installation_is_asked_for_one_token_and_no_more(known):
    """1,000 pieces of work in a day: one token attempt found out, and nothing is asked until it is over."""
    suspend(known.github.state, INSTALLATION)
    for _ in range(1000):
        with pytest.raises(NoAccess):
            await known.reading().getitem("/repos/octo-org/engine")
        known.clock.now += 80
    assert known.github.log.lines() == {MINT: 1}


async def test_a_suspension_during_work_is_noticed_with_a_token_in_hand(known):
    """The token still looks good; GitHub answers 403."""
    reading = known.reading()
    await reading.getitem("/repos/octo-org/engine")
    suspend(known.github.state, INSTALLATION)
    known.github.log.clear()
    for _ in range(3):
        with pytest.raises(NoAccess):
            await reading.getitem("/repos/octo-org/engine")
    assert len(known.github.log.records) == 1
    assert await known.parts.installations.standing(INSTALLATION) is Standing.SUSPENDED


async def test_an_uninstalled_app_is_missing_at_first_and_gone_after_22_hours(known):
    """A token request answered 404: nothing is asked again but the hourly list, and it may come back."""
    state = known.github.state
    kept = state.installations.pop(INSTALLATION)
    with pytest.raises(NoAccess):
        await known.reading().getitem("/repos/octo-org/engine")
    assert await known.parts.installations.standing(INSTALLATION) is Standing.MISSING
    state.installations[INSTALLATION] = kept
    known.clock.now += HOUR
    await known.keeper().reconcile()
    assert await known.parts.installations.standing(INSTALLATION) is Standing.ACTIVE
    uninstall(state, kept)
    for _ in range(24):
        known.clock.now += HOUR
        await known.keeper().reconcile()
    assert await known.parts.installations.standing(INSTALLATION) is Standing.GONE


async def test_suspend_and_unsuspend_events_park_and_resume(known):
    """Parked work begins another round; twice told is once done."""
    state = known.github.state
    suspend(state, INSTALLATION)
    suspended = installation_payload(state, state.installations[INSTALLATION], "suspend")
    await known.tell("installation", suspended)
    assert await known.parts.installations.standing(INSTALLATION) is Standing.SUSPENDED
    work = trigger(1, installation_id=INSTALLATION)
    await known.triggers.add(work)
    await known.triggers.finish([work.key], TriggerState.PARKED, "suspended")
    assert await known.parts.parking.release() == 0
    known.clock.now += DAY
    suspend(state, INSTALLATION, suspended=False)
    resumed = installation_payload(state, state.installations[INSTALLATION], "unsuspend")
    for _ in range(2):
        await known.tell("installation", resumed)
    (stored,) = await known.triggers.new(10)
    assert (stored.trigger.key, stored.trigger.round) == (work.key, 1)
    await known.tell("installation", suspended)
    assert await known.parts.installations.standing(INSTALLATION) is Standing.ACTIVE, "an old event again"


async def test_a_lost_unsuspend_is_noticed_within_the_hour(known):
    """By the list of installations, not by trying for a token."""
    suspend(known.github.state, INSTALLATION)
    await known.keeper().reconcile()
    assert await known.parts.installations.standing(INSTALLATION) is Standing.SUSPENDED
    work = trigger(1, installation_id=INSTALLATION)
    await known.triggers.add(work)
    await known.triggers.finish([work.key], TriggerState.PARKED, "suspended")
    suspend(known.github.state, INSTALLATION, suspended=False)
    known.clock.now += HOUR + 1
    await known.keeper().run_once()
    assert [stored.trigger.key for stored in await known.triggers.new(10)] == [work.key]


async def test_parked_work_is_dropped_after_a_week(known):
    """With a reason that a person can read."""
    work = trigger(1, installation_id=INSTALLATION)
    await known.triggers.add(work)
    await known.triggers.finish([work.key], TriggerState.PARKED, "suspended")
    known.clock.now = time.time() + 8 * DAY
    assert await known.parts.parking.give_up() == 1
    state, reason = await known.triggers.outcome(work.key)
    assert (state, "week" in reason) == (TriggerState.DROPPED, True)


async def test_an_uninstalled_tenants_data_is_deleted_and_the_other_tenants_stays(known):
    """Row for row; what is left is one row that says that it is over."""
    state = known.github.state
    other = add_installation(state, "octo-two")
    theirs = add_repository(state, "octo-two/tool", other)
    await known.keeper().reconcile()
    ours = the_repository(state)
    await fill_tenant(known.store, known.app_id, INSTALLATION, ours.id)
    await fill_tenant(known.store, known.app_id, other.id, theirs.id)
    before = await rows_of_installation(known.store, other.id, theirs.id)
    installation = state.installations[INSTALLATION]
    uninstall(state, installation)
    await known.tell("installation", installation_payload(state, installation, "deleted"))
    for _ in range(2):
        await known.keeper().forget()
    left = await rows_of_installation(known.store, INSTALLATION, ours.id)
    assert left == {"installations": 1}
    assert await rows_of_installation(known.store, other.id, theirs.id) == before
    assert known.forgotten == [ours.id, ours.id][: len(known.forgotten)]


async def test_a_deleted_installation_does_not_come_back_to_life(known):
    """Its ``created`` is delivered once more, days later."""
    state = known.github.state
    installation = state.installations[INSTALLATION]
    created = installation_payload(state, installation, "created")
    uninstall(state, installation)
    await known.tell("installation", installation_payload(state, installation, "deleted"))
    await known.tell("installation", created)
    assert await known.parts.installations.standing(INSTALLATION) is Standing.GONE


async def test_a_list_that_is_cut_in_the_middle_changes_nothing(known):
    """A page that is no list raises, and nobody is declared missing."""
    known.github.faults.add("html", path="^/app/installations$", status=200, probability=1.0)
    known.clock.now += HOUR
    with pytest.raises(Exception, match="JSON"):
        await known.keeper().reconcile()
    assert await known.parts.installations.standing(INSTALLATION) is Standing.ACTIVE


async def test_github_being_down_does_not_stop_the_rest_and_is_asked_again_soon(known):
    """Data of those who left is deleted all the same, and the lists are read a minute later."""
    await known.parts.sweeps.set_mark("installations", 0.0)
    known.github.faults.add("error", path="^/app/installations$", status=503, times=3)
    await known.keeper().run_once()
    assert await known.parts.sweeps.mark("forget") == known.clock.now
    known.clock.now += 61
    known.github.log.clear()
    await known.keeper().run_once()
    assert known.github.log.count("GET /app/installations") == 1
