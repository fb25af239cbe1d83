"""A repository whose file is broken: one issue, kept up to date, closed when that is mended."""

from __future__ import annotations

import asyncio
import secrets

import pytest

from bot.model.repo_config import CONFIG_PATH
from sandbox.build import add_commit, signature
from sandbox.triage import close_issue, delete_issue
from tests.fakes.commanding import answers, say
from tests.fakes.configured import configure
from tests.fakes.github import add_merge, the_repository
from tests.fakes.told_configs import (
    BROKEN,
    GOOD,
    WORSE,
    an_hour_later,
    ends,
    informed,
    issues_of,
    push,
    work,
)

PATCH = "PATCH /repos/{owner}/{repo}/issues/{issue_number}"


async def test_a_broken_file_is_told_once(play):
    """However much work there is; with its place, and with no value of the file."""
    secret = secrets.token_hex(8)
    await push(play, f"labels:\n  max: {secret}\n")
    await work(play)
    await work(play)
    (issue,) = issues_of(play)
    assert (issue.title, issue.state) == ("The file .github/prhub.yml has mistakes and is not taken", "open")
    assert f"{CONFIG_PATH}#L2) | 3 | `labels.max`" in issue.body
    assert secret not in issue.body + issue.title
    assert issue.labels.value == ("prhub",)
    assert "what the operator of PRHub has set" in issue.body
    assert await ends(play) == [("done", None)]


async def test_nothing_is_told_of_a_good_file(play):
    """Nor of one with a warning: such a file is taken."""
    await push(play, GOOD)
    await push(play, "langauge: en\n")
    assert (issues_of(play), await ends(play)) == ([], [])


async def test_other_problems_are_told_in_the_same_issue_an_hour_later(play):
    """Not before: a file that changes all the time notifies nobody all the time."""
    await push(play, BROKEN)
    await push(play, WORSE)
    (issue,) = issues_of(play)
    assert "`publish`" not in issue.body
    await an_hour_later(play)
    await push(play, WORSE + "language: no\n")
    (issue,) = issues_of(play)
    assert "`publish`" in issue.body
    assert "`language`" in issue.body
    assert issue.body.startswith("<!-- prhub:config:v1 ")


@pytest.mark.parametrize("mended", [GOOD, "labels: {max: 2}\nlangauge: en\n"])
async def test_a_mended_file_closes_the_issue_without_a_comment(play, mended):
    """What was wrong stays below, folded."""
    await push(play, BROKEN)
    await an_hour_later(play)
    await push(play, mended)
    (issue,) = issues_of(play)
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert "**Mended:**" in issue.body
    assert "`labels.max`" in issue.body
    assert len(issue.comments.value) == 0


async def test_a_file_that_is_gone_closes_the_issue(play):
    """There is nothing wrong any more."""
    await push(play, BROKEN)
    await an_hour_later(play)
    repository = the_repository(play.state)
    add_commit(repository, "main", {CONFIG_PATH: None}, "Remove it", signature(play.state, "octo-lead"))
    play.running.services.configs.forget(repository.full_name)
    await work(play)
    assert [issue.state for issue in issues_of(play)] == ["closed"]


async def test_a_file_that_is_broken_again_reopens_the_issue(play):
    """And says so at the top, as the first time; the last good file holds meanwhile."""
    await push(play, BROKEN)
    await an_hour_later(play)
    await push(play, GOOD)
    await an_hour_later(play)
    await push(play, BROKEN)
    (issue,) = issues_of(play)
    assert issue.state == "open"
    assert "Mended" not in issue.body
    assert "configuration that was good last" in issue.body


async def test_who_closes_the_issue_is_heard_until_the_problems_change(play):
    """More work changes nothing, another mistake reopens it."""
    await push(play, BROKEN)
    (issue,) = issues_of(play)
    close_issue(play.state, issue)
    await an_hour_later(play)
    await push(play, BROKEN + "\n")
    assert issues_of(play)[0].state == "closed"
    await push(play, WORSE)
    assert [one.state for one in issues_of(play)] == ["open"]


async def test_who_deletes_the_issue_is_heard_until_the_problems_change(play):
    """Then another one is opened; when the file is mended, none."""
    await push(play, BROKEN)
    delete_issue(play.state, the_repository(play.state), issues_of(play)[0].number)
    await an_hour_later(play)
    await work(play)
    assert issues_of(play) == []
    await push(play, WORSE)
    assert [one.state for one in issues_of(play)] == ["open"]
    delete_issue(play.state, the_repository(play.state), issues_of(play)[0].number)
    await an_hour_later(play)
    await push(play, GOOD)
    assert issues_of(play) == []


async def test_a_command_and_its_answer_tell_it_as_well(play):
    """Who asks for the configuration sees that the file is not taken."""
    await play.merge(pull := add_merge(play.state))
    configure(play, BROKEN)
    await say(play, pull, "/prhub config")
    await informed(play)
    (told,) = answers(play, pull, "config")
    assert CONFIG_PATH in told
    assert len(issues_of(play)) == 1


async def test_the_issue_speaks_the_repositorys_language(play):
    """That of the last good file."""
    await push(play, "language: zh-CN\n")
    await push(play, "language: zh-CN\nlabels:\n  max: many\n")
    (issue,) = issues_of(play)
    assert issue.title == "文件 .github/prhub.yml 有错误，未被采用"
    assert "上一份正确的配置" in issue.body


@pytest.mark.parametrize("fault", ["drop_after", "error_after"])
async def test_a_lost_answer_is_one_issue(play, fault):
    """The issue that was opened all the same is found by its marker and taken over."""
    play.github.faults.add(fault, path="/issues$", methods=("POST",), times=1)
    await push(play, BROKEN)
    for _ in range(100):
        row = await play.running.services.config_issues.get(the_repository(play.state).id)
        if row is not None and row.up_to_date:
            break
        await asyncio.sleep(0.1)
    assert len(issues_of(play)) == 1
    assert row is not None
    assert row.up_to_date
