"""The comment on one pull request: posted once, edited in place, and left alone when a person says so."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from bot.errors import Forbidden, Gone, Later, NoAccess
from bot.publishing import Outcome
from bot.store import PublishState
from sandbox.build import INSTALLATION_ID, add_user_token, rename, suspend
from sandbox.talk import add_comment
from tests.fakes.crashes import Standing
from tests.fakes.desk import QUARANTINE
from tests.fakes.github import ask, bearer

POST = "POST /repos/{owner}/{repo}/issues/{number}/comments"
PATCH = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}"
LIST = "GET /repos/{owner}/{repo}/issues/{number}/comments"


async def test_a_comment_is_posted_once_and_edited_in_place(either_desk):
    """Posted, unchanged, updated: one comment, one POST, one PATCH, no list."""
    desk = either_desk
    issue = await desk.new("one")
    assert await desk.settle(issue) is Outcome.POSTED
    assert await desk.settle(issue) is Outcome.UNCHANGED
    await desk.want(issue, "two")
    assert await desk.settle(issue) is Outcome.UPDATED
    await desk.want(issue, "two")
    assert await desk.settle(issue) is Outcome.UNCHANGED
    assert desk.texts(issue) == ["two"]
    assert (desk.count(POST), desk.count(PATCH), desk.count(LIST)) == (1, 1, 0)


async def test_nothing_wanted_is_nothing_done(desk):
    """A pull request without a publish row."""
    issue = await desk.new()
    issue.number += 1
    assert await desk.publisher(issue).publish() is Outcome.UNCHANGED
    assert desk.github.log.records == []


async def test_a_person_who_deletes_the_comment_has_the_last_word(desk):
    """It is not posted again, whatever else is reported on the pull request (R30)."""
    issue = await desk.new("one")
    await desk.settle(issue)
    issue.comments.put((), desk.clock())
    for day in range(30):
        desk.clock.now += 86_400
        await desk.want(issue, f"day {day}")
        assert await desk.settle(issue) is Outcome.DISMISSED
    assert desk.own(issue) == []
    assert desk.count(POST) == 1
    assert desk.github.log.count(PATCH, lambda record: record.status == 404) == 1


async def test_a_deleted_comment_that_lists_still_show_is_looked_at_again(desk):
    """The list lags behind the deletion; in the end it is dismissed."""
    issue = await desk.new("one")
    await desk.settle(issue)
    desk.clock.now += 60
    issue.comments.put((), desk.clock())
    await desk.want(issue, "two")
    desk.github.faults.add("stale", times=1, seconds=10, path="issues/1/comments")
    with pytest.raises(Later):
        await desk.publisher(issue).publish()
    assert await desk.settle(issue) is Outcome.DISMISSED


@pytest.mark.parametrize("reason", ["locked", "archived", "issues are disabled"])
async def test_what_github_refuses_is_asked_for_once(desk, reason):
    """One write, and none for an hour, however often the work is taken up (R61)."""
    issue = await desk.new("one")
    issue.locked = reason == "locked"
    desk.repository.archived = reason == "archived"
    if reason == "issues are disabled":
        desk.github.faults.add("error", status=410, probability=1.0, path="comments")
    for _ in range(3):
        assert await desk.settle(issue) is Outcome.REFUSED
    await desk.want(issue, "two")
    assert await desk.settle(issue) is Outcome.REFUSED
    assert desk.count(POST) == 1
    assert (await desk.row(issue)).reason


async def test_an_hour_later_it_is_tried_again(desk):
    """The maintainer has unlocked the conversation, or the operator granted a permission."""
    issue = await desk.new("one")
    issue.locked = True
    await desk.settle(issue)
    issue.locked = False
    desk.clock.now += 3601
    assert await desk.settle(issue) is Outcome.POSTED
    assert desk.texts(issue) == ["one"]


async def test_an_edit_that_is_refused_leaves_the_comment(desk):
    """An archived repository: one PATCH for each piece of work, and the reason is kept."""
    issue = await desk.new("one")
    await desk.settle(issue)
    desk.repository.archived = True
    await desk.want(issue, "two")
    assert await desk.settle(issue) is Outcome.REFUSED
    assert desk.count(PATCH) == 1
    assert (await desk.row(issue)).state is PublishState.POSTED
    desk.repository.archived = False
    assert await desk.settle(issue) is Outcome.UPDATED
    assert (await desk.row(issue)).reason is None


@pytest.mark.parametrize("state", ["suspended", "uninstalled", "taken out"])
@pytest.mark.parametrize("posted", [False, True])
async def test_losing_the_installation_is_no_word_about_the_comment(desk, state, posted):
    """Neither refused nor dismissed: when the app is back, the comment is posted or edited."""
    issue = await desk.new("one")
    if posted:
        await desk.settle(issue)
        await desk.want(issue, "two")
    kept = dict(desk.github.state.installations)
    repositories = set(kept[INSTALLATION_ID].repositories)
    desk.client._broker._tokens.clear()
    if state == "suspended":
        suspend(desk.github.state, INSTALLATION_ID)
    elif state == "uninstalled":
        desk.github.state.installations.clear()
    else:
        kept[INSTALLATION_ID].repositories.clear()
    with pytest.raises(NoAccess):
        await desk.publisher(issue).publish()
    desk.github.state.installations.update(kept)
    kept[INSTALLATION_ID].repositories |= repositories
    suspend(desk.github.state, INSTALLATION_ID, suspended=False)
    assert await desk.settle(issue) is (Outcome.UPDATED if posted else Outcome.POSTED)
    assert desk.texts(issue) == ["two" if posted else "one"]


async def test_a_repository_that_is_out_of_reach_is_no_deleted_comment(desk):
    """404 for the comment and for the whole pull request: nothing is dismissed."""
    issue = await desk.new("one")
    await desk.settle(issue)
    await desk.want(issue, "two")
    desk.github.state.installations[INSTALLATION_ID].repositories.clear()  # the token is still good
    with pytest.raises((Gone, Forbidden)):
        await desk.publisher(issue).publish()
    assert (await desk.row(issue)).state is PublishState.POSTED


async def test_a_renamed_repository_is_followed(desk):
    """The name was read before the rename; the comment lands on the new name (R60)."""
    issue = await desk.new("one")
    rename(desk.repository, "motor")
    assert await desk.settle(issue) is Outcome.POSTED
    await desk.want(issue, "two")
    assert await desk.settle(issue) is Outcome.UPDATED
    assert desk.texts(issue) == ["two"]


async def test_a_comment_seen_on_github_is_taken_over_by_a_younger_store(desk):
    """The store was restored from a backup that does not know of the comment (R40)."""
    issue = await desk.new("one")
    made = add_comment(desk.github.state, issue, "prhub[bot]", desk.body(issue, "old"), app_id=1001)
    assert await desk.publisher(issue).publish(made.id) is Outcome.UPDATED
    assert desk.texts(issue) == ["one"]
    assert desk.count(POST) == 0


async def test_two_workers_at_once_post_one_comment(either_desk):
    """Both begin; one of them is told that the other does it."""
    desk = either_desk
    issue = await desk.new("one")
    first, second = desk.publisher(issue), desk.publisher(issue)
    row = await desk.row(issue)
    assert await first._post(row) is Outcome.POSTED
    with pytest.raises(Later, match="another worker"):
        await second._post(row)
    assert desk.texts(issue) == ["one"]
    assert desk.count(POST) == 1


async def test_a_newer_text_wins_whoever_is_slower(desk):
    """A newer text is wanted while the older one is being posted, and while it is being sent again."""
    issue = await desk.new("one")
    publisher = desk.publisher(issue)
    row = await desk.row(issue)
    await desk.want(issue, "two")
    await publisher._post(row)
    await desk.settle(issue)
    held = await desk.row(issue)
    await desk.want(issue, "three")
    newest = await desk.row(issue)
    assert await desk.publisher(issue)._update(newest) is Outcome.UPDATED
    with pytest.raises(Later):
        await desk.publisher(issue)._update(held)  # overtaken: "two" is on GitHub again
    assert await desk.settle(issue) is Outcome.UPDATED
    assert desk.texts(issue) == ["three"]


async def test_a_persons_edit_of_another_comment_survives(desk):
    """Only our own comment is written to."""
    issue = await desk.new("one")
    theirs = add_comment(desk.github.state, issue, "octo-dev", "theirs")
    await desk.settle(issue)
    add_user_token(desk.github.state, "octo-dev", "tok")
    path = f"/repos/octo-org/engine/issues/comments/{theirs.id}"
    await ask(desk.github, "PATCH", path, headers=bearer("tok"), json={"body": "edited"})
    await desk.want(issue, "two")
    await desk.settle(issue)
    assert [comment.body for comment in issue.comments.value] == ["edited", desk.body(issue, "two")]


async def test_without_a_quarantine_it_works_too(desk):
    """``PRHUB_POSTING_QUARANTINE=0`` is allowed, and is no endless wait."""
    issue = await desk.new("one")
    ticking = itertools.count(desk.clock())
    publisher = dataclasses.replace(desk.publisher(issue), quarantine=0.0, clock=lambda: float(next(ticking)))
    assert await publisher.publish() is Outcome.POSTED


async def test_a_store_slower_than_half_the_quarantine_posts_nothing_yet(desk):
    """Another worker may take over any moment: better to come back."""
    issue = await desk.new("one")
    slow = itertools.count(desk.clock(), QUARANTINE)
    with pytest.raises(Later, match="stood still"):
        await dataclasses.replace(desk.publisher(issue), clock=lambda: float(next(slow))).publish()
    assert desk.count(POST) == 0
    assert await desk.settle(issue) is Outcome.RECOVERED
    assert desk.texts(issue) == ["one"]


async def test_access_lost_just_before_the_post_leaves_it_wanted(desk):
    """The token is refused and no other one is given: nothing was posted, and nothing is to be recovered."""
    issue = await desk.new("one")

    async def meanwhile():
        desk.github.state.tokens.clear()
        suspend(desk.github.state, INSTALLATION_ID)

    with pytest.raises(NoAccess):
        await desk.publisher(issue, Standing(desk.writer(), meanwhile, sent=False)).publish()
    assert (await desk.row(issue)).state is PublishState.WANTED
