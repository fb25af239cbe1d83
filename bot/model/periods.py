"""PeriodFacts: all that was computed about a period, from GitHub's list of merges and the stored reports."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from bot.model.base import Frozen
from bot.model.discussion import Person
from bot.model.facts import Repository
from bot.model.report import Attention
from bot.model.statements import Insight, Quote, Risk, RubricAnswer, Told
from bot.model.taxonomy import AnyRiskKey, Severity


class PeriodKind(StrEnum):
    """What kind of period a digest is of."""

    WEEK = "week"
    MONTH = "month"
    DAYS = "days"
    RANGE = "range"


class Period(Frozen):
    """A span of time: ``since`` belongs to it, ``until`` does not; both are in UTC.

    ``key`` names it: ``2026-W13``, ``2026-03``, ``2026-03-01..2026-03-15`` (days, the last one included),
    ``v1.0..v1.1``. Its days are those of ``time_zone``, an IANA name. ``base`` and ``head`` are the tags of
    a range: what can be reached from ``head`` and not from ``base``.
    """

    kind: PeriodKind
    key: str
    since: datetime
    until: datetime
    time_zone: str = "UTC"
    base: str | None = None
    head: str | None = None


class PullRef(Frozen):
    """A pull request that a digest names; ``repository`` (``owner/name``) only where it covers several."""

    number: int
    repository: str | None = None


class Merge(Frozen):
    """A merge as GitHub lists it, whether or not there is a report.

    ``reviewers`` are those who submitted a review, without the author. ``first_time`` says whether the
    author had nothing merged here before the period (``None``: not known). ``paths`` are changed files
    where they were asked for, or ``None``.
    """

    number: int
    title: str
    author: Person
    merged_at: datetime
    created_at: datetime | None = None
    merge_sha: str | None = None
    additions: int = 0
    deletions: int = 0
    changed_files: int = 0
    reviewers: tuple[Person, ...] = ()
    first_time: bool | None = None
    paths: tuple[str, ...] | None = None


class NoReport(StrEnum):
    """Why a merge has no report."""

    BEFORE_INSTALLATION = "before_installation"
    UNDER_WAY = "under_way"
    DEAD = "dead"
    DROPPED = "dropped"
    NEVER_SEEN = "never_seen"


class Gist(Frozen):
    """What a digest takes from a stored report; ``risks`` are the open ones, the heaviest first.

    ``sentence`` says what the pull request does. ``untested`` says that it changes source and no test
    (``None``: it changes no source). ``settled`` counts remarks that were decided in discussion,
    ``open_remarks`` those open at the merge. ``topics`` are what was argued about, ``for_users`` what users
    notice. ``breaking`` says that it was marked or found to break an interface.
    """

    importance: float
    insight: float | None = None
    attention: Attention
    sentence: Quote | Told
    tags: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    rubric: tuple[RubricAnswer, ...] = ()
    topics: tuple[Told, ...] = ()
    for_users: tuple[Insight, ...] = ()
    follow_ups: tuple[Insight, ...] = ()
    untested: bool | None = None
    breaking: bool = False
    settled: int = 0
    open_remarks: int = 0
    by_model: bool = False


class PeriodPull(Frozen):
    """One merge of the period: ``gist`` is there if it has a report, else ``why`` says why not.

    ``featured`` is what a person decided: that a digest features it, or does not; ``None`` is for the rules.
    """

    ref: PullRef
    merge: Merge
    gist: Gist | None = None
    why: NoReport | None = None
    featured: bool | None = None


class PeriodNumbers(Frozen):
    """What is counted of a period; of several periods, the means.

    Shares are from 0 to 1, ``hours`` is the median from opening to merge. ``None``: nothing to compute
    it from. ``untested`` is the share of pull requests with changed source that changed no test.
    """

    pulls: float = 0
    reported: float = 0
    additions: float = 0
    deletions: float = 0
    authors: float = 0
    first_time: float | None = None
    reviewers: float = 0
    hours: float | None = None
    importance: float | None = None
    insight: float | None = None
    untested: float | None = None
    open_remarks: float = 0


class Tally(Frozen):
    """How many pull requests of the period something is true of, and of which.

    ``before`` is the count in the period before, ``mean`` that of the last four (``None``: not known).
    """

    name: str
    count: int
    before: int | None = None
    mean: float | None = None
    pulls: tuple[PullRef, ...] = ()


class RiskTally(Tally):
    """The same for a risk; ``severity`` is the heaviest."""

    key: AnyRiskKey
    severity: Severity


class Contributor(Frozen):
    """Somebody whose pull requests were merged in the period."""

    person: Person
    pulls: int
    additions: int
    deletions: int
    first_time: bool | None = None


class DayCount(Frozen):
    """The merges of one day of the period's time zone, and their mean importance."""

    day: date
    pulls: int
    importance: float | None = None


class TrendPoint(Frozen):
    """A period's numbers in a row of periods; ``key`` names it."""

    key: str
    numbers: PeriodNumbers


class PeriodFacts(Frozen):
    """All that was computed about a period.

    ``pulls`` are all merges, the first merged first. ``trend`` ends with this period. ``path`` limits
    the period to what touches a folder or a file; ``uncertain`` are merges without a report of which
    that is not known. ``tags``, ``modules``, ``hot_files`` and ``risks`` are sorted by count;
    generated, vendored and lock files are not among the hot ones. ``partial`` says why the list of
    merges may not be whole.
    """

    period: Period
    repositories: tuple[Repository, ...]
    path: str | None = None
    pulls: tuple[PeriodPull, ...] = ()
    uncertain: tuple[PullRef, ...] = ()
    numbers: PeriodNumbers = Field(default_factory=PeriodNumbers)
    before: PeriodNumbers | None = None
    mean: PeriodNumbers | None = None
    trend: tuple[TrendPoint, ...] = ()
    days: tuple[DayCount, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    reviewers: tuple[Tally, ...] = ()
    tags: tuple[Tally, ...] = ()
    modules: tuple[Tally, ...] = ()
    hot_files: tuple[Tally, ...] = ()
    risks: tuple[RiskTally, ...] = ()
    partial: str | None = None
