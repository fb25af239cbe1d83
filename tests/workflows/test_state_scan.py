"""Merges that GitHub never told of are found in its lists, once, and never the past."""

from __future__ import annotations

import pytest

from bot.model import ChangeKind, KnownRepository, LifecycleChange, Standing, Trigger, WorkItem
from bot.store import TriggerState
from sandbox.build import add_installation, add_repository, rename
from sandbox.payloads import pull_request_payload
from tests.fakes.github import the_repository
from tests.fakes.sweeping import DAY, HOUR, merged

LIST = "GET /repos/{owner}/{repo}/pulls"
MINT = "POST /app/installations/{installation_id}/access_tokens"


async def test_a_hundred_merges_that_were_never_told_of_get_work_each(scanned):
    """All webhooks lost: 100 pieces of work, none twice, however often it is scanned."""
    repository = the_repository(scanned.github.state)
    for number in range(1, 101):
        scanned.clock.now += 60
        merged(scanned, repository, number)
    scanned.clock.now += 900
    for _ in range(3):
        await scanned.scan_all()
        scanned.clock.now += 1000
    assert await scanned.asked_for() == list(range(1, 101))


async def test_the_webhook_and_the_scan_ask_for_the_same_work(scanned):
    """Whoever is first: one key, one piece of work."""
    repository = the_repository(scanned.github.state)
    pulls = [merged(scanned, repository, number) for number in (1, 2)]
    bodies = [pull_request_payload(scanned.github.state, repository, pull, "closed") for pull in pulls]
    scanned.clock.now += 1000
    async with scanned.up():
        await scanned.send([("pull_request", bodies[0])])
        await scanned.scan_all()
        await scanned.send([("pull_request", bodies[1])])
    assert await scanned.asked_for() == [1, 2]


async def test_ten_thousand_old_merges_are_no_storm(rig):
    """Installing PRHub writes nothing about the past, and reads one page of it."""
    repository = the_repository(rig.github.state)
    for number in range(1, 10_001):
        merged(rig, repository, number, ago=DAY * 2 + number)
    await rig.keeper().reconcile()
    rig.github.log.clear()
    assert await rig.scan_all() == 1
    assert rig.github.log.count(LIST) == 1
    assert await rig.asked_for() == []


async def test_old_merges_that_were_touched_lately_stay_in_the_past(scanned):
    """A bot labels ten thousand closed pull requests: updated today, merged long ago."""
    repository = the_repository(scanned.github.state)
    for number in range(1, 301):
        merged(scanned, repository, number, ago=30 * DAY).updated_at = scanned.github.state.now()
    merged(scanned, repository, 301)
    scanned.clock.now += 1000
    await scanned.scan_all()
    assert await scanned.asked_for() == [301]


@pytest.mark.parametrize(("look_back", "found"), [(0, []), (1, [1]), (50, list(range(1, 51)))])
async def test_a_look_back_takes_in_the_newest_of_the_past(rig, look_back, found):
    """``PRHUB_LOOK_BACK``: once, at the first scan of a repository."""
    repository = the_repository(rig.github.state)
    for number in range(1, 61):
        merged(rig, repository, number, ago=HOUR * number)
    await rig.keeper().reconcile()
    for _ in range(2):
        await rig.scan_all(rig.scan(look_back))
        rig.clock.now += 1000
    assert await rig.asked_for() == found


async def test_an_unchanged_list_costs_nothing(scanned):
    """The list's tag is kept in the store: 304, which does not count against GitHub's limit."""
    repository = the_repository(scanned.github.state)
    merged(scanned, repository, 1)
    scanned.clock.now += 1000
    await scanned.scan_all()
    scanned.github.log.clear()
    scanned.clock.now += 1000
    await scanned.scan_all()
    assert scanned.github.log.statuses() == {304: 1}


async def test_a_scan_uses_a_token_for_one_repository_that_can_only_read(scanned):
    """R46: the list of pull requests, and nothing else."""
    scanned.clock.now += 2 * HOUR
    await scanned.scan_all()
    (token,) = [one for one in scanned.github.state.tokens.values() if one.expires_at > scanned.clock.now]
    assert token.repositories == {the_repository(scanned.github.state).id}
    assert set(token.permissions.values()) == {"read"}


async def test_a_long_outage_is_scanned_back_to_its_beginning(scanned):
    """Older than GitHub's deliveries are kept: the list is read page by page, no further than needed."""
    repository = the_repository(scanned.github.state)
    for number in range(1, 251):
        scanned.clock.now += HOUR
        merged(scanned, repository, number)
    await scanned.scan_all()
    assert await scanned.asked_for() == list(range(1, 251))
    assert scanned.github.log.count(LIST, lambda record: record.status == 200) == 3


async def test_a_merge_that_github_showed_too_late_is_taken_up(scanned):
    """Its webhook came before GitHub showed it as merged, and the work was dropped (R22)."""
    repository = the_repository(scanned.github.state)
    pull = merged(scanned, repository, 1)
    async with scanned.up():
        payload = pull_request_payload(scanned.github.state, repository, pull, "closed")
        await scanned.send([("pull_request", payload)])
    (stored,) = await scanned.triggers.new(10)
    await scanned.triggers.finish([stored.trigger.key], TriggerState.DROPPED, "not merged")
    scanned.clock.now += 1000
    await scanned.scan_all()
    (again,) = await scanned.triggers.new(10)
    assert (again.trigger.key, again.trigger.round) == (stored.trigger.key, 1)


async def test_a_merge_dropped_after_the_scan_saw_it_is_taken_up_though_the_list_is_the_same(scanned):
    """GitHub's two ways to ask disagree for a while: the list's tag must not hide it."""
    repository = the_repository(scanned.github.state)
    merged(scanned, repository, 1)
    scanned.clock.now += 1000
    await scanned.scan_all()
    (stored,) = await scanned.triggers.new(10)
    await scanned.triggers.finish([stored.trigger.key], TriggerState.DROPPED, "not merged")
    scanned.clock.now += 1000
    await scanned.scan_all()
    (again,) = await scanned.triggers.new(10)
    assert again.trigger.round == 1


@pytest.mark.parametrize("state", [TriggerState.DEAD, TriggerState.DONE, TriggerState.PARKED])
async def test_work_that_ended_otherwise_is_left_as_it_is(scanned, state):
    """Dead work waits for a person, done work is done."""
    repository = the_repository(scanned.github.state)
    pull = merged(scanned, repository, 1)
    async with scanned.up():
        payload = pull_request_payload(scanned.github.state, repository, pull, "closed")
        await scanned.send([("pull_request", payload)])
    (stored,) = await scanned.triggers.new(10)
    await scanned.triggers.finish([stored.trigger.key], state, "why")
    scanned.clock.now += 1000
    await scanned.scan_all()
    assert await scanned.triggers.outcome(stored.trigger.key) == (state, "why")


async def test_a_renamed_repository_is_scanned_under_its_id(scanned):
    """No event told of it; the list does."""
    repository = the_repository(scanned.github.state)
    rename(repository, "machine")
    merged(scanned, repository, 1)
    scanned.clock.now += 1000
    await scanned.scan_all()
    found = await scanned.parts.repositories.get(repository.id)
    assert found is not None
    assert found.full_name == "octo-org/machine"
    (stored,) = await scanned.triggers.new(10)
    assert stored.trigger.repository == "octo-org/machine"


async def test_a_pilot_scans_only_its_repositories(scanned):
    """``PRHUB_REPOSITORIES``."""
    scanned.clock.now += 1000
    await scanned.scan_all(scanned.scan(0, "octo-org/other"))
    assert scanned.github.log.count(LIST) == 0


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.MISSING])
async def test_where_the_app_may_not_work_nothing_is_scanned(scanned, standing):
    """Not one request for a suspended installation."""
    (installation,) = scanned.github.state.installations
    await scanned.parts.installations.shut(installation, standing)
    scanned.clock.now += 1000
    assert await scanned.scan_all() == 0
    assert scanned.github.log.records == []


async def test_an_archived_repository_is_not_scanned(scanned):
    """Nothing is merged there."""
    repository = the_repository(scanned.github.state)
    change = LifecycleChange(
        kind=ChangeKind.UPDATED, installation_id=4242, repositories=(named(repository, archived=True),)
    )
    await scanned.parts.installations.apply(change)
    scanned.clock.now += 1000
    assert await scanned.scan_all() == 0


async def test_scans_leave_half_of_the_quota_to_reports(scanned):
    """Background work stops well before reports do."""
    (installation,) = scanned.github.state.installations
    reset = scanned.clock.now + HOUR
    quota = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "2400",
        "x-ratelimit-reset": f"{reset:.0f}",
    }
    scanned.client.gate.learn(installation, quota)
    scanned.clock.now += 1000
    merged(scanned, the_repository(scanned.github.state), 1)
    await scanned.scan_all()
    assert scanned.github.log.count(LIST) == 0
    await scanned.client.gate.check_open(installation)


async def test_one_repository_that_fails_does_not_hold_up_the_others(scanned):
    """GitHub answers 500 for one of two."""
    state = scanned.github.state
    other = add_repository(state, "octo-org/other", state.installations[4242])
    await scanned.keeper().reconcile()
    await scanned.scan_all()
    broken = the_repository(state).id
    scanned.github.faults.add("error", path=f"/repositories/{broken}/pulls", status=500, probability=1.0)
    for number, repository in enumerate((the_repository(state), other), start=1):
        merged(scanned, repository, number)
    scanned.clock.now += 1000
    assert await scanned.scan_all() == 2
    assert await scanned.asked_for() == [2]
    scanned.github.faults.clear()
    scanned.clock.now += 1000
    await scanned.scan_all()
    assert await scanned.asked_for() == [1, 2]


async def test_two_tenants_share_no_tag(rig):
    """The same address for each tenant must never give one the other's list (R52)."""
    state = rig.github.state
    second = add_installation(state, "octo-two")
    add_repository(state, "octo-two/tool", second)
    await rig.keeper().reconcile()
    await rig.scan_all()
    found = [await rig.parts.repositories.get(number) for number in state.repositories]
    assert [one.installation_id for one in found if one] == [4242, second.id]


async def test_two_processes_scan_a_repository_once(scanned):
    """Whoever takes it first; the other finds nothing due."""
    scanned.clock.now += 1000
    scans = scanned.parts.scans
    taken = [await scans.take(900.0), await scans.take(900.0)]
    assert [one is None for one in taken] == [False, True]


def named(repository, **flags):
    """A repository as an event names it."""
    return KnownRepository(id=repository.id, full_name=repository.full_name, **flags)


def test_a_trigger_in_its_first_round_has_the_key_as_its_id():
    """The engine knows work that was under way before there were rounds."""
    trigger = Trigger.model_validate_json(
        '{"kind":"report","key":"report:1:2:c0ffee","installation_id":1,"repository_id":1,'
        '"repository":"o/r","number":2}'
    )
    ids = [WorkItem(trigger=trigger.model_copy(update={"round": n}), attempt=n).workflow_id for n in (0, 1)]
    assert ids == ["report:1:2:c0ffee", "report:1:2:c0ffee:r1:1"]
