"""Mermaid charts of a period, built from computed numbers and fixed words alone."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.escape import Safe
from bot.markdown.periods import local_day
from bot.model import PeriodKind, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.markdown.catalogue import Catalogue
    from bot.model import PeriodFacts, PeriodPull

IMPORTANT: Final = 4.0
WORTH_A_CHART: Final = 5
"""Pull requests below which a chart of days says less than the list."""
_MOST_BARS: Final = 35
_MOST_ROWS: Final = 8
_FEWEST_BARS: Final = 3
_FEWEST_RISKS: Final = 6
_WIDTH: Final = 760
_HEIGHT: Final = 230
_MOST_COUNTED: Final = 12
"""Bars up to which each is labelled with its count; beyond, the title names the highest."""
_PALE, _DARK, _LINE = "#8db4e8", "#2a6bc4", "#e08a2c"
_LABEL: Final = re.compile(r"[\w ./-]{1,40}")
_FOREIGN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,27}", re.ASCII)
_SHORT_KEY: Final = re.compile(r"\d{4}-(?:W\d\d|\d\d)", re.ASCII)
_DAYS_KEY: Final = re.compile(r"\d{4}-(\d\d-\d\d)\.\.\d{4}-\d\d-\d\d", re.ASCII)
_TITLE: Final = re.compile(r"[^\"\\\n`#%{}<>]{1,120}")


@dataclass(frozen=True)
class Bars:
    """A chart: labels, a pale bar each, and the dark part of it or a line across."""

    title: str
    labels: Sequence[str]
    pale: Sequence[int]
    dark: Sequence[int] = ()
    line: float | None = None
    is_lying: bool = False


def merges_chart(facts: PeriodFacts, catalogue: Catalogue) -> Safe:
    """Merges by day, or by group of days or module for a long period; empty if there are hardly any."""
    if len(facts.pulls) < WORTH_A_CHART:
        return Safe()
    if facts.period.kind is PeriodKind.RANGE or not facts.days:
        return _modules(facts, catalogue)
    important = _important_by_day(facts)
    dated = [(day.day, day.pulls, important.get(day.day, 0)) for day in facts.days]
    span = -(-len(dated) // _MOST_BARS)
    groups = [dated[start : start + span] for start in range(0, len(dated), span)]
    if sum(1 for group in groups if any(count for _, count, _ in group)) < _FEWEST_BARS:
        return _modules(facts, catalogue)
    is_week = len(dated) <= 7
    pale = [sum(count for _, count, _ in group) for group in groups]
    dark = [sum(count for _, _, count in group) for group in groups]
    title = _important("digest.chart.days" if span == 1 else "digest.chart.groups", dark, catalogue)
    if len(groups) > _MOST_COUNTED:
        title = catalogue.say("digest.chart.highest", title=title, count=max(pale))
    return _chart(
        Bars(
            title=title,
            labels=[_day(group[0][0], catalogue, named=is_week, full=span > 1) for group in groups],
            pale=pale,
            dark=dark,
        )
    )


def trend_chart(facts: PeriodFacts, catalogue: Catalogue) -> Safe:
    """Merges over the last periods with the mean of those before; empty for fewer than three of them."""
    labels = [_key(point.key) for point in facts.trend]
    counts = [round(point.numbers.pulls) for point in facts.trend]
    mean = facts.mean.pulls if facts.mean else None
    title = catalogue.say(
        f"digest.chart.trend_{facts.period.kind.value}" if mean else "digest.chart.trend",
        mean=Safe(f"{mean or 0:.1f}"),
    )
    if len([count for count in counts if count]) < _FEWEST_BARS or not all(labels) or not title:
        return Safe()
    return _chart(Bars(title, labels, counts, line=mean or None))


def risks_chart(facts: PeriodFacts, catalogue: Catalogue) -> Safe:
    """Pull requests with an open risk by kind, the most frequent first; empty for a few."""
    risks = facts.risks[:_MOST_ROWS]
    if len(risks) < _FEWEST_BARS or sum(risk.count for risk in risks) < _FEWEST_RISKS:
        return Safe()
    heavy: dict[str, int] = {}
    for pull in facts.pulls:
        found = pull.gist.risks if pull.gist else ()
        for key in {risk.key.value for risk in found if risk.severity is not Severity.LOW}:
            heavy[key] = heavy.get(key, 0) + 1
    dark = [min(heavy.get(risk.key.value, 0), risk.count) for risk in risks]
    title = catalogue.say("digest.chart.risks")
    return _chart(
        Bars(
            title=catalogue.say("digest.chart.heavy", title=title) if any(dark) else title,
            labels=[catalogue.risk_name(risk.key.value) for risk in risks],
            pale=[risk.count for risk in risks],
            dark=dark,
            is_lying=True,
        )
    )


def _modules(facts: PeriodFacts, catalogue: Catalogue) -> Safe:
    """Merges by module; modules whose names are anything but plain are left out."""
    shown = [module for module in facts.modules if _FOREIGN.fullmatch(module.name)][:_MOST_ROWS]
    if len(shown) < _FEWEST_BARS:
        return Safe()
    important = {pull.ref for pull in facts.pulls if _is_important(pull)}
    dark = [sum(1 for ref in module.pulls if ref in important) for module in shown]
    return _chart(
        Bars(
            title=_important("digest.chart.modules", dark, catalogue),
            labels=[module.name for module in shown],
            pale=[module.count for module in shown],
            dark=dark,
            is_lying=True,
        )
    )


def _important_by_day(facts: PeriodFacts) -> dict[date, int]:
    """How many important merges each day of the period's zone has."""
    found: dict[date, int] = {}
    for pull in facts.pulls:
        if _is_important(pull):
            day = local_day(pull.merge.merged_at, facts.period.time_zone)
            found[day] = found.get(day, 0) + 1
    return found


def _is_important(pull: PeriodPull) -> bool:
    """Whether the report says that it matters."""
    return pull.gist is not None and pull.gist.importance >= IMPORTANT


def _important(key: str, dark: Sequence[int], catalogue: Catalogue) -> Safe:
    """The title of a chart of merges; what its dark bars are only if there is one."""
    title = catalogue.say(key)
    return catalogue.say("digest.chart.important", title=title) if any(dark) else title


def _day(day: date, catalogue: Catalogue, *, named: bool, full: bool) -> str:
    """A day of a chart: its weekday in a week, its number in a month."""
    if named:
        return catalogue.say(f"digest.weekday.{day.weekday()}")
    return f"{day:%m-%d}" if full else str(day.day)


def _key(key: str) -> str:
    """A period's name as a label; empty if it is of no known form."""
    if _SHORT_KEY.fullmatch(key):
        return key
    days = _DAYS_KEY.fullmatch(key)
    return days[1] if days else ""


def _chart(bars: Bars) -> Safe:
    """The chart as a fenced block; empty if a word in it is anything but plain."""
    if not _TITLE.fullmatch(bars.title) or not all(map(_LABEL.fullmatch, bars.labels)):
        return Safe()
    counted = len(bars.labels) <= _MOST_COUNTED
    named = [f"{name}: {count}" for name, count in zip(bars.labels, bars.pale, strict=True)]
    labels = ", ".join(f'"{label}"' for label in (named if counted else bars.labels))
    top = max(1, *bars.pale, math.ceil(bars.line or 0))
    lines = [
        _setting(bars),
        "xychart-beta horizontal" if bars.is_lying else "xychart-beta",
        f'    title "{bars.title}"',
        f"    x-axis [{labels}]",
        f"    y-axis 0 --> {top}",
        f"    bar [{', '.join(map(str, bars.pale))}]",
    ]
    if any(bars.dark):
        lines.append(f"    bar [{', '.join(map(str, bars.dark))}]")
    if bars.line is not None:
        lines.append(f"    line [{', '.join([f'{bars.line:.1f}'] * len(bars.labels))}]")
    return Safe("\n".join(["```mermaid", *lines, "```"]))


def _setting(bars: Bars) -> str:
    """The chart's size and its two colours, which are seen on white and on black; the rest is the theme's."""
    second = _DARK if bars.line is None else _LINE
    look = {"backgroundColor": "transparent", "plotColorPalette": f"{_PALE}, {second}"}
    height = 60 + 34 * len(bars.labels) if bars.is_lying else _HEIGHT
    # An axis of numbers has ticks between whole ones, and lifts the zero off the ground.
    axis = dict.fromkeys(("showLabel", "showTick", "showAxisLine"), False)
    size = {"width": _WIDTH, "height": height, "titleFontSize": 16, "yAxis": axis}
    return f"%%{{init: {json.dumps({'xyChart': size, 'themeVariables': {'xyChart': look}})}}}%%"
