"""The chaos gate in short: promises hold under attack, and publishers that break them are caught."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.failpoint import POINTS
from bot.settings import load_settings
from bot.workflows.edge import CLOSE
from tests.chaos.commanded import one_point
from tests.chaos.figures import Figures
from tests.chaos.plan import Plan, deaths
from tests.chaos.run import run
from tests.chaos.runs import RUNS

SHORT = Plan("short", merges=10, kills=2, factor=60.0, rate=6.0, lost=0.15, stale=True)
# Lists lag longer than a retry takes.
SLOW = replace(SHORT, merges=12, kills=1, factor=30.0, model=False, lag=3600.0)
# A delivery that three times met a server that was just dying is left to the scan, as outside of tests.
SCANNED = (("PRHUB_SCAN_INTERVAL", "15"),)
SOURCES = Path(__file__).parents[2] / "bot"


async def test_nothing_is_lost_and_nothing_doubled_on_sqlite():
    """Two kills, one of them at a failpoint; one answer in three is lost, and lists lag."""
    figures = await run(SHORT)
    assert figures.broken == []
    assert (figures.kills.total(), figures.comments) == (2, 10)


async def test_nothing_is_lost_and_nothing_doubled_by_two_processes(postgres):
    """The same on PostgreSQL, with everything else that can go wrong."""
    stormy = replace(
        SHORT, database="postgresql", processes=2, kills=3, stormy=True, seed=2, settings=SCANNED
    )
    figures = await run(stormy)
    assert figures.broken == []
    assert figures.deliveries > figures.comments


@pytest.mark.parametrize("publisher", ["naive", "marker"])
async def test_a_publisher_that_doubles_comments_is_caught(publisher):
    """Or the gate would prove nothing."""
    figures = await run(replace(SLOW, publisher=publisher))
    assert figures.duplicates > 0
    assert figures.broken == [f"second comments: {figures.duplicates}"]


def test_a_seed_gives_the_same_plan():
    """And another seed another one."""
    assert list(deaths(SHORT)) == list(deaths(SHORT))
    assert list(deaths(SHORT)) != list(deaths(replace(SHORT, seed=7)))


def test_every_failpoint_is_somewhere():
    """A point that nobody passes would be tested in vain."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES.rglob("*.py"))
    passed = set(re.findall(r'reached\("(\w+)"\)', text))
    steps = set(re.findall(r'await step\("(\w+)"', text)) | {CLOSE}
    assert passed | {f"{when}_{step}" for step in steps for when in ("before", "after")} == POINTS
    assert len(POINTS) >= 14


def test_the_points_of_the_long_runs_exist():
    """A misspelt one would stop the server's start."""
    assert {point for plan, _ in RUNS.values() for point in plan.points} <= POINTS


async def test_a_command_is_answered_once_though_the_server_dies_on_it():
    """Killed when its answer was posted: the next one finds it."""
    figures = await one_point(replace(RUNS["commands"][0], kills=1), "after_answer")
    assert figures.broken == []
    assert figures.ever == 0


@pytest.mark.parametrize("text", ["nowhere", "after_post:", "after_post:x", "after_post:0000001", ":3"])
def test_an_unknown_failpoint_stops_the_start(text, tmp_path):
    """As any other wrong setting."""
    with pytest.raises(SettingsError, match="PRHUB_FAILPOINT"):
        load_settings({"PRHUB_FAILPOINT": text}, tmp_path)


def test_a_broken_promise_is_told():
    """Each of them by a sentence, so that a gate that fails says why."""
    counts: dict[str, Any] = dict.fromkeys(
        ("deliveries", "failed", "redelivered", "acknowledged_lost", "comments", "duplicates", "ever"), 0
    )
    counts |= dict.fromkeys(("labels", "issues", "answered", "paid_twice"), 0)
    kept = Figures(
        plan=replace(SHORT, kills=0),
        kills=Counter(),
        lost=(),
        limits=Counter(),
        unknown=(),
        recovery=(),
        seconds=1.0,
        **counts,
    )
    assert kept.broken == []
    broken: dict[str, Any] = {
        "duplicates": 2,
        "lost": ["octo-org/engine#1 new"],
        "limits": Counter(core=1),
        "answered": 1,
    }
    assert [len(replace(kept, **{name: value}).broken) for name, value in broken.items()] == [1] * 4
