"""Commands that decide and make: risks, digests, and what a pull request is to be."""

from __future__ import annotations

from dataclasses import replace

from sandbox.build import add_user
from sandbox.discussion import Reaction
from sandbox.talk import merge_pull, open_pull
from tests.fakes.commanding import answers, day_of, later, reactions, say
from tests.fakes.github import add_merge, the_repository
from tests.fakes.weeks import digest_issues
from tests.workflows.test_command_flow import HIDES_ERRORS


async def the_risk(play):
    """The first risk of the register."""
    return await play.running.services.register.get(the_repository(play.state).id, 1)


async def test_a_risk_is_accepted_and_opened_again(play):
    """With who said so and why; nothing is written but reactions."""
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    comment = await say(play, pull, "/prhub risk R1 accept it is behind a flag")
    risk = await the_risk(play)
    assert (risk.state, risk.accepted.by, risk.accepted.reason) == (
        "accepted",
        "octo-lead",
        "it is behind a flag",
    )
    assert reactions(comment) == ["eyes", "rocket"]
    await say(play, pull, "/prhub risk R1 reopen")
    assert (await the_risk(play)).state == "open"
    assert answers(play, pull) == []


async def test_a_risk_that_is_not_there_is_named(play):
    """😕 and where to look."""
    pull = add_merge(play.state)
    comment = await say(play, pull, "/prhub risk R99 reopen")
    (told,) = answers(play, pull, "risk")
    assert "There is no risk `R99`" in told
    assert reactions(comment) == ["eyes", "confused"]


async def test_a_digest_is_made_and_named(play):
    """The issue is the digest's own; asked for on it, only reactions are added."""
    repository = the_repository(play.state)
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    today = day_of(pull)
    comment = await say(play, pull, f"/prhub digest {today}..{today}")
    ((_, issue),) = digest_issues(repository, play.state.app.id)
    assert answers(play, pull, "digest") == [f"The digest is in #{issue.number}.\n"]
    assert reactions(comment) == ["eyes", "rocket"]
    later(play, 600)
    again = await say(play, issue, "/prhub digest")
    assert reactions(again) == ["eyes", "rocket"]
    assert len(issue.comments.value) == 1


async def test_a_period_without_a_merge_has_no_digest(play):
    """And one that there is not is none."""
    pull = add_merge(play.state)
    await say(play, pull, "/prhub digest 2020-W02")
    assert answers(play, pull, "digest") == ["Nothing was merged in that period: there is no digest.\n"]
    later(play, 600)
    await say(play, pull, "/prhub digest 2020-W60")
    assert answers(play, pull, "digest") == ["There is no such period.\n"]


async def test_an_ignored_pull_request_gets_no_report(play):
    """Until somebody ends that; asked for, it says so."""
    repository = the_repository(play.state)
    pull = open_pull(play.state, repository, HIDES_ERRORS)
    await say(play, pull, "/prhub ignore")
    merge_pull(repository, pull, add_user(play.state, "octo-lead"), play.state.now(), "squash")
    await play.merge(pull)
    assert play.comments(pull) == []
    comment = await say(play, pull, "/prhub report")
    assert "is ignored" in answers(play, pull, "report")[0]
    assert reactions(comment) == ["eyes", "confused"]
    await say(play, pull, "/prhub unignore")
    assert await play.report(pull) is not None
    assert len(play.comments(pull)) == 2


async def test_feedback_is_kept_with_who_said_it(play):
    """Nothing is written but reactions."""
    pull = add_merge(play.state)
    comment = await say(play, pull, "/prhub feedback the lock file is not worth a risk")
    (said,) = await play.running.services.feedback.said(the_repository(play.state).id)
    assert (said.author, said.text) == ("octo-lead", "the lock file is not worth a risk")
    assert reactions(comment) == ["eyes", "rocket"]
    assert play.comments(pull) == []


async def test_a_highlighted_pull_request_is_featured(play):
    """Though it is a typo; and not any more when somebody takes that back."""
    repository = the_repository(play.state)
    pull = add_merge(play.state, {"README.md": "# the engine\n"}, title="docs: fix a typo")
    await play.merge(pull)
    today = day_of(pull)
    await say(play, pull, "/prhub highlight")
    await say(play, pull, f"/prhub digest {today}..{today}")
    ((_, issue),) = digest_issues(repository, play.state.app.id)
    assert "Chosen by a maintainer" in (issue.body or "")
    await say(play, pull, "/prhub unhighlight")
    later(play, 600)
    await say(play, pull, f"/prhub digest {today}..{today}")
    assert "Chosen by a maintainer" not in (issue.body or "")


async def test_maintainers_notes_survive_every_refresh(play):
    """Letter by letter, below the report; what stands outside of the markers does not."""
    note = "<!-- prhub:note -->\nSee the **runbook**, @octo-dev.\n<!-- /prhub:note -->"
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    own = next(one for one in pull.comments.value if one.app_id)
    edited = replace(own, body=f"{own.body}\nlost\n{note}")
    pull.comments.put((edited,), play.state.clock())
    for number in range(2):
        pull.title = f"fix: keep saving, as agreed {number}"
        await say(play, pull, "Thank you.", "octo-guest", None)
        (body,) = play.comments(pull)
        assert f"as agreed {number}" in body
        assert body.endswith(f"\n{note}\n")
        assert "lost" not in body


async def test_reactions_are_kept_at_a_refresh(play):
    """Those that people made on the report."""
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    own = next(one for one in pull.comments.value if one.app_id)
    guest = add_user(play.state, "octo-guest")
    made = tuple(Reaction(n, guest, kind, play.state.now()) for n, kind in ((1, "+1"), (2, "heart")))
    pull.comments.put((replace(own, reactions=made),), play.state.clock())
    await say(play, pull, "Thank you.", "octo-guest", None)
    found = await play.running.services.feedback.reactions(the_repository(play.state).id)
    assert found == {pull.number: {"+1": 1, "heart": 1}}
