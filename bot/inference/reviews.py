"""Each reviewer's last word, and who still asked for changes at the merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Person, PullFacts, Review, ReviewOutcome, ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable


def outcomes(facts: PullFacts) -> tuple[ReviewOutcome, ...]:
    """Every reviewer but the author once, with their last deciding review, else their last comment."""
    last = _last_words(facts, facts.reviews)
    return tuple(ReviewOutcome(reviewer=review.author, state=review.state.value) for review in last.values())


def standing_requests(facts: PullFacts) -> tuple[Review, ...]:
    """The reviews that still asked for changes when the pull request was merged."""
    before = [review for review in facts.reviews if review.submitted_at <= facts.merged_at]
    last = _last_words(facts, before)
    return tuple(review for review in last.values() if review.state is ReviewState.CHANGES_REQUESTED)


def people_reviewing(facts: PullFacts) -> tuple[Person, ...]:
    """The people, not bots, who reviewed or remarked on somebody else's change."""
    authors = [review.author for review in facts.reviews]
    authors += [remark.author for thread in facts.threads for remark in thread.remarks]
    people = {person.login: person for person in authors if not person.is_bot}
    return tuple(person for login, person in people.items() if login != facts.author.login)


def _last_words(facts: PullFacts, reviews: Iterable[Review]) -> dict[str, Review]:
    last: dict[str, Review] = {}
    for review in sorted(reviews, key=lambda review: review.submitted_at):
        if review.author.login == facts.author.login:
            continue
        known = last.get(review.author.login)
        if known is None or review.state is not ReviewState.COMMENTED or known.state is ReviewState.COMMENTED:
            last[review.author.login] = review
    return last
