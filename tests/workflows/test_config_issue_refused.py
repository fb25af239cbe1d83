"""Where no issue about a broken file is opened: by whose word, and what the work's end says."""

from __future__ import annotations

import pytest

from bot.model.repo_config import CONFIG_PATH
from sandbox.build import INSTALLATION_ID, add_commit, add_repository, signature
from sandbox.lifecycle import repositories_payload
from tests.fakes.commanding import answers, say
from tests.fakes.configured import configure
from tests.fakes.github import add_merge, the_repository
from tests.fakes.told_configs import BROKEN, GOOD, an_hour_later, ends, informed, issues_of, push, work


async def test_issues_that_are_switched_off_end_it_with_the_reason(play):
    """No label is made for nothing, and the report comes; a day later it is tried again."""
    repository = the_repository(play.state)
    repository.has_issues = False
    pull = add_merge(play.state)
    configure(play, BROKEN)
    await play.merge(pull)
    await informed(play)
    ((state, reason),) = await ends(play)
    assert (state, len(play.comments(pull))) == ("done", 1)
    assert reason == "Issues has been disabled in this repository."
    assert play.github.log.count("POST /repos/{owner}/{repo}/labels") == 0
    repository.has_issues = True
    rows = play.running.services.config_issues
    row = await rows.get(repository.id)
    await rows.change(row, asked_at=row.asked_at - 86_401, attempted_at=row.attempted_at - 3601)
    await work(play)
    assert len(issues_of(play)) == 1


async def test_nothing_is_opened_in_an_archived_repository(play):
    """GitHub would refuse it; it is archived between the notice and the work."""
    the_repository(play.state).archived = True
    configure(play, BROKEN)
    await play.merge(add_merge(play.state))
    await informed(play)
    assert issues_of(play) == []
    assert await ends(play) == [("done", "the repository is archived")]


async def test_publish_none_is_a_wish_for_quiet(play):
    """That of the last good file: what stands in a broken one has no say."""
    await push(play, "publish: none\n")
    await push(play, "publish: none\n" + BROKEN)
    assert (issues_of(play), await ends(play)) == ([], [])


async def test_the_operator_may_want_none(playing_with):
    """``PRHUB_CONFIG_ISSUES=false``."""
    async with playing_with(PRHUB_CONFIG_ISSUES="false") as play:
        await push(play, BROKEN)
        assert (issues_of(play), await ends(play)) == ([], [])


async def test_the_operator_s_switch_still_closes_what_is_open(playing_with):
    """Or the issue would stand there for ever."""
    async with playing_with() as play:
        await push(play, BROKEN)
        await an_hour_later(play)
    async with playing_with(PRHUB_CONFIG_ISSUES="false") as play:
        await push(play, GOOD)
        assert [one.state for one in issues_of(play)] == ["closed"]


@pytest.mark.parametrize(
    ("own", "place"),
    [
        pytest.param("_extends: rules\n", "octo-org/rules", id="the file that is extended"),
        pytest.param(None, "octo-org/.github", id="the file of the owner's .github repository"),
    ],
)
async def test_another_repositorys_mistakes_are_told_in_no_issue(play, own, place):
    """Not everybody here may read it there; the answer to a command says that it is not taken."""
    state = play.state
    other = add_repository(state, place, state.installations[INSTALLATION_ID])
    add_commit(other, "main", {CONFIG_PATH: BROKEN}, "Configure", signature(state, "octo-lead"))
    installation = state.installations[INSTALLATION_ID]
    await play.send("installation_repositories", repositories_payload(state, installation, "added", [other]))
    if own is not None:
        configure(play, own)
    await work(play)
    pull = add_merge(state, {"engine/new.py": "y = 1\n"})
    await play.merge(pull)
    await say(play, pull, "/prhub config")
    (told,) = answers(play, pull, "config")
    assert CONFIG_PATH in told
    assert (issues_of(play), other.issues, await ends(play)) == ([], {}, [])


async def test_an_extends_that_leads_nowhere_is_the_repositorys_own_mistake(play):
    """It can be mended here, and the text names no other repository."""
    await push(play, "_extends: nowhere\n")
    (issue,) = issues_of(play)
    assert "`_extends`" in issue.body
    assert "nowhere" not in issue.body
