"""Stubs and swallowed errors are named with their place."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model import FileKind, RiskKey
from tests.fakes.facts import file_change, hunk, merged_file, symbol
from tests.fakes.insights import risk, said

KEY = RiskKey.ERROR_HANDLING
STUB = '''class Trainer:
    def fit(self):
        self._reward()

    def _reward(
        self,
        batch: dict[str, int],
    ) -> None:
        """Compute the reward: later."""
        # TODO: add a model
        raise NotImplementedError
'''


def stub(text: str, path: str = "engine/train.py", **changes: Any) -> tuple[object, str] | None:
    found = risk(KEY, files=(file_change(path, added=text, **changes),))
    if found is None or found.rule != "not-implemented":
        return None
    return said(found).params["symbols"], found.severity.value


def test_a_stub_is_named_with_its_class_and_line() -> None:
    """The reader learns which function is not there, not only that one is not."""
    found = risk(KEY, files=(file_change("engine/train.py", added=STUB),))
    assert found is not None
    assert said(found).params["symbols"] == "Trainer._reward"
    assert (found.evidence[0].line, found.evidence[0].quote) == (11, "raise NotImplementedError")
    assert found.severity.value == "medium"


def test_a_stub_that_nothing_calls_weighs_less() -> None:
    """Nobody in the file runs into it."""
    assert stub("def later():\n    raise NotImplementedError\n") == ("later", "low")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "class Base(ABC):\n    @abstractmethod\n    def run(self):\n        raise NotImplementedError",
            id="abstract",
        ),
        pytest.param(
            "class BaseTrainer:\n    def run(self):\n        raise NotImplementedError", id="a base by name"
        ),
        pytest.param(
            "class T:\n    def run(self):\n        raise NotImplementedError\n\nclass U(T):\n    pass",
            id="a base by use",
        ),
        pytest.param(
            "def run(kind):\n    if kind == 1:\n        return 1\n    raise NotImplementedError(kind)",
            id="the end of a choice",
        ),
        pytest.param("def run(kind):\n    if kind == 1:\n        raise NotImplementedError", id="a guard"),
        pytest.param(
            'def run():\n    """Doc.\n\n    raise NotImplementedError\n    """\n    return 1',
            id="in a docstring",
        ),
        pytest.param("# raise NotImplementedError", id="in a comment"),
        pytest.param("raise NotImplementedError", id="in no function"),
    ],
)
def test_no_stub(text: str) -> None:
    """Abstract methods and rejected options are good practice."""
    assert stub(text) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("src/a.rs", "    todo!()", id="Rust"),
        pytest.param("src/a.ts", '  throw new Error("not implemented");', id="TypeScript"),
        pytest.param("src/A.cs", "  throw new NotImplementedException();", id="C#"),
        pytest.param("src/a.go", '  panic("not implemented")', id="Go"),
    ],
)
def test_other_languages(path: str, text: str) -> None:
    """The nearest symbol above is named."""
    assert stub(text, path, symbols=(symbol("load", line=1), symbol("later", line=9))) == ("load", "medium")


def test_a_stub_that_is_not_in_the_merged_file_is_not_reported() -> None:
    """What a later merge took away is no risk any more."""
    files = (file_change("engine/train.py", added=STUB),)
    assert risk(KEY, files=files, merged_files=(merged_file("engine/train.py", "x = 1\n"),)) is None


def test_the_line_is_the_one_at_the_merge_commit() -> None:
    """Other changes moved the file down by two lines."""
    files = (file_change("engine/train.py", added=STUB),)
    found = risk(KEY, files=files, merged_files=(merged_file("engine/train.py", f"import a\n\n{STUB}"),))
    assert found is not None
    assert found.evidence[0].line == 13


@pytest.mark.parametrize(
    ("path", "text", "severity"),
    [
        pytest.param("a/b.py", "try:\n    go()\nexcept Exception:\n    pass\n", "low", id="pass"),
        pytest.param("a/b.py", "try:\n    go()\nexcept:\n    pass\n", "medium", id="bare"),
        pytest.param("a/b.py", "try:\n    go()\nexcept Exception: pass", "low", id="on one line"),
        pytest.param(
            "a/b.py", "try:\n    go()\nexcept Exception as e:\n    # no\n    continue\n", "low", id="continue"
        ),
        pytest.param("a/b.js", "try { go() } catch (e) {}", "low", id="JavaScript"),
        pytest.param("a/b.js", "go().catch(() => {})", "low", id="a promise"),
        pytest.param(
            "a/b.py", "try:\n    go()\nexcept ImportError:\n    pass\n", None, id="one kind of error"
        ),
        pytest.param("a/b.py", "try:\n    go()\nexcept Exception:\n    log()\n", None, id="logged"),
        pytest.param("a/b.py", "try:\n    go()\nexcept:\n    close()\n    raise\n", None, id="raised again"),
        pytest.param("a/b.py", "try:\n    go()\nexcept Exception:", None, id="the hunk ends before the body"),
        pytest.param("a/b.js", "// try { go() } catch (e) {}", None, id="in a comment"),
    ],
)
def test_swallowed(path: str, text: str, severity: str | None) -> None:
    """A handler that does nothing is told, any other is not."""
    found = risk(KEY, files=(file_change(path, added=text),))
    assert (found.severity.value if found else None) == severity


def test_tests_and_moved_lines_are_left_alone() -> None:
    """Neither a test nor a block that only moved raises a risk."""
    text = "try:\n    go()\nexcept Exception:\n    pass"
    assert risk(KEY, files=(file_change("tests/a.py", added=text, kind=FileKind.TEST),)) is None
    moved = file_change("a/old.py", hunks=(hunk("\n".join(f"-{line}" for line in text.splitlines())),))
    assert risk(KEY, files=(file_change("a/new.py", added=text), moved)) is None
