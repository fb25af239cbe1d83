"""The real server, killed at each step of telling a repository that its file is broken: one issue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.marker import is_config_of
from bot.model.repo_config import CONFIG_PATH
from sandbox.build import add_commit, signature
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import send_merge, until
from tests.fakes.serving import server
from tests.fakes.told_configs import BROKEN

if TYPE_CHECKING:
    from sandbox.discussion import Issue
    from sandbox.github import GitHub

# In the order in which they are passed: an issue whose answer was lost is found, and its text is sent again.
POINTS = (
    "before_inform",
    "before_issue_post",
    "after_issue_post",
    "before_update",
    "after_update",
    "after_inform",
)


def issues_on(github: GitHub) -> list[Issue]:
    """The issues about the repository's file."""
    repository = the_repository(github.state)
    return [one for one in repository.issues.values() if is_config_of(one.body or "", repository.id)]


async def test_killed_at_every_step_there_is_one_issue(github, app_key, tmp_path):
    """Each process goes on where the one before died, and dies a step later."""
    repository = the_repository(github.state)
    author = signature(github.state, "octo-lead")
    add_commit(repository, "main", {CONFIG_PATH: BROKEN}, "Configure", author)
    pull = add_merge(github.state)
    sent = False
    for point in POINTS:
        async with server(github, app_key, tmp_path, PRHUB_FAILPOINT=point) as process:
            if not sent:
                assert await send_merge(github, REPOSITORY, pull) == 202
                sent = True
            async with asyncio.timeout(30):
                assert await process.wait() == -9, point
    async with server(github, app_key, tmp_path):
        await until(lambda: bool(issues_on(github)))
        await asyncio.sleep(2.0)
    assert [(one.state, len(one.comments.value)) for one in issues_on(github)] == [("open", 0)]
    assert github.log.unknown == []
