"""The figures beside each section's title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.markdown.escape import Safe
from bot.markdown.formats import number
from bot.markdown.opening import standing_risks
from bot.model import Insight, PullReport, ReadAs, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.markdown.pieces import Pieces

_READ: Final = frozenset({ReadAs.WHOLE, ReadAs.CLIPPED})


def gists(report: PullReport, pieces: Pieces) -> Mapping[str, Mapping[str, str | int]]:
    """The values of each section's gist, by the section's name."""
    open_threads = sum(1 for item in report.decisions if item.open_at_merge)
    open_risks = len(standing_risks(report))
    symbols = report.implementation.symbols_left_out + len(report.implementation.symbols)
    done = _counts(pieces, files=report.head.changed_files, symbols=symbols)
    review = _counts(
        pieces,
        topics=len(report.topics),
        open_at_merge=open_threads,
        answered=len(report.decisions) - open_threads,
    )
    risks = _counts(pieces, open=open_risks, settled=len(report.risks) - open_risks)
    return {
        "implementation": {"counts": done},
        "review": {"counts": review},
        "risks": {"counts": risks},
        "follow_ups": {"count": len(follow_ups(report))},
        "related": {"count": len(report.related)},
        "scores": _scores(report, pieces),
        "coverage": _coverage(report, pieces),
    }


def follow_ups(report: PullReport) -> tuple[Insight, ...]:
    """What is left to do; where a model says it, open threads are not named once more."""
    if not any(isinstance(insight.message, Told) for insight in report.follow_ups):
        return report.follow_ups
    return tuple(
        insight
        for insight in report.follow_ups
        if isinstance(insight.message, Told) or insight.message.key != "insight.follow_up.threads"
    )


def _scores(report: PullReport, pieces: Pieces) -> Mapping[str, str | int]:
    """The scores that there are."""
    importance, insight = report.scores.importance, report.scores.insight
    judged = pieces.catalogue.say("gist.insight", insight=number(insight)) if insight is not None else Safe()
    return {"importance": number(importance), "insight": judged}


def _coverage(report: PullReport, pieces: Pieces) -> Mapping[str, str | int]:
    """How many files were read, and what wrote the report."""
    read = sum(group.count for group in report.coverage.groups if group.read_as in _READ)
    how = pieces.catalogue.say("gist.no_model" if report.provenance.model is None else "gist.model")
    return {"read": read, "total": report.coverage.total, "how": how}


def _counts(pieces: Pieces, **counts: int) -> Safe:
    """The counts that are not zero, each in words."""
    return pieces.listed(
        pieces.catalogue.say(f"gist.{key}", count=count) for key, count in counts.items() if count
    )
