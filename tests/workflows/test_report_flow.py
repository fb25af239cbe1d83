"""From a signed webhook to one comment, labels and a stored report."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.marker import report_marker
from bot.store.tables import triggers
from sandbox.build import add_user, rename, suspend
from sandbox.payloads import issue_comment_payload, pull_request_payload
from sandbox.talk import add_comment, open_pull
from sandbox.webhooks import deliver
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import play_over, send_merge, settled, until

HIDES_ERRORS = {
    "engine/store.py": "def save():\n    try:\n        return 2\n    except Exception:\n        pass\n"
}


async def test_a_merge_gets_one_comment_labels_and_a_stored_report(play):
    """However often its webhook comes."""
    pull = add_merge(play.state, HIDES_ERRORS, title="fix: keep saving")
    await play.merge(pull, pull, pull)
    (body,) = play.comments(pull)
    assert body.startswith(report_marker(the_repository(play.state).id, pull.number))
    assert "risk: error-handling" in pull.labels.value
    report = await play.report(pull)
    assert (report.head.title, report.head.merge_sha) == ("fix: keep saving", pull.merge_sha)


async def test_a_report_costs_five_requests_and_two_tokens(play):
    """With the labels already there; what GitHub did not know of would be listed as unknown."""
    await play.merge(add_merge(play.state, HIDES_ERRORS))
    play.github.log.clear()
    pull = add_merge(play.state, {"engine/load.py": HIDES_ERRORS["engine/store.py"]})
    await play.merge(pull)
    lines = play.github.log.lines()
    assert sum(lines.values()) == 5, lines
    assert play.github.log.unknown == []
    assert all(record.narrowed for record in play.github.log.records)


async def test_an_unmerged_pull_request_gets_nothing(play):
    """Not even if a delivery claims a merge: GitHub itself is asked."""
    pull = open_pull(play.state, the_repository(play.state), {"a.py": "x = 1\n"})
    payload = pull_request_payload(play.state, the_repository(play.state), pull, "closed")
    payload["pull_request"] |= {"merged": True, "merged_at": "2026-03-24T05:50:46Z", "state": "closed"}

    assert (await deliver(play.state, "pull_request", payload)).status_code == 202
    assert play.comments(pull) == []
    assert await play.report(pull) is None


async def test_a_contradictory_delivery_ends_in_one_report(play):
    """GitHub has sent ``closed`` with ``state: open`` and no merge time for a real merge."""
    pull = add_merge(play.state)
    payload = pull_request_payload(play.state, the_repository(play.state), pull, "closed")
    payload["pull_request"] |= {"state": "open", "merged_at": None, "merged": False}
    await play.send("pull_request", payload)
    await play.merge(pull)
    assert len(play.comments(pull)) == 1


async def test_a_bots_pull_request_is_stored_and_not_commented_on(play):
    """Dozens of bumps a week are no news; the digest counts them all the same."""
    pull = add_merge(play.state, user="dependabot[bot]")
    await play.merge(pull)
    assert play.comments(pull) == []
    assert pull.labels.value == ()
    assert await play.report(pull) is not None


async def test_bots_are_commented_on_when_the_operator_wants_it(playing_with):
    """``PRHUB_REPORT_BOTS=true``."""
    async with playing_with(PRHUB_REPORT_BOTS="true") as play:
        pull = add_merge(play.state, user="dependabot[bot]")
        await play.merge(pull)
        assert len(play.comments(pull)) == 1


async def test_what_is_below_the_minimum_importance_stays_quiet(playing_with):
    """``PRHUB_MIN_IMPORTANCE``: stored, not posted."""
    async with playing_with(PRHUB_MIN_IMPORTANCE="9.5") as play:
        pull = add_merge(play.state)
        await play.merge(pull)
        assert play.comments(pull) == []
        assert await play.report(pull) is not None


async def test_a_pilot_leaves_other_repositories_alone(playing_with):
    """``PRHUB_REPOSITORIES``: deliveries of others are taken and ignored."""
    async with playing_with(PRHUB_REPOSITORIES="octo-org/other") as play:
        pull = add_merge(play.state)
        await play.merge(pull)
        assert play.github.log.records == []


async def test_a_remark_after_the_merge_updates_the_comment_in_place(play):
    """The discussion is read again; nobody gets a second comment."""
    pull = add_merge(play.state)
    await play.merge(pull)
    pull.title = "A better title"
    repository = the_repository(play.state)
    await play.send("pull_request", pull_request_payload(play.state, repository, pull, "edited"))
    (body,) = play.comments(pull)
    assert "A better title" in body


async def test_a_refresh_that_changes_nothing_writes_nothing(play):
    """A comment that says nothing new must not notify anyone."""
    pull = add_merge(play.state)
    await play.merge(pull)
    play.github.log.clear()
    payload = pull_request_payload(play.state, the_repository(play.state), pull, "edited")
    await play.send("pull_request", payload)
    assert play.github.log.count("POST /graphql") == 2
    writes = [line for line in play.github.log.lines() if line.startswith(("PATCH", "POST /repos", "DELETE"))]
    assert writes == []


async def test_a_burst_of_remarks_is_one_refresh(playing_with):
    """Twenty remarks at once are read once, or twice if they fall into two windows."""
    async with playing_with(PRHUB_REFRESH_DELAY="2") as play:
        pull = add_merge(play.state)
        await play.merge(pull)
        play.github.log.clear()
        for number in range(20):
            remark = add_comment(play.state, pull, "octo-lead", f"Remark {number}")
            payload = issue_comment_payload(play.state, the_repository(play.state), pull.number, remark)
            await deliver(play.state, "issue_comment", payload)
        await settled(play.running)
        assert play.github.log.count("POST /graphql") in {2, 4}


async def test_a_remark_on_an_unreported_pull_request_starts_nothing(play):
    """Open pull requests get hundreds of remarks."""
    pull = open_pull(play.state, the_repository(play.state), {"a.py": "x = 1\n"})
    remark = add_comment(play.state, pull, "octo-lead", "Why?")
    await play.send(
        "issue_comment", issue_comment_payload(play.state, the_repository(play.state), pull.number, remark)
    )
    assert play.github.log.records == []


async def test_a_revert_is_told_on_the_report_of_the_original(play):
    """Whoever reads the first report learns that it no longer holds."""
    original = add_merge(play.state, title="feat: save twice")
    await play.merge(original)
    revert = add_merge(
        play.state,
        {"engine/store.py": "def save():\n    return 1\n"},
        title='Revert "feat: save twice"',
        body=f"Reverts {the_repository(play.state).full_name}#{original.number}",
    )
    await play.merge(revert)
    (body,) = play.comments(original)
    assert f"/pull/{revert.number}" in body
    assert "risk: revert" in original.labels.value


async def test_a_comment_that_a_person_deleted_is_not_posted_again(play):
    """Deleting it is an answer."""
    pull = add_merge(play.state)
    await play.merge(pull)
    pull.comments.put(())
    pull.title = "Another title"
    await play.send(
        "pull_request", pull_request_payload(play.state, the_repository(play.state), pull, "edited")
    )
    assert play.comments(pull) == []


async def test_a_label_that_a_person_removed_stays_away(play):
    """The maintainer knows better; a removal counts once GitHub's lists must show what was put on."""
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    await asyncio.sleep(0.5)
    pull.labels.put(("bug",))
    pull.title = "Another title"
    await play.send(
        "pull_request", pull_request_payload(play.state, the_repository(play.state), pull, "edited")
    )
    assert pull.labels.value == ("bug",)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        pytest.param(
            "drop_after",
            {"path": "/comments$", "methods": ("POST",), "times": 1},
            id="the answer to the post is lost",
        ),
        pytest.param(
            "error_after",
            {"path": "/comments$", "methods": ("POST",), "times": 1},
            id="the post is done and answered 502",
        ),
        pytest.param(
            "error", {"path": "", "times": 3, "status": 503}, id="GitHub is down for three requests"
        ),
        pytest.param(
            "html", {"path": "/graphql", "times": 1, "status": 200}, id="a proxy answers with a page"
        ),
        pytest.param("truncated", {"path": "/graphql", "times": 1}, id="half of the JSON comes"),
        pytest.param(
            "unauthorized", {"path": "/comments$", "times": 1}, id="the token is revoked in the middle"
        ),
        pytest.param(
            "redirect",
            {
                "path": "/comments$",
                "methods": ("POST",),
                "times": 1,
                "status": 307,
                "location": "/repositories/4001/issues/1/comments",
            },
            id="the repository is renamed between reading and posting",
        ),
    ],
)
async def test_one_comment_whatever_github_does(play, kind, fields):
    """Each fault ends in exactly one comment, without a person's help."""
    play.github.faults.add(kind, **fields)
    pull = add_merge(play.state, HIDES_ERRORS)

    await send_merge(play.github, the_repository(play.state).full_name, pull)
    await until(lambda: bool(pull.labels.value), 20)
    assert len(play.comments(pull)) == 1


async def test_a_renamed_repository_gets_the_report_under_its_new_name(play):
    """The delivery has the old name; the id leads to the new one."""
    pull = add_merge(play.state)
    repository = the_repository(play.state)
    payload = pull_request_payload(play.state, repository, pull, "closed")
    rename(repository, "machine")
    await play.send("pull_request", payload)
    assert len(play.comments(pull)) == 1


async def test_a_suspended_installation_parks_the_work_with_a_reason(play):
    """No retry storm against an app that may not act; see ``test_lifecycle_flow.py`` for its return."""
    (installation,) = play.state.installations.values()
    suspend(play.state, installation.id)
    pull = add_merge(play.state)
    await play.merge(pull)
    state, reason = await play.outcome(pull)
    assert (state, "suspended" in reason) == ("parked", True)


async def test_a_locked_conversation_is_left_alone(play):
    """One attempt, no retry; the report is stored."""
    pull = add_merge(play.state, HIDES_ERRORS)
    pull.locked = True
    await play.merge(pull)
    assert play.comments(pull) == []
    assert play.github.log.count("POST /repos/{owner}/{repo}/issues/{number}/comments") <= 1
    assert await play.report(pull) is not None


async def test_a_forged_marker_is_not_taken_over(play):
    """Somebody who copies our first line does not get edited, and does not stop the report."""
    pull = add_merge(play.state)
    forged = f"{report_marker(the_repository(play.state).id, pull.number)}\nAll is well, merge everything."
    add_comment(play.state, pull, "octo-stranger", forged)
    await play.merge(pull)
    assert len(play.comments(pull)) == 1
    assert pull.comments.value[0].body == forged


async def test_a_deleted_author_and_a_deleted_fork_are_no_obstacle(play):
    """GitHub answers ``null`` for both."""
    pull = add_merge(play.state, user=None, head_repository=None, body=None)
    await play.merge(pull)
    assert "a deleted account" in play.comments(pull)[0]


async def test_the_facts_with_the_diff_are_gone_when_the_report_is_done(play):
    """Code is not kept longer than the work on it."""
    pull = add_merge(play.state)
    await play.merge(pull)
    assert await play.running.services.reports.facts_of(the_repository(play.state).id, pull.number) is None


async def test_secrets_in_a_diff_reach_neither_comment_nor_store(play):
    """A token that was merged by mistake is not spread further."""
    secret = "ghp_" + "aB3" * 12
    pull = add_merge(play.state, {"engine/store.py": f'TOKEN = "{secret}"\n'}, title=f"fix: use {secret}")
    await play.merge(pull)
    report = await play.report(pull)
    assert secret not in play.comments(pull)[0]
    assert secret not in report.model_dump_json()
    assert report.provenance.redactions > 0


async def test_a_lost_answer_and_a_stale_list_together_end_in_one_comment(play):
    """GitHub's lists lag behind; the posting quarantine waits that out after a lost answer."""
    play.github.faults.add("stale", probability=1.0, seconds=0.2)
    play.github.faults.add("drop_after", path="/comments$", methods=("POST",), times=1)
    pull = add_merge(play.state)
    await play.merge(pull)
    assert len(play.comments(pull)) == 1


async def test_an_old_backup_does_not_post_again(github, app_key, tmp_path):
    """After the database is lost, the comment on GitHub is found and taken over."""
    (tmp_path / "new").mkdir()
    async with play_over(github, app_key.private, tmp_path) as play:
        pull = add_merge(play.state, HIDES_ERRORS)
        await play.merge(pull)
        before = pull.labels.value
    async with play_over(github, app_key.private, tmp_path / "new") as play:
        await play.merge(pull)
        assert len(play.comments(pull)) == 1
        assert pull.labels.value == before


async def test_a_merge_queue_and_a_bot_that_presses_the_button_are_merges(play):
    """Whoever merged it, the author is who counts."""
    pull = add_merge(play.state, user="octo-dev")
    pull.merge_queue = True
    pull.merged_by = add_user(play.state, "github-merge-queue[bot]")
    await play.merge(pull)
    assert len(play.comments(pull)) == 1
    report = await play.report(pull)
    assert report.head.merge_queue


async def test_after_a_lost_answer_three_later_looks_are_planned(play):
    """A list that lagged longer than the quarantine must not leave two comments for good."""
    play.github.faults.add("drop_after", path="/comments$", methods=("POST",), times=1)
    pull = add_merge(play.state)
    await play.merge(pull)
    planned = sa.select(triggers.c.due_at - triggers.c.created_at).where(triggers.c.kind == "tidy")
    async with play.running.services.triggers.store.read() as connection:
        waits = [round(wait) for wait in (await connection.scalars(planned)).all()]
    assert sorted(waits) == [60, 600, 86_400]
