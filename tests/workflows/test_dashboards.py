"""The dashboard and the alert rules name metrics that a running server has, and each is documented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import aiohttp
import pytest
import yaml

DOCS = Path(__file__).parents[2] / "docs"
DASHBOARD = json.loads((DOCS / "grafana" / "prhub.json").read_text("utf-8"))
RULES = yaml.safe_load((DOCS / "grafana" / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
NAME = re.compile(r"\bprhub_[a-z_]+\b")
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]


@pytest.fixture
async def exposed(playing_with):
    """The names of all metrics of a server with a budget."""
    async with playing_with(PRHUB_BUDGET_DAY="1000") as play, aiohttp.ClientSession() as session:
        text = await (await session.get(f"{play.running.address}/metrics")).text()
    found = re.findall(r"^# TYPE (prhub_\w+) ", text, re.MULTILINE)
    return {name for name in found if not name.endswith("_created")}


async def test_every_name_is_a_metric_and_every_metric_is_shown_and_documented(exposed):
    """Neither page nor rule outlives a metric, and no metric is a secret."""
    used = {name for query in [*QUERIES, *(rule["expr"] for rule in RULES)] for name in NAME.findall(query)}
    assert used - exposed == set()
    assert {name for query in QUERIES for name in NAME.findall(query)} == exposed
    page = (DOCS / "operation.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `(prhub_\w+)` ", page, re.MULTILINE))
    assert rows == exposed


def test_the_dashboard_can_be_imported():
    """Of any data source, under one uid; panels have ids of their own and do not lie on each other."""
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert (DASHBOARD["uid"], DASHBOARD["id"], names) == ("prhub-overview", None, {"datasource", "job"})
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    cells = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) == 23
    assert all(target["datasource"]["uid"] == "${datasource}" for p in PANELS for target in p["targets"])


def test_every_rule_says_what_is_wrong_and_what_to_do():
    """To who is woken by it."""
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in RULES)
    assert {rule["labels"]["severity"] for rule in RULES} == {"critical", "warning", "info"}
