"""Threads: which are asked about, and when a discussion or a change counts as another one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inference.prompts import change_fingerprint, thread_fingerprints, threads_to_check
from tests.fakes.facts import MERGED_AT, file_change, pull_facts, remark, thread

AFTER = MERGED_AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "checked"),
    [
        pytest.param(remark("This loses the last snapshot."), True, id="a fault"),
        pytest.param(remark("Why is this needed?"), True, id="a question may name one"),
        pytest.param(remark("It fails on an empty list.", created_at=AFTER), True, id="a fault seen later"),
        pytest.param(remark("LGTM"), False, id="praise"),
        pytest.param(remark("Nice catch, thanks!"), False, id="thanks"),
        pytest.param(
            remark("This is where the file is kept.", author="octo-dev"), False, id="the author explains"
        ),
        pytest.param(remark("This loses it.", minimized=True), False, id="what somebody hid"),
        pytest.param(remark("<!-- nothing -->"), False, id="nothing that is seen"),
    ],
)
def test_remarks_to_check(said, checked):
    """Every remark of somebody else that says something."""
    assert threads_to_check(pull_facts(threads=(thread(said, id=7),))) == ((7,) if checked else ())


def test_a_thread_changes_when_somebody_says_more():
    """Not when it is resolved, moves, or is read again."""
    first = thread(remark("This loses it."), id=7)
    more = thread(remark("This loses it."), remark("Done.", author="octo-dev"), id=7)
    edited = thread(remark("This loses it all."), id=7)
    same = thread(remark("This loses it."), id=7, resolved=True, line=None, outdated=True, still_there=False)
    found = [thread_fingerprints(pull_facts(threads=(item,)))["7"] for item in (first, more, edited, same)]
    assert len(set(found)) == 3
    assert found[0] == found[3]


def test_threads_that_are_not_shown_have_no_fingerprint():
    """Nothing is asked about them, so nothing of them can be new."""
    hidden = thread(remark("Spam.", minimized=True), id=8)
    assert list(thread_fingerprints(pull_facts(threads=(thread(id=7), hidden)))) == ["7"]


def test_words_cannot_pass_from_one_remark_to_the_next():
    """Two remarks are not one with the same letters."""
    one, two = thread(remark("ab"), id=7), thread(remark("a"), remark("b"), id=7)
    assert thread_fingerprints(pull_facts(threads=(one,))) != thread_fingerprints(pull_facts(threads=(two,)))


def test_a_change_is_the_same_whatever_is_said_about_it():
    """Titles, descriptions and comments that are edited after the merge are not read again (R82)."""
    files = (file_change("a.py", "x = 1"), file_change("b.py", "y = 1"))
    before = pull_facts(files=files)
    edited = pull_facts(
        files=files[::-1], title="Other", body="Other", comments=(remark("New."),), threads=(thread(),)
    )
    assert change_fingerprint(before) == change_fingerprint(edited)


@pytest.mark.parametrize(
    "changes", [{"merge_sha": "b" * 40}, {"number": 13}, {"files": ()}, {"base_sha": None}]
)
def test_another_change_is_another_one(changes):
    """Another commit, pull request, list of files or base."""
    files = {"files": (file_change(added="x"),)}
    assert change_fingerprint(pull_facts(**files)) != change_fingerprint(pull_facts(**(files | changes)))
