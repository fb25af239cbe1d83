"""A report without what a model told: to fall back on, and to hold the whole report against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import Implementation, Insight, Told, WithoutModel

if TYPE_CHECKING:
    from bot.model import PullReport, Risk, Scores

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
    """``report`` with every sentence of a model's taken out, and what bears it out taken away.

    What our own templates say around these sentences stays: counts, levels, points, tokens; and quotes
    stand where they did without a model. So a text made of it holds everything computed, and nothing
    that only a model's claim brought in.
    """
    scores = report.scores
    rubric = tuple(item.model_copy(update={"reason": None}) for item in scores.rubric)
    return report.model_copy(
        update={
            "summary": report.summary.model_copy(update={"told": None, "action": None}),
            "reasons": (),
            "implementation": _untold(report.implementation),
            "topics": tuple(topic.model_copy(update={"text": _NOTHING}) for topic in report.topics),
            "checks": tuple(
                check.model_copy(update={"text": None, "evidence": None}) for check in report.checks
            ),
            "risks": tuple(map(_unargued, report.risks)),
            "impact": _emptied(report.impact),
            "follow_ups": _emptied(report.follow_ups),
            "related": tuple(item.model_copy(update={"told": None}) for item in report.related),
            "scores": scores.model_copy(update={"rubric": rubric}),
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


def _emptied(insights: tuple[Insight, ...]) -> tuple[Insight, ...]:
    """As many insights, a model's without its words; computed ones as they are."""
    empty = Insight(message=_NOTHING)
    return tuple(empty if isinstance(insight.message, Told) else insight for insight in insights)


def _unargued(risk: Risk) -> Risk:
    """A risk without a model's words, and without evidence if it is a model's."""
    if isinstance(risk.explanation, Told):
        return risk.model_copy(update={"explanation": _NOTHING, "told": None, "evidence": ()})
    return risk.model_copy(update={"told": None})
