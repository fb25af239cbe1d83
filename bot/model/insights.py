"""Insights: what survived of a model's claims, and what it cost to get them."""

from __future__ import annotations

from pydantic import Field

from bot.model.base import Frozen
from bot.model.files import ReadAs
from bot.model.report import Attention, Usage
from bot.model.statements import Evidence, Insight, RemarkCheck, Risk, RubricAnswer, Told, Topic


class FileInsight(Frozen):
    """What changed in one file, and why it matters."""

    path: str
    change: Told
    why: Told | None = None


class SymbolInsight(Frozen):
    """What one symbol does now; ``line`` is 1-based at the merge commit."""

    path: str
    name: str
    line: int | None
    note: Told


class RelatedInsight(Frozen):
    """How this change continues an earlier one; ``number`` is one that the facts name."""

    number: int
    text: Told


class Insights(Frozen):
    """Every claim that survived, in the words of the report."""

    summary: Insight | None = None
    attention: Attention | None = None
    action: Insight | None = None
    motivation: tuple[Insight, ...] = ()
    steps: tuple[Insight, ...] = ()
    files: tuple[FileInsight, ...] = ()
    symbols: tuple[SymbolInsight, ...] = ()
    topics: tuple[Topic, ...] = ()
    checks: tuple[RemarkCheck, ...] = ()
    risks: tuple[Risk, ...] = ()
    impact: tuple[Insight, ...] = ()
    follow_ups: tuple[Insight, ...] = ()
    related: tuple[RelatedInsight, ...] = ()
    rubric: tuple[RubricAnswer, ...] = ()
    suspicious: tuple[Evidence, ...] = ()


class Verdict(Frozen):
    """What became of one claim: ``claim`` names it (``risks 2``), ``text`` is what it said.

    ``outcome`` is ``verified``, ``repaired`` or ``dropped``; ``reasons`` say in words what failed.
    """

    claim: str
    outcome: str
    text: str
    reasons: tuple[str, ...] = ()


class FileReading(Frozen):
    """How one file reached the model, and why not whole."""

    read_as: ReadAs
    reason: str | None = None


class Reading(Frozen):
    """What the model read of one pull request and what came of it, kept between refreshes.

    ``threads`` maps a thread's id to the fingerprint of what was read of it, ``change`` is the
    fingerprint of everything else, so that a refresh asks only about what is new. ``prompt`` is the
    task with its version (``report/v1``). ``verified`` counts references that were found,
    ``repaired`` and ``dropped`` claims. ``verdicts`` are for ``--explain``. ``by_model`` is the usage by
    the name of the model; it is empty in what was kept by older releases.
    """

    language: str
    prompt: str
    model: str
    change: str
    threads: dict[str, str] = Field(default_factory=dict)
    insights: Insights
    coverage: dict[str, FileReading] = Field(default_factory=dict)
    usage: Usage
    by_model: dict[str, Usage] = Field(default_factory=dict)
    verified: int = 0
    repaired: int = 0
    dropped: int = 0
    verdicts: tuple[Verdict, ...] = ()
