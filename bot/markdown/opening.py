"""The part of a report that is always visible: what it is, in one sentence, what to do, and the risks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.markdown.escape import Safe, code, joined
from bot.markdown.formats import number
from bot.markdown.links import link
from bot.markdown.repeats import repeats
from bot.markdown.rows import Rows, filled
from bot.model import Message, PullReport, Relation, Risk, RiskState, Source, Told, WithoutModel

if TYPE_CHECKING:
    from bot.markdown.pieces import Pieces

# The note above a report of what is not merged.
PREVIEW: Final = "answer.preview"
SHOWN_RISKS: Final = 5
SHOWN_TAGS: Final = 6
SHOWN_REASONS: Final = 3
SENTENCE_LIMIT: Final = 400
STANDING: Final = frozenset({RiskState.OPEN, RiskState.UNKNOWN})
_NAMED_AT_ONCE: Final = frozenset(
    {
        WithoutModel.REFUSED,
        WithoutModel.UNUSABLE,
        WithoutModel.PENDING,
        WithoutModel.UNAVAILABLE,
        WithoutModel.BUDGET,
    }
)


def opening(report: PullReport, pieces: Pieces, note: str | None, *, name_pull: bool) -> Safe:
    """The part that is always visible. ``name_pull`` says which pull request this is about."""
    risks = standing_risks(report)
    return filled(
        "opening",
        report,
        pieces,
        note=note if note in pieces.catalogue else None,
        preview=note == PREVIEW,
        identity=_identity(report, pieces) if name_pull else Safe(),
        tags=pieces.listed(map(Rows(pieces).tag, report.head.tags[:SHOWN_TAGS])),
        sentence=_sentence(report, pieces),
        action=_action(report, pieces),
        figures=_figures(report, pieces),
        missing=_missing(report, pieces),
        reverts=[
            item for item in report.related if item.relation in {Relation.REVERTS, Relation.REVERTED_BY}
        ],
        shown_risks=risks[:SHOWN_RISKS],
        more_risks=len(risks[SHOWN_RISKS:]),
    )


def standing_risks(report: PullReport) -> list[Risk]:
    """The risks that were not settled before the merge, the heaviest first."""
    found = (risk for risk in report.risks if risk.state in STANDING)
    return sorted(found, key=lambda risk: risk.severity.rank)


def only_title(report: PullReport) -> bool:
    """Whether the quoted sentence says no more than the title."""
    sentence = report.summary.sentence
    return sentence.source is Source.TITLE or sentence.text == report.head.title


def told_above(report: PullReport) -> Message | Told | None:
    """The sentence of a model's that stands for the quoted one: it says more than the title."""
    told = report.summary.told
    if told is not None and not repeats(told.message, report.head.title):
        return told.message
    return report.reasons[0].message if report.reasons and only_title(report) else None


def _identity(report: PullReport, pieces: Pieces) -> Safe:
    """``owner/name#12``, linked where it can be."""
    head = report.head
    pull = f"#{head.number}" if head.number is not None else ""
    return link(code(f"{head.repository.full_name}{pull}"), pieces.links.this_pull())


def _sentence(report: PullReport, pieces: Pieces) -> Safe:
    """The one sentence; if that is only the title, which stands above it already, the motivation's first."""
    say, above = pieces.catalogue.say, told_above(report)
    if above is not None and (told := pieces.prose(above, SENTENCE_LIMIT)):
        is_summary = report.summary.told is not None and above is report.summary.told.message
        return say("summary.told" if is_summary else "summary.why_told", told=told)
    sentence = report.summary.sentence
    quote = pieces.quote(sentence.text, SENTENCE_LIMIT)
    if quote and not only_title(report):
        return say("summary.sentence", quote=quote, source=pieces.source(sentence))
    reason = next(iter(report.motivation), None)
    quote = pieces.quote(reason.text) if reason else Safe()
    return say("summary.why", quote=quote, source=pieces.source(reason)) if reason and quote else Safe()


def _action(report: PullReport, pieces: Pieces) -> Safe:
    """What to do: in a model's words where there are any, else with the computed reasons."""
    say, summary = pieces.catalogue.say, report.summary
    attention = say(f"attention.{summary.attention.value}")
    told = pieces.prose(summary.action.message) if summary.action else Safe()
    if told:
        return say("summary.action.told", attention=attention, action=told)
    scores, reasons = pieces.listed(_scores(report, pieces)), pieces.sentences(summary.reasons)
    key = "summary.action.reasons" if reasons else "summary.action.plain"
    return say(key, attention=attention, scores=scores, reasons=reasons)


def _figures(report: PullReport, pieces: Pieces) -> Safe:
    """The scores and the first computed reasons, where they do not stand beside the action already."""
    if report.summary.action is None:
        return Safe()
    reasons = map(pieces.statement, report.summary.reasons[:SHOWN_REASONS])
    figures = joined((*_scores(report, pieces), *reasons), Safe(" · "))
    return pieces.catalogue.say("summary.figures", figures=figures)


def _scores(report: PullReport, pieces: Pieces) -> list[Safe]:
    """The scores that there are."""
    say, scores = pieces.catalogue.say, report.scores
    importance = say("summary.importance", importance=number(scores.importance))
    if scores.insight is None:
        return [importance]
    return [importance, say("summary.insight", insight=number(scores.insight))]


def _missing(report: PullReport, pieces: Pieces) -> Safe:
    """Why there is no model's part, where a reader who expects one should know at once."""
    why = report.provenance.without_model
    if why is None or why not in _NAMED_AT_ONCE or report.provenance.model is not None:
        return Safe()
    return pieces.catalogue.say(f"without_model.{why.value}")
