"""The decision log says what became of each remark, and no more than is known."""

from __future__ import annotations

from typing import Any

import pytest

from bot.markdown.report import Style, render_comment
from bot.model import Decision, DecisionState, Person, ReviewOutcome
from tests.fakes.report_parts import decision
from tests.fakes.reports import pull_report

DEV = Person(login="octo-dev")
STANDS = "the remarked line stands in the merged code as it was"
CHANGED = {"state": DecisionState.CHANGED, "still_there": False}
RESOLVED = {"state": DecisionState.RESOLVED, "resolved": True}
ANSWERED = {"state": DecisionState.ANSWERED, "still_there": None}


def comment(*decisions: Decision, **changes: Any) -> str:
    """The comment of a report with these decisions."""
    return render_comment(pull_report(decisions=decisions, **changes), Style())


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        pytest.param({}, f"Nobody answered; {STANDS}", id="unanswered"),
        pytest.param({"still_there": None}, "Nobody answered", id="nothing is claimed of an unread file"),
        pytest.param(
            {**CHANGED, "later_commits": 1}, "Changed afterwards (1 commit followed the remark)", id="changed"
        ),
        pytest.param(
            {**CHANGED, "later_commits": None, "resolved": True},
            "Changed afterwards; marked as resolved",
            id="changed, and nobody knows when or who resolved it",
        ),
        pytest.param(
            {**CHANGED, "later_commits": 2, "last_reply": "Done.", "last_reply_by": DEV, "replies": 1},
            "Changed afterwards (2 commits followed the remark); octo-dev replied: “Done.”",
            id="changed and answered",
        ),
        pytest.param(
            {**RESOLVED, "resolved_by": DEV, "still_there": False},
            "Marked as resolved by octo-dev; the remarked line is not in the merged code",
            id="resolved",
        ),
        pytest.param(RESOLVED, f"Marked as resolved; {STANDS}", id="resolved, but nothing changed"),
        pytest.param(
            {**ANSWERED, "last_reply": "No.", "last_reply_by": DEV, "replies": 1},
            "Answered by octo-dev: “No.”",
            id="answered once",
        ),
        pytest.param(
            {**ANSWERED, "last_reply": "No.", "last_reply_by": Person(), "replies": 3},
            "3 replies, the last by a deleted account: “No.”",
            id="answered by an account that is gone",
        ),
        pytest.param(ANSWERED, "Answered", id="answered with nothing to show"),
    ],
)
def test_what_became_of_a_remark(changes: dict[str, Any], outcome: str) -> None:
    """Each remark says how it ended."""
    assert f"\n  {outcome}\n" in comment(decision(**changes))


def test_open_remarks_come_first() -> None:
    """Whatever order they have in the report."""
    text = comment(decision(remark="settled one", open_at_merge=False), decision(remark="open one"))
    assert text.index("open one") < text.index("settled one")
    assert "<strong>Review highlights</strong> · 1 open at merge, 1 answered or settled</summary>" in text


def test_a_remark_links_to_its_line_and_thread() -> None:
    """The line as merged and the discussion are one click away."""
    [line] = [line for line in comment(decision()).split("\n") if "raised by" in line]
    assert "/engine/rollout/__init__.py#L33) · raised by octo-reviewer · [thread](" in line
    assert line.endswith("/pull/1234#discussion_r9001)")


def test_a_line_that_was_not_found_is_not_linked() -> None:
    """Where the remark stood before the merge may be another line now."""
    [line] = [line for line in comment(decision(merged_line=None)).split("\n") if "raised by" in line]
    assert line.startswith("- [`engine/rollout/__init__.py`](")


def test_a_remark_without_words_says_so() -> None:
    """Such as one that was only an image."""
    assert "  > (a remark without text)\n" in comment(decision(remark="\u200b"))


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("APPROVED", "octo-dev approved"),
        ("CHANGES_REQUESTED", "octo-dev requested changes"),
        ("COMMENTED", "octo-dev commented"),
        ("DISMISSED", "octo-dev was dismissed"),
        ("NEW_STATE", r"octo-dev NEW\_STATE"),
    ],
)
def test_the_last_word_of_each_reviewer(state: str, shown: str) -> None:
    """A state that GitHub adds one day is shown as it is."""
    assert f"\nReviewers: {shown}\n" in comment(reviews=(ReviewOutcome(reviewer=DEV, state=state),))
