"""A new digest's issue closes the one before, with links both ways; people's word about that stands."""

from __future__ import annotations

import pytest

from bot.errors import Later, NoAccess
from bot.publishing import Outcome, close_previous
from bot.store import PublishState
from sandbox.build import INSTALLATION_ID, suspend
from sandbox.triage import close_issue, delete_issue, reopen_issue
from tests.fakes.crashes import Crash, Mortal, Plan

PATCH = "PATCH /repos/{owner}/{repo}/issues/{number}"


async def published(desk, *keys):
    """Digests of periods that were published one after the other, each closing the one before."""
    places = []
    for key in keys:
        places.append(await desk.at(key, key))
        await desk.settle(places[-1])
        await desk.succeed(places[-1])
    return places


def shown(desk, place):
    """State, reason and links of the one issue of a digest."""
    (issue,) = desk.own(place)
    return issue.state, issue.state_reason, (issue.body or "").split("\n")[-1]


async def test_the_previous_digest_is_closed_with_a_link_to_the_new_one(either_issues):
    """As completed; the one before it stays as it is; running it again sends nothing."""
    desk = either_issues
    first, second, third = await published(desk, "2026-W12", "2026-W13", "2026-W14")
    assert shown(desk, first) == ("closed", "completed", "- < > 2")
    assert shown(desk, second) == ("closed", "completed", "1 < > 3")
    assert shown(desk, third)[0] == "open"
    assert desk.count(PATCH) == 2
    asked = len(desk.github.log.records)
    for _ in range(3):
        assert await desk.succeed(third) is Outcome.UNCHANGED
    assert len(desk.github.log.records) == asked


@pytest.mark.parametrize("state", [PublishState.WANTED, PublishState.POSTING, PublishState.REFUSED])
async def test_nothing_is_closed_before_the_new_one_exists(issues, state):
    """Refused or not yet posted, it takes nobody's place."""
    (first,) = await published(issues, "2026-W12")
    second = await issues.at("2026-W13")
    await issues.rows.change(await issues.row(second), state=state)
    assert await issues.succeed(second) is Outcome.UNCHANGED
    assert shown(issues, first)[0] == "open"


async def test_who_reopens_it_has_decided(issues):
    """It stays open, though it still gets its links."""
    first, second = await published(issues, "2026-W12", "2026-W13")
    reopen_issue(issues.github.state, issues.own(first)[0])
    assert await issues.succeed(second) is Outcome.UNCHANGED
    await issues.want(first, "corrected")
    assert await issues.succeed(second) is Outcome.UPDATED
    assert shown(issues, first) == ("open", "reopened", "- < > 2")
    assert "corrected" in issues.texts(first)[0]


async def test_who_reopens_it_before_we_know_that_it_was_closed_has_decided_too(issues):
    """The answer to closing was lost, and a person was quick."""
    (first,) = await published(issues, "2026-W12")
    second = await issues.at("2026-W13")
    await issues.settle(second)
    issues.github.faults.add("drop_after", probability=1.0, methods=("PATCH",), path="issues")
    with pytest.raises(Later):
        await close_previous(issues.publisher(second), issues.retell)
    issues.github.faults.clear()
    reopen_issue(issues.github.state, issues.own(first)[0])
    await issues.succeed(second)
    assert shown(issues, first) == ("open", "reopened", "- < > 2")


async def test_what_a_person_closed_keeps_its_reason(issues):
    """Only the link is added, and once it was seen nothing is asked again."""
    (first,) = await published(issues, "2026-W12")
    close_issue(issues.github.state, issues.own(first)[0], "not_planned")
    (second,) = await published(issues, "2026-W13")
    assert shown(issues, first) == ("closed", "not_planned", "- < > 2")
    assert (await issues.row(first)).closed
    before = len(issues.github.log.records)
    await issues.succeed(second)
    assert len(issues.github.log.records) == before


async def test_a_previous_issue_that_a_person_deleted_is_no_previous_issue(issues):
    """The one before it takes its place from then on."""
    _, second = await published(issues, "2026-W11", "2026-W12")
    delete_issue(issues.github.state, issues.repository, issues.own(second)[0].number)
    (third,) = await published(issues, "2026-W13")
    assert (await issues.row(second)).state is PublishState.DISMISSED
    await issues.succeed(third)
    previous = await issues.rows.previous(third.key, (await issues.row(third)).since)
    assert previous is not None
    assert previous.period == "2026-W11"
    assert previous.body.endswith("- < > 3")


async def test_other_scopes_and_kinds_of_period_are_not_closed(issues):
    """A part of the repository, a month, and a few days beside the weeks."""
    keys = (("2026-W12", "path:engine"), ("2026-02", ""), ("2026-03-01..2026-03-05", ""))
    others = [await issues.at(key, "x", scope) for key, scope in keys]
    for other in others:
        await issues.settle(other)
    await published(issues, "2026-W12", "2026-W13")
    assert [shown(issues, other)[0] for other in others] == ["open"] * 3
    await published(issues, "2026-03-02..2026-03-06")
    assert [shown(issues, other)[0] for other in others] == ["open"] * 3
    await published(issues, "2026-03")
    assert [shown(issues, other)[0] for other in others] == ["open", "closed", "open"]


async def test_an_older_digest_that_is_made_late_is_linked_in_and_closed(issues):
    """Whatever the order, the newest is the open one, and all are linked."""
    first, third = await published(issues, "2026-W11", "2026-W13")
    (second,) = await published(issues, "2026-W12")
    assert shown(issues, first) == ("closed", "completed", "- < > 3")
    assert shown(issues, second) == ("closed", "completed", "1 < > 2")
    assert shown(issues, third) == ("open", None, "3 < > -")


async def test_an_archived_repository_leaves_the_previous_one_open(issues):
    """One write for each piece of work; when it is back, the issue is closed."""
    (first,) = await published(issues, "2026-W12")
    second = await issues.at("2026-W13")
    await issues.settle(second)
    issues.repository.archived = True
    assert await issues.succeed(second) is Outcome.REFUSED
    assert issues.count(PATCH) == 1
    issues.repository.archived = False
    assert await issues.succeed(second) is Outcome.UPDATED
    assert shown(issues, first)[0] == "closed"


async def test_what_could_not_be_closed_in_its_time_is_closed_later(issues):
    """The work on two weeks was given up after they were posted; those before them cost no request."""
    places = await published(issues, "2026-W09", "2026-W10", "2026-W11")
    for key in ("2026-W12", "2026-W13"):
        places.append(await issues.at(key, key))
        await issues.settle(places[-1])
    sent = issues.count(PATCH)
    places += await published(issues, "2026-W14")
    assert [shown(issues, place)[0] for place in places] == ["closed"] * 5 + ["open"]
    assert issues.count(PATCH) == sent + 3


@pytest.mark.parametrize("off", ["issues", "installation"])
async def test_issues_switched_off_are_no_deleted_issue(issues, off):
    """Neither dismissed nor taken for closed."""
    (first,) = await published(issues, "2026-W12")
    second = await issues.at("2026-W13")
    await issues.settle(second)
    if off == "issues":
        issues.repository.has_issues = False
        assert await issues.succeed(second) is Outcome.REFUSED
    else:
        issues.client._broker._tokens.clear()
        suspend(issues.github.state, INSTALLATION_ID)
        with pytest.raises(NoAccess):
            await issues.succeed(second)
    assert (await issues.row(first)).state is PublishState.POSTED
    issues.repository.has_issues = True
    suspend(issues.github.state, INSTALLATION_ID, suspended=False)
    await issues.succeed(second)
    assert shown(issues, first) == ("closed", "completed", "- < > 2")


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "truncated"])
async def test_an_answer_lost_while_closing_is_made_up_for(issues, fault):
    """Reading, closing, and closing again: one closed issue, by one of the requests."""
    (first,) = await published(issues, "2026-W12")
    second = await issues.at("2026-W13")
    await issues.settle(second)
    for methods in (("GET",), ("PATCH",)):
        issues.github.faults.add(fault, times=3, methods=methods, path=r"issues/\d+")
    await issues.succeed(second)
    assert shown(issues, first) == ("closed", "completed", "- < > 2")
    assert (await issues.row(first)).up_to_date


async def test_killed_between_any_two_steps_the_previous_one_is_closed_once(either_issues):
    """Before and after each call to GitHub or the store; a person who reopens it then is left alone."""
    desk = either_issues
    (old,) = await published(desk, "2026-W01")
    for moment in range(60):
        new = await desk.new("new")
        await desk.settle(new)
        plan = Plan(moment)
        mortal = desk.publisher(new, Mortal(desk.writer(), plan), Mortal(desk.rows, plan))
        try:
            await close_previous(mortal, desk.retell)
            break
        except Crash:
            await desk.succeed(new)
        links = f"> {desk.own(new)[0].number}"
        assert (shown(desk, old)[0], shown(desk, old)[2].endswith(links)) == ("closed", True), moment
        assert (await desk.row(old)).up_to_date
        reopen_issue(desk.github.state, desk.own(old)[0])
        await desk.succeed(new)
        assert shown(desk, old)[0] == "open"
        old = new
    assert 8 <= moment < 59


async def test_two_workers_at_once_close_it_once(issues):
    """Both read it open; the slower one is told to come back."""
    (first,) = await published(issues, "2026-W12")
    second = await issues.at("2026-W13")
    await issues.settle(second)

    class Slow(Mortal):
        async def patch(self, *arguments, **named):
            await issues.succeed(second)
            return await self._inner.patch(*arguments, **named)

    with pytest.raises(Later, match="another worker"):
        await close_previous(issues.publisher(second, Slow(issues.writer(), Plan(99))), issues.retell)
    await issues.succeed(second)
    assert shown(issues, first) == ("closed", "completed", "- < > 2")
