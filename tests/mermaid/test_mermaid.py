"""Every chart of a digest is held against mermaid's own parser, as GitHub would.

``npm ci --prefix tests/mermaid`` installs it; ``.ci/run`` does, and sets ``MERMAID_CHECK=required``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.markdown.digest import DigestLinks, render_issue
from bot.markdown.report import Style
from bot.model import DayCount, PeriodKind, PeriodNumbers, RiskKey, RiskTally, Severity, Tally, TrendPoint
from tests.fakes.hostile import ROWS
from tests.fakes.period_pulls import SINCE
from tests.fakes.periods import digest, period, period_facts, pull, ref

if TYPE_CHECKING:
    from bot.model import PeriodFacts

HERE = Path(__file__).parent
BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENGLISH, CHINESE = Style(), Style(language="zh-CN")


def parsed(charts: list[str]) -> list[dict[str, Any]]:
    """What mermaid's parser says of each chart."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "mermaid").is_dir():
        why = "mermaid's parser is not installed: run npm ci --prefix tests/mermaid with Node 20 or newer"
        if os.environ.get("MERMAID_CHECK") == "required":
            pytest.fail(why)
        pytest.skip(why)
    done = subprocess.run(
        [node, str(HERE / "check.mjs")],
        input=json.dumps(charts),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)["answers"]
    return answers


def charts(facts: PeriodFacts, style: Style) -> list[str]:
    """The charts of a digest's issue."""
    return BLOCK.findall(render_issue(digest(facts=facts), style, DigestLinks()).body)


def days(count: int, each: int) -> PeriodFacts:
    """A period of so many days with as many merges on each of them."""
    pulls = tuple(
        pull(day * 100 + one, merged_at=SINCE + timedelta(days=day), importance=float(one))
        for day in range(count)
        for one in range(each)
    )
    dated = tuple(DayCount(day=(SINCE + timedelta(days=day)).date(), pulls=each) for day in range(count))
    kind = PeriodKind.WEEK if count <= 7 else PeriodKind.DAYS
    trend = [TrendPoint(key=f"2026-W{week:02}", numbers=PeriodNumbers(pulls=week)) for week in range(9, 14)]
    span = period(kind=kind, until=SINCE + timedelta(days=count))
    return period_facts(period=span, pulls=pulls, days=dated, trend=tuple(trend))


def with_names(name: str) -> PeriodFacts:
    """A range of tags, charted by module, with a module of that name, and every kind of risk."""
    modules = tuple(Tally(name=one, count=4, pulls=(ref(1230),)) for one in ("a", "b/c", name, "end"))
    risks = tuple(RiskTally(name=key.value, count=2, key=key, severity=Severity.LOW) for key in RiskKey)
    span = period(kind=PeriodKind.RANGE, key=f"{name}..{name}", base=name, head=name)
    return period_facts(period=span, modules=modules, risks=risks, days=())


NONSENSE = 'xychart-beta\n    title "x\n    bar ['


@pytest.fixture(scope="module")
def answered() -> dict[str, dict[str, Any]]:
    """Charts of small and large periods, both languages, every risk and hostile modules; and no chart."""
    periods = [period_facts(), days(7, 1), days(7, 30), days(31, 6), days(90, 2)]
    found = [chart for facts in periods for style in (ENGLISH, CHINESE) for chart in charts(facts, style)]
    found += [chart for value in ROWS.values() for chart in charts(with_names(value), ENGLISH)]
    # Node takes a second to start: it is asked once.
    return dict(zip([*found, NONSENSE], parsed([*found, NONSENSE]), strict=True))


def test_charts_are_valid(answered: dict[str, dict[str, Any]]) -> None:
    """Mermaid reads every chart, as the kind of chart that it is."""
    ours = {chart: answer for chart, answer in answered.items() if chart != NONSENSE}
    assert len(ours) > 20
    assert {chart: answer for chart, answer in ours.items() if answer.get("kind") != "xychart"} == {}


def test_settings_reach_the_charts(answered: dict[str, dict[str, Any]]) -> None:
    """Mermaid takes our size and our two colours, so that neither theme hides a bar."""
    configs = [answer["config"] for answer in answered.values() if "config" in answer]
    assert {config["xyChart"]["width"] for config in configs} == {760}
    palettes = {config["themeVariables"]["xyChart"]["plotColorPalette"] for config in configs}
    assert all(palette.startswith("#8db4e8, ") for palette in palettes)


def test_nonsense_is_refused(answered: dict[str, dict[str, Any]]) -> None:
    """The parser that is asked would say so."""
    assert "error" in answered[NONSENSE]
