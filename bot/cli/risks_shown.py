"""How registered risks are listed: as a table for people, as JSON for programs, as Markdown for a page."""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING

from bot.cli.stored import age, printable
from bot.markdown.escape import Safe, code, text
from bot.markdown.told import told
from bot.model import Message, RegisterState, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.markdown.catalogue import Catalogue
    from bot.model import PersonsWord, RegisteredRisk

_COLOURS = {Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: ""}
_WIDEST = 1000
_REASON_LIMIT = 300
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def as_table(risks: Sequence[RegisteredRisk], catalogue: Catalogue, now: float) -> str:
    """Give the table: as wide as the terminal, and as wide as it needs to be in a pipe."""
    from rich.console import Console  # noqa: PLC0415 - JSON does without
    from rich.table import Table  # noqa: PLC0415 - JSON does without
    from rich.text import Text  # noqa: PLC0415 - JSON does without

    table = Table(box=None, pad_edge=False)
    for name in ("id", "severity", "risk", "pull request", "age", "place", "what", "state"):
        table.add_column(name, overflow="fold", justify="right" if name == "age" else "left")
    for risk in risks:
        table.add_row(
            risk.id,
            Text(risk.severity.value, style=_COLOURS[risk.severity]),
            risk.key.value,
            f"#{risk.pull}",
            age(risk.opened_at.timestamp(), now),
            Text(printable(_place(risk))),
            Text(_plain(_what(risk, catalogue))),
            Text(_plain(_became(risk, catalogue))),
        )
    is_terminal = sys.stdout.isatty()
    out = io.StringIO()
    Console(file=out, force_terminal=is_terminal, width=None if is_terminal else _WIDEST).print(table)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def as_markdown(risks: Sequence[RegisteredRisk], catalogue: Catalogue) -> str:
    """Give a Markdown table; whatever stands in it is inert."""
    lines = ["| id | severity | risk | pull request | since | place | what | state |", "| --- " * 8 + "|"]
    for risk in risks:
        place = _place(risk)
        cells = (
            Safe(risk.id),
            catalogue.say(f"severity.{risk.severity.value}"),
            catalogue.risk_name(risk.key.value, risk.name),
            Safe(f"#{risk.pull}"),
            Safe(risk.opened_at.date().isoformat()),
            code(place, keep_end=True) if place else Safe(),
            _what(risk, catalogue),
            _became(risk, catalogue),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def as_json(risks: Sequence[RegisteredRisk], catalogue: Catalogue) -> str:
    """Give a list with one object for each risk; times are in UTC, ``path`` and ``line`` are as last seen."""
    rows = []
    for risk in risks:
        now = risk.now_at
        rows.append(
            {
                "id": risk.id,
                "key": risk.key.value,
                "severity": risk.severity.value,
                "state": risk.state.value,
                "explanation": _plain(_what(risk, catalogue)),
                "rule": risk.rule,
                "path": now.path if now else risk.path,
                "line": now.line if now else risk.line,
                "pull": risk.pull,
                "merge_sha": risk.merge_sha,
                "opened_at": _iso(risk.opened_at),
                "checked_by": risk.checked_by,
                "checked_at": _iso(risk.checked_at),
                "closed_by": risk.closed_by,
                "closed_at": _iso(risk.closed_at),
                "reason": _plain(catalogue.sentence(risk.reason)) if risk.reason else None,
                "accepted": _word(risk.accepted),
                "reopened": _word(risk.reopened),
            }
        )
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _word(word: PersonsWord | None) -> dict[str, str | None] | None:
    return None if word is None else {"by": word.by, "reason": word.reason, "at": _iso(word.at)}


def _place(risk: RegisteredRisk) -> str:
    now = risk.now_at
    path, line = (now.path, now.line) if now else (risk.path, risk.line)
    return "" if path is None else f"{path}:{line}" if line else path


def _what(risk: RegisteredRisk, catalogue: Catalogue) -> Safe:
    said = risk.explanation
    return catalogue.sentence(said) if isinstance(said, Message) else told(said.text)


def _became(risk: RegisteredRisk, catalogue: Catalogue) -> Safe:
    """The state, and how it came to it."""
    state = catalogue.say(f"register.state.{risk.state.value}")
    if risk.state is RegisterState.CLOSED and risk.reason is not None:
        return Safe(f"{state} (#{risk.closed_by}): {catalogue.sentence(risk.reason)}")
    if risk.state is RegisterState.ACCEPTED and risk.accepted is not None:
        return Safe(f"{state} ({text(risk.accepted.by)}): {text(risk.accepted.reason, _REASON_LIMIT)}")
    return state


def _plain(said: Safe) -> str:
    """A sentence as a terminal shows it: without the escapes of Markdown."""
    return printable(_ESCAPED.sub(r"\1", said.replace("\u200b", "")))


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
