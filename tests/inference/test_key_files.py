"""Key files and symbols are those a reader would open first, with the reasons."""

from __future__ import annotations

from typing import Any

from bot.model import FileHistory, FileKind, FileStatus, Implementation, SymbolChange
from tests.fakes.facts import file_change, pull_facts, remark, symbol, thread
from tests.fakes.insights import report_on


def implementation(**changes: Any) -> Implementation:
    return report_on(pull_facts(**changes)).implementation


def test_source_comes_first_then_size() -> None:
    """A large test file does not push the source away; lock files are not listed."""
    files = (
        file_change("tests/a.py", additions=900, kind=FileKind.TEST),
        file_change("engine/a.py", additions=5),
        file_change("engine/b.py", additions=50),
        file_change("uv.lock", additions=5000, kind=FileKind.LOCK),
    )
    found = implementation(files=files)
    assert [file.path for file in found.files] == ["engine/b.py", "engine/a.py", "tests/a.py"]
    assert found.files_left_out == 1


def test_a_file_says_why_it_is_one() -> None:
    """Share, symbols, history, remarks and risks are all counted."""
    main = file_change(added="x = pickle.load(f)\n" * 9, symbols=(symbol("load", change=SymbolChange.ADDED),))
    found = implementation(
        files=(main, file_change("engine/web.py", added="a = 1")),
        threads=(thread(remark(), remark(author="octo-dev")),),
        history=(FileHistory(path="engine/store.py", pulls=20, window=30, days=60),),
    )
    assert [(reason.key, reason.params) for reason in found.files[0].why] == [
        ("insight.file.most", {"share": 90}),
        ("insight.file.symbols_added", {"count": 1}),
        ("insight.file.core", {"count": 20, "days": 60}),
        ("insight.file.remarks", {"count": 2}),
        ("insight.file.risk", {"risk_symbol": "security"}),
    ]


def test_lines_lead_to_the_first_change() -> None:
    """A removed file has no line to lead to; a mode change is told."""
    files = (
        file_change("a/gone.py", status=FileStatus.REMOVED, deletions=5),
        file_change("a/run.sh", added="x", old_mode="100644", new_mode="100755"),
    )
    found = {file.path: file for file in implementation(files=files).files}
    assert (found["a/gone.py"].line, found["a/run.sh"].line) == (None, 1)
    assert found["a/run.sh"].why[0].params == {"before_symbol": "100644", "after_symbol": "100755"}


def test_at_most_ten_files_and_the_rest_is_counted() -> None:
    """Files that GitHub did not list are left out, too."""
    files = tuple(file_change(f"engine/{n}.py", added="a") for n in range(14))
    found = implementation(files=files, changed_files=20)
    assert (len(found.files), found.files_left_out) == (10, 10)


def test_key_symbols_leave_tests_out_and_put_public_ones_first() -> None:
    """What callers stumble over comes first of all."""
    files = (
        file_change("tests/a.py", symbols=(symbol("test_a"),), kind=FileKind.TEST),
        file_change(
            symbols=(
                symbol("_helper", public=False, line=1),
                symbol("load", line=5),
                symbol("save", change=SymbolChange.REMOVED, line=None),
            ),
            additions=5,
        ),
    )
    assert [item.symbol.name for item in implementation(files=files).symbols] == ["save", "load", "_helper"]


def test_at_most_twelve_symbols() -> None:
    """The others are counted."""
    files = (file_change(symbols=tuple(symbol(f"f{n}", line=n) for n in range(15)), additions=1),)
    found = implementation(files=files)
    assert (len(found.symbols), found.symbols_left_out) == (12, 3)


def test_a_new_class_stands_for_its_methods() -> None:
    """Twelve places are not filled by one class."""
    names = ("Store", "Store.save", "Store.Index", "Store.Index.find", "load")
    symbols = tuple(symbol(name, change=SymbolChange.ADDED) for name in names)
    found = implementation(files=(file_change(symbols=symbols, additions=9),))
    assert [item.symbol.name for item in found.symbols] == ["Store", "load"]
    assert found.symbols_left_out == 3


def test_dunder_names_are_kept() -> None:
    """``__init__`` is a symbol like any other."""
    files = (file_change(symbols=(symbol("Store.__init__", kind="method"),), additions=1),)
    assert implementation(files=files).symbols[0].symbol.name == "Store.__init__"
