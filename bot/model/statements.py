"""Statements: what a report says, computed or told by a model, and what bears each of them out."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from bot.model.base import Frozen
from bot.model.discussion import Person
from bot.model.taxonomy import AnyRiskKey, RiskState, Severity


class Message(Frozen):
    """A sentence of ours: a catalogue key and the computed values that go into it.

    Rendering in a language happens in ``markdown/``; a value that is a string is treated as
    foreign text there and escaped, one that ends in ``path`` or ``symbol`` is shown as code.
    """

    key: str
    params: dict[str, str | int | float] = Field(default_factory=dict)


class Source(StrEnum):
    """Where a quoted sentence comes from."""

    TITLE = "title"
    BODY = "body"
    ISSUE = "issue"
    COMMIT = "commit"


class Told(Frozen):
    """A sentence of a model's, every reference in it found in the facts.

    Plain text in the report's language; `backticks` stand around names that the code has.
    """

    text: str


class Evidence(Frozen):
    """What bears a claim out: a line of the merged file, a file, a thread, an issue or a commit.

    ``line`` is 1-based at the merge commit; ``quote`` is the text found there. ``source`` is set if
    the quote is from the title, the description or a commit.
    """

    source: Source | None = None
    path: str | None = None
    line: int | None = None
    quote: str | None = None
    thread_id: int | None = None
    comment_id: int | None = None
    review_id: int | None = None
    number: int | None = None
    commit: str | None = None


class Audience(StrEnum):
    """Whom an effect reaches."""

    USERS = "users"
    SYSTEM = "system"
    TEAM = "team"


class Insight(Frozen):
    """A claim that survived verification, with its evidence: computed, or told by a model.

    ``on`` says whom an effect reaches, where that is known.
    """

    message: Message | Told
    evidence: tuple[Evidence, ...] = ()
    on: Audience | None = None


class CheckState(StrEnum):
    """Whether a remark that names a fault still holds at the merge commit."""

    OPEN = "open"
    FIXED = "fixed"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    NO_FAULT = "no-fault"


class RemarkCheck(Frozen):
    """A review remark held against the merged code: what it says now, with the line that shows it."""

    thread_id: int
    state: CheckState
    evidence: Evidence | None = None
    text: Told | None = None


class Risk(Frozen):
    """A risk of the closed taxonomy, or one of the repository's own, which has a ``name``.

    ``rule`` names the deterministic rule that found it, ``None`` if only a model did. ``told`` is
    what a model adds to a risk that a rule found.
    """

    key: AnyRiskKey
    severity: Severity
    explanation: Message | Told
    told: Told | None = None
    evidence: tuple[Evidence, ...] = ()
    state: RiskState = RiskState.OPEN
    rule: str | None = None
    name: str | None = None


class Quote(Frozen):
    """A sentence somebody wrote, word for word, with its source; ``number`` is the issue's."""

    text: str
    source: Source
    number: int | None = None


class Category(StrEnum):
    """What a review topic is about."""

    CORRECTNESS = "correctness"
    DESIGN = "design"
    PERFORMANCE = "performance"
    SECURITY = "security"
    TESTS = "tests"
    NAMING = "naming"
    DOCS = "docs"
    PROCESS = "process"
    COMPATIBILITY = "compatibility"


class TopicOutcome(StrEnum):
    """What was decided about a review topic."""

    ADOPTED = "adopted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    UNANSWERED = "unanswered"


class Topic(Frozen):
    """One topic of the review, told by a model; ``thread_ids`` are GitHub's (one at least).

    ``raised_by`` and the outcome of threads nobody answered are computed.
    """

    thread_ids: tuple[int, ...]
    category: Category
    outcome: TopicOutcome
    raised_by: tuple[Person, ...] = ()
    text: Told


class RubricKey(StrEnum):
    """The items of the rubric; ``docs/scores.md`` says what each level means."""

    REACH = "reach"
    CONSEQUENCE = "consequence"
    REVERSIBILITY = "reversibility"
    DECISION = "decision"
    ASSUMPTION = "assumption"
    TRANSFER = "transfer"
    ARGUMENT = "argument"


class RubricAnswer(Frozen):
    """A model's answer to one item of the rubric: its level (0 to 3), the reason, the points it gave."""

    item: RubricKey
    level: int
    reason: Told | None = None
    points: float = 0.0
