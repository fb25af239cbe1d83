"""The decision log says what resolution, replies and later commits tell, and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.inference.decisions import decide
from bot.model import DecisionState, Remark, ReviewThread
from tests.fakes.facts import MERGED_AT, person, pull_facts, remark, thread

RESOLVED = {"resolved": True, "resolved_by": person("octo-dev")}
LINE = "+    checkpoint = load(path, verify=False)"


def reply(body: str = "I would like to keep it.", **changes: Any) -> Remark:
    return remark(body, **({"author": "octo-dev"} | changes))


def only(
    *remarks: Remark, others: tuple[ReviewThread, ...] = (), **changes: Any
) -> tuple[DecisionState, bool]:
    (decision,) = [
        found
        for found in decide(pull_facts(threads=(thread(*remarks, **changes), *others)))
        if found.thread_id == 700
    ]
    return decision.state, decision.open_at_merge


@pytest.mark.parametrize(
    ("remarks", "changes", "state", "is_open"),
    [
        pytest.param((), {}, DecisionState.UNANSWERED, True, id="nobody replied"),
        pytest.param((), RESOLVED, DecisionState.RESOLVED, False, id="marked as resolved"),
        pytest.param(
            (),
            {"outdated": True, "still_there": None},
            DecisionState.CHANGED,
            False,
            id="outdated, file not read",
        ),
        pytest.param(
            (),
            {"still_there": False, "later_commits": 2},
            DecisionState.CHANGED,
            False,
            id="the line is gone after later commits",
        ),
        pytest.param(
            (),
            {"still_there": False, "later_commits": None},
            DecisionState.CHANGED,
            False,
            id="the line is gone, commits unknown",
        ),
        pytest.param(
            (),
            {"still_there": False, "later_commits": 0},
            DecisionState.UNANSWERED,
            True,
            id="no later commit could have changed it",
        ),
        pytest.param(
            (),
            {"outdated": True, "still_there": True, "remarked_text": LINE},
            DecisionState.UNANSWERED,
            True,
            id="outdated by a rebase, the telling line stands",
        ),
        pytest.param(
            (),
            {"outdated": True, "still_there": True, "remarked_text": "+  }"},
            DecisionState.CHANGED,
            False,
            id="outdated, a brace stands somewhere",
        ),
        pytest.param(
            (),
            {**RESOLVED, "outdated": True, "still_there": None},
            DecisionState.CHANGED,
            False,
            id="changed weighs more than resolved",
        ),
        pytest.param(
            (remark(), reply()), {}, DecisionState.ANSWERED, False, id="answered where nobody resolves"
        ),
        pytest.param(
            (remark(), remark("And this too.")),
            {},
            DecisionState.UNANSWERED,
            True,
            id="only the one who raised it wrote again",
        ),
        pytest.param(
            (remark(), reply(), remark("But it still leaks.")),
            {},
            DecisionState.ANSWERED,
            True,
            id="the reviewer insisted",
        ),
        pytest.param(
            (remark(), reply(), remark("Thanks!")),
            {},
            DecisionState.ANSWERED,
            False,
            id="the reviewer thanked",
        ),
        pytest.param(
            (remark(author="octo-dev"),),
            {},
            DecisionState.UNANSWERED,
            False,
            id="the author's note on their own change",
        ),
    ],
)
def test_states(
    remarks: tuple[Remark, ...], changes: dict[str, Any], state: DecisionState, *, is_open: bool
) -> None:
    """Each thread gets one state, and is open only if it says so."""
    assert only(*remarks, **changes) == (state, is_open)


def test_where_threads_are_resolved_an_unresolved_answer_is_open() -> None:
    """One resolved thread shows that people click; then an argued one without a click is open."""
    clicked = thread(remark(id=2), id=701, **RESOLVED)
    assert only(remark(), reply(), others=(clicked,)) == (DecisionState.ANSWERED, True)
    assert only(remark(), reply("Done in the last commit."), others=(clicked,)) == (
        DecisionState.ANSWERED,
        False,
    )


def test_a_thread_begun_after_the_merge_was_not_open_at_it() -> None:
    """What is said later is in the log, but was no open matter."""
    late = remark(created_at=MERGED_AT + timedelta(hours=1))
    assert only(late) == (DecisionState.UNANSWERED, False)


@pytest.mark.parametrize("body", ["LGTM!", "👍", ""])
def test_praise_is_left_out(body: str) -> None:
    """A thread that only praises decides nothing."""
    assert decide(pull_facts(threads=(thread(remark(body)),))) == ()


def test_hidden_remarks_are_left_out() -> None:
    """What a maintainer minimised is not repeated."""
    assert decide(pull_facts(threads=(thread(remark(minimized=True)),))) == ()


def test_who_said_what_is_kept() -> None:
    """Bots are named as bots, and the last reply is quoted."""
    bot = remark("The file leaks.", author=person("octo-bot", is_bot=True))
    (decision,) = decide(pull_facts(threads=(thread(bot, reply("Keep it."), path="a.py", merged_line=3),)))
    assert (decision.raised_by.is_bot, decision.remark, decision.last_reply) == (
        True,
        "The file leaks.",
        "Keep it.",
    )
    assert (decision.last_reply_by, decision.replies, decision.merged_line) == (person("octo-dev"), 1, 3)


def test_open_matters_come_first() -> None:
    """The reader meets what is open before what is settled."""
    settled = thread(id=1, **RESOLVED)
    assert [found.thread_id for found in decide(pull_facts(threads=(settled, thread(id=2))))] == [2, 1]
