"""Open review, reverts, busy files and private names are told with what shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.model import FileChange, FileHistory, FileKind, RelatedPull, Relation, ReviewState, RiskKey
from tests.fakes.facts import MERGED_AT, file_change, hunk, merged_file, person, remark, review, thread
from tests.fakes.insights import risk, said, severity

BOT = person("octo-bot", is_bot=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"threads": (thread(),)}, "medium", id="a person's remark is open"),
        pytest.param({"threads": (thread(remark(author=BOT)),)}, "low", id="a bot's remark is open"),
        pytest.param(
            {"threads": (thread(remark("![critical](https://x.test/c.svg)\nIt leaks.", author=BOT)),)},
            "medium",
            id="a bot's urgent remark",
        ),
        pytest.param({"threads": (thread(resolved=True),)}, None, id="it was resolved"),
        pytest.param({"threads": (thread(remark("LGTM")),)}, None, id="praise"),
        pytest.param(
            {"reviews": (review(ReviewState.CHANGES_REQUESTED),)}, "high", id="changes were asked for"
        ),
        pytest.param(
            {
                "reviews": (
                    review(ReviewState.CHANGES_REQUESTED),
                    review(submitted_at=MERGED_AT - timedelta(hours=1)),
                )
            },
            None,
            id="and approved later",
        ),
        pytest.param({"reviews": (review(ReviewState.DISMISSED),)}, None, id="a dismissed review"),
    ],
)
def test_unresolved_review(changes: dict[str, Any], expected: object) -> None:
    """What was open at the merge, and how much it weighs."""
    assert severity(RiskKey.UNRESOLVED_REVIEW, **changes) == expected


def test_an_open_thread_is_linked_and_quoted() -> None:
    """The evidence leads to the thread and to the line as merged."""
    found = risk(RiskKey.UNRESOLVED_REVIEW, threads=(thread(merged_line=14),))
    assert found is not None
    assert (found.evidence[0].thread_id, found.evidence[0].line) == (700, 14)
    assert found.evidence[0].quote == "This loses the last snapshot."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"related": (RelatedPull(number=9, relation=Relation.REVERTED_BY),)}, "high", id="reverted later"
        ),
        pytest.param(
            {"related": (RelatedPull(number=9, relation=Relation.REVERTS),)}, "medium", id="reverts another"
        ),
        pytest.param({"title": 'Revert "Add it"'}, "medium", id="only the title says so"),
        pytest.param({"title": "Add a revert button"}, None, id="the word alone"),
    ],
)
def test_revert(changes: dict[str, Any], expected: object) -> None:
    """A change that was taken back weighs more than one that takes back."""
    assert severity(RiskKey.REVERT, **changes) == expected


@pytest.mark.parametrize(
    ("pulls", "days", "lines", "expected"),
    [
        pytest.param(29, 600, 90, None, id="often touched, but over two years"),
        pytest.param(7, 7, 90, None, id="a few in a row are no habit"),
        pytest.param(8, 56, 5, "low", id="every week, a small change"),
        pytest.param(8, 56, 30, "medium", id="every week, a larger change"),
        pytest.param(29, 60, 5, "low", id="every other day, a small change"),
        pytest.param(30, None, 90, None, id="nobody knows over how long"),
    ],
)
def test_core_path(pulls: int, days: int | None, lines: int, expected: object) -> None:
    """A core file is one that other pull requests touch every week."""
    history = (FileHistory(path="engine/store.py", pulls=pulls, window=30, days=days),)
    files = (file_change(additions=lines),)
    assert severity(RiskKey.CORE_PATH, files=files, history=history) == expected


def test_moved_lines_of_a_core_file_weigh_nothing() -> None:
    """Imports that were only sorted leave the risk low."""
    lines = [f"import part{number}" for number in range(40)]
    text = "\n".join([*(f"-{line}" for line in lines), *(f"+{line}" for line in reversed(lines))])
    history = (FileHistory(path="engine/store.py", pulls=29, window=30, days=60),)
    assert severity(RiskKey.CORE_PATH, files=(file_change(hunks=(hunk(text),)),), history=history) == "low"


@pytest.mark.parametrize(
    ("days", "count", "expected"),
    [
        pytest.param(7, 4, "low", id="four in the last month"),
        pytest.param(7, 3, None, id="three are too few"),
        pytest.param(30, 4, None, id="four in four months"),
    ],
)
def test_core_path_by_related_pulls(days: int, count: int, expected: object) -> None:
    """Where the history has no dates, the times of pull requests on the same file tell."""
    related = tuple(
        RelatedPull(
            number=number,
            relation=Relation.SAME_FILES,
            merged_at=MERGED_AT - timedelta(days=days * number),
            paths=("engine/store.py",),
        )
        for number in range(1, count + 1)
    )
    history = (FileHistory(path="engine/store.py", pulls=29, window=30),)
    found = severity(RiskKey.CORE_PATH, files=(file_change(additions=5),), history=history, related=related)
    assert found == expected


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file_change(additions=90, kind=FileKind.DOCS), id="documentation"),
        pytest.param(file_change("engine/__version__.py", additions=90), id="a version"),
    ],
)
def test_never_core(file: FileChange) -> None:
    """Some files change with every pull request, and are no core."""
    history = (FileHistory(path=file.path, pulls=29, window=30, days=60),)
    assert severity(RiskKey.CORE_PATH, files=(file,), history=history) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "from torch.distributed import _state",
            ("torch.distributed._state", "medium"),
            id="a library's name",
        ),
        pytest.param(
            "from torch._inductor import config",
            ("torch._inductor.config", "medium"),
            id="a library's module",
        ),
        pytest.param(
            "from engine.web.server import _render",
            ("engine.web.server._render", "low"),
            id="another module of the project",
        ),
        pytest.param("from engine.store.disk import _write", None, id="the same package"),
        pytest.param("from .disk import _write", None, id="a relative import"),
        pytest.param("from engine import __version__", None, id="a dunder"),
        pytest.param("import torch\nx = torch._C._get()", ("torch._C", "medium"), id="a library's attribute"),
        pytest.param("import numpy as np\nx = np._core", ("numpy._core", "medium"), id="under another name"),
        pytest.param("import os\nos._exit(1)", None, id="a documented underscore"),
        pytest.param("x = self._cache", None, id="one's own attribute"),
        pytest.param("x = group._info", None, id="an object nobody knows"),
        pytest.param("import torch\n# torch._C is gone", None, id="a comment"),
    ],
)
def test_private_api(text: str, expected: object) -> None:
    """Only a line that shows whose private name it is counts."""
    found = risk(RiskKey.PRIVATE_API, files=(file_change("engine/store/snapshot.py", added=text),))
    told = (said(found).params["symbols"], found.severity.value) if found else None
    assert told == expected


def test_imports_are_read_from_the_merged_file() -> None:
    """The import stands outside the hunk."""
    file = file_change("engine/a.py", hunks=(hunk("+x = torch._C._get()", new_start=40),))
    text = "import torch\n" + "\n" * 38 + "x = torch._C._get()\n"
    assert (
        severity(RiskKey.PRIVATE_API, files=(file,), merged_files=(merged_file("engine/a.py", text),))
        == "medium"
    )
