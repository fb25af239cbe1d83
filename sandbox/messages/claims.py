"""Claims: one or several of each kind a report is made of, each no more than its quote bears out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.messages import period

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.messages.material import Material

_SENTENCES = {
    "summary": ("The change touches `{path}`.", "这次变更修改了 `{path}`。"),
    "action": (
        "Whoever calls `{path}` should read the quoted line.",
        "调用 `{path}` 的人应阅读引用的那一行。",
    ),
    "step": ("`{path}` now has the quoted line.", "`{path}` 现在包含引用的那一行。"),
    "topic": ("The thread was argued on one line of the change.", "该讨论针对变更中的一行。"),
    "check": ("The lines shown do not decide it.", "给出的代码行不足以判断。"),
    "reason": ("The quoted lines show no more than that.", "引用的代码行只能说明这些。"),
    "impact": ("Whoever uses `{path}` runs the new line.", "使用 `{path}` 的人会执行新的代码行。"),
    "related": ("It touches the same part of the project.", "两者涉及项目的同一部分。"),
}


def one(title: str, known: Material) -> Any:
    """One value for a schema of this title, or ``None`` if it is not known."""
    if title == "Attention":
        return "normal"
    if title == "Claim":
        return _claim("summary", known, 0)
    if title == "PeriodClaim":
        return period.headline(known)
    return _cited(known, 0) if title == "Cited" else None


def several(key: str, title: str, options: dict[str, list[str]], known: Material) -> list[Any]:
    """As many items of a list as the data bears out; ``options`` are the closed choices of their fields."""
    if key in {"suspicious", "risks"}:
        return []
    if title in period.MAKERS:
        return period.several(key, title, known)
    makers: dict[str, Callable[[], list[Any]]] = {
        "Claim": lambda: [_claim("step", known, index) for index in _few(known, key)],
        "Cited": lambda: [_cited(known, 0)] if known.quotes else [],
        "FileClaim": lambda: [_file(path, known) for path in known.paths[:10]],
        "FileNote": lambda: [_note(path, known) for path in known.paths[:12]],
        "TopicClaim": lambda: [_topic(name, known) for name in known.names("thread")[:10]],
        "CheckClaim": lambda: [_check(name, known) for name in known.names("thread")],
        "ImpactClaim": lambda: [{"on": "system", **_claim("impact", known, 0)}] if known.quotes else [],
        "RubricClaim": lambda: [_rubric(item, known) for item in options.get("item", [])],
        "RelatedClaim": lambda: _related(known),
        "Repaired": lambda: [{"id": name, "text": "", "evidence": []} for name, _, _ in known.blocks],
    }
    maker = makers.get(title)
    return [] if maker is None else maker()


def _few(known: Material, key: str) -> range:
    return range(min(len(known.quotes), {"steps": 4}.get(key, 0)))


def _say(kind: str, known: Material, path: str = "") -> str:
    return _SENTENCES[kind][known.is_chinese].format(path=path)


def _cited(known: Material, index: int) -> dict[str, str]:
    if not known.quotes:
        return {"where": "title", "quote": ""}
    path, line = known.quotes[index % len(known.quotes)]
    return {"where": path, "quote": line}


def _claim(kind: str, known: Material, index: int) -> dict[str, Any]:
    cited = _cited(known, index)
    path = cited["where"] if known.quotes else next(iter(known.paths), "title")
    return {"text": _say(kind, known, path), "evidence": [cited]}


def _file(path: str, known: Material) -> dict[str, str]:
    return {"path": path, "change": _say("step", known, path), "why": ""}


def _note(path: str, known: Material) -> dict[str, Any]:
    quotes = [line for where, line in known.quotes if where == path][:2]
    return {"path": path, "change": _say("step", known, path), "quotes": quotes}


def _topic(name: str, known: Material) -> dict[str, Any]:
    return {
        "threads": [name],
        "category": "correctness",
        "outcome": "unanswered",
        "text": _say("topic", known),
    }


def _check(name: str, known: Material) -> dict[str, Any]:
    return {"thread": name, "state": "unknown", "where": name, "quote": "", "text": _say("check", known)}


def _rubric(item: str, known: Material) -> dict[str, Any]:
    return {"item": item, "level": 1, "reason": _say("reason", known)}


def _related(known: Material) -> list[dict[str, Any]]:
    numbers = [name[1:] for name, _, _ in known.blocks if name.startswith("#") and name[1:].isdigit()]
    return [{"number": int(number), "text": _say("related", known)} for number in numbers[:3]]
