"""New code without a test is told, where a test could be expected."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model import FileChange, FileHistory, FileKind, FileStatus, RiskKey
from tests.fakes.facts import file_change, hunk, symbol
from tests.fakes.insights import risk, said, severity

KEY = RiskKey.MISSING_TESTS


def code(lines: int, path: str = "engine/store.py", **changes: Any) -> FileChange:
    return file_change(path, added="\n".join(f"value_{n} = {n}" for n in range(lines)), **changes)


TEST = file_change("tests/test_store.py", added="assert True", kind=FileKind.TEST)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param((code(10),), None, id="ten lines are small"),
        pytest.param((code(11),), "low", id="eleven lines are not"),
        pytest.param((code(100),), "medium", id="a hundred lines"),
        pytest.param((code(500),), "high", id="five hundred lines"),
        pytest.param((code(500), TEST), None, id="a test changed"),
        pytest.param(
            (code(50), TEST.model_copy(update={"status": FileStatus.REMOVED})),
            "low",
            id="a test was only removed",
        ),
        pytest.param((code(50, kind=FileKind.DOCS),), None, id="documentation"),
        pytest.param((code(50, kind=FileKind.CONFIG),), None, id="configuration"),
        pytest.param((code(50, kind=FileKind.GENERATED),), None, id="generated code"),
        pytest.param((code(50, path="scripts/run.sh"),), None, id="a shell script"),
        pytest.param((code(50, path="examples/run.py"),), None, id="an example"),
        pytest.param((code(50, path="setup.py"),), None, id="packaging"),
        pytest.param((code(50, path="scripts/release.ts"),), None, id="a script of the repository"),
        pytest.param((code(50, path="playground/worker/a.js"),), None, id="a playground"),
        pytest.param(
            (code(50, path="src/main/java/org/samples/A.java"),), "low", id="a package named samples"
        ),
        pytest.param(
            (code(50, path="src/a.rs", symbols=(symbol("tests.keeps_order"),)),),
            None,
            id="a test changed inside its Rust file",
        ),
        pytest.param((code(50, status=FileStatus.REMOVED),), None, id="a removed file"),
        pytest.param((file_change(status=FileStatus.RENAMED, previous_path="a.py"),), None, id="a rename"),
        pytest.param((file_change(hunks=(hunk("\n".join(["-x = 1"] * 50)),)),), None, id="only removals"),
        pytest.param(
            (file_change(added="\n".join(["# why", "import os", "", "}"] * 20)),),
            None,
            id="comments, imports and braces",
        ),
        pytest.param(
            (file_change("src/a.rs", added="#[test]\nfn a() {}\n" + "x();\n" * 30),),
            None,
            id="a test inside the source",
        ),
        pytest.param(
            (file_change(hunks=(), additions=200),), "medium", id="a file whose lines were not read"
        ),
    ],
)
def test_when_a_test_is_missed(files: tuple[FileChange, ...], expected: object) -> None:
    """Size decides how much it weighs; some changes need no test."""
    assert severity(KEY, files=files) == expected


def test_a_renamed_name_needs_no_new_test() -> None:
    """A line in which one word became another is no new line of code; one that was rewritten is."""
    old = [f"-    group = rule.group({number}, first)" for number in range(20)]
    renamed = [f"+    status = rule.status({number}, first)" for number in range(20)]
    rewritten = [f"+    return self.reader.keep(first, last={number})" for number in range(20)]
    assert severity(KEY, files=(file_change(hunks=(hunk("\n".join(old + renamed)),)),)) is None
    assert severity(KEY, files=(file_change(hunks=(hunk("\n".join(old + rewritten)),)),)) == "low"


def test_moved_code_needs_no_new_test() -> None:
    """The same lines were removed elsewhere."""
    old = file_change(
        "engine/old.py", hunks=(hunk("\n".join(f"-value_number_{n} = {n}" for n in range(50))),)
    )
    new = file_change("engine/new.py", added="\n".join(f"value_number_{n} = {n}" for n in range(50)))
    assert severity(KEY, files=(old, new)) is None


def test_nothing_is_said_about_what_was_not_listed() -> None:
    """GitHub named one file of nine: a test may be among the others."""
    assert severity(KEY, files=(code(50),), changed_files=9) is None
    assert severity(KEY, files=(code(50),), partial="uncounted") is None


def test_a_revert_brings_no_new_code() -> None:
    """What comes back was there before."""
    assert severity(KEY, title='Revert "Add it"', files=(code(50),)) is None


def test_core_files_weigh_more() -> None:
    """A small change of a busy file deserves a test, too."""
    busy = FileHistory(path="engine/store.py", pulls=20, window=30, days=60)
    assert severity(KEY, files=(code(20),), history=(busy,)) == "medium"


def test_the_largest_files_are_the_evidence() -> None:
    """The reader sees where a test is missed most."""
    found = risk(KEY, files=(code(20, path="a/one.py"), code(40, path="a/two.py")))
    assert found is not None
    assert [item.path for item in found.evidence] == ["a/two.py", "a/one.py"]
    assert said(found).params == {"count": 2, "lines": 60}
