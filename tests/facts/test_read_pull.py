"""PullFacts of merges on the stand-in GitHub: what is read, whatever is missing or odd."""

from __future__ import annotations

import pytest

from bot.errors import Gone, NotMerged
from bot.model import MergeMethod, Relation
from sandbox.build import add_commit, add_user, signature
from sandbox.talk import add_comment, add_remark, add_review, add_thread, merge_pull, open_pull
from tests.fakes.github import add_merge, the_repository


@pytest.mark.parametrize(
    ("how", "method"),
    [
        pytest.param("merge", MergeMethod.MERGE, id="two parents are a merge commit"),
        pytest.param("squash", MergeMethod.SQUASH, id="the number at the end of the headline is a squash"),
        pytest.param("rebase", MergeMethod.REBASE, id="several commits repeated one by one are a rebase"),
    ],
)
async def test_the_merge_method_follows_from_the_merge_commit(github, read, how, method):
    """GitHub does not say which button was pressed."""
    state, repository = github.state, the_repository(github.state)
    add_commit(repository, "work", {"a.py": "x = 1\n"}, "First", signature(state, "octo-dev"))
    add_commit(repository, "work", {"b.py": "y = 1\n"}, "Second", signature(state, "octo-dev"))
    pull = open_pull(state, repository, {}, head_ref="work", title="Two files")
    facts = await read(merge_pull(repository, pull, add_user(state, "octo-lead"), state.now(), how))
    assert (facts.merge_method, facts.commit_count) == (method, 2)
    assert facts.merged_by.login == "octo-lead"


async def test_a_merge_queue_is_told_beside_many_references(github, read):
    """Thirty pull requests that mention it must not hide that it was queued, nor the last one, a revert."""
    pull = add_merge(github.state, title="feat: save", merge_queue=True)
    others = [add_merge(github.state, {f"{i}.md": "x\n"}, title=f"Other {i}").number for i in range(30)]
    revert = add_merge(github.state, {"r.md": "x\n"}, title='Revert "feat: save"')
    pull.mentioned_by = (*others, revert.number)
    facts = await read(pull)
    assert facts.merge_queue
    assert [(item.number, item.relation) for item in facts.related if item.number == revert.number] == [
        (revert.number, Relation.REVERTED_BY)
    ]


async def test_a_fork_whose_author_and_repository_are_gone(github, read):
    """GitHub answers ``null`` for all of them."""
    facts = await read(add_merge(github.state, user=None, head_repository=None, body=None))
    assert (facts.author.login, facts.head_repository, facts.body) == ("ghost", None, "")


async def test_a_fork_is_named(github, read):
    """Where a change came from matters to whoever reads it."""
    facts = await read(add_merge(github.state, head_repository="octo-stranger/engine"))
    assert facts.head_repository == "octo-stranger/engine"


async def test_a_hundred_and_fifty_comments_are_all_read_and_ours_is_set_apart(github, read):
    """They come in two pages; our own report is no part of the discussion."""
    pull = add_merge(github.state)
    for number in range(150):
        add_comment(github.state, pull, None if number == 7 else "octo-lead", f"Remark {number}")
    facts = await read(pull)
    assert [comment.body for comment in facts.comments] == [f"Remark {number}" for number in range(150)]
    assert facts.comments[7].author.login == "ghost"


async def test_threads_and_reviews_are_read_with_what_became_of_them(github, read):
    """The remarked line is looked up in the merged text."""
    state, repository = github.state, the_repository(github.state)
    text = "def save():\n    return compute_twice()\n"
    pull = open_pull(state, repository, {"engine/store.py": text})
    thread = add_thread(state, repository, pull, ("engine/store.py", 2))
    add_remark(state, thread, "octo-lead", "Why twice?")
    add_thread(state, repository, pull, ("engine/store.py", 2))  # its remarks were deleted
    add_review(state, pull, "octo-lead", "CHANGES_REQUESTED", body="Not yet.")
    merge_pull(repository, pull, add_user(state, "octo-lead"), state.now())
    facts = await read(pull)
    (found,) = facts.threads
    assert (found.path, found.resolved, found.still_there, found.merged_line) == (
        "engine/store.py",
        False,
        True,
        2,
    )
    assert [review.state.value for review in facts.reviews] == ["CHANGES_REQUESTED"]


async def test_a_number_that_is_nothing_here_is_left_out(github, read):
    """GitHub answers an unknown number with an error beside the data; the rest is still read."""
    other = add_merge(github.state, {"other.md": "x\n"}, title="Other")
    facts = await read(add_merge(github.state, body=f"See #{other.number} and #98765, and octo-org/gone#1."))
    assert [
        (item.number, item.relation) for item in facts.related if item.relation is Relation.MENTIONED
    ] == [(other.number, Relation.MENTIONED)]


async def test_over_three_hundred_files_are_read_from_the_list(github, read):
    """The diff is refused with 406 then."""
    facts = await read(add_merge(github.state, {f"docs/{i}.md": f"{i}\n" for i in range(301)}))
    assert (len(facts.files), facts.changed_files, facts.partial) == (301, 301, None)
    assert github.log.count("GET /repos/{owner}/{repo}/pulls/{number}/files") == 4


async def test_what_is_not_merged_has_no_facts(github, read):
    """Whatever a delivery said."""
    pull = open_pull(github.state, the_repository(github.state), {"a.py": "x = 1\n"})
    with pytest.raises(NotMerged):
        await read(pull)


async def test_an_issue_is_no_pull_request(github, read):
    """Its number leads to nothing."""
    pull = add_merge(github.state)
    pull.number = 4711
    with pytest.raises(Gone):
        await read(pull)


async def test_a_secret_in_a_discussion_is_redacted_and_counted(github, read):
    """Before anything is kept."""
    pull = add_merge(github.state)
    secret = "ghp_" + "aB3" * 12
    add_comment(github.state, pull, "octo-lead", f"Use {secret} for now")
    facts = await read(pull)
    assert secret not in facts.model_dump_json()
    assert facts.redactions == 1
