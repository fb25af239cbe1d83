"""The sections of a report below its visible part, in their order; none says what another has said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.change_rows import ChangeRows
from bot.markdown.discussion import Discussion, faults, groups
from bot.markdown.escape import Safe, joined
from bot.markdown.gists import follow_ups, gists
from bot.markdown.opening import SHOWN_RISKS, STANDING, only_title, standing_risks, told_above
from bot.markdown.repeats import repeats
from bot.markdown.rows import Rows, filled
from bot.markdown.told import BRIEF_LIMIT
from bot.model import (
    AnyRiskKey,
    Audience,
    Insight,
    KeySymbol,
    Message,
    PullReport,
    Quote,
    RiskKey,
    Source,
    Told,
    WithoutModel,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.markdown.pieces import Pieces

SHOWN_EVIDENCE: Final = 8
NAMES: Final = (
    "motivation",
    "implementation",
    "review",
    "risks",
    "follow_ups",
    "related",
    "scores",
    "coverage",
)
_SAID_BY_RISK: Final = {
    "insight.impact.broken": RiskKey.COMPATIBILITY,
    "insight.impact.dependencies": RiskKey.DEPENDENCY,
    "insight.impact.settings_changed": RiskKey.CONFIGURATION,
    "insight.impact.settings_removed": RiskKey.CONFIGURATION,
}
_WITH_REASON: Final = frozenset({WithoutModel.PRIVATE, WithoutModel.TRIVIAL})


@dataclass(frozen=True)
class Section:
    """A section below the visible part: its title, its gist in a few words, its text."""

    title: Safe
    gist: Safe
    body: Safe


def sections(report: PullReport, pieces: Pieces) -> list[Section]:
    """The sections that have something to say."""
    values = {
        **_told(report, pieces),
        **_review(report, pieces),
        **_risks(report, pieces),
        **_rest(report, pieces),
    }
    figures = gists(report, pieces)
    made = [
        Section(
            title=pieces.catalogue.say(f"title.{name}"),
            gist=pieces.catalogue.say(f"gist.{name}", **figures.get(name, {})),
            body=filled(name, report, pieces, **values),
        )
        for name in NAMES
    ]
    return [section for section in made if section.body]


def _told(report: PullReport, pieces: Pieces) -> dict[str, object]:
    """What the motivation and the implementation are told with: a model's words before quoted ones.

    Beside files of which something is told, those with nothing to say of them are only counted.
    """
    done, changed = report.implementation, ChangeRows(pieces)
    told = any(file.change or file.matters for file in done.files)
    files = [file for file in done.files if not told or changed.change(file) or changed.matters(file)]
    return {
        "reasons": _not_above(report, report.reasons),
        "motivation": () if report.reasons else _motivation(report),
        "told_steps": _not_above(report, done.told),
        "files_told": told,
        "files": files,
        "files_left_out": done.files_left_out + len(done.files) - len(files),
        "symbols": _by_path(done.symbols),
    }


def _review(report: PullReport, pieces: Pieces) -> dict[str, object]:
    """The decision log."""
    log = Discussion(pieces, tuple(faults(report)), brief=bool(report.topics))
    return {
        "log": log,
        "reviews": joined(map(log.review, report.reviews), pieces.catalogue.say("separator")),
        "groups": groups(report),
    }


def _risks(report: PullReport, pieces: Pieces) -> dict[str, object]:
    """Risks that stand and those that were dealt with, and what the change means for whom."""
    standing = standing_risks(report)
    settled = [risk for risk in report.risks if risk.state not in STANDING]
    above = [risk for risk in standing[:SHOWN_RISKS] if risk.told and len(risk.told.text) <= BRIEF_LIMIT]
    return {
        "standing": [(risk, risk not in above) for risk in standing],
        "settled": [(risk, True) for risk in sorted(settled, key=lambda risk: risk.severity.rank)],
        "impact": _known(_impact(report), pieces),
        "shown_evidence": SHOWN_EVIDENCE,
    }


def _rest(report: PullReport, pieces: Pieces) -> dict[str, object]:
    """Steps without a model, follow-ups, parts of the scores, and why there is no model."""
    why = report.provenance.without_model
    steps = () if report.implementation.told else report.implementation.steps
    return {
        "steps": [step for step in map(Rows(pieces).step, steps) if step],
        "steps_label": _steps_label(report),
        "follow_ups": _known(follow_ups(report), pieces),
        "features": [feature for feature in report.scores.features if feature.points],
        "without_model": (why if why in _WITH_REASON else WithoutModel.OFF).value,
    }


def _motivation(report: PullReport) -> tuple[Quote, ...]:
    """The quoted motivation, unless all of it is visible already."""
    visible = only_title(report) and told_above(report) is None and len(report.motivation) == 1
    return () if visible else report.motivation


def _not_above(report: PullReport, told: tuple[Insight, ...]) -> list[Insight]:
    """A model's statements without those that repeat the sentence above them."""
    above = told_above(report)
    return [insight for insight in told if above is None or not repeats(insight.message, above)]


def _impact(report: PullReport) -> tuple[Insight, ...]:
    """Whom the change reaches: as a model told, then what was computed and a risk does not say already."""
    told = [insight for insight in report.impact if isinstance(insight.message, Told)]
    if not told:
        return report.impact
    told.sort(key=lambda insight: list(Audience).index(insight.on) if insight.on else len(Audience))
    keys = {risk.key for risk in report.risks}
    listed = bool(report.implementation.symbols)
    computed = [
        insight
        for insight in report.impact
        if isinstance(insight.message, Message)
        and not _is_said(insight.message.key, keys)
        and not (listed and insight.message.key == "insight.impact.added")
    ]
    return (*told, *computed)


def _is_said(key: str, risks: set[AnyRiskKey]) -> bool:
    """Whether a computed effect says no more than a model's effects, or than a risk."""
    return key.startswith("insight.impact.only_") or _SAID_BY_RISK.get(key) in risks


def _by_path(symbols: tuple[KeySymbol, ...]) -> Mapping[str, list[KeySymbol]]:
    """The symbols of each file, in the order in which the files come."""
    grouped: dict[str, list[KeySymbol]] = {}
    for item in symbols:
        grouped.setdefault(item.path, []).append(item)
    return grouped


def _known(insights: tuple[Insight, ...], pieces: Pieces) -> list[Insight]:
    """The insights for which there is a sentence."""
    return [insight for insight in insights if pieces.statement(insight.message)]


def _steps_label(report: PullReport) -> str:
    """What the steps are: commits if they all are, else steps."""
    committed = all(step.source is Source.COMMIT for step in report.implementation.steps)
    return "label.commits" if committed else "label.steps"
