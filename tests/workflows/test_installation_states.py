"""What becomes of installations and repositories: each a clean end, and the data where it belongs."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from bot.errors import NoAccess
from bot.github import READ
from bot.model import ChangeKind, KnownRepository, LifecycleChange, Standing
from bot.store import TriggerState
from bot.store.tables import metadata
from sandbox.build import add_installation, add_repository, suspend
from sandbox.lifecycle import delete_repository, repositories_payload, transfer, uninstall
from sandbox.payloads import installation_payload, repository_payload
from tests.fakes.github import the_repository
from tests.fakes.inbox import trigger
from tests.fakes.sweeping import DAY, HOUR, merged
from tests.fakes.tenants import fill_tenant, rows_of_installation, rows_of_repository

MINT = "POST /app/installations/{installation_id}/access_tokens"
WHOSE = "GET /repos/{owner}/{repo}/installation"
INSTALLATION = 4242


@pytest.fixture
async def known(rig):
    """The rig, after PRHub was installed."""
    await rig.keeper().reconcile()
    rig.github.log.clear()
    return rig


async def tell(rig, event, payload):
    """Send a webhook, and carry out what it asks for."""
    async with rig.up():
        await rig.send([(event, payload)])
    for stored in await rig.triggers.new(50):
        if stored.trigger.change is not None:
            await rig.parts.installations.apply(stored.trigger.change)
            await rig.triggers.finish([stored.trigger.key], TriggerState.DONE)


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
    await tell(known, "installation", suspended)
    assert await known.parts.installations.standing(INSTALLATION) is Standing.SUSPENDED
    work = trigger(1, installation_id=INSTALLATION)
    await known.triggers.add(work)
    await known.triggers.finish([work.key], TriggerState.PARKED, "suspended")
    assert await known.parts.parking.release() == 0
    known.clock.now += DAY
    suspend(state, INSTALLATION, suspended=False)
    resumed = installation_payload(state, state.installations[INSTALLATION], "unsuspend")
    for _ in range(2):
        await tell(known, "installation", resumed)
    (stored,) = await known.triggers.new(10)
    assert (stored.trigger.key, stored.trigger.round) == (work.key, 1)
    await tell(known, "installation", suspended)
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
    await tell(known, "installation", installation_payload(state, installation, "deleted"))
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
    await tell(known, "installation", installation_payload(state, installation, "deleted"))
    await tell(known, "installation", created)
    assert await known.parts.installations.standing(INSTALLATION) is Standing.GONE


@pytest.mark.parametrize("how", ["taken out", "deleted"])
async def test_a_repository_that_is_taken_out_or_deleted_leaves_no_data(known, how):
    """Its ledger stays with the installation, which paid."""
    state, repository = known.github.state, the_repository(known.github.state)
    await fill_tenant(known.store, known.app_id, INSTALLATION, repository.id)
    installation = state.installations[INSTALLATION]
    if how == "deleted":
        payload = repository_payload(state, repository, "deleted")
        delete_repository(state, repository)
        await tell(known, "repository", payload)
    else:
        installation.repositories.discard(repository.id)
        payload = repositories_payload(state, installation, "removed", [repository])
        await tell(known, "installation_repositories", payload)
    await known.keeper().forget()
    assert await rows_of_repository(known.store, repository.id) == {"model_calls": 1, "repositories": 1}
    found = await known.parts.repositories.get(repository.id)
    assert found is not None
    assert (found.standing, found.full_name) == (Standing.GONE, None)


async def test_a_repository_that_comes_back_begins_anew(known):
    """What was merged while the app was away is not reported."""
    state, repository = known.github.state, the_repository(known.github.state)
    installation = state.installations[INSTALLATION]
    await tell(
        known,
        "installation_repositories",
        repositories_payload(state, installation, "removed", [repository]),
    )
    merged(known, repository, 1)
    known.clock.now += DAY
    await tell(
        known, "installation_repositories", repositories_payload(state, installation, "added", [repository])
    )
    merged(known, repository, 2)
    await known.scan_all()
    assert await known.asked_for() == [2]


async def test_a_transfer_moves_every_row_to_the_new_owners_installation(known):
    """Tenant A sees none of them afterwards; GitHub is asked once whose it is."""
    state, repository = known.github.state, the_repository(known.github.state)
    await fill_tenant(known.store, known.app_id, INSTALLATION, repository.id)
    second = add_installation(state, "octo-two")
    transfer(state, repository, "octo-two", second)
    await tell(known, "repository", repository_payload(state, repository, "transferred"))
    await known.keeper().run_once()
    assert known.github.log.count(WHOSE) == 1
    # Its own limits, and what it paid for.
    left = {"installations": 1, "model_calls": 1, "pauses": 1, "writes": 1}
    assert await rows_of_installation(known.store, INSTALLATION, -1) == left
    found = await known.parts.repositories.get(repository.id)
    assert found is not None
    assert (found.installation_id, found.standing) == (second.id, Standing.ACTIVE)
    assert found.full_name == "octo-two/engine"


async def test_a_transfer_to_where_the_app_is_not_ends_in_deletion(known):
    """GitHub says that no installation has it: it is gone at once."""
    state, repository = known.github.state, the_repository(known.github.state)
    await fill_tenant(known.store, known.app_id, INSTALLATION, repository.id)
    payload = repository_payload(state, repository, "transferred")
    transfer(state, repository, "octo-two")
    await tell(known, "repository", payload)
    await known.keeper().run_once()
    await known.keeper().forget()
    assert await rows_of_repository(known.store, repository.id) == {"model_calls": 1, "repositories": 1}


async def test_reports_written_in_private_stay_private_when_the_repository_becomes_public(known):
    """Until an administrator opts in; later ones are public, and none is while it is private."""
    state, repository = known.github.state, the_repository(known.github.state)
    repository.private = True
    await tell(known, "repository", repository_payload(state, repository, "privatized"))
    found = await known.parts.repositories.get(repository.id)
    assert found is not None
    assert not found.shows(known.clock.now + DAY)
    written = known.clock.now
    known.clock.now += DAY
    repository.private = False
    await tell(known, "repository", repository_payload(state, repository, "publicized"))
    found = await known.parts.repositories.get(repository.id)
    assert found is not None
    assert (found.shows(written), found.shows(known.clock.now + 1)) == (False, True)


async def test_renaming_keeps_everything_under_the_id(known):
    """Reports are found under the new name."""
    state, repository = known.github.state, the_repository(known.github.state)
    await fill_tenant(known.store, known.app_id, INSTALLATION, repository.id)
    repository.name = "machine"
    for _ in range(2):
        await tell(known, "repository", repository_payload(state, repository, "renamed"))
    reports = metadata.tables["reports"]
    async with known.store.read() as connection:
        names = (await connection.scalars(sa.select(reports.c.repository))).all()
    assert names == ["octo-org/machine"]


async def test_a_repository_missing_from_the_list_is_hidden_and_looked_for(known):
    """The event that took it out was lost; it is gone a day later, unless GitHub shows it again."""
    state, repository = known.github.state, the_repository(known.github.state)
    repositories = known.parts.repositories
    state.installations[INSTALLATION].repositories.discard(repository.id)
    known.clock.now += 1
    standings = []
    for _ in range(25):
        await known.keeper().reconcile()
        found = await repositories.get(repository.id)
        standings.append(found.standing if found else None)
        known.clock.now += HOUR
    assert standings[0] is Standing.MISSING
    assert standings[-1] is Standing.GONE


async def test_a_fault_in_the_list_of_repositories_loses_nothing(known):
    """Missing for an hour: the merges of that hour are found when it is back."""
    state, repository = known.github.state, the_repository(known.github.state)
    await known.scan_all()
    installation = state.installations[INSTALLATION]
    installation.repositories.discard(repository.id)
    known.clock.now += HOUR
    await known.keeper().reconcile()
    merged(known, repository, 1)
    installation.repositories.add(repository.id)
    known.clock.now += HOUR
    await known.keeper().reconcile()
    await known.scan_all()
    assert await known.asked_for() == [1]


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


async def test_an_event_about_an_unknown_repository_makes_it_known(rig):
    """The first thing that is heard of it is that it is private."""
    change = LifecycleChange(
        kind=ChangeKind.PRIVATIZED,
        installation_id=7,
        repositories=(KnownRepository(id=9, full_name="o/r", private=True),),
    )
    for _ in range(2):
        await rig.parts.installations.apply(change)
    found = await rig.parts.repositories.get(9)
    assert found is not None
    assert (found.private, found.installation_id) == (True, 7)


def test_reading_needs_no_more_than_reading():
    """The permissions that the tests above ask for."""
    assert set(READ.values()) == {"read"}
