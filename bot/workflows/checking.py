"""The last look at a report before it is stored: no secret, and no word in its text that was not checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.inference.verify import known
from bot.markdown.lint import lint_report
from bot.markdown.report import Style
from bot.markdown.untold import without_told
from bot.model import PullReport
from bot.redaction import redact_all

if TYPE_CHECKING:
    from bot.model import PullFacts
    from bot.settings import Settings


@dataclass(frozen=True)
class Checked:
    """A report fit to be stored and shown; ``findings`` are the words for which its told part was cut."""

    report: PullReport
    findings: tuple[str, ...] = ()


def style_of(settings: Settings) -> Style:
    """Give the style of texts as the settings have it."""
    return Style(
        language=settings.language,
        time_zone=settings.time_zone,
        redirect_links=settings.redirect_links,
        note=None,
    )


def checked(report: PullReport, facts: PullFacts, style: Style) -> Checked:
    """Look for what slipped through: secrets are redacted, sentences with an unknown word are left out.

    The lint reads the finished text. What it finds costs the sentences that hold it; if it still
    finds something then, the whole of the model's part.
    """
    clean = redacted(report)
    findings = _lint(clean, facts, style)
    if not findings:
        return Checked(clean)
    fewer = _without(clean, findings)
    left = _lint(fewer, facts, style)
    return Checked(without_told(clean) if left else fewer, (*findings, *left))


def _lint(report: PullReport, facts: PullFacts, style: Style) -> tuple[str, ...]:
    return lint_report(report, style, known(facts)) if report.provenance.model is not None else ()


# Without these a statement says nothing, and is left out as a whole.
_NEEDED = frozenset({"message", "explanation"})
_GONE = object()


def _without(report: PullReport, words: tuple[str, ...]) -> PullReport:
    """Give the report without the sentences of the model's that hold one of these words."""
    return PullReport.model_validate(_pruned(report.model_dump(mode="json"), words))


def _pruned(value: Any, words: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [kept for item in value if (kept := _pruned(item, words)) is not _GONE]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"text"} and any(word in value["text"] for word in words):
        return _GONE
    kept = {name: _pruned(item, words) for name, item in value.items()}
    gone = {name for name, item in kept.items() if item is _GONE}
    if gone & _NEEDED or ("thread_ids" in kept and "text" in gone):
        return _GONE
    return kept | dict.fromkeys(gone)


def redacted(report: PullReport) -> PullReport:
    """Give the report without secrets: the facts were redacted, and what slipped through stops here (R91).

    This is before the rendering, whose escapes would hide a secret from the search.
    """
    return PullReport.model_validate(redact_all(report.model_dump(mode="json")))
