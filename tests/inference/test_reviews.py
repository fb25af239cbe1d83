"""Each reviewer's last word counts."""

from __future__ import annotations

from datetime import timedelta

from bot.inference.reviews import outcomes, people_reviewing, standing_requests
from bot.model import ReviewState
from tests.fakes.facts import MERGED_AT, person, pull_facts, remark, review, thread


def test_a_later_comment_does_not_take_an_approval_back() -> None:
    """Approve, then comment: still approved."""
    reviews = (
        review(ReviewState.APPROVED),
        review(ReviewState.COMMENTED, submitted_at=MERGED_AT - timedelta(hours=1)),
    )
    assert [found.state for found in outcomes(pull_facts(reviews=reviews))] == ["APPROVED"]


def test_a_request_stands_until_the_same_person_approves() -> None:
    """A later approval settles it; one after the merge comes too late."""
    asked = review(ReviewState.CHANGES_REQUESTED)
    in_time = review(ReviewState.APPROVED, submitted_at=MERGED_AT - timedelta(hours=1))
    too_late = review(ReviewState.APPROVED, submitted_at=MERGED_AT + timedelta(hours=1))
    assert standing_requests(pull_facts(reviews=(asked, in_time))) == ()
    assert standing_requests(pull_facts(reviews=(asked, too_late))) == (asked,)


def test_the_authors_own_comments_are_no_review() -> None:
    """GitHub stores an author's replies as reviews."""
    assert outcomes(pull_facts(reviews=(review(ReviewState.COMMENTED, author="octo-dev"),))) == ()


def test_people_are_counted_once_and_bots_never() -> None:
    """A reviewer who remarks and approves is one person."""
    facts = pull_facts(
        reviews=(review(), review(author=person("octo-bot", is_bot=True))),
        threads=(thread(remark(), remark(author="octo-dev"), remark(author="octo-lead")),),
    )
    assert [found.login for found in people_reviewing(facts)] == ["octo-reviewer", "octo-lead"]
