"""From a due week to one issue: asked for by the schedule or by hand, updated in place, and followed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.errors import Forbidden
from bot.facts.calendar import week
from bot.model import (
    ChangeKind,
    DigestRequest,
    KnownRepository,
    LifecycleChange,
    NoReport,
    Trigger,
    WorkItem,
)
from bot.store import DigestKey, TriggerState
from bot.store.jobs import JobQuery, Jobs
from bot.store.tables import triggers
from bot.workflows import digest_stages
from bot.workflows.digest_now import digest_now, place_named
from bot.workflows.schedule import BEGUN
from sandbox.build import rename, suspend
from sandbox.payloads import installation_payload
from sandbox.triage import delete_issue
from sandbox.webhooks import deliver
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import play_over, settled, until
from tests.fakes.weeks import (
    ask_for,
    day,
    digest_issues,
    digest_trigger,
    merged_at,
    silent,
    start,
    this_week,
)

W13, W14 = "2026-W13", "2026-W14"
OPEN = "POST /repos/{owner}/{repo}/issues"
CHANGE = "PATCH /repos/{owner}/{repo}/issues/{number}"


def issues(play, repository=None):
    """The digests that GitHub shows: the period of each, and whether it is open."""
    repository = repository or the_repository(play.state)
    return [(key, issue.state) for key, issue in digest_issues(repository, play.state.app.id)]


def body_of(play, key):
    """The text of one digest."""
    found = dict(digest_issues(the_repository(play.state), play.state.app.id))
    return found[key].body


def merge_in(play, *keys):
    """One merge in each of these weeks."""
    return [merged_at(play.state, the_repository(play.state), day(key)) for key in keys]


async def outcome(play, key, scope=""):
    """What became of the trigger of a week's digest."""
    trigger = digest_trigger(play.state, key, scope)
    return await play.running.services.triggers.outcome(trigger.key)


async def test_a_week_gets_one_issue_with_the_label(play):
    """From the merges GitHub lists, with or without reports."""
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13))
    ((key, issue),) = digest_issues(the_repository(play.state), play.state.app.id)
    assert (key, issue.state, issue.labels.value) == (W13, "open", ("digest",))
    assert W13 in issue.title
    assert await outcome(play, W13) == (TriggerState.DONE, None)


async def test_a_week_without_a_merge_gets_none(play):
    """Not a single write, and the work says why."""
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W14))
    assert issues(play) == []
    assert await outcome(play, W14) == (TriggerState.DONE, "nothing was merged")
    assert [line for line in play.github.log.lines() if line.startswith(("PATCH", "POST /repos"))] == []
    assert await play.running.services.digests.list(the_repository(play.state).id) == []


async def test_run_again_the_issue_is_updated_in_place_and_only_if_something_changed(play):
    """A late merge of the same week is told; nothing new is nothing to write."""
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13))
    play.github.log.clear()
    await ask_for(play, digest_trigger(play.state, W13, again=":2"))
    assert (play.github.log.count(OPEN), play.github.log.count(CHANGE)) == (0, 0)
    before = body_of(play, W13)
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13, again=":3"))
    assert (play.github.log.count(OPEN), play.github.log.count(CHANGE)) == (0, 1)
    assert issues(play) == [(W13, "open")]
    assert body_of(play, W13) != before


async def test_the_next_digest_closes_the_one_before_and_both_are_linked(play):
    """Only the newest is open, whatever happened between."""
    merge_in(play, "2026-W11", W13, W14)
    await ask_for(play, *(digest_trigger(play.state, key) for key in ("2026-W11",)))
    await ask_for(play, digest_trigger(play.state, W13))
    await ask_for(play, digest_trigger(play.state, W14))
    assert issues(play) == [("2026-W11", "closed"), (W13, "closed"), (W14, "open")]
    first, second, third = (issue.number for _, issue in digest_issues(the_repository(play.state), 1001))
    assert f"/issues/{first}" in body_of(play, W13)
    assert f"/issues/{third}" in body_of(play, W13)
    assert f"/issues/{second}" in body_of(play, W14)


async def test_a_merge_without_a_report_is_named_with_the_reason(play):
    """One of two: the other one's webhook never came."""
    reported = add_merge(play.state, title="feat: save twice")
    await play.merge(reported)
    missed = merged_at(play.state, the_repository(play.state), play.state.now())
    await ask_for(play, digest_trigger(play.state, this_week()))
    key = DigestKey(the_repository(play.state).id, "", this_week())
    facts = (await play.running.services.digests.get(key)).digest.facts
    assert (facts.numbers.pulls, facts.numbers.reported) == (2, 1)
    assert {one.ref.number: one.why for one in facts.pulls} == {
        reported.number: None,
        missed.number: NoReport.NEVER_SEEN,
    }


async def test_the_facts_are_gone_when_the_digest_is_done(play):
    """The digest holds what it needs of them."""
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13))
    key = DigestKey(the_repository(play.state).id, "", W13)
    assert await play.running.services.digests.facts_of(key) is None
    assert await play.running.services.digests.get(key) is not None


async def test_a_part_of_a_repository_has_a_digest_of_its_own(play):
    """Beside the whole one, and each closes its own kind."""
    add_merge(play.state, {"services/api/run.py": "x = 1\n"}, title="feat: run the service")
    add_merge(play.state, {"docs/start.md": "# Start\n"}, title="docs: start here")
    scopes = ("", "path:services/api", "path:engine")
    await ask_for(play, *(digest_trigger(play.state, this_week(), scope) for scope in scopes))
    found = [issue for _, issue in digest_issues(the_repository(play.state), play.state.app.id)]
    (whole,) = [one for one in found if "services/api" not in one.title]
    (part,) = [one for one in found if "services/api" in one.title]
    assert ("start here" in (whole.body or ""), "start here" in (part.body or "")) == (True, False)
    assert "run the service" in (part.body or "")
    assert await outcome(play, this_week(), "path:engine") == (TriggerState.DONE, "nothing was merged")


async def test_a_server_that_was_down_at_the_hour_catches_up_by_itself(github, app_key, tmp_path):
    """A repository that was there then; the merge was on last week's Sunday."""
    merged_at(github.state, the_repository(github.state), day(this_week(), 1, -20))
    async with play_over(github, app_key.private, tmp_path) as play:
        (installation,) = play.state.installations.values()
        await deliver(play.state, "installation", installation_payload(play.state, installation))
        await settled(play.running)
        sweeps = play.running.services.installed.sweeps
        # Digests have been written for long, and nobody looked in the last minute.
        for mark in (BEGUN, "digests"):
            await sweeps.set_mark(mark, 0.0)
    async with play_over(github, app_key.private, tmp_path, PRHUB_DIGEST_SCHEDULE="* * * * *") as play:
        await until(lambda: bool(issues(play)))
        await settled(play.running)
        assert [state for _, state in issues(play)] == ["open"]


async def test_a_suspended_installation_parks_the_digest_and_it_is_taken_up(play):
    """As any other work."""
    merge_in(play, W13)
    (installation,) = play.state.installations.values()
    suspend(play.state, installation.id)
    await ask_for(play, digest_trigger(play.state, W13))
    state, reason = await outcome(play, W13)
    assert (state, "suspended" in reason) == (TriggerState.PARKED, True)
    suspend(play.state, installation.id, suspended=False)
    await deliver(play.state, "installation", installation_payload(play.state, installation, "unsuspend"))
    await until(lambda: bool(issues(play)), 20)
    await settled(play.running)
    assert await outcome(play, W13) == (TriggerState.DONE, None)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        pytest.param(
            "drop_after", {"path": "/issues$", "methods": ("POST",)}, id="the answer to the post is lost"
        ),
        pytest.param(
            "error_after", {"path": "/issues$", "methods": ("POST",)}, id="posted, and answered 502"
        ),
        pytest.param("error", {"path": "", "times": 3, "status": 503}, id="GitHub is down for a while"),
        pytest.param("html", {"path": "/graphql", "status": 200}, id="a proxy answers with a page"),
        pytest.param("unauthorized", {"path": "/issues$"}, id="the token is revoked in the middle"),
    ],
)
async def test_one_issue_whatever_github_does(play, kind, fields):
    """Each fault ends in exactly one issue, without a person's help."""
    play.github.faults.add("stale", probability=1.0, seconds=0.2)
    play.github.faults.add(kind, **({"times": 1} | fields))
    merge_in(play, W13)
    await start(play, digest_trigger(play.state, W13))
    await until(lambda: bool(issues(play)), 30)
    await settled(play.running, 40)
    assert issues(play) == [(W13, "open")]


async def test_after_a_lost_answer_three_later_looks_are_planned(play):
    """A list that lagged longer than the quarantine must not leave two issues for good."""
    play.github.faults.add("drop_after", path="/issues$", methods=("POST",), times=1)
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13))
    planned = sa.select(triggers.c.data, triggers.c.due_at - triggers.c.created_at)
    async with play.running.services.triggers.store.read() as connection:
        rows = (await connection.execute(planned.where(triggers.c.kind == "tidy"))).all()
    assert sorted(round(row[1]) for row in rows) == [60, 600, 86_400]
    double = replace(dict(digest_issues(the_repository(play.state), 1001))[W13], number=77)
    the_repository(play.state).issues[77] = double
    assert await digest_stages.tidy(WorkItem(trigger=Trigger.model_validate_json(rows[0].data))) == 1
    assert issues(play) == [(W13, "open")]
    assert the_repository(play.state).issues[77].state == "closed"


async def test_where_issues_are_switched_off_nothing_is_retried(play):
    """One attempt; the digest is stored."""
    the_repository(play.state).has_issues = False
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13))
    assert (issues(play), (await outcome(play, W13))[0]) == ([], TriggerState.DONE)
    assert play.github.log.count(OPEN) <= 1
    assert len(await play.running.services.digests.list(the_repository(play.state).id)) == 1


async def test_an_issue_that_a_person_deleted_stays_deleted(play):
    """Unless a person asks for it by hand."""
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13))
    ((_, issue),) = digest_issues(the_repository(play.state), play.state.app.id)
    delete_issue(play.state, the_repository(play.state), issue.number)
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13, again=":2"))
    assert issues(play) == []
    place = await place_named(play.running.services, REPOSITORY)
    made = await digest_now(play.running.services, place, DigestRequest(period=week(W13, "UTC")))
    assert made.outcome == "posted"
    assert issues(play) == [(W13, "open")]


async def test_a_digest_by_hand_and_the_servers_are_one_issue(play):
    """Both go through one publish row; in another language it is the same issue in that language."""
    merge_in(play, W13)
    await ask_for(play, digest_trigger(play.state, W13))
    place = await place_named(play.running.services, REPOSITORY)
    request = DigestRequest(period=week(W13, "UTC"), language="zh-CN")
    made = await digest_now(play.running.services, place, request)
    assert made.outcome == "updated"
    assert issues(play) == [(W13, "open")]
    assert "周报" in dict(digest_issues(the_repository(play.state), 1001))[W13].title
    merge_in(play, W14)
    await ask_for(play, digest_trigger(play.state, W14))
    assert "周报" in dict(digest_issues(the_repository(play.state), 1001))[W13].title


async def test_a_digest_by_hand_that_is_not_published_leaves_no_trace(play):
    """Neither on GitHub nor in the store."""
    merge_in(play, W13)
    place = await place_named(play.running.services, REPOSITORY)
    request = DigestRequest(period=week(W13, "UTC"), publish=False)
    made = await digest_now(play.running.services, place, request)
    assert (len(made.digest.facts.pulls), made.outcome, made.issue) == (1, None, None)
    assert issues(play) == []
    assert await play.running.services.digests.list(place.repository_id) == []
    empty = DigestRequest(period=week(W14, "UTC"))
    assert (await digest_now(play.running.services, place, empty)).digest.facts.pulls == ()
    assert issues(play) == []


async def test_by_hand_a_refusal_is_told(play):
    """Whoever asked wants to know why there is no issue."""
    the_repository(play.state).has_issues = False
    merge_in(play, W13)
    place = await place_named(play.running.services, REPOSITORY)
    with pytest.raises(Forbidden):
        await digest_now(play.running.services, place, DigestRequest(period=week(W13, "UTC")))


async def test_a_repository_renamed_between_reading_and_posting_gets_its_digest(play):
    """The facts are read again under the new name."""
    merge_in(play, W13)
    trigger = digest_trigger(play.state, W13)
    rename(the_repository(play.state), "machine")
    await ask_for(play, trigger)
    assert issues(play) == [(W13, "open")]


async def test_digests_that_are_not_published_are_stored(play):
    """``PRHUB_DIGEST_PUBLISH=none``."""
    merge_in(play, W13)
    await ask_for(play, silent(digest_trigger(play.state, W13)))
    assert issues(play) == []
    assert len(await play.running.services.digests.list(the_repository(play.state).id)) == 1


async def test_an_operator_sees_and_drops_a_digest_like_other_work(play):
    """Under the repository's name, with the number 0; dropped, it ends before its next step."""
    play.github.faults.add("error", path="/graphql", probability=1.0, status=503)
    merge_in(play, W13)
    await play.running.services.triggers.add(digest_trigger(play.state, W13))
    jobs = Jobs(play.running.services.triggers.store)
    (job,) = await jobs.find(JobQuery(repository=REPOSITORY))
    assert (job.kind, job.number) == ("digest", 0)
    await jobs.drop([job.key])
    play.github.faults.clear()
    await asyncio.sleep(0.5)
    assert issues(play) == []
    assert (await jobs.retry([job.key])) == 1
    await until(lambda: bool(issues(play)), 20)


async def test_a_repository_that_is_archived_gets_no_issue(play):
    """GitHub would refuse it."""
    merge_in(play, W13)
    the_repository(play.state).archived = True
    await ask_for(play, digest_trigger(play.state, W13))
    assert (issues(play), play.github.log.count(OPEN)) == ([], 0)


async def test_a_repository_the_app_was_taken_out_of_ends_the_work(play):
    """A clean end without one request."""
    merge_in(play, W13)
    installed = play.running.services.installed
    await installed.repositories.resolve(known(play), 4242, 4242)
    change = LifecycleChange(kind=ChangeKind.REMOVED, installation_id=4242, repositories=(known(play),))
    await installed.installations.apply(change)
    await ask_for(play, digest_trigger(play.state, W13))
    assert (issues(play), play.github.log.lines()) == ([], {})


def known(play):
    """The repository as an event names it."""
    repository = the_repository(play.state)
    return KnownRepository(id=repository.id, full_name=repository.full_name)
