"""Importance is a published sum, and comes to what a maintainer would expect."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.inference import judged, scores
from bot.inference.sizes import WEIGHTS
from bot.model import FileChange, FileHistory, FileKind, SymbolChange
from tests.fakes.facts import file_change, hunk, pull_facts, remark, review, symbol, thread
from tests.fakes.insights import report_on

PAGE = (Path(__file__).parents[2] / "docs" / "scores.md").read_text(encoding="utf-8")


def importance(**changes: Any) -> float:
    return report_on(pull_facts(**changes)).scores.importance


def value(name: str, **changes: Any) -> float:
    (feature,) = [part for part in report_on(pull_facts(**changes)).scores.features if part.name == name]
    return feature.value


def test_the_page_lists_the_features_of_the_code() -> None:
    """Names, full values and most points are the same in the documentation."""
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    full = {**scores.FULL, "size": scores.FULL_SIZE, judged.EXCHANGES: judged.EXCHANGES_FULL}
    most_points = {**scores.MAXIMUM, judged.EXCHANGES: judged.EXCHANGES_POINTS}
    assert {name: (float(all_from), float(most)) for name, all_from, most in rows} == {
        name: (float(full[name]), most) for name, most in most_points.items()
    }


def test_the_page_names_the_version_and_the_weights() -> None:
    """A reader can compute the size."""
    assert f"version {scores.SCORES_VERSION} of the tables" in PAGE
    for weight in WEIGHTS.values():
        assert f"| {weight} |" in PAGE


def test_the_sum_is_the_importance() -> None:
    """No part is hidden."""
    report = report_on(pull_facts(files=(file_change(added="a = 1"),), reviews=(review(),)))
    assert report.scores.importance == round(sum(part.points for part in report.scores.features), 1)
    assert report.scores.insight is None


def source(lines: int, path: str = "engine/store.py", **changes: Any) -> FileChange:
    return file_change(path, added="\n".join(f"value_number_{n} = {n}" for n in range(lines)), **changes)


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        pytest.param(
            {"files": (file_change("README.md", added="typo", kind=FileKind.DOCS),)}, 0, 0.5, id="a typo"
        ),
        pytest.param({"files": (source(1),)}, 0.3, 1, id="one line"),
        pytest.param({"files": (source(7),)}, 1, 3, id="a fix of seven lines"),
        pytest.param({"files": (source(170),)}, 3, 5, id="a feature"),
        pytest.param(
            {"files": (file_change("uv.lock", additions=9000, kind=FileKind.LOCK),)}, 0, 0.5, id="a lock file"
        ),
        pytest.param(
            {
                "title": "feat!: x",
                "files": tuple(
                    source(900, f"engine/{n}.py", symbols=(symbol(change=SymbolChange.ADDED),))
                    for n in range(12)
                ),
            },
            8,
            10,
            id="a large break",
        ),
    ],
)
def test_what_it_comes_to(changes: dict[str, Any], low: float, high: float) -> None:
    """Small things are small, large things are large."""
    assert low <= importance(**changes) <= high


def test_moved_lines_do_not_count() -> None:
    """A folder that was renamed by hand is no large change."""
    gone = file_change(
        "engine/old.py", hunks=(hunk("\n".join(f"-value_number_{n} = {n}" for n in range(900))),)
    )
    assert value("size", files=(source(900, "engine/new.py"), gone)) == 0


def test_only_people_discuss() -> None:
    """Bots' remarks and hidden ones are not counted."""
    bot = remark(author={"login": "octo-bot", "is_bot": True})
    threads = (thread(remark(), bot, remark(minimized=True)),)
    assert (
        value("discussion", threads=threads, comments=(remark(), bot), reviews=(review(body="No."), review()))
        == 3
    )


def test_core_is_a_share_of_lines() -> None:
    """Half of the lines are in a busy file."""
    history = (FileHistory(path="engine/store.py", pulls=20, window=30, days=60),)
    assert value("core", files=(source(5), source(5, "engine/web.py")), history=history) == 0.5
