"""Reports while installations and repositories come and go: each state a clean end, every request counted."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.model import Standing
from bot.store.tables import triggers
from bot.workflows.sweep import sweep_of
from sandbox.build import add_installation, suspend
from sandbox.lifecycle import repositories_payload, transfer, uninstall
from sandbox.limits import LENIENT
from sandbox.payloads import installation_payload, pull_request_payload, repository_payload
from sandbox.webhooks import deliver
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import own_comments, send_merge, settled, until

INSTALLATION = 4242
MINT = "POST /app/installations/{installation_id}/access_tokens"
WHOSE = "GET /repos/{owner}/{repo}/installation"
COMMENT = "POST /repos/{owner}/{repo}/issues/{number}/comments"
HIDES_ERRORS = {
    "engine/store.py": "def save():\n    try:\n        return 2\n    except Exception:\n        pass\n"
}


async def tell(play, event, payload):
    """Send a webhook about an installation or a repository, and wait until it is noted."""
    assert (await deliver(play.state, event, payload)).status_code == 202
    query = sa.select(sa.func.count()).where(triggers.c.kind == "lifecycle", triggers.c.state != "done")
    for _ in range(200):
        async with play.running.services.triggers.store.read() as connection:
            if await connection.scalar(query) == 0:
                return
        await asyncio.sleep(0.02)
    raise AssertionError("the change was not noted")


async def keep(play):
    """Let the keeper do at once what it does every few seconds."""
    await sweep_of(play.running.services).keeper.run_once()


def another(play, number):
    """One more merge, in a file of its own."""
    return add_merge(play.state, {f"engine/part_{number}.py": f"VALUE = {number}\n"}, title=f"Part {number}")


def merge_payload(play, pull):
    """The webhook of a merge, as GitHub would send it now."""
    return pull_request_payload(play.state, the_repository(play.state), pull, "closed")


async def test_work_of_a_suspended_installation_is_parked_and_resumed(play):
    """Twenty merges, one token attempt; after the unsuspend event one report each."""
    suspend(play.state, INSTALLATION)
    pulls = [another(play, number) for number in range(20)]
    await play.merge(*pulls)
    assert play.github.log.lines() == {MINT: 1}
    assert {(await play.outcome(pull))[0] for pull in pulls} == {"parked"}

    suspend(play.state, INSTALLATION, suspended=False)
    resumed = installation_payload(play.state, play.state.installations[INSTALLATION], "unsuspend")
    for _ in range(2):
        await tell(play, "installation", resumed)
    await until(lambda: all(len(play.comments(pull)) == 1 for pull in pulls), 60)
    await settled(play.running)
    assert [len(play.comments(pull)) for pull in pulls] == [1] * 20


async def test_what_another_process_has_heard_of_is_no_end(play):
    """A process that still holds an installation for suspended, which is open again, makes the report."""
    door = play.running.services.github.gate.door
    door._known[INSTALLATION] = Standing.SUSPENDED
    pull = another(play, 1)
    await play.merge(pull)
    await until(lambda: len(play.comments(pull)) == 1, 20)


async def test_an_event_alone_stops_all_requests(play):
    """Told that it is suspended, PRHub asks GitHub nothing at all."""
    suspended = installation_payload(play.state, play.state.installations[INSTALLATION], "suspend")
    await tell(play, "installation", suspended)
    await play.merge(another(play, 1), another(play, 2))
    assert play.github.log.records == []


async def test_an_uninstalled_app_asks_nothing_and_keeps_nothing(play):
    """Work that comes late ends with its reason; reports and engine forget the tenant."""
    pull = another(play, 1)
    await play.merge(pull)
    installation, late = play.state.installations[INSTALLATION], another(play, 2)
    told_of_late = merge_payload(play, late)
    uninstall(play.state, installation)
    await tell(play, "installation", installation_payload(play.state, installation, "deleted"))
    play.github.log.clear()
    await play.send("pull_request", told_of_late)
    state, reason = await play.outcome(late)
    assert (state, "removed" in reason or "taken out" in reason) == ("done", True)
    await sweep_of(play.running.services).keeper.forget()
    assert await play.report(pull) is None
    assert play.github.log.records == []


async def test_a_repository_taken_out_without_a_word_costs_two_requests(play):
    """The token is refused once, GitHub says once that it is in no installation; then nothing is asked."""
    pulls = [another(play, number) for number in range(3)]
    payloads = [merge_payload(play, pull) for pull in pulls]
    play.state.installations[INSTALLATION].repositories.clear()
    for payload in payloads:
        await play.send("pull_request", payload)
    assert play.github.log.lines() == {MINT: 1, WHOSE: 1}
    assert {(await play.outcome(pull))[0] for pull in pulls} == {"parked"}


async def test_a_repository_taken_out_with_an_event_costs_none(play):
    """The work ends, its reason says why, until that is forgotten too."""
    sweeps = play.running.services.installed.sweeps
    for _ in range(200):
        if await sweeps.mark("forget") is not None:
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)  # that was the keeper's first round, the next one is minutes away
    repository, installation = the_repository(play.state), play.state.installations[INSTALLATION]
    await tell(
        play,
        "installation_repositories",
        repositories_payload(play.state, installation, "removed", [repository]),
    )
    pull = another(play, 1)
    await play.send("pull_request", merge_payload(play, pull))
    assert await play.outcome(pull) == ("done", "the app was taken out of the repository")
    assert play.github.log.records == []


async def test_a_report_follows_a_transferred_repository(play):
    """The webhook names the former installation; the report is posted through the new one, once."""
    repository, pull = the_repository(play.state), another(play, 1)
    second = add_installation(play.state, "octo-two")
    payload = merge_payload(play, pull)
    transfer(play.state, repository, "octo-two", second)
    await play.send("pull_request", payload)
    await keep(play)
    await until(lambda: len(play.comments(pull)) == 1, 20)
    await settled(play.running)
    assert play.github.log.count(WHOSE) == 1
    stored = await play.running.services.reports.get(repository.id, pull.number)
    assert stored is not None
    assert stored.installation_id == second.id


async def test_a_right_that_the_app_lacks_ends_the_work(play):
    """The repository is there; parking the work would park it for ever."""
    play.state.installations[INSTALLATION].permissions["contents"] = "none"
    pull = another(play, 1)
    await play.merge(pull)
    state, reason = await play.outcome(pull)
    assert (state, "permission" in reason) == ("done", True)
    assert play.github.log.lines() == {MINT: 1}


def lock(_play, pull):
    """A maintainer locks the conversation."""
    pull.locked = True


def archive_while_at_work(play, _pull):
    """The repository is archived after the reading, before the writing."""
    play.github.faults.add("error", path="/comments$", methods=("POST",), status=403, probability=1.0)


def disable_issues(play, _pull):
    """GitHub answers 410."""
    play.github.faults.add("error", path="/comments$", methods=("POST",), status=410, probability=1.0)


def block(play, _pull):
    """GitHub answers 451."""
    play.github.faults.add("error", path="/comments$", methods=("POST",), status=451, probability=1.0)


@pytest.mark.parametrize("happens", [lock, archive_while_at_work, disable_issues, block])
async def test_what_github_refuses_for_good_is_tried_once(play, happens):
    """The report is kept all the same, and a second delivery of the merge tries nothing again (R61)."""
    pull = add_merge(play.state, HIDES_ERRORS)
    happens(play, pull)
    for _ in range(2):
        await play.merge(pull)
    assert play.github.log.count(COMMENT) == 1
    assert play.comments(pull) == []
    assert await play.report(pull) is not None
    assert (await play.outcome(pull))[0] == "done"


async def test_an_archived_repository_is_not_written_to(play):
    """The facts say so: not one attempt."""
    pull = add_merge(play.state, HIDES_ERRORS)
    the_repository(play.state).archived = True
    await play.merge(pull)
    assert play.github.log.count(COMMENT) == 0
    assert await play.report(pull) is not None


async def test_a_change_is_noted_at_once_however_much_work_waits(playing_with):
    """``privatized`` is known within seconds, behind fifty merges with one worker (R58)."""
    async with playing_with(PRHUB_CONCURRENCY="1") as play:
        repository = the_repository(play.state)
        pulls = [another(play, number) for number in range(50)]
        await asyncio.gather(*(send_merge(play.github, repository.full_name, pull) for pull in pulls))
        repository.private = True
        await tell(play, "repository", repository_payload(play.state, repository, "privatized"))
        found = await play.running.services.installed.repositories.get(repository.id)
        assert found is not None
        assert found.private
        assert sum(len(play.comments(pull)) for pull in pulls) < 50


async def test_a_restarted_server_fetches_what_was_sent_to_nobody(playing_with):
    """Three merges while it was down: one report each, and the one from before is not sent again."""
    async with playing_with(PRHUB_DELIVERY_POLL="1") as play:
        await until(lambda: play.github.log.count("GET /app/hook/deliveries") > 0, 20)
        before = another(play, 0)
        await play.merge(before)
    missed = [another(play, number) for number in (1, 2, 3)]
    for pull in missed:
        assert await send_merge(play.github, the_repository(play.state).full_name, pull) == 0
    async with playing_with(PRHUB_DELIVERY_POLL="1") as play:
        await until(lambda: all(own_comments(play.github, pull) for pull in missed), 30)
        await settled(play.running)
        assert [len(play.comments(pull)) for pull in (before, *missed)] == [1] * 4
    again = [attempt.guid for attempt in play.state.deliveries if attempt.redelivery]
    assert len(set(again)) == len(again) == 3


@pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.long)])
async def test_all_webhooks_are_lost_and_all_merges_get_their_report(playing_with, count):
    """The scan finds them: as many reports, none twice."""
    async with playing_with(PRHUB_SCAN_INTERVAL="2", PRHUB_CONCURRENCY="8") as play:
        play.github.limits.settings = LENIENT  # these tests keep no pace, see ``test_pace.py``
        await until(lambda: play.github.log.count("GET /repos/{owner}/{repo}/pulls") > 0, 20)
        pulls = [another(play, number) for number in range(count)]
        await until(lambda: all(own_comments(play.github, pull) for pull in pulls), 180)
        await settled(play.running)
        assert [len(play.comments(pull)) for pull in pulls] == [1] * count
        assert play.github.limits.refused == {}
