"""PullReport: the report as data, in no particular language, with a versioned schema."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.model.base import Frozen
from bot.model.discussion import Decision, Person, ReviewOutcome
from bot.model.facts import MergeMethod, Relation, Repository
from bot.model.files import FileKind, FileStatus, ReadAs, Symbol
from bot.model.taxonomy import RiskKey, RiskState, Severity

SCHEMA_VERSION = 1


class Message(Frozen):
    """A sentence of ours: a catalogue key and the computed values that go into it.

    Rendering in a language happens in ``markdown/``; a value that is a string is treated as
    foreign text there and escaped, one that ends in ``path`` or ``symbol`` is shown as code.
    """

    key: str
    params: dict[str, str | int | float] = Field(default_factory=dict)


class Evidence(Frozen):
    """What bears a claim out: a line of the merged file, a file, a thread, an issue or a commit.

    ``line`` is 1-based at the merge commit; ``quote`` is the text found there.
    """

    path: str | None = None
    line: int | None = None
    quote: str | None = None
    thread_id: int | None = None
    comment_id: int | None = None
    number: int | None = None
    commit: str | None = None


class Insight(Frozen):
    """A claim that survived verification, with its evidence."""

    message: Message
    evidence: tuple[Evidence, ...] = ()


class Risk(Frozen):
    """A risk of the closed taxonomy. ``rule`` names the deterministic rule that found it."""

    key: RiskKey
    severity: Severity
    explanation: Message
    evidence: tuple[Evidence, ...] = ()
    state: RiskState = RiskState.OPEN
    rule: str


class Source(StrEnum):
    """Where a quoted sentence comes from."""

    TITLE = "title"
    BODY = "body"
    ISSUE = "issue"
    COMMIT = "commit"


class Quote(Frozen):
    """A sentence somebody wrote, word for word, with its source; ``number`` is the issue's."""

    text: str
    source: Source
    number: int | None = None


class Head(Frozen):
    """Identity and size of the pull request."""

    repository: Repository
    number: int | None
    title: str
    author: Person
    merged_by: Person | None
    merged_at: datetime
    created_at: datetime | None = None
    merge_sha: str
    merge_method: MergeMethod
    merge_queue: bool
    base_ref: str
    head_ref: str
    head_repository: str | None
    changed_files: int
    additions: int
    deletions: int
    commit_count: int
    modules: tuple[str, ...]
    tags: tuple[str, ...]


class Attention(StrEnum):
    """The recommended action: how deeply to read this change."""

    CLOSE = "close"
    NORMAL = "normal"
    SKIM = "skim"


class Summary(Frozen):
    """The executive summary: one sentence (at most 30 words) and what to do, with the reasons."""

    sentence: Quote
    attention: Attention
    reasons: tuple[Message, ...] = ()


class KeyFile(Frozen):
    """A row of the table of key files; ``why`` says why it is one, ``line`` is its first change."""

    path: str
    previous_path: str | None = None
    status: FileStatus
    kind: FileKind
    module: str
    additions: int
    deletions: int
    line: int | None = None
    why: tuple[Message, ...] = ()


class KeySymbol(Frozen):
    """A symbol the change touches, and the file it is in."""

    path: str
    symbol: Symbol


class Implementation(Frozen):
    """What was done: commits as steps, key files and symbols; the rest is counted."""

    steps: tuple[Quote, ...] = ()
    files: tuple[KeyFile, ...] = ()
    files_left_out: int = 0
    symbols: tuple[KeySymbol, ...] = ()
    symbols_left_out: int = 0


class Related(Frozen):
    """Another pull request or issue of this repository, with the relation that code found."""

    number: int
    relation: Relation
    title: str | None = None
    paths: tuple[str, ...] = ()


class Feature(Frozen):
    """One computed part of a score: its value, and the points it gave."""

    name: str
    value: float
    points: float


class Scores(Frozen):
    """Importance 0–10 with its parts; ``insight`` is only there when a model answered the rubric."""

    version: int
    importance: float
    insight: float | None = None
    features: tuple[Feature, ...] = ()


class CoverageGroup(Frozen):
    """How many files were read in one way, and why; ``paths`` names the first few."""

    read_as: ReadAs
    reason: str | None
    count: int
    paths: tuple[str, ...] = ()


class Coverage(Frozen):
    """What was read; ``unlisted`` counts files that GitHub did not list at all."""

    total: int
    groups: tuple[CoverageGroup, ...]
    unlisted: int = 0
    partial: str | None = None


class Provenance(Frozen):
    """What made the report: no model for a deterministic one; ``rules`` is the rule set's version."""

    generated_at: datetime
    version: str
    rules: int
    model: str | None = None
    redactions: int = 0


class PullReport(Frozen):
    """The product: everything the comment says, as data.

    ``paths`` are all changed files, ``removed`` those of them that the merge commit does not have.
    """

    schema_version: int = SCHEMA_VERSION
    head: Head
    summary: Summary
    motivation: tuple[Quote, ...] = ()
    implementation: Implementation
    decisions: tuple[Decision, ...] = ()
    reviews: tuple[ReviewOutcome, ...] = ()
    risks: tuple[Risk, ...] = ()
    impact: tuple[Insight, ...] = ()
    follow_ups: tuple[Insight, ...] = ()
    related: tuple[Related, ...] = ()
    scores: Scores
    coverage: Coverage
    provenance: Provenance
    paths: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
