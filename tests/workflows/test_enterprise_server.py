"""Enterprise Server by one setting: a whole report, a digest, a command, under its own and an odd prefix."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from bot.github import READ
from sandbox.build import add_user, rename
from sandbox.payloads import pull_request_payload
from sandbox.talk import add_comment, open_pull
from tests.fakes.commanding import say
from tests.fakes.fronts import below
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import play_over
from tests.fakes.weeks import ask_for, digest_issues, digest_trigger, this_week

HIDES = {"engine/a.py": "def a():\n    try:\n        return 2\n    except Exception:\n        pass\n"}
LINK = re.compile(r"https?://[^\s)\"'>\]]+")


@pytest.fixture(params=["", "/git", "/a/b-c/git.hub"], ids=["no prefix", "a prefix", "a long prefix"])
async def play(request, github, app_key, tmp_path):
    """PRHub that knows only GITHUB_API_URL; GitHub's own links lead below the prefix."""
    async with below(request.param, github.url) as server:
        github.state.html_url = server
        async with play_over(github, app_key.private, tmp_path, GITHUB_API_URL=f"{server}/api/v3") as playing:
            yield playing


def asked_elsewhere(play):
    """Requests that did not come by Enterprise Server's paths."""
    paths = {urlsplit(record.url).path for record in play.github.log.records}
    return {path for path in paths if not path.startswith(("/api/v3/", "/api/graphql"))}


def foreign(play, text):
    """The links in a text that lead to another server."""
    return [link for link in LINK.findall(text) if not link.startswith(f"{play.state.html_url}/")]


async def test_report_digest_and_command_use_one_server(play):
    """Every link in them leads there, and every request too; github.com is named nowhere."""
    add_merge(play.state)
    pull = add_merge(play.state, HIDES, body="Follows #1 and octo-org/other#3.")
    await play.merge(pull)
    await say(play, pull, "/prhub explain")
    await ask_for(play, digest_trigger(play.state, this_week()))
    ((_, issue),) = digest_issues(the_repository(play.state), play.state.app.id)
    texts = [*play.comments(pull), issue.body or ""]
    assert len(texts) == 3
    assert any(LINK.findall(text) for text in texts)
    assert [foreign(play, text) for text in texts] == [[], [], []]
    assert "github.com" not in "".join(texts)
    assert asked_elsewhere(play) == set()


async def test_pages_are_followed_below_the_prefix(play):
    """GitHub's links to the next page name the server as it is reached."""
    pull = open_pull(play.state, the_repository(play.state), {"a.py": "x = 1\n"})
    for number in range(230):
        add_comment(play.state, pull, add_user(play.state, "octo-dev").login, f"remark {number}")
    api = play.running.services.github.as_installation(4242, the_repository(play.state).id, READ)
    path = f"/repos/octo-org/engine/issues/{pull.number}/comments?per_page=100"
    assert len([one async for one in api.getiter(path)]) == 230
    assert asked_elsewhere(play) == set()


async def test_a_redirect_of_a_renamed_repository_is_followed(play):
    """The webhook still has the old name."""
    pull = add_merge(play.state, HIDES)
    repository = the_repository(play.state)
    payload = pull_request_payload(play.state, repository, pull, "closed")
    rename(repository, "octo-org/motor")
    await play.send("pull_request", payload)
    (comment,) = play.comments(pull)
    assert foreign(play, comment) == []
