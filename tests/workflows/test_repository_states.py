"""What becomes of repositories: renamed, moved, hidden or gone, each with its data where it belongs."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.model import ChangeKind, KnownRepository, LifecycleChange, Standing
from bot.store.tables import metadata
from sandbox.build import add_installation
from sandbox.lifecycle import delete_repository, repositories_payload, transfer
from sandbox.payloads import repository_payload
from tests.fakes.github import the_repository
from tests.fakes.sweeping import DAY, HOUR, merged
from tests.fakes.tenants import fill_tenant, rows_of_installation, rows_of_repository

WHOSE = "GET /repos/{owner}/{repo}/installation"
INSTALLATION = 4242


@pytest.mark.parametrize("how", ["taken out", "deleted"])
async def test_a_repository_that_is_taken_out_or_deleted_leaves_no_data(known, how):
    """Its ledger stays with the installation, which paid."""
    state, repository = known.github.state, the_repository(known.github.state)
    await fill_tenant(known.store, known.app_id, INSTALLATION, repository.id)
    installation = state.installations[INSTALLATION]
    if how == "deleted":
        payload = repository_payload(state, repository, "deleted")
        delete_repository(state, repository)
        await known.tell("repository", payload)
    else:
        installation.repositories.discard(repository.id)
        payload = repositories_payload(state, installation, "removed", [repository])
        await known.tell("installation_repositories", payload)
    await known.keeper().forget()
    assert await rows_of_repository(known.store, repository.id) == {"model_calls": 1, "repositories": 1}
    found = await known.parts.repositories.get(repository.id)
    assert found is not None
    assert (found.standing, found.full_name) == (Standing.GONE, None)


async def test_a_repository_that_comes_back_begins_anew(known):
    """What was merged while the app was away is not reported."""
    state, repository = known.github.state, the_repository(known.github.state)
    installation = state.installations[INSTALLATION]
    await known.tell(
        "installation_repositories",
        repositories_payload(state, installation, "removed", [repository]),
    )
    merged(known, repository, 1)
    known.clock.now += DAY
    await known.tell(
        "installation_repositories", repositories_payload(state, installation, "added", [repository])
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
    await known.tell("repository", repository_payload(state, repository, "transferred"))
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
    await known.tell("repository", payload)
    await known.keeper().run_once()
    await known.keeper().forget()
    assert await rows_of_repository(known.store, repository.id) == {"model_calls": 1, "repositories": 1}


async def test_reports_written_in_private_stay_private_when_the_repository_becomes_public(known):
    """Until an administrator opts in; later ones are public, and none is while it is private."""
    state, repository = known.github.state, the_repository(known.github.state)
    repository.private = True
    await known.tell("repository", repository_payload(state, repository, "privatized"))
    found = await known.parts.repositories.get(repository.id)
    assert found is not None
    assert not found.shows(known.clock.now + DAY)
    written = known.clock.now
    known.clock.now += DAY
    repository.private = False
    await known.tell("repository", repository_payload(state, repository, "publicized"))
    found = await known.parts.repositories.get(repository.id)
    assert found is not None
    assert (found.shows(written), found.shows(known.clock.now + 1)) == (False, True)


async def test_renaming_keeps_everything_under_the_id(known):
    """Reports are found under the new name."""
    state, repository = known.github.state, the_repository(known.github.state)
    await fill_tenant(known.store, known.app_id, INSTALLATION, repository.id)
    repository.name = "machine"
    for _ in range(2):
        await known.tell("repository", repository_payload(state, repository, "renamed"))
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
