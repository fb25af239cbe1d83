"""``--explain``: what of a model's claims was verified, repaired or dropped, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.read import Read
    from bot.model import Evidence, Insights, PullReport, Reading

    _Line = tuple[str, str, tuple[Evidence, ...]]

_TEXT = 160


def explained(report: PullReport, found: Read) -> str:
    """Give the explanation as plain lines: one for each claim, and one for each rule's risk."""
    lines = list(_rules(report))
    if found.reading is None:
        why = found.without.value if found.without is not None else "off"
        lines.append(f"No model was asked or heard: {why}.")
    else:
        lines += _claims(found.reading)
    return "\n".join(lines) + "\n"


def _rules(report: PullReport) -> Iterator[str]:
    for risk in report.risks:
        if risk.rule is not None:
            name = f"risk {risk.key.value} ({risk.severity.value})"
            yield f"computed  {name}: rule {risk.rule}{_places(risk.evidence)}"


def _claims(reading: Reading) -> Iterator[str]:
    yield (
        f"{reading.model} with {reading.prompt}: {reading.verified} references verified,"
        f" {reading.repaired} claims repaired, {reading.dropped} dropped;"
        f" {reading.usage.tokens_in} tokens in, {reading.usage.tokens_out} out, {reading.usage.calls} calls"
    )
    for name, text, evidence in (*_statements(reading.insights), *_details(reading.insights)):
        yield f"verified  {name}: {_short(text)}{_places(evidence)}"
    for verdict in reading.verdicts:
        why = f" ({'; '.join(verdict.reasons)})" if verdict.reasons else ""
        yield f"{verdict.outcome:<9} {verdict.claim}: {_short(verdict.text)}{why}"


def _statements(found: Insights) -> Iterator[_Line]:
    """The statements that stand, with their evidence."""
    for name in ("summary", "action", "motivation", "steps", "impact", "follow_ups"):
        value = getattr(found, name)
        for item in value if isinstance(value, tuple) else (value,):
            if item is not None:
                yield name, _said(item.message), item.evidence
    for risk in found.risks:
        name = f"risk {risk.key.value} ({risk.severity.value}, {risk.state.value})"
        yield name, _said(risk.explanation), risk.evidence


def _details(found: Insights) -> Iterator[_Line]:
    """What stands about one file, symbol, topic, thread, related pull request or item of the rubric."""
    for file in found.files:
        yield f"file {file.path}", _said(file.change), ()
    for symbol in found.symbols:
        yield f"symbol {symbol.name}", _said(symbol.note), ()
    for topic in found.topics:
        yield f"topic {topic.category.value} ({topic.outcome.value})", _said(topic.text), ()
    for check in found.checks:
        evidence = (check.evidence,) if check.evidence else ()
        yield f"check of thread {check.thread_id} ({check.state.value})", _said(check.text), evidence
    for related in found.related:
        yield f"related #{related.number}", _said(related.text), ()
    for answer in found.rubric:
        yield f"rubric {answer.item.value} {answer.level}", _said(answer.reason), ()


def _said(message: object) -> str:
    return message.text if isinstance(message, Told) else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT else f"{line[:_TEXT]}…"


def _places(evidence: tuple[Evidence, ...]) -> str:
    """Where the evidence is, and what it quotes."""
    named = [place for item in evidence if (place := _place(item))]
    return f" [{'; '.join(named)}]" if named else ""


def _place(item: Evidence) -> str:
    places = (
        item.path,
        f"thread {item.thread_id}" if item.thread_id else None,
        f"comment {item.comment_id}" if item.comment_id else None,
        f"review {item.review_id}" if item.review_id else None,
        f"#{item.number}" if item.number else None,
        item.source.value if item.source else None,
    )
    place = next((place for place in places if place), "")
    line = f":{item.line}" if item.line else ""
    return f"{place}{line} “{_short(item.quote)}”" if item.quote else f"{place}{line}"
