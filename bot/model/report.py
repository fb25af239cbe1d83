"""PullReport: the report as data, with a versioned schema."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.model.base import Frozen
from bot.model.discussion import Decision, Person, ReviewOutcome
from bot.model.facts import MergeMethod, Relation, Repository
from bot.model.files import FileKind, FileStatus, ReadAs, Symbol
from bot.model.prices import Cost
from bot.model.statements import (
    Insight,
    Message,
    Quote,
    RemarkCheck,
    Risk,
    RubricAnswer,
    Told,
    Topic,
)

SCHEMA_VERSION = 3


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
    """The executive summary: one sentence (at most 30 words) and what to do, with the reasons.

    ``told`` and ``action`` are a model's: the sentence, and who should read how closely and why.
    """

    sentence: Quote
    attention: Attention
    reasons: tuple[Message, ...] = ()
    told: Insight | None = None
    action: Insight | None = None


class KeyFile(Frozen):
    """A row of the table of key files; ``why`` says why it is one, ``line`` is its first change.

    ``change`` and ``matters`` are a model's: what changed there, and why it matters.
    """

    path: str
    previous_path: str | None = None
    status: FileStatus
    kind: FileKind
    module: str
    additions: int
    deletions: int
    line: int | None = None
    why: tuple[Message, ...] = ()
    change: Told | None = None
    matters: Told | None = None


class KeySymbol(Frozen):
    """A symbol the change touches, and the file it is in."""

    path: str
    symbol: Symbol
    note: Told | None = None


class Implementation(Frozen):
    """What was done: commits as steps, key files and symbols; the rest is counted.

    ``told`` are a model's steps, in the order in which to understand the change.
    """

    steps: tuple[Quote, ...] = ()
    told: tuple[Insight, ...] = ()
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
    told: Told | None = None


class Feature(Frozen):
    """One computed part of a score: its value, and the points it gave."""

    name: str
    value: float
    points: float


class Scores(Frozen):
    """Importance and insight, 0–10 each, with their parts: computed features, and rubric items.

    ``features`` are those of importance. ``insight``, its computed part and ``rubric`` are only there
    when a model answered the rubric.
    """

    version: int
    importance: float
    insight: float | None = None
    features: tuple[Feature, ...] = ()
    insight_features: tuple[Feature, ...] = ()
    rubric: tuple[RubricAnswer, ...] = ()


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


class Usage(Frozen):
    """What a model was asked for one report: calls, and tokens in, out, and read from its cache.

    ``tokens_in`` counts all input, what was read from or written to the cache included.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cache_read: int = 0
    cache_written: int = 0

    def __add__(self, other: Usage) -> Usage:
        """The sum of two usages."""
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in Usage.model_fields})


class WithoutModel(StrEnum):
    """Why a report has no model's insights."""

    OFF = "off"
    PRIVATE = "private"
    TRIVIAL = "trivial"
    REFUSED = "refused"
    UNUSABLE = "unusable"
    PENDING = "pending"
    UNAVAILABLE = "unavailable"
    BUDGET = "budget"


class Provenance(Frozen):
    """What made the report: no model for a deterministic one; ``rules`` is the rule set's version.

    ``prompt`` is the task with its version (``report/v1``). ``verified`` counts the references of a
    model's that were found in the facts, ``repaired`` the claims put right, ``dropped`` those left
    out. ``without_model`` says why there is no model's part, or, beside a ``model``, why the latest
    remarks are not in it; ``pending`` means that it will come. ``cost``: if every model has a price.
    """

    generated_at: datetime
    version: str
    rules: int
    model: str | None = None
    prompt: str | None = None
    language: str | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    verified: int = 0
    repaired: int = 0
    dropped: int = 0
    without_model: WithoutModel | None = None
    redactions: int = 0


class PullReport(Frozen):
    """The product: everything the comment says, as data.

    ``reasons`` is the motivation as a model tells it, ``topics`` the decision log by topic, ``checks`` the
    remarks held against the merged code. ``paths`` are all changed files, ``removed`` those of them that
    the merge commit does not have. ``kinds`` counts them by what they are, ``set_aside`` are those that are
    generated, vendored or lock files.
    """

    schema_version: int = SCHEMA_VERSION
    head: Head
    summary: Summary
    motivation: tuple[Quote, ...] = ()
    reasons: tuple[Insight, ...] = ()
    implementation: Implementation
    decisions: tuple[Decision, ...] = ()
    topics: tuple[Topic, ...] = ()
    checks: tuple[RemarkCheck, ...] = ()
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
    kinds: dict[FileKind, int] = Field(default_factory=dict)
    set_aside: tuple[str, ...] = ()
