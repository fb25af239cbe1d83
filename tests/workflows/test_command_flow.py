"""From a comment to what it commands: who may, how often, and what is answered."""

from __future__ import annotations

import pytest

from bot.marker import report_marker
from sandbox.build import add_user
from sandbox.talk import merge_pull, open_pull
from tests.fakes.commanding import answers, later, reactions, say
from tests.fakes.github import add_merge, the_repository

HIDES_ERRORS = {
    "engine/store.py": "def save():\n    try:\n        return 2\n    except Exception:\n        pass\n"
}


async def test_help_is_one_comment_edited_in_place(play):
    """Asked for twice by a writer: 👀, then 🚀 each time."""
    pull = add_merge(play.state)
    first = await say(play, pull, "/prhub help")
    second = await say(play, pull, "/prhub help")
    (told,) = answers(play, pull)
    assert "/prhub report" in told
    assert reactions(first) == reactions(second) == ["eyes", "rocket"]


async def test_a_mistaken_line_gets_help_about_it(play):
    """😕, and the answer says what is wrong."""
    pull = add_merge(play.state)
    comment = await say(play, pull, "/prhub reprot")
    (told,) = answers(play, pull, "help")
    assert "`/prhub reprot` is no command." in told
    assert reactions(comment) == ["eyes", "confused"]


@pytest.mark.parametrize("role", ["read", "triage", None])
async def test_who_may_not_gets_one_reaction_and_no_text(play, role):
    """However often they ask; a stranger on a public repository can read."""
    pull = add_merge(play.state)
    comments = [await say(play, pull, "/prhub help", "octo-guest", role) for _ in range(3)]
    assert [reactions(comment) for comment in comments] == [["confused"], [], []]
    assert answers(play, pull) == []


async def test_explain_tells_of_scores_and_labels(play):
    """Of a label that a person took off too."""
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    await say(play, pull, "/prhub explain")
    (told,) = answers(play, pull, "explain")
    assert "`risk: error-handling`" in told
    assert "It is set." in told


async def test_explain_without_a_report_says_so(play):
    """😕 with a sentence."""
    pull = open_pull(play.state, the_repository(play.state), {"a.py": "x = 1\n"})
    comment = await say(play, pull, "/prhub explain")
    assert answers(play, pull, "explain") == [
        "There is no report on this pull request yet. It comes when the pull request is merged.\n"
    ]
    assert reactions(comment) == ["eyes", "confused"]


async def test_risks_are_listed_with_their_ids(play):
    """And counted for the whole repository."""
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    await say(play, pull, "/prhub risks")
    (told,) = answers(play, pull, "risks")
    assert "- `R1` · " in told
    assert "· open" in told


async def test_status_tells_version_and_queue(play):
    """In the repository that was asked in."""
    pull = add_merge(play.state)
    await say(play, pull, "/prhub status")
    (told,) = answers(play, pull, "status")
    assert f"PRHub {play.running.services.version}" in told
    assert "Nothing of this repository is waiting." in told


async def test_config_tells_each_value_with_its_source(play):
    """The settings of the operator among them."""
    pull = add_merge(play.state)
    await say(play, pull, "/prhub config")
    (told,) = answers(play, pull, "config")
    assert "| `digest.schedule` | `off` | operator |" in told
    assert "| `language` | `en` | default |" in told


async def test_a_report_is_made_at_once(play):
    """Also of a merge from before PRHub came; the comment is the report's own."""
    pull = add_merge(play.state, HIDES_ERRORS)
    comment = await say(play, pull, "/prhub report")
    (body,) = play.comments(pull)
    assert body.startswith(report_marker(the_repository(play.state).id, pull.number))
    assert reactions(comment) == ["eyes", "rocket"]


async def test_a_report_is_brought_up_to_date(play):
    """With what was said since."""
    pull = add_merge(play.state, HIDES_ERRORS)
    await play.merge(pull)
    rename_pull = "fix: keep saving, as agreed"
    pull.title = rename_pull
    await say(play, pull, "/prhub report")
    (body,) = play.comments(pull)
    assert rename_pull in body


async def test_a_report_in_another_language_stays_so(play):
    """Whatever refreshes it later."""
    pull = add_merge(play.state, HIDES_ERRORS)
    await say(play, pull, "/prhub report --language zh-CN")
    (before,) = play.comments(pull)
    pull.title = "fix: keep saving, as agreed"
    await say(play, pull, "Thank you.", "octo-guest", None)
    (after,) = play.comments(pull)
    assert "重要性" in before
    assert "重要性" in after
    assert "as agreed" in after


async def test_who_commands_a_report_gets_it_though_it_would_be_quiet(play):
    """A bot's pull request, and one whose comment was deleted."""
    pull = add_merge(play.state, user="dependabot[bot]")
    await play.merge(pull)
    assert play.comments(pull) == []
    await say(play, pull, "/prhub report")
    assert len(play.comments(pull)) == 1
    own = next(one for one in pull.comments.value if one.app_id)
    pull.comments.put(tuple(one for one in pull.comments.value if one != own), play.state.clock())
    later(play, 600)
    await say(play, pull, "/prhub report")
    assert len(play.comments(pull)) == 1


async def test_before_the_merge_there_is_a_preview(play):
    """Marked as such, kept nowhere, and the report comes beside it with the merge."""
    repository = the_repository(play.state)
    pull = open_pull(play.state, repository, HIDES_ERRORS, title="fix: keep saving")
    comment = await say(play, pull, "/prhub report")
    (body,) = answers(play, pull, "report")
    assert "The pull request is not merged" in body
    assert "**Not merged: fix: keep saving**" in body
    assert "prhub:report" not in body
    assert await play.report(pull) is None
    assert reactions(comment) == ["eyes", "rocket"]
    merge_pull(repository, pull, add_user(play.state, "octo-lead"), play.state.now(), "squash")
    await play.merge(pull)
    assert len(play.comments(pull)) == 2
