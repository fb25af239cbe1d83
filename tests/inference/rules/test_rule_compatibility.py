"""Callers are told when a public symbol is gone or must be called differently."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model import FileChange, FileKind, RiskKey, SymbolChange
from tests.fakes.facts import file_change, hunk, symbol
from tests.fakes.insights import risk, said

KEY = RiskKey.COMPATIBILITY


def changed(old: str, new: str, path: str = "engine/store.py", **changes: Any) -> FileChange:
    """A file in which one definition became another."""
    lines = [f"-{line}" for line in old.splitlines()] + [f"+{line}" for line in new.splitlines()]
    fields = {"signature": new.splitlines()[0], "signature_changed": True} | changes
    return file_change(
        path, hunks=(hunk("\n".join([*lines, "     pass"])),), symbols=(symbol("save", **fields),)
    )


def findings(*files: FileChange) -> tuple[str, str] | None:
    found = risk(KEY, files=files)
    return (said(found).key.rsplit(".", 1)[-1], found.severity.value) if found else None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "def save(a):", "async def save(a):", ("async", "medium"), id="plain became asynchronous"
        ),
        pytest.param(
            "def save(a, b):", "def save(a):", ("removed_parameter", "low"), id="a parameter is gone"
        ),
        pytest.param(
            "def save(a):", "def save(a, b):", ("required_parameter", "low"), id="a parameter must be given"
        ),
        pytest.param(
            "def save(a, b=1):", "def save(a, b):", ("required_parameter", "low"), id="a default is gone"
        ),
        pytest.param("def save(a, b):", "def save(b, a):", ("reordered", "low"), id="another order"),
        pytest.param("def save(a):", "def save(a, b=1):", None, id="a new parameter with a default"),
        pytest.param(
            "def save(a, code=302):", "def save(a, code=303):", ("other_default", "low"), id="another default"
        ),
        pytest.param("def save(a, b=MARK):", "def save(a, b=None):", None, id="another mark for no value"),
        pytest.param("def save(a):", "def save(a: int) -> None:", None, id="only types were added"),
        pytest.param(
            "def save(\n    a,\n):", "def save(\n    a,\n    *,\n    b=1,\n):", None, id="over several lines"
        ),
        pytest.param(
            "def save(a", "def save(a, b", ("changed", "low"), id="a definition that cannot be read"
        ),
    ],
)
def test_signatures(old: str, new: str, expected: object) -> None:
    """What a call must do differently is told; what calls need not care about is not."""
    assert findings(changed(old, new)) == expected


def removed(path: str = "engine/store.py", name: str = "save", **changes: Any) -> FileChange:
    return file_change(path, symbols=(symbol(name, change=SymbolChange.REMOVED, line=None),), **changes)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param((removed(),), ("removed", "low"), id="one public function is gone"),
        pytest.param(
            (
                file_change(
                    symbols=tuple(symbol(name, change=SymbolChange.REMOVED) for name in ("A", "A.b", "A.c"))
                ),
            ),
            ("removed", "low"),
            id="a class with its methods is one",
        ),
        pytest.param(tuple(removed(name=name) for name in "abc"), ("removed", "medium"), id="three are gone"),
        pytest.param(
            (removed(), file_change("engine/new.py", symbols=(symbol("save", change=SymbolChange.ADDED),))),
            ("moved", "low"),
            id="it is in another file now",
        ),
        pytest.param((removed(kind=FileKind.TEST),), None, id="a test"),
        pytest.param((removed("engine/_private.py"),), None, id="a private module"),
        pytest.param((removed("engine/__init__.py"),), ("removed", "low"), id="a package's own module"),
        pytest.param((removed("src/internal/store.go"),), None, id="an internal package"),
        pytest.param((removed("examples/run.py"),), None, id="an example"),
        pytest.param(
            (file_change(symbols=(symbol("_save", change=SymbolChange.REMOVED, public=False),)),),
            None,
            id="a private symbol",
        ),
        pytest.param(
            (changed("save(a)", "save(b)", path="engine/store.go"),),
            ("changed", "low"),
            id="another language",
        ),
        pytest.param(
            (file_change("tsdb/head.go", symbols=(symbol("appender.Append", change=SymbolChange.REMOVED),)),),
            None,
            id="a method of a type that Go does not export",
        ),
        pytest.param(
            (
                file_change(
                    "src/map.rs",
                    symbols=(symbol("Iterator", kind="trait impl", change=SymbolChange.REMOVED),),
                ),
            ),
            None,
            id="an implementation has no name of its own",
        ),
    ],
)
def test_symbols(files: tuple[FileChange, ...], expected: object) -> None:
    """Only what others may build on counts."""
    assert findings(*files) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(
            "pyproject.toml",
            '-requires-python = ">=3.8"\n+requires-python = ">=3.9"',
            ("runtime", "medium"),
            id="Python",
        ),
        pytest.param("package.json", '-"node": ">=18"\n+"node": ">=20"', ("runtime", "medium"), id="Node"),
        pytest.param("go.mod", "-go 1.21\n+go 1.22", ("runtime", "medium"), id="Go"),
        pytest.param("pyproject.toml", '+requires-python = ">=3.9"', None, id="declared for the first time"),
    ],
)
def test_runtime_versions(path: str, text: str, expected: object) -> None:
    """Who runs it on an old version is told."""
    assert findings(file_change(path, hunks=(hunk(text),), kind=FileKind.CONFIG)) == expected


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        pytest.param("export function save()", ("removed", "low"), id="exported"),
        pytest.param("function save()", None, id="not exported"),
        pytest.param("const save = () =>", None, id="a local constant"),
    ],
)
def test_scripts_export_their_interface(signature: str, expected: object) -> None:
    """What a TypeScript file keeps to itself has no callers elsewhere."""
    gone = symbol(change=SymbolChange.REMOVED, line=None, signature=signature)
    assert findings(file_change("src/store.ts", symbols=(gone,))) == expected


def test_the_symbol_and_its_line_are_named() -> None:
    """The evidence is the definition as merged."""
    found = risk(KEY, files=(changed("def save(a):", "async def save(a):", line=1),))
    assert found is not None
    assert said(found).params == {"count": 1, "symbols": "save"}
    assert (found.evidence[0].line, found.evidence[0].quote) == (1, "async def save(a):")
