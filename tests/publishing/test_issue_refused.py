"""What GitHub refuses or people delete is tried once; what is out of reach is no word of theirs."""

from __future__ import annotations

import pytest

from bot.errors import Later, NoAccess
from bot.publishing import Outcome
from bot.store import PublishState
from sandbox.build import INSTALLATION_ID, suspend
from sandbox.triage import delete_issue
from tests.fakes.crashes import Standing

POST = "POST /repos/{owner}/{repo}/issues"
PATCH = "PATCH /repos/{owner}/{repo}/issues/{number}"
LABEL = "POST /repos/{owner}/{repo}/labels"


async def test_a_person_who_deletes_the_issue_has_the_last_word(issues):
    """It is not posted again, however often the digest is made (R30)."""
    place = await issues.new("one")
    await issues.settle(place)
    delete_issue(issues.github.state, issues.repository, issues.own(place)[0].number)
    for day in range(30):
        issues.clock.now += 86_400
        await issues.want(place, f"day {day}")
        assert await issues.settle(place) is Outcome.DISMISSED
    assert issues.own(place) == []
    assert issues.count(POST) == 1
    assert issues.github.log.count(PATCH, lambda record: record.status == 410) == 1


async def test_a_deleted_issue_that_lists_still_show_is_looked_at_again(issues):
    """The list lags behind the deletion; in the end it is dismissed."""
    place = await issues.new("one")
    await issues.settle(place)
    issues.clock.now += 60
    delete_issue(issues.github.state, issues.repository, issues.own(place)[0].number)
    await issues.want(place, "two")
    issues.github.faults.add("stale", times=2, seconds=10, methods=("GET",), path="issues")
    with pytest.raises(Later):
        await issues.publisher(place).publish()
    assert await issues.settle(place) is Outcome.DISMISSED


@pytest.mark.parametrize("reason", ["archived", "issues are switched off"])
async def test_what_github_refuses_is_asked_for_once(issues, reason):
    """One write at most, and none for an hour, however often the work is taken up (R61)."""
    place = await issues.new("one")
    issues.repository.archived = reason == "archived"
    issues.repository.has_issues = reason == "archived"
    for _ in range(3):
        assert await issues.settle(place) is Outcome.REFUSED
    await issues.want(place, "two")
    assert await issues.settle(place) is Outcome.REFUSED
    assert issues.count(POST) + issues.count(LABEL) <= 1
    assert (await issues.row(place)).reason
    issues.repository.archived, issues.repository.has_issues = False, True
    issues.clock.now += 3601
    assert await issues.settle(place) is Outcome.POSTED
    assert issues.texts(place) == ["two"]


async def test_refused_by_the_post_itself_is_refused_too(issues):
    """The lists are answered, the repository has the label, and the POST says that it is archived."""
    await issues.settle(await issues.new())
    issues.repository.archived = True
    place = await issues.new()
    for _ in range(3):
        assert await issues.settle(place) is Outcome.REFUSED
    assert issues.count(POST) == 2


@pytest.mark.parametrize("reason", ["archived", "issues are switched off"])
async def test_an_edit_that_is_refused_is_no_word_of_a_person(issues, reason):
    """Switched off, GitHub answers 410, as for a deleted issue; the issue is there when it is back."""
    place = await issues.new("one")
    await issues.settle(place)
    issues.repository.archived = reason == "archived"
    issues.repository.has_issues = reason == "archived"
    await issues.want(place, "two")
    assert await issues.settle(place) is Outcome.REFUSED
    assert (await issues.row(place)).state is PublishState.POSTED
    issues.repository.archived, issues.repository.has_issues = False, True
    assert await issues.settle(place) is Outcome.UPDATED
    assert issues.texts(place) == ["two"]
    assert (await issues.row(place)).reason is None


@pytest.mark.parametrize("posted", [False, True])
async def test_losing_the_installation_is_no_word_about_the_issue(issues, posted):
    """Neither refused nor dismissed: when the app is back, the issue is opened or edited."""
    place = await issues.new("one")
    if posted:
        await issues.settle(place)
        await issues.want(place, "two")
    issues.client._broker._tokens.clear()
    suspend(issues.github.state, INSTALLATION_ID)
    with pytest.raises(NoAccess):
        await issues.publisher(place).publish()
    suspend(issues.github.state, INSTALLATION_ID, suspended=False)
    assert await issues.settle(place) is (Outcome.UPDATED if posted else Outcome.POSTED)
    assert issues.texts(place) == ["two" if posted else "one"]


async def test_access_lost_just_before_the_post_leaves_it_wanted(issues):
    """The token is refused and no other one is given: nothing was posted, nothing is to be recovered."""
    await issues.settle(await issues.new())
    place = await issues.new("one")

    async def meanwhile():
        issues.github.state.tokens.clear()
        suspend(issues.github.state, INSTALLATION_ID)

    with pytest.raises(NoAccess):
        await issues.publisher(place, Standing(issues.writer(), meanwhile, sent=False)).publish()
    assert (await issues.row(place)).state is PublishState.WANTED
