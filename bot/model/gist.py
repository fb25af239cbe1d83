"""ReportGist: the slim reading of a stored report, and the gist that a digest takes from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from sys import intern
from typing import TYPE_CHECKING, Final

from bot.model.files import FileKind, FileStatus
from bot.model.gist_parts import ReadReport
from bot.model.periods import Gist
from bot.model.statements import Audience, Told, TopicOutcome
from bot.model.taxonomy import AnyRiskKey, RiskKey, RiskState, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.main import IncEx

    from bot.model.report import PullReport

# Before reports counted their files by kind: what a file is, as far as its name alone tells.
_TEST: Final = re.compile(
    r"(?:^|/)(?:tests?|testing|specs?|__tests__|e2e)/|(?:^|/)(?:test_[^/]*|conftest\.py)$|"
    r"[._-](?:test|tests|spec)\.\w{1,5}$|Tests?\.(?:java|kt|cs|swift)$"
)
_SOURCE: Final = re.compile(
    r"\.(?:py|pyx|js|jsx|mjs|cjs|ts|tsx|vue|svelte|go|rs|c|cc|cpp|cxx|h|hh|hpp|cu|cuh|java|kt|scala|groovy|"
    r"cs|fs|rb|php|swift|m|mm|lua|pl|r|jl|dart|ex|exs|erl|hs|clj|sh|bash|zig|sol|proto)$"
)
_DECIDED: Final = frozenset({TopicOutcome.DECLINED, TopicOutcome.SUPERSEDED})
_WHOLE_ONLY: Final[Mapping[str, IncEx | bool]] = {
    "rubric": True,
    "topics": True,
    "for_users": True,
    "follow_ups": True,
    "risks": {"__all__": {"evidence", "told"}},
}


@dataclass(frozen=True, slots=True)
class ReportGist:
    """What is read of a report for a digest, in a tenth of the memory: counted fields, and the gist as JSON.

    ``merged_at`` is in epoch seconds, ``risks`` are the keys of the open ones, each with its heaviest
    severity. ``set_aside`` is ``None`` for a report that did not tell it yet. ``former_paths`` are names
    that renamed files had, as far as the report tells. ``text`` and ``brief`` are what ``gist_of`` reads,
    ``None`` if only the counts are wanted.
    """

    repository_id: int
    number: int | None
    merged_at: float
    importance: float
    insight: float | None
    tags: tuple[str, ...]
    modules: tuple[str, ...]
    risks: tuple[tuple[AnyRiskKey, Severity], ...]
    untested: bool | None
    open_remarks: int
    paths: tuple[str, ...]
    set_aside: tuple[str, ...] | None
    former_paths: tuple[str, ...]
    text: bytes | None
    brief: bytes | None


def read_gist(data: str | bytes, *, counts_only: bool = False) -> ReportGist:
    """Read the JSON of a stored report, of whatever version; what is no report raises ``ValidationError``.

    For the periods to compare with, ``counts_only`` leaves out what ``gist_of`` reads.
    """
    return _slim(ReadReport.model_validate_json(data), counts_only=counts_only)


def slim(report: PullReport) -> ReportGist:
    """Read a report that is not stored in the same way."""
    return _slim(ReadReport.model_validate(report))


def gist_of(report: ReportGist, *, whole: bool = True) -> Gist:
    """What a digest takes from a report. Raises ``ValueError`` if its text was not kept.

    One that is not ``whole`` has no rubric, topics, follow-ups and what users notice, and of its risks no
    evidence. A remark counts as settled if it was not open at the merge and was decided in discussion: a
    person raised it and somebody replied, or a model's topic says that it was declined or overtaken.
    """
    text = report.text if whole else report.brief
    if text is None:
        raise ValueError("only the counts of this report were kept")
    return Gist.model_validate_json(text)


def _slim(report: ReadReport, *, counts_only: bool = False) -> ReportGist:
    gist = _gist(report)
    return ReportGist(
        repository_id=report.head.repository.id,
        number=report.head.number,
        merged_at=report.head.merged_at.timestamp(),
        importance=gist.importance,
        insight=gist.insight,
        tags=_shared(gist.tags),
        modules=_shared(gist.modules),
        # The lightest first, so that the heaviest stays.
        risks=tuple({risk.key: risk.severity for risk in reversed(gist.risks)}.items()),
        untested=gist.untested,
        open_remarks=gist.open_remarks,
        paths=_shared(report.paths),
        set_aside=_shared(report.set_aside) if report.kinds else None,
        former_paths=_former_paths(report),
        text=None if counts_only else _json(gist),
        brief=None if counts_only else _json(gist, _WHOLE_ONLY),
    )


def _former_paths(report: ReadReport) -> tuple[str, ...]:
    renamed = (file for file in report.implementation.files if file.status is FileStatus.RENAMED)
    return tuple(file.previous_path for file in renamed if file.previous_path)


def _json(gist: Gist, exclude: IncEx | None = None) -> bytes:
    return gist.model_dump_json(exclude_defaults=True, exclude=exclude).encode()


def _shared(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same words; those of many reports are one object in memory, as long as one of them is needed."""
    return tuple(map(intern, words))


def _gist(report: ReadReport) -> Gist:
    told = report.summary.told.message if report.summary.told else None
    open_risks = [risk for risk in report.risks if risk.state is RiskState.OPEN]
    return Gist(
        importance=report.scores.importance,
        insight=report.scores.insight,
        attention=report.summary.attention,
        sentence=told if isinstance(told, Told) else report.summary.sentence,
        tags=report.head.tags,
        modules=report.head.modules,
        risks=tuple(sorted(open_risks, key=lambda risk: risk.severity.rank)),
        rubric=report.scores.rubric,
        topics=tuple(topic.text for topic in report.topics),
        for_users=tuple(item for item in report.impact if item.on is Audience.USERS),
        follow_ups=report.follow_ups,
        untested=_untested(report),
        breaking=_breaks(report),
        settled=_settled(report),
        open_remarks=sum(decision.open_at_merge for decision in report.decisions),
        by_model=report.provenance.model is not None,
    )


def _untested(report: ReadReport) -> bool | None:
    """Whether source changed and no test did; ``None`` if no source did."""
    if report.kinds:
        source, tests = report.kinds.get(FileKind.SOURCE, 0), report.kinds.get(FileKind.TEST, 0)
    else:
        tests = sum(1 for path in report.paths if _TEST.search(path))
        source = sum(1 for path in report.paths if _SOURCE.search(path) and not _TEST.search(path))
    return tests == 0 if source else None


def _breaks(report: ReadReport) -> bool:
    """Whether it was marked as breaking, or a risk that still holds says that it breaks something."""
    found = any(risk.key is RiskKey.BREAKING_CHANGE and risk.state is RiskState.OPEN for risk in report.risks)
    return found or any(part.name == "breaking" and part.value > 0 for part in report.scores.features)


def _settled(report: ReadReport) -> int:
    standing = {decision.thread_id for decision in report.decisions if decision.open_at_merge}
    argued = {
        decision.thread_id
        for decision in report.decisions
        if decision.replies and not decision.raised_by.is_bot
    }
    decided = {number for topic in report.topics if topic.outcome in _DECIDED for number in topic.thread_ids}
    return len((argued | decided) - standing)
