"""Tags come from a closed list; the recommended attention names its reasons."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.tags import TAGS, tags
from bot.model import Attention, FileHistory, FileKind, FileStatus, ReviewState
from tests.fakes.facts import file_change, pull_facts, review, thread
from tests.fakes.insights import report_on


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"title": "[store] fix: keep it safe"}, ("bugfix",), id="a type in the title"),
        pytest.param({"title": "Add a fast reader"}, ("feature",), id="a verb in the title"),
        pytest.param({"title": "Fix a crash in the reader"}, ("bugfix",), id="a word in the title"),
        pytest.param(
            {"title": "feat: fix-like words do not count"}, ("feature",), id="a type outweighs words"
        ),
        pytest.param({"title": 'Revert "Fix a crash"'}, ("revert",), id="a revert is no fix"),
        pytest.param(
            {"title": "Tidy", "labels": ("type: bug", "kind/docs", "risk: security")},
            ("bugfix", "docs"),
            id="labels by their last part",
        ),
        pytest.param(
            {"title": "Tidy", "files": (file_change("README.md", added="a", kind=FileKind.DOCS),)},
            ("docs",),
            id="only documentation",
        ),
        pytest.param(
            {"title": "Tidy", "files": (file_change("requirements.txt", added="a"),)},
            ("dependency",),
            id="a dependency",
        ),
        pytest.param({"title": "[release] bump to v2"}, ("release",), id="a release"),
        pytest.param({"title": "release version 3.1.0"}, ("release",), id="a release in words"),
        pytest.param({"title": "Bump 0.16.4"}, ("release",), id="a release by its number"),
        pytest.param({"title": "fix(deps): update zope to 2"}, ("dependency",), id="an update is no fix"),
        pytest.param({"title": "修复保存时的崩溃"}, ("bugfix",), id="Chinese"),
        pytest.param({"title": "Something"}, (), id="nothing to go by"),
    ],
)
def test_tags(changes: dict[str, Any], expected: object) -> None:
    """Title, labels and kinds of files decide."""
    assert tags(pull_facts(**changes)) == expected


def test_tags_are_few_sorted_and_known() -> None:
    """At most six, in order, all of the list."""
    found = tags(pull_facts(title="[fix, feat, perf, docs, test, ci, refactor] chore: all of it"))
    assert len(found) == 6
    assert list(found) == sorted(found)
    assert set(found) <= set(TAGS)


def attention(**changes: Any) -> tuple[Attention, list[str]]:
    summary = report_on(pull_facts(**changes)).summary
    return summary.attention, [reason.key.removeprefix("insight.attention.") for reason in summary.reasons]


LARGE = file_change(additions=40)
SMALL = file_change(added="a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\ng = 7")


@pytest.mark.parametrize(
    ("changes", "expected", "reason"),
    [
        pytest.param({"files": (SMALL,)}, Attention.SKIM, "size", id="a small change without risks"),
        pytest.param(
            {"files": (file_change("a.md", added="a", kind=FileKind.DOCS),)},
            Attention.SKIM,
            "only_docs",
            id="documentation",
        ),
        pytest.param(
            {"files": (file_change("t.py", added="a", kind=FileKind.TEST),)},
            Attention.SKIM,
            "only_tests",
            id="tests",
        ),
        pytest.param(
            {"files": (file_change("uv.lock", additions=900, kind=FileKind.LOCK),)},
            Attention.SKIM,
            "only_lock",
            id="a lock file",
        ),
        pytest.param(
            {"files": (file_change("b.py", previous_path="a.py", status=FileStatus.RENAMED),)},
            Attention.SKIM,
            "only_renames",
            id="a rename",
        ),
        pytest.param(
            {"files": (SMALL,), "threads": (thread(),)}, Attention.NORMAL, "risks.medium", id="an open remark"
        ),
        pytest.param(
            {"files": (SMALL,), "reviews": (review(ReviewState.CHANGES_REQUESTED),)},
            Attention.CLOSE,
            "risks.high",
            id="a high risk",
        ),
        pytest.param(
            {"files": (SMALL,), "title": "feat!: drop v1"}, Attention.CLOSE, "breaking", id="a break"
        ),
        pytest.param(
            {
                "files": (LARGE,),
                "history": (FileHistory(path="engine/store.py", pulls=29, window=30, days=60),),
            },
            Attention.NORMAL,
            "risks.medium",
            id="a core file",
        ),
        pytest.param(
            {"files": (file_change("a.md", added="a", kind=FileKind.DOCS),), "changed_files": 9},
            Attention.SKIM,
            "size",
            id="unlisted files may be anything",
        ),
    ],
)
def test_attention(changes: dict[str, Any], expected: object, reason: str) -> None:
    """How closely to read, and the weightiest reason."""
    found, reasons = attention(**changes)
    assert (found, reasons[0]) == (expected, reason)
