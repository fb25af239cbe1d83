"""A report without what a model told: to fall back on, and to hold the whole report against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import Implementation, Insight, Told, WithoutModel

if TYPE_CHECKING:
    from bot.model import PullReport, RemarkCheck, Risk, Scores

HIGHEST: Final = 10.0
_NOTHING: Final = Told(text="")


def without_told(report: PullReport, why: WithoutModel = WithoutModel.UNUSABLE) -> PullReport:
    """``report`` with nothing of a model's in it but what it cost, and ``why`` it has nothing.

    Importance is the sum of its computed parts again. What a model's answer changed in a computed part
    (a severity, a thread that a check closed) stays: where the facts are at hand, build the report anew.
    """
    made = report.provenance.model_copy(
        update={
            "model": None,
            "prompt": None,
            "language": None,
            "verified": 0,
            "repaired": 0,
            "dropped": 0,
            "without_model": why,
        }
    )
    return report.model_copy(
        update={
            "summary": report.summary.model_copy(update={"told": None, "action": None}),
            "reasons": (),
            "implementation": _untold(report.implementation),
            "topics": (),
            "checks": (),
            "risks": tuple(
                risk.model_copy(update={"told": None})
                for risk in report.risks
                if not isinstance(risk.explanation, Told)
            ),
            "impact": _computed(report.impact),
            "follow_ups": _computed(report.follow_ups),
            "related": tuple(item.model_copy(update={"told": None}) for item in report.related),
            "scores": _counted(report.scores),
            "provenance": made,
        }
    )


def hollow(report: PullReport) -> PullReport:
    """``report`` with every sentence of a model's emptied, and what bears it out taken away.

    What our own templates say around these sentences stays: counts, levels, points, tokens. So a text
    made of it holds everything computed, and nothing that only a model's claim brought in.
    """
    summary, done, scores = report.summary, report.implementation, report.scores
    return report.model_copy(
        update={
            "summary": summary.model_copy(
                update={"told": _empty(summary.told), "action": _empty(summary.action)}
            ),
            "reasons": _emptied(report.reasons),
            "implementation": _untold(done).model_copy(update={"told": _emptied(done.told)}),
            "topics": tuple(topic.model_copy(update={"text": _NOTHING}) for topic in report.topics),
            "checks": tuple(map(_unexplained, report.checks)),
            "risks": tuple(map(_unargued, report.risks)),
            "impact": _emptied(report.impact),
            "follow_ups": _emptied(report.follow_ups),
            "related": tuple(item.model_copy(update={"told": None}) for item in report.related),
            "scores": scores.model_copy(
                update={"rubric": tuple(item.model_copy(update={"reason": None}) for item in scores.rubric)}
            ),
        }
    )


def _untold(done: Implementation) -> Implementation:
    """What was done, without a model's words."""
    nothing = {"change": None, "matters": None}
    return done.model_copy(
        update={
            "told": (),
            "files": tuple(file.model_copy(update=nothing) for file in done.files),
            "symbols": tuple(symbol.model_copy(update={"note": None}) for symbol in done.symbols),
        }
    )


def _computed(insights: tuple[Insight, ...]) -> tuple[Insight, ...]:
    """The insights that rules found."""
    return tuple(insight for insight in insights if not isinstance(insight.message, Told))


def _counted(scores: Scores) -> Scores:
    """The score that features alone give."""
    total = min(HIGHEST, sum(feature.points for feature in scores.features))
    nothing = {"insight": None, "insight_features": (), "rubric": ()}
    return scores.model_copy(update={"importance": round(total, 1), **nothing})


def _empty(insight: Insight | None) -> Insight | None:
    """A model's insight without its words; a computed one as it is."""
    if insight is None or not isinstance(insight.message, Told):
        return insight
    return Insight(message=_NOTHING, on=insight.on)


def _emptied(insights: tuple[Insight, ...]) -> tuple[Insight, ...]:
    """The same for several."""
    return tuple(made for insight in insights if (made := _empty(insight)) is not None)


def _unexplained(check: RemarkCheck) -> RemarkCheck:
    """A check's state alone."""
    return check.model_copy(update={"text": None, "evidence": None})


def _unargued(risk: Risk) -> Risk:
    """A risk without a model's words, and without evidence if it is a model's."""
    if isinstance(risk.explanation, Told):
        return risk.model_copy(update={"explanation": _NOTHING, "told": None, "evidence": ()})
    return risk.model_copy(update={"told": None})
