"""A crash between any two steps, a lost answer, two workers at once: one check run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Later
from bot.publishing import CheckPublisher, Outcome
from bot.publishing.check import CHECK_KIND, NAME, RIGHTS, external_id
from bot.store import PublishState
from sandbox.build import INSTALLATION_ID
from tests.fakes.crashes import Crash, Mortal, Plan
from tests.fakes.desk import QUARANTINE, Desk

if TYPE_CHECKING:
    from bot.github import API
    from bot.store import Publication
    from sandbox.discussion import CheckRun, Issue

MOST_MOMENTS = 60


@dataclass
class CheckDesk(Desk):
    """A desk at which check runs are published, all on the newest commit."""

    async def want(self, issue: Issue, text: str) -> Publication:
        """Want another summary there."""
        return await self.rows.want(self.repository.id, issue.number, CHECK_KIND, text)

    def writer(self) -> API:
        """A writer with the right to write check runs."""
        return self.client.as_installation(INSTALLATION_ID, self.repository.id, RIGHTS)

    def publisher(self, issue: Issue, writer: Any = None, rows: Any = None) -> Any:
        """A new publisher, as after a restart."""
        return CheckPublisher(
            writer=writer or self.writer(),
            rows=rows or self.rows,
            place=self.place(issue),
            app_id=self.github.state.app.id,
            quarantine=QUARANTINE,
            clock=self.clock,
            kind=CHECK_KIND,
            sha=self.repository.branches["main"],
        )

    def runs(self, issue: Issue) -> list[CheckRun]:
        """The check runs of one report."""
        wanted = external_id(self.repository.id, issue.number)
        return [run for run in self.repository.check_runs.values() if run.external_id == wanted]

    async def kept(self, issue: Issue) -> Publication:
        """The publish row."""
        row = await self.rows.get(self.repository.id, issue.number, CHECK_KIND)
        assert row is not None
        return row


@pytest.fixture
def checks(desk):
    """A desk for check runs, with the right to write them."""
    desk.github.state.installations[INSTALLATION_ID].permissions["checks"] = "write"
    return CheckDesk(desk.github, desk.client, desk.rows, desk.clock)


async def dies(checks, issue, moment: int) -> bool:
    """Publish until the given moment; tells whether there was one so late."""
    plan = Plan(moment)
    mortal = checks.publisher(issue, Mortal(checks.writer(), plan), Mortal(checks.rows, plan))
    try:
        await mortal.publish()
    except Crash:
        return True
    except Later as error:
        checks.clock.now += error.seconds
    return False


@pytest.mark.parametrize("again", [False, True], ids=["a new run", "a run that is changed"])
async def test_killed_between_any_two_steps_there_is_one_run(checks, again):
    """Before and after each call to GitHub or the store; restarted at once, and once more killed there."""
    crashes = 0
    for moment in range(MOST_MOMENTS):
        issue = await checks.new("old" if again else "new")
        if again:
            await checks.settle(issue)
            await checks.want(issue, "new")
        killed = await dies(checks, issue, moment)
        if killed:
            await dies(checks, issue, moment)
        await checks.settle(issue)
        assert [run.output["summary"] for run in checks.runs(issue)] == ["new"], f"killed at moment {moment}"
        assert (await checks.kept(issue)).up_to_date
        crashes += killed
        if not killed:
            break
    assert 4 <= crashes < MOST_MOMENTS


@pytest.mark.parametrize("kind", ["drop_after", "error_after", "truncated", "drop_before", "error", "html"])
async def test_a_lost_answer_is_found_again(checks, kind):
    """Whether the run was made or not."""
    issue = await checks.new("new")
    checks.github.faults.add(kind, status=502, times=1, methods=("POST",), path="check-runs")
    with pytest.raises(Later):
        await checks.publisher(issue).publish()
    assert await checks.settle(issue) is Outcome.RECOVERED
    assert len(checks.runs(issue)) == 1


async def test_workers_at_once_make_one_run(checks):
    """Four of them; whoever comes late looks again."""
    issue = await checks.new("new")
    done = await asyncio.gather(
        *(checks.publisher(issue).publish() for _ in range(4)), return_exceptions=True
    )
    assert Outcome.POSTED in done
    await checks.settle(issue)
    assert len(checks.runs(issue)) == 1


async def test_another_apps_run_and_another_reports_run_are_left_alone(checks):
    """Neither the name nor the id alone makes a run ours."""
    one, other = await checks.new("one"), await checks.new("other")
    await checks.settle(one)
    (foreign,) = checks.runs(one)
    foreign.app_id = 77
    await checks.want(one, "new")
    await checks.settle(other)
    row = await checks.kept(one)
    await checks.rows.change(row, state=PublishState.POSTING, comment_id=None, attempted_at=0.0)
    assert await checks.settle(one) is Outcome.RECOVERED
    assert [run.app_id for run in checks.runs(one)] == [77, checks.github.state.app.id]
    assert [run.output["summary"] for run in checks.runs(other)] == ["other"]


async def test_a_second_run_is_marked_as_one(checks):
    """GitHub deletes none: it keeps its place, and says that another one counts."""
    issue = await checks.new("new")
    await checks.settle(issue)
    (first,) = checks.runs(issue)
    where = {"owner": "octo-org", "repo": "engine"}
    double = {"name": NAME, "head_sha": first.head_sha, "external_id": first.external_id}
    said = {"status": "completed", "conclusion": "neutral", "output": {"title": "x", "summary": "x"}}
    await checks.writer().post("/repos/{owner}/{repo}/check-runs", where, data=double | said)
    assert await checks.publisher(issue).tidy() == 1
    assert checks.runs(issue) == [first]
    (second,) = [run for run in checks.repository.check_runs.values() if run.id != first.id]
    assert (second.conclusion, second.output["title"]) == ("skipped", "Duplicate")


async def test_a_run_that_is_gone_is_not_made_again_by_itself(checks):
    """GitHub keeps them for 400 days."""
    issue = await checks.new("old")
    await checks.settle(issue)
    checks.repository.check_runs.clear()
    await checks.want(issue, "new")
    assert await checks.settle(issue) is Outcome.DISMISSED
    assert checks.runs(issue) == []


async def test_what_github_refused_is_not_asked_for_again_within_an_hour(checks):
    """However often the work is done again (R61)."""
    checks.github.state.installations[INSTALLATION_ID].permissions["checks"] = "read"
    issue = await checks.new("new")
    tokens = "POST /app/installations/{installation_id}/access_tokens"
    assert await checks.settle(issue) is Outcome.REFUSED
    asked = checks.count(tokens)
    assert await checks.settle(issue) is Outcome.REFUSED
    assert checks.count(tokens) == asked
    checks.github.state.installations[INSTALLATION_ID].permissions["checks"] = "write"
    checks.clock.now += 3601
    assert await checks.settle(issue) is Outcome.POSTED
    assert (await checks.kept(issue)).reason is None
