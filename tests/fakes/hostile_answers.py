"""Answers of a bad model: every way to break the form, and every kind of untruth in it."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from bot.model import (
    Attention,
    Audience,
    BriefClaims,
    Category,
    CheckState,
    NotesClaims,
    RepairClaims,
    ReportClaims,
    ReviewClaims,
    RiskKey,
    RubricKey,
    Severity,
    TopicOutcome,
)
from tests.fakes.claims import STORE
from tests.fakes.hostile import ROWS

if TYPE_CHECKING:
    from enum import StrEnum

    from pydantic import BaseModel

INVENTED = (
    "engine/ghost_writer.py",
    "src/phantom/deep/loader.rs",
    "save_everything_twice",
    "GhostFactory",
    "flush_all()",
    "CVE-2024-31337",
    "GHSA-zzzz-9999-yyyy",
    "9f8e7d6c5b",
    "#4242",
    "GH-4242",
    "@octocat",
    "88,214",
    "31337",
    "4.17.99",
    "2031-01-01",
    "97.3%",
    "https://evil.example/x",
    "evil.example.com",
    "--force-everything",
    "phantom::module::run",
    "seventeen files",
    "十七个文件",
    "engine/store.py:31337",
    "other-org/tool#77",
)
HONEST = (
    "Saves are retried `RETRY_LIMIT` times.",
    "`_save_checkpoint` writes through `_write`, see #7.",
    "The import of fast_codec is guarded and/or skipped.",
    "Two files changed.",
    "A save took 120 ms before.",
    "octo-lead accepted it.",
    "engine/store.py keeps the last 8 snapshots.",
    "Read __init__ first.",
)
WHERES = (
    "engine/store.py",
    "b/engine/store.py",
    "store.py:20",
    "title",
    "description",
    "thread 1",
    "Thread 2",
    "thread 9",
    "comment 1",
    "review 1",
    "commit 2",
    "#7",
    "#9",
    "#4242",
    "engine/ghost_writer.py",
    "",
    "../x",
)
QUOTES = (
    *(line for line in STORE.split("\n") if line.strip()),
    "",
    "}",
    "self.legacy_mode = True",
    "nobody wrote this",
    "Good catch, will revise to a try-catch",
    "We measured 120 ms",
    "RETRY_LIMIT\n    SAVE_TIMEOUT",
)
_WORDS = (
    "open",
    "fixed",
    "accepted",
    "unknown",
    "no-fault",
    "HIGH",
    "medium",
    "low",
    "Missing Tests",
    "error_handling",
    "prompt-injection",
    "correctness",
    "adopted",
    "declined",
    "unanswered",
    "users",
    "close",
    "reach",
    "bogus",
)
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
_PATHS = (*WHERES, *["engine/store.py"] * 12)
_THREADS = ("thread 1", "thread 2", "Thread #3", "thread 2", "thread 9", "title")
_VALUES: dict[str, tuple[Any, ...]] = {
    "where": _PATHS,
    "path": _PATHS,
    "thread": _THREADS,
    "threads": _THREADS,
    "quote": QUOTES,
    "quotes": QUOTES,
    "name": (*QUOTES, "_save_checkpoint", "RETRY_LIMIT", "__init__", "ghost"),
    "number": (7, 9, 4242, 0, 2, 99, "9", "#7"),
    "level": (0, 1, 2, 3, 9, -1, "2"),
    "id": ("risks 1", "summary", "files 2", "steps 99", "x"),
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
        if name in _CHOICES:
            known = [member.value for member in _CHOICES[name]]
            return self.random.choice(known if self.random.random() < 0.9 else [*_WORDS, *known])
        if name in {"evidence", "suspicious"}:
            return [self.cited() for _ in range(self.random.randint(0, 5))]
        if name in {"threads", "quotes"}:
            return self.random.choices(_VALUES[name], k=3)
        return self.random.choice(_VALUES[name]) if name in _VALUES else self.text()

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
