"""What a report consists of: the part that is always visible, and the sections below it in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.discussion import Discussion
from bot.markdown.environment import render
from bot.markdown.escape import Safe, code, joined
from bot.markdown.formats import number
from bot.markdown.links import link
from bot.markdown.rows import Rows
from bot.model import Insight, KeySymbol, PullReport, Quote, ReadAs, Relation, RiskState, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.markdown.pieces import Pieces

SHOWN_RISKS: Final = 5
SHOWN_TAGS: Final = 6
SHOWN_EVIDENCE: Final = 8
SENTENCE_LIMIT: Final = 400
_STANDING: Final = frozenset({RiskState.OPEN, RiskState.UNKNOWN})
_READ: Final = frozenset({ReadAs.WHOLE, ReadAs.CLIPPED})
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


@dataclass(frozen=True)
class Section:
    """A section below the visible part: its title, its gist in a few words, its text."""

    title: Safe
    gist: Safe
    body: Safe


def opening(report: PullReport, pieces: Pieces, note: str | None, *, name_pull: bool) -> Safe:
    """The part that is always visible. ``name_pull`` says which pull request this is about."""
    risks = sorted(
        (risk for risk in report.risks if risk.state in _STANDING), key=lambda risk: risk.severity.rank
    )
    return _render(
        "opening",
        report,
        pieces,
        note=note if note in pieces.catalogue else None,
        identity=_identity(report, pieces) if name_pull else Safe(),
        tags=pieces.listed(map(Rows(pieces).tag, report.head.tags[:SHOWN_TAGS])),
        sentence=_sentence(report, pieces),
        reverts=[
            item for item in report.related if item.relation in {Relation.REVERTS, Relation.REVERTED_BY}
        ],
        open_risks=risks,
        shown_risks=SHOWN_RISKS,
    )


def sections(report: PullReport, pieces: Pieces) -> list[Section]:
    """The sections that have something to say."""
    log = Discussion(pieces)
    values: dict[str, object] = {
        "risks": sorted(report.risks, key=lambda risk: risk.severity.rank),
        "motivation": _motivation(report),
        "impact": _known(report.impact, pieces),
        "follow_ups": _known(report.follow_ups, pieces),
        "steps": [step for step in map(Rows(pieces).step, report.implementation.steps) if step],
        "steps_label": _steps_label(report),
        "reviews": joined(map(log.review, report.reviews), pieces.catalogue.say("separator")),
        "open_decisions": [decision for decision in report.decisions if decision.open_at_merge],
        "settled_decisions": [decision for decision in report.decisions if not decision.open_at_merge],
        "symbols": _by_path(report.implementation.symbols),
        "shown_evidence": SHOWN_EVIDENCE,
        "log": log,
        "features": [feature for feature in report.scores.features if feature.points],
    }
    gists = _gists(report, pieces)
    made = [
        Section(
            title=pieces.catalogue.say(f"title.{name}"),
            gist=pieces.catalogue.say(f"gist.{name}", **gists.get(name, {})),
            body=_render(name, report, pieces, **values),
        )
        for name in NAMES
    ]
    return [section for section in made if section.body]


def _render(template: str, report: PullReport, pieces: Pieces, **values: object) -> Safe:
    """A template with what every template gets."""
    rows = Rows(pieces)
    return render(template, report=report, p=pieces, rows=rows, t=pieces.catalogue.say, **values)


def _identity(report: PullReport, pieces: Pieces) -> Safe:
    """``owner/name#12``, linked where it can be."""
    head = report.head
    pull = f"#{head.number}" if head.number is not None else ""
    return link(code(f"{head.repository.full_name}{pull}"), pieces.links.this_pull())


def _sentence(report: PullReport, pieces: Pieces) -> Safe:
    """The one sentence; if that is only the title, which stands above it already, the motivation's first."""
    sentence = report.summary.sentence
    quote = pieces.quote(sentence.text, SENTENCE_LIMIT)
    if quote and not _only_title(report):
        return pieces.catalogue.say("summary.sentence", quote=quote, source=pieces.source(sentence))
    reason = next(iter(report.motivation), None)
    quote = pieces.quote(reason.text) if reason else Safe()
    if reason is None or not quote:
        return Safe()
    return pieces.catalogue.say("summary.why", quote=quote, source=pieces.source(reason))


def _only_title(report: PullReport) -> bool:
    """Whether the summary's sentence says no more than the title."""
    sentence = report.summary.sentence
    return sentence.source is Source.TITLE or sentence.text == report.head.title


def _motivation(report: PullReport) -> tuple[Quote, ...]:
    """The motivation, unless all of it is visible already."""
    visible = _only_title(report) and len(report.motivation) == 1
    return () if visible else report.motivation


def _by_path(symbols: tuple[KeySymbol, ...]) -> Mapping[str, list[KeySymbol]]:
    """The symbols of each file, in the order in which the files come."""
    grouped: dict[str, list[KeySymbol]] = {}
    for item in symbols:
        grouped.setdefault(item.path, []).append(item)
    return grouped


def _known(insights: tuple[Insight, ...], pieces: Pieces) -> list[Insight]:
    """The insights for which there is a sentence."""
    return [insight for insight in insights if pieces.catalogue.sentence(insight.message)]


def _steps_label(report: PullReport) -> str:
    """What the steps are: commits if they all are, else steps."""
    committed = all(step.source is Source.COMMIT for step in report.implementation.steps)
    return "label.commits" if committed else "label.steps"


def _gists(report: PullReport, pieces: Pieces) -> Mapping[str, Mapping[str, str | int]]:
    """The figures beside each title."""
    open_threads = sum(1 for item in report.decisions if item.open_at_merge)
    open_risks = sum(1 for risk in report.risks if risk.state in _STANDING)
    settled = {"review": len(report.decisions) - open_threads, "risks": len(report.risks) - open_risks}
    read = sum(group.count for group in report.coverage.groups if group.read_as in _READ)
    how = "gist.no_model" if report.provenance.model is None else "gist.model"
    symbols = report.implementation.symbols_left_out + len(report.implementation.symbols)
    return {
        "implementation": {"counts": _counts(pieces, files=report.head.changed_files, symbols=symbols)},
        "review": {"counts": _counts(pieces, open_at_merge=open_threads, answered=settled["review"])},
        "risks": {"counts": _counts(pieces, open=open_risks, settled=settled["risks"])},
        "follow_ups": {"count": len(report.follow_ups)},
        "related": {"count": len(report.related)},
        "scores": {"importance": number(report.scores.importance)},
        "coverage": {"read": read, "total": report.coverage.total, "how": pieces.catalogue.say(how)},
    }


def _counts(pieces: Pieces, **counts: int) -> Safe:
    """The counts that are not zero, each in words."""
    return pieces.listed(
        pieces.catalogue.say(f"gist.{key}", count=count) for key, count in counts.items() if count
    )
