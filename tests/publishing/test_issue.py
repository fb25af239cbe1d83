"""The issue of one digest: opened once, edited in place, and left alone when a person says so."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from bot.errors import Gone, Later
from bot.publishing import Outcome
from bot.store import PublishState
from sandbox.build import add_label, rename
from sandbox.talk import add_issue
from sandbox.triage import close_issue, edit_issue
from tests.fakes.crashes import Mortal, Plan
from tests.fakes.desk import QUARANTINE

POST = "POST /repos/{owner}/{repo}/issues"
PATCH = "PATCH /repos/{owner}/{repo}/issues/{number}"
LABEL = "POST /repos/{owner}/{repo}/labels"


async def test_an_issue_is_opened_once_and_edited_in_place(either_issues):
    """Posted, unchanged, updated: one issue under the label, one POST, one PATCH."""
    desk = either_issues
    place = await desk.new("one")
    assert await desk.settle(place) is Outcome.POSTED
    assert await desk.settle(place) is Outcome.UNCHANGED
    await desk.want(place, "two")
    assert await desk.settle(place) is Outcome.UPDATED
    assert await desk.settle(place) is Outcome.UNCHANGED
    (issue,) = desk.own(place)
    assert (issue.title, issue.labels.value, issue.state) == (f"Digest {place.period}", ("digest",), "open")
    assert desk.texts(place) == ["two"]
    assert (desk.count(POST), desk.count(PATCH)) == (1, 1)


async def test_another_title_is_sent_too(issues):
    """The same body under another title is another text."""
    place = await issues.new("one")
    await issues.settle(place)
    row = await issues.row(place)
    await issues.rows.want(row.key, row.since, "Wochenbericht", row.body)
    assert await issues.settle(place) is Outcome.UPDATED
    assert [issue.title for issue in issues.own(place)] == ["Wochenbericht"]


async def test_nothing_wanted_is_nothing_done(issues):
    """A period in which nothing was merged has no publish row."""
    place = dataclasses.replace(await issues.new(), period="2026-W40")
    assert await issues.publisher(place).publish() is Outcome.UNCHANGED
    assert await issues.publisher(place).tidy() == 0
    assert issues.github.log.records == []


async def test_each_scope_and_period_has_its_own_issue(issues):
    """The whole repository, two paths of which one begins with the other, and another week."""
    places = [await issues.at("2026-W13", "x", scope) for scope in ("", "path:services", "path:services/api")]
    places.append(await issues.at("2026-W14", "x"))
    for place in places:
        assert await issues.settle(place) is Outcome.POSTED
    assert [len(issues.own(place)) for place in places] == [1, 1, 1, 1]


async def test_the_label_is_made_once_with_a_word_on_what_it_is(issues):
    """And what a maintainer makes of it stays."""
    await issues.settle(await issues.new())
    (label,) = issues.repository.labels.value
    assert (label.name, label.color) == ("digest", "0e8a16")
    assert label.description
    assert len(label.description) <= 100
    await issues.settle(await issues.new())
    assert issues.count(LABEL) == 1


async def test_a_maintainers_label_is_used_as_it_is(issues):
    """In another case and colour."""
    add_label(issues.github.state, issues.repository, "Digest", color="123456")
    place = await issues.new()
    await issues.settle(place)
    assert [label.color for label in issues.repository.labels.value] == ["123456"]
    assert issues.own(place)[0].labels.value == ("Digest",)


async def test_a_label_that_somebody_makes_meanwhile_is_used(issues):
    """It was not there a moment ago; its colour is theirs."""

    class Overtaken(Mortal):
        async def getitem(self, *arguments):
            add_label(issues.github.state, issues.repository, "digest", color="123456")
            raise Gone("Not Found")

    place = await issues.new()
    assert await issues.publisher(place, Overtaken(issues.writer(), Plan(99))).publish() is Outcome.POSTED
    assert [label.color for label in issues.repository.labels.value] == ["123456"]


async def test_a_label_that_a_person_takes_off_stays_off(issues):
    """An update sends title and body and nothing else."""
    place = await issues.new("one")
    await issues.settle(place)
    issues.own(place)[0].labels.put(("other",), issues.clock())
    await issues.want(place, "two")
    await issues.settle(place)
    assert issues.own(place)[0].labels.value == ("other",)


async def test_an_issue_that_a_person_closed_stays_closed(issues):
    """Its text is brought up to date all the same."""
    place = await issues.new("one")
    await issues.settle(place)
    close_issue(issues.github.state, issues.own(place)[0], "not_planned")
    await issues.want(place, "two")
    assert await issues.settle(place) is Outcome.UPDATED
    (issue,) = issues.own(place)
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")


async def test_a_renamed_repository_is_followed(issues):
    """The name was read before the rename; the issue lands under the new name (R60)."""
    place = await issues.new("one")
    rename(issues.repository, "motor")
    assert await issues.settle(place) is Outcome.POSTED
    await issues.want(place, "two")
    assert await issues.settle(place) is Outcome.UPDATED
    assert issues.texts(place) == ["two"]


@pytest.mark.parametrize("label_is_there", [True, False], ids=["", "whose label a person took off"])
async def test_an_issue_on_github_is_taken_over_by_a_younger_store(issues, label_is_there):
    """The store was restored from a backup that does not know of the issue (R40)."""
    place = await issues.new("old")
    await issues.settle(place)
    if not label_is_there:
        issues.own(place)[0].labels.put((), issues.clock())
    row = await issues.row(place)
    forgotten = {"state": PublishState.WANTED, "issue_number": None, "posted_sha256": None}
    await issues.rows.change(row, attempted_at=None, **forgotten)
    issues.clock.now += 86_400
    await issues.want(place, "new")
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["new"]
    assert issues.count(POST) == 1


async def test_two_workers_at_once_open_one_issue(either_issues):
    """Both begin; one of them is told that the other does it."""
    desk = either_issues
    place = await desk.new("one")
    first, second = desk.publisher(place), desk.publisher(place)
    row = await desk.row(place)
    assert await first._post(row) is Outcome.POSTED
    with pytest.raises(Later, match="another worker"):
        await second._post(row)
    assert desk.texts(place) == ["one"]
    assert desk.count(POST) == 1


async def test_a_newer_text_wins_whoever_is_slower(issues):
    """A newer text is wanted while the older one is being posted, and while it is being sent again."""
    place = await issues.new("one")
    row = await issues.row(place)
    await issues.want(place, "two")
    await issues.publisher(place)._post(row)
    await issues.settle(place)
    held = await issues.row(place)
    await issues.want(place, "three")
    assert await issues.publisher(place).update(await issues.row(place)) is Outcome.UPDATED
    with pytest.raises(Later):
        await issues.publisher(place).update(held)  # overtaken: "two" is on GitHub again
    assert await issues.settle(place) is Outcome.UPDATED
    assert issues.texts(place) == ["three"]


async def test_without_a_quarantine_it_works_too(issues):
    """``PRHUB_POSTING_QUARANTINE=0`` is allowed, and is no endless wait."""
    place = await issues.new("one")
    ticking = itertools.count(issues.clock())
    publisher = issues.publisher(place)
    publisher = dataclasses.replace(publisher, quarantine=0.0, clock=lambda: float(next(ticking)))
    assert await publisher.publish() is Outcome.POSTED


async def test_a_store_slower_than_half_the_quarantine_posts_nothing_yet(issues):
    """Another worker may take over any moment: better to come back."""
    place = await issues.new("one")
    slow = itertools.count(issues.clock(), QUARANTINE)
    publisher = dataclasses.replace(issues.publisher(place), clock=lambda: float(next(slow)))
    with pytest.raises(Later, match="stood still"):
        await publisher.publish()
    assert issues.count(POST) == 0
    assert await issues.settle(place) is Outcome.RECOVERED
    assert issues.texts(place) == ["one"]


async def test_people_may_write_as_many_issues_as_they_like(issues):
    """A copied marker, whoever posts it and whenever, is not ours (R29)."""
    place = await issues.new("mine")
    forged = issues.body(place, "forged")
    state, repository = issues.github.state, issues.repository
    first = add_issue(state, repository, user="octo-mallory", body=forged, labels=["digest"])
    second = add_issue(state, repository, user="octo-mallory", body=forged, app_id=1001, labels=["digest"])
    issues.github.faults.add("drop_before", times=1, methods=("POST",), path="issues$")
    assert await issues.settle(place) is Outcome.RECOVERED
    assert (first.body, second.body, issues.count(PATCH)) == (forged, forged, 0)
    assert issues.repository.issues[3].body == issues.body(place, "mine")


async def test_a_persons_edit_is_written_over_by_the_next_text_only(issues):
    """Nothing is sent while the digest stays the same."""
    place = await issues.new("one")
    await issues.settle(place)
    issue = issues.own(place)[0]
    edit_issue(issues.github.state, issue, body="theirs")
    assert await issues.settle(place) is Outcome.UNCHANGED
    await issues.want(place, "two")
    await issues.settle(place)
    assert issue.body == issues.body(place, "two")
