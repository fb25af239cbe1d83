"""Answers of a bad model: every way to break the form, and every kind of untruth in it.

``python -m tests.fakes.hostile_claims 50000 7`` reads and checks that many from seed 7 and prints what
got through that should not have.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from enum import StrEnum
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
from bot.model import (
    Attention, Audience, BriefClaims, Category, CheckState, Evidence, Insights, NotesClaims, RepairClaims,
    ReportClaims, ReviewClaims, RiskKey, RubricKey, Severity, TopicOutcome,
)  # fmt: skip
from tests.fakes.claims import STORE, claims_of, store_facts
from tests.fakes.hostile import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from bot.model import PullFacts

INVENTED = (
    "engine/ghost_writer.py", "src/phantom/deep/loader.rs", "save_everything_twice", "GhostFactory", "flush_all()",
    "CVE-2024-31337", "GHSA-zzzz-9999-yyyy", "9f8e7d6c5b", "#4242", "GH-4242", "@octocat", "88,214", "31337",
    "4.17.99", "2031-01-01", "97.3%", "https://evil.example/x", "evil.example.com", "--force-everything",
    "phantom::module::run", "seventeen files", "十七个文件", "engine/store.py:31337", "other-org/tool#77",
)  # fmt: skip
HONEST = (
    "Saves are retried `RETRY_LIMIT` times.", "`_save_checkpoint` writes through `_write`, see #7.",
    "The import of fast_codec is guarded and/or skipped.", "Two files changed.", "A save took 120 ms before.",
    "octo-lead accepted it.", "engine/store.py keeps the last 8 snapshots.", "Read __init__ first.",
)  # fmt: skip
WHERES = ("engine/store.py", "b/engine/store.py", "store.py:20", "title", "description", "thread 1", "Thread 2",
          "thread 9", "comment 1", "review 1", "commit 2", "#7", "#9", "#4242", "engine/ghost_writer.py", "", "../x")  # fmt: skip
QUOTES = (*(line for line in STORE.split("\n") if line.strip()), "", "}", "self.legacy_mode = True", "nobody wrote this",
          "Good catch, will revise to a try-catch", "We measured 120 ms", "RETRY_LIMIT\n    SAVE_TIMEOUT")  # fmt: skip
_WORDS = ("open", "fixed", "accepted", "unknown", "no-fault", "HIGH", "medium", "low", "Missing Tests", "error_handling",
          "prompt-injection", "correctness", "adopted", "declined", "unanswered", "users", "close", "reach", "bogus")  # fmt: skip
SHAPES: tuple[type[BaseModel], ...] = (ReportClaims, BriefClaims, ReviewClaims, NotesClaims, RepairClaims)
_CHOICES: dict[str, type[StrEnum]] = {
    "key": RiskKey,
    "severity": Severity,
    "state": CheckState,
    "category": Category,
    "outcome": TopicOutcome,
    "on": Audience,
    "attention": Attention,
    "item": RubricKey,
}
_ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    3.5,
    1e300,
    10**30,
    "",
    " ",
    [],
    {},
    [[]],
    {"text": None},
    "\ud800",
    "#9",
)
_LINKED = re.compile(
    r"https?:/|www\.|@\w|<!--|-->|!\[|\]\(|/prhub|[\u202a-\u202e\u2066-\u2069\u200b]", re.IGNORECASE
)


class Source:
    """An endless mixture, always the same for one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self) -> str:
        """A sentence: honest, hostile, invented, or a mixture."""
        pick = self.random.random()
        if pick < 0.35:
            return self.random.choice(HONEST)
        if pick < 0.6:
            return f"It uses {self.random.choice(INVENTED)} there."
        pieces = self.random.choices((*HONEST, *INVENTED, *ROWS.values()), k=self.random.randint(1, 4))
        return self.random.choice((" ", "", "`", "\n")).join(
            piece[: self.random.randint(1, 400)] for piece in pieces
        )

    def cited(self) -> Any:
        """A citation, often a good one."""
        pick = self.random.random()
        if pick < 0.05:
            return self.random.choice(_ODD)
        if pick < 0.6:
            return {"where": "engine/store.py", "quote": self.random.choice(QUOTES)}
        quote = self.random.choice(QUOTES) if self.random.random() < 0.9 else self.text()
        return {"where": self.random.choice(WHERES), "quote": quote}

    def value(self, name: str) -> Any:
        """Something for the field ``name`` of any claim."""
        if self.random.random() < 0.04:
            return self.random.choice(_ODD)
        if name in {"evidence", "suspicious"}:
            return [self.cited() for _ in range(self.random.randint(0, 5))]
        if name in {"where", "path"}:
            return self.random.choice((*WHERES, *["engine/store.py"] * 12))
        if name in {"thread", "threads"}:
            threads = ("thread 1", "thread 2", "Thread #3", "thread 2", self.random.choice(WHERES))
            return self.random.choice(threads) if name == "thread" else self.random.choices(threads, k=2)
        if name in {"quote", "name"}:
            return self.random.choice((*QUOTES, "_save_checkpoint", "RETRY_LIMIT", "ghost"))
        if name == "quotes":
            return self.random.choices(QUOTES, k=3)
        if name in {"number", "level"}:
            return self.random.choice((7, 9, 4242, 0, 2, 99, "9", "#7"))
        if name in _CHOICES:
            known = [member.value for member in _CHOICES[name]]
            return self.random.choice(known if self.random.random() < 0.9 else [*_WORDS, *known])
        if name == "id":
            return self.random.choice(("risks 1", "summary", "files 2", "steps 99", "x"))
        return self.text()

    def answer(self, shape: type[BaseModel]) -> str:
        """The text of an answer of about that ``shape``."""
        found: dict[str, Any] = {}
        for name, field in shape.model_fields.items():
            inner = _inner(field.annotation)
            if inner is None:
                found[name] = self.value(name)
            elif str(field.annotation).startswith("tuple"):
                found[name] = [self.item(inner) for _ in range(self.random.choice((0, 1, 2, 3, 15)))]
            else:
                found[name] = self.item(inner)
        return self.broken(json.dumps(found, ensure_ascii=self.random.random() < 0.5))

    def item(self, kind: type[BaseModel]) -> Any:
        """One claim of ``kind``, now and then something else."""
        if self.random.random() < 0.03:
            return self.random.choice((*_ODD, self.text()))
        item = {name: self.value(name) for name in kind.model_fields if self.random.random() > 0.03}
        return item | ({"extra": self.text()} if self.random.random() < 0.1 else {})

    def broken(self, text: str) -> str:
        """The answer with prose, fences or damage around it (L8)."""
        pick = self.random.random()
        if pick < 0.6:
            return text
        if pick < 0.8:
            return f"Sure {{here}} it is:\n```json\n{text}\n```\nDone."
        if pick < 0.86:
            return text[: self.random.randint(0, len(text))]
        if pick < 0.9:
            return f'\ufeff{{"report": {text}}}'
        if pick < 0.94:
            cut = self.random.randint(0, len(text))
            return (
                text[:cut] + self.random.choice(('"', "}", "[", "\x00", "NaN", "\\u", "\ud800")) + text[cut:]
            )
        return self.random.choice(
            ("", "null", "[]", "{}", "NaN", "[" * 3000, '{"a":' * 500, text.replace("2", "1e999"))
        )


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The claim inside an annotation, if there is one."""
    found = getattr(annotation, "__args__", (annotation,))[0]
    return found if hasattr(found, "model_fields") else None


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
    """What is wrong with what survived: untruths, markup, places that are not there, a second look that differs."""
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
        yield f"again: {[(one.claim, one.reasons) for one in again.failures]} {_difference(insights, again.insights)}"


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
