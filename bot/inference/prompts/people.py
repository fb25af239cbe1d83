"""Who speaks: the role that each remark is labelled with (R82)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import ReviewState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Person, PullFacts

_DECIDING = (ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED)


class Roles:
    """The roles of everybody in one pull request."""

    def __init__(self, facts: PullFacts) -> None:
        self._author = facts.author.login
        self._merger = facts.merged_by.login if facts.merged_by else None
        self._reviewers = {review.author.login for review in facts.reviews if review.state in _DECIDING}
        self._merged_at = facts.merged_at

    def label(self, person: Person, at: datetime | None = None) -> str:
        """A person with their role, and with ``after the merge`` for what was said ``at`` a later time."""
        late = ", after the merge" if at is not None and at > self._merged_at else ""
        return f"{person.login} ({self._role(person)}{late})"

    def _role(self, person: Person) -> str:
        if person.login == self._author:
            return "author"
        if person.is_bot:
            return "bot"
        if person.login == self._merger:
            return "merger"
        # Whoever merely commented may be anybody.
        return "reviewer" if person.login in self._reviewers else "commenter"


def approvers(facts: PullFacts) -> tuple[str, ...]:
    """The people whose last deciding review before the merge approved, in the order of their names."""
    last: dict[str, ReviewState] = {}
    for review in sorted(facts.reviews, key=lambda review: (review.submitted_at, review.id)):
        if review.state in _DECIDING and review.submitted_at <= facts.merged_at and not review.author.is_bot:
            last[review.author.login] = review.state
    return tuple(sorted(login for login, state in last.items() if state is ReviewState.APPROVED))
