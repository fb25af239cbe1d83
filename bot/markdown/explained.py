"""How the scores and labels of a report came about, as the answer to ``/prhub explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.markdown.answers import labels_of
from bot.markdown.catalogue import load
from bot.markdown.escape import Safe, code, joined
from bot.markdown.links import links_for, references
from bot.markdown.pieces import Pieces
from bot.markdown.rows import Rows, filled
from bot.model import Risk, RiskState, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.markdown.report import Style
    from bot.model import PullReport
    from bot.model.labelling import Labelling

_PARAGRAPH: Final = Safe("\n\n")


def explain_text(report: PullReport, labels: Mapping[str, str], style: Style, labelling: Labelling) -> Safe:
    """Tell how scores and labels came about; ``labels`` are those PRHub knows there, with their states."""
    links = links_for(report, redirect=style.redirect_links)
    pieces = Pieces(load(style.language), links, style.time_zone, references(report, links))
    say = pieces.catalogue.say
    features = [feature for feature in report.scores.features if feature.points]
    parts = [
        say("answer.explain.scores"),
        filled("scores", report, pieces, features=features),
        say("answer.explain.labels"),
        joined(_labels(report, labels, pieces, labelling), Safe("\n")) or say("answer.explain.no_labels"),
        *_claims(report, pieces),
    ]
    return joined(parts, _PARAGRAPH)


def _labels(
    report: PullReport, labels: Mapping[str, str], pieces: Pieces, labelling: Labelling
) -> Iterator[Safe]:
    states, seen = labels_of(labels), set()
    for risk in sorted(report.risks, key=lambda risk: risk.severity.rank):
        if risk.state is not RiskState.OPEN or risk.key in seen:
            continue
        seen.add(risk.key)
        yield _label(risk, labelling.label(risk.key).name, states, pieces)


def _label(risk: Risk, label: str, states: Mapping[str, str], pieces: Pieces) -> Safe:
    say = pieces.catalogue.say
    by_model = isinstance(risk.explanation, Told) or risk.rule is None
    why = say("answer.explain.model") if by_model else say("answer.explain.rule", rule=code(risk.rule or ""))
    line = say(
        "answer.explain.label",
        label=code(label),
        name=pieces.catalogue.risk_name(risk.key.value, risk.name),
        severity=say(f"severity.{risk.severity.value}"),
        why=why,
        state=say(f"answer.explain.{states.get(label.lower(), 'off')}"),
    )
    return Safe(f"- {line}\n  {Rows(pieces).whole_risk(risk, told=True)}")


def _claims(report: PullReport, pieces: Pieces) -> tuple[Safe, ...]:
    made, say = report.provenance, pieces.catalogue.say
    if made.model is None:
        return ()
    counts = {"verified": made.verified, "repaired": made.repaired, "dropped": made.dropped}
    return say("answer.explain.claims"), say("answer.explain.checked", **counts)
