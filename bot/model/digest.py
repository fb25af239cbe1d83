"""Digest: what a period's digest says, as data, with a versioned schema."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from bot.model.base import Frozen
from bot.model.periods import Period, PeriodFacts, PullRef
from bot.model.register import RegisteredRisk
from bot.model.report import Provenance
from bot.model.statements import Message, Told

DIGEST_SCHEMA_VERSION = 1


class HighlightRule(StrEnum):
    """Why a digest features a pull request; docs/digests.md says when each holds."""

    CONTRACT_CHANGED = "contract-changed"
    ASSUMPTION_CHANGED = "assumption-changed"
    DECISION_TAKEN = "decision-taken"
    USER_VISIBLE = "user-visible"
    RISK = "risk"
    CHOSEN = "chosen"


class Highlight(Frozen):
    """A pull request that a digest features, by the named rule; ``why`` is what made the rule hold."""

    ref: PullRef
    rule: HighlightRule
    why: Message
    told: Told | None = None


class Theme(Frozen):
    """Changes that belong together: a heading, what they come to, and the pull requests."""

    title: Told | Message
    text: Told | Message | None = None
    pulls: tuple[PullRef, ...]


class FollowUp(Frozen):
    """Something left to do, and the pull requests it comes from."""

    text: Told | Message
    pulls: tuple[PullRef, ...] = ()


class RegisterView(Frozen):
    """The register as a digest shows it: the risks of the period, and those that are still open.

    ``still_open`` are older than the period, the heaviest first; ``open_count`` counts all that are
    open at its end.
    """

    new: tuple[RegisteredRisk, ...] = ()
    still_open: tuple[RegisteredRisk, ...] = ()
    closed: tuple[RegisteredRisk, ...] = ()
    open_count: int = 0
    accepted_count: int = 0


class Digest(Frozen):
    """The product: everything the digest issue says, as data.

    ``headline`` is a model's one sentence over the highlights, ``summary`` a model's sentences about the
    period; without a model both are empty and the text is made of the facts alone.
    """

    schema_version: int = DIGEST_SCHEMA_VERSION
    facts: PeriodFacts
    headline: Told | None = None
    summary: tuple[Told, ...] = ()
    themes: tuple[Theme, ...] = ()
    risk_watch: tuple[Theme, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    risk_register: RegisterView = Field(default_factory=RegisterView)
    provenance: Provenance


class DigestRequest(Frozen):
    """What a digest trigger asks for.

    ``scope`` is empty for the whole repository, ``path:services/api`` for a part of it,
    ``organisation`` for several repositories, chosen by the operator's settings when the digest is
    made. ``publish`` is whether it becomes an issue.
    """

    period: Period
    scope: str = ""
    language: str | None = None
    publish: bool = True
