"""Where a repository's file has its reports shown: in a comment, in a check run, or nowhere."""

from __future__ import annotations

import pytest

from bot.publishing.check import SUMMARY_LIMIT, external_id
from sandbox.build import INSTALLATION_ID
from sandbox.payloads import pull_request_payload
from tests.fakes.commanding import answers, later, reactions, say
from tests.fakes.configured import configure
from tests.fakes.github import add_merge, the_repository

HIDES_ERRORS = {
    "engine/store.py": "def save():\n    try:\n        return 2\n    except Exception:\n        pass\n"
}


def grant(play, right: str) -> None:
    """Grant the app ``checks: write``, or take it back to ``read``."""
    play.state.installations[INSTALLATION_ID].permissions["checks"] = right


def runs(play):
    """The check runs of the repository."""
    return list(the_repository(play.state).check_runs.values())


async def edited(play, pull):
    """Have the title edited on GitHub after the merge."""
    pull.title = "A better title"
    repository = the_repository(play.state)
    await play.send("pull_request", pull_request_payload(play.state, repository, pull, "edited"))


@pytest.fixture
async def checking(play):
    """PRHub beside a repository that has its reports in check runs."""
    grant(play, "write")
    configure(play, "publish: check\n")
    return play


async def test_publish_check_is_one_run_on_the_merge_commit(checking):
    """However often the webhook comes; with labels, and without a comment."""
    pull = add_merge(checking.state, HIDES_ERRORS, title="fix: keep saving")
    await checking.merge(pull, pull, pull)
    (run,) = runs(checking)
    repository = the_repository(checking.state)
    assert (run.head_sha, run.external_id) == (pull.merge_sha, external_id(repository.id, pull.number))
    assert (run.status, run.conclusion, run.name) == ("completed", "neutral", "PRHub report")
    assert "fix: keep saving" in run.output["summary"]
    assert "prhub:report" not in run.output["summary"]
    assert checking.comments(pull) == []
    assert pull.labels.value == ("risk: error-handling",)
    assert await checking.outcome(pull) == ("done", None)


async def test_a_run_is_updated_in_place(checking):
    """A discussion that goes on changes the one run there is; what is the same is not sent again."""
    pull = add_merge(checking.state)
    await checking.merge(pull)
    await edited(checking, pull)
    (run,) = runs(checking)
    assert "A better title" in run.output["summary"]
    checking.github.log.clear()
    await edited(checking, pull)
    assert checking.github.log.count("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}") == 0


@pytest.mark.parametrize("kind", ["drop_after", "error_after"])
async def test_a_lost_answer_is_one_run(checking, kind):
    """The run that was made all the same is found by its id and taken over."""
    checking.github.faults.add(kind, path="/check-runs$", methods=("POST",), times=1)
    pull = add_merge(checking.state)
    await checking.merge(pull)
    assert len(runs(checking)) == 1
    assert await checking.outcome(pull) == ("done", None)


async def test_a_long_report_fits_into_the_run(checking):
    """GitHub takes 65,535 characters."""
    body = "\n\n".join(f"Reason {number}: " + "because it is so. " * 40 for number in range(200))
    changes = {f"engine/part_{number}.py": f"x = {number}\n" * 20 for number in range(120)}
    pull = add_merge(checking.state, changes, body=body)
    await checking.merge(pull)
    (run,) = runs(checking)
    assert len(run.output["summary"]) <= SUMMARY_LIMIT


async def test_without_the_right_the_report_is_stored_and_the_work_says_why(play):
    """``app.yml`` does not ask for ``checks: write``: who wants check runs grants it, and asks once more."""
    configure(play, "publish: check\n")
    pull = add_merge(play.state)
    await play.merge(pull)
    assert runs(play) == []
    assert await play.report(pull) is not None
    state, reason = await play.outcome(pull)
    assert state == "done"
    assert "checks: write" in reason
    await say(play, pull, "/prhub status")
    (told,) = answers(play, pull, "status")
    assert "checks: write" in told
    comment = await say(play, pull, "/prhub report")
    assert reactions(comment) == ["eyes", "confused"]
    (told,) = answers(play, pull, "report")
    assert "checks: write" in told
    grant(play, "write")
    later(play, 3600)
    comment = await say(play, pull, "/prhub report")
    assert reactions(comment) == ["eyes", "rocket"]
    assert len(runs(play)) == 1


async def test_a_right_that_is_taken_back_stops_no_report(checking):
    """The run stays as it is; the refresh says why."""
    pull = add_merge(checking.state)
    await checking.merge(pull)
    before = dict(runs(checking)[0].output)
    grant(checking, "read")
    await edited(checking, pull)
    assert runs(checking)[0].output == before
    assert (await checking.report(pull)).head.title == "A better title"


async def test_publish_none_is_stored_and_shown_nowhere(play):
    """No comment, no label, no run; ``/prhub report`` makes it anew and says where it is."""
    configure(play, "publish: none\n")
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    assert (play.comments(pull), pull.labels.value, runs(play)) == ([], (), [])
    assert await play.outcome(pull) == ("done", None)
    assert await play.report(pull) is not None
    comment = await say(play, pull, "/prhub report")
    assert reactions(comment) == ["eyes", "rocket"]
    (told,) = answers(play, pull, "report")
    assert "publish: none" in told


async def test_what_was_stored_is_shown_once_that_is_wanted(play):
    """A refresh, or ``/prhub report``, goes by the file as it is then."""
    configure(play, "publish: none\n")
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    configure(play, "publish: comment\n")
    await edited(play, pull)
    (body,) = play.comments(pull)
    assert "A better title" in body
    assert pull.labels.value == ("risk: error-handling",)


async def test_a_comment_stays_as_it_is_where_none_is_wanted_any_more(play):
    """Nothing is written there, and nothing taken away."""
    pull = add_merge(play.state)
    await play.merge(pull)
    before = play.comments(pull)
    configure(play, "publish: none\n")
    await edited(play, pull)
    assert play.comments(pull) == before


async def test_a_report_by_command_goes_before_what_the_file_ignores(play):
    """Somebody asked for this very one."""
    configure(play, "ignore:\n  authors: [octo-dev]\nmin_importance: 9.5\n")
    pull = add_merge(play.state)
    await play.merge(pull)
    assert play.comments(pull) == []
    await say(play, pull, "/prhub report")
    assert len(play.comments(pull)) == 1
