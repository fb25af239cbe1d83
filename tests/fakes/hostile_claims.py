"""The gate for answers of a bad model: what survives is true, harmless, and the same when checked again.

``python -m tests.fakes.hostile_claims 50000 7`` reads and checks that many from seed 7 and prints what
got through that should not have.
"""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING, Any

from bot.errors import ModelUnusable
from bot.inference.verify import (
    Corpus,
    apply_repairs,
    check_brief,
    check_notes,
    check_report,
    check_review,
    parse,
)
from bot.model import BriefClaims, Insights, NotesClaims, RepairClaims, ReportClaims, ReviewClaims
from tests.fakes.claims import STORE, store_facts
from tests.fakes.claims_again import claims_of
from tests.fakes.hostile_answers import INVENTED, SHAPES, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from bot.model import Evidence, PullFacts

_LINKED = re.compile(
    r"https?:/|www\.|@\w|<!--|-->|!\[|\]\(|/prhub|[\u202a-\u202e\u2066-\u2069\u200b]", re.IGNORECASE
)


def shown(insights: Insights) -> Iterator[str]:
    """Every text of a model's that would be shown, quoted lines too."""
    return _texts(insights.model_dump(mode="json"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(text := value.get("text"), str):
            yield text
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def wrong(insights: Insights, corpus: Corpus) -> Iterator[str]:
    """What is wrong with what survived: untruths, markup, false places, a second look that differs."""
    for text in shown(insights):
        found = _invented(text)
        if found or _LINKED.search(text) or text.count("`") % 2 or len(text) > 900:
            yield f"shown: {text!r} {found}"
    for item in _evidence(insights):
        if item.path is not None and item.path not in corpus.places.paths:
            yield f"place: {item}"
        if item.line is not None and not 0 < item.line <= STORE.count("\n"):
            yield f"line: {item}"
    again = check_report(claims_of(insights, corpus.facts), corpus, "en")
    insights = insights.model_copy(update={"attention": insights.attention or again.insights.attention})
    if again.failures or again.insights != insights:
        failed = [(one.claim, one.reasons) for one in again.failures]
        yield f"again: {failed} {_difference(insights, again.insights)}"


def _invented(text: str) -> list[str]:
    """What of the invented stands in ``text`` as a word."""
    return [name for name in INVENTED if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def _difference(one: Insights, other: Insights) -> str:
    return "; ".join(
        f"{name}: {getattr(one, name)} != {getattr(other, name)}"
        for name in Insights.model_fields
        if getattr(one, name) != getattr(other, name)
    )[:2000]


def _evidence(insights: Insights) -> Iterator[Evidence]:
    for group in (insights.motivation, insights.steps, insights.impact, insights.follow_ups, insights.risks):
        for item in group:
            yield from item.evidence
    yield from (item.evidence for item in insights.checks if item.evidence)
    yield from insights.suspicious


def look_at(answer: str, shape: type[BaseModel], corpus: Corpus) -> list[str]:
    """Read and check one answer; what is wrong with what survived of it."""
    try:
        claims = parse(answer, shape).claims
    except ModelUnusable:
        return []
    if isinstance(claims, ReportClaims):
        checked = check_report(claims, corpus, "en")
        apply_repairs(claims, checked.failures, RepairClaims(claims=()))
        return list(wrong(checked.insights, corpus))
    if isinstance(claims, BriefClaims):
        return list(wrong(check_brief(claims, corpus, "en").insights, corpus))
    if isinstance(claims, ReviewClaims):
        return list(wrong(check_review(claims, corpus, "en").insights, corpus))
    if isinstance(claims, NotesClaims):
        return _wrong_notes(claims, corpus)
    return []


def _wrong_notes(claims: NotesClaims, corpus: Corpus) -> list[str]:
    paths = ("engine/store.py",)
    kept, _ = check_notes(claims, corpus, paths)
    again, failures = check_notes(kept, corpus, paths)
    found = [name for text in _texts(kept.model_dump(mode="json")) for name in _invented(text)]
    return [f"notes: {found} {failures}"] if found or failures or again != kept else []


def run(count: int, seed: int, facts: PullFacts | None = None) -> tuple[float, list[str]]:
    """Seconds and findings of ``count`` answers."""
    started = time.perf_counter()
    source = Source(seed)
    corpus = Corpus(facts or store_facts())
    findings: list[str] = []
    for number in range(count):
        shape = SHAPES[number % len(SHAPES)]
        answer = source.answer(shape)
        try:
            findings += look_at(answer, shape, corpus)
        except Exception as error:  # noqa: BLE001 - none may come out
            findings.append(f"raised {error!r} on {answer[:300]!r}")
    return time.perf_counter() - started, findings


if __name__ == "__main__":
    seconds, bad = run(int(sys.argv[1]), int(sys.argv[2]))
    print(f"{sys.argv[1]} answers in {seconds:.1f} s, {len(bad)} findings", *bad[:20], sep="\n")  # noqa: T201
