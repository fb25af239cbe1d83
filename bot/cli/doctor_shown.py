"""How findings are shown: one line for each check, then what is to be done, the worst last."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

from bot.cli.stored import printable
from bot.doctor import CHECKS, Severity, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.doctor import Finding

_STYLES = {
    Severity.OK: "green",
    Severity.NOTE: "cyan",
    Severity.WARNING: "yellow",
    Severity.ERROR: "bold red",
}
_WIDTH_OF_PIPES = 100
VERSION = 1


def as_text(findings: Sequence[Finding]) -> str:
    """Give the table of checks, the advice, and one line that sums up."""
    from rich.console import Console  # noqa: PLC0415 - JSON does without
    from rich.padding import Padding  # noqa: PLC0415 - JSON does without
    from rich.table import Table  # noqa: PLC0415 - JSON does without
    from rich.text import Text  # noqa: PLC0415 - JSON does without

    is_terminal = sys.stdout.isatty()
    text = io.StringIO()
    console = Console(file=text, force_terminal=is_terminal, width=None if is_terminal else _WIDTH_OF_PIPES)
    table = Table.grid(padding=(0, 2))
    for name in CHECKS:
        mine = [one for one in findings if one.check == name]
        if mine:
            level, what = worst(mine), _summary(mine)
            table.add_row(Text(level.value, _STYLES[level]), Text(name), Text(what, overflow="fold"))
    console.print(table)
    for one in _to_do(findings):
        console.print()
        console.print(
            Text(f"{one.severity.value}  {one.check}: {printable(one.what)}", _STYLES[one.severity])
        )
        console.print(Padding(Text(printable(one.advice)), (0, 0, 0, 4)))
    console.print()
    console.print(Text(_sum(findings), _STYLES[worst(findings)]))
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def _summary(mine: Sequence[Finding]) -> str:
    """Give what a check found in one line; the rest stands below."""
    bad = [one for one in mine if one.severity is worst(mine)]
    shown = printable(bad[-1].what if len(bad) == 1 or worst(mine) is not Severity.OK else bad[0].what)
    more = len(bad) - 1
    return shown if not more or worst(mine) is Severity.OK else f"{shown} (and {more} more)"


def _to_do(findings: Sequence[Finding]) -> list[Finding]:
    wanted = [one for one in findings if one.advice and one.severity is not Severity.OK]
    return sorted(wanted, key=lambda one: one.severity.rank)


def _sum(findings: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in findings)
    told = [
        f"{counts[level]} {level.value}{'s' if counts[level] > 1 else ''}"
        for level in (Severity.ERROR, Severity.WARNING)
        if counts[level]
    ]
    return f"{' and '.join(told)}." if told else "All is well."


def as_json(findings: Sequence[Finding], version: str) -> str:
    """Give one object; docs/commands.md describes it. Fields may be added, and none is taken away."""
    shown = {
        "version": VERSION,
        "prhub": version,
        "worst": worst(findings).value,
        "findings": [
            {
                "check": one.check,
                "severity": one.severity.value,
                "what": one.what,
                "advice": one.advice or None,
                "about": one.about or None,
            }
            for one in findings
        ],
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)
