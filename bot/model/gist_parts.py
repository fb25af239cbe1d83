"""The parts of a stored report that a digest reads; everything else in its JSON is passed over."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.model.discussion import Person
from bot.model.files import FileKind, FileStatus
from bot.model.report import Attention
from bot.model.statements import Insight, Quote, Risk, RubricAnswer, Told, TopicOutcome


class _Part(BaseModel):
    """A part of a report of which only the fields named here are read."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class _Repository(_Part):
    id: int


class _Head(_Part):
    repository: _Repository
    number: int | None
    merged_at: datetime
    modules: tuple[str, ...]
    tags: tuple[str, ...]


class _Summary(_Part):
    sentence: Quote
    attention: Attention
    told: Insight | None = None


class _File(_Part):
    status: FileStatus
    previous_path: str | None = None


class _Implementation(_Part):
    files: tuple[_File, ...] = ()


class _Decision(_Part):
    thread_id: int
    raised_by: Person
    replies: int
    open_at_merge: bool


class _Topic(_Part):
    thread_ids: tuple[int, ...]
    outcome: TopicOutcome
    text: Told


class _Feature(_Part):
    name: str
    value: float


class _Scores(_Part):
    importance: float
    insight: float | None = None
    features: tuple[_Feature, ...] = ()
    rubric: tuple[RubricAnswer, ...] = ()


class _Provenance(_Part):
    model: str | None = None


class ReadReport(_Part):
    """A stored report of whatever version, as far as it is read; the fields are those of ``PullReport``."""

    head: _Head
    summary: _Summary
    implementation: _Implementation = Field(default_factory=_Implementation)
    decisions: tuple[_Decision, ...] = ()
    topics: tuple[_Topic, ...] = ()
    risks: tuple[Risk, ...] = ()
    impact: tuple[Insight, ...] = ()
    follow_ups: tuple[Insight, ...] = ()
    scores: _Scores
    provenance: _Provenance
    paths: tuple[str, ...] = ()
    kinds: dict[FileKind, int] = Field(default_factory=dict)
    set_aside: tuple[str, ...] = ()
