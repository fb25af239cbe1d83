"""The symbols a change touches in Python, by git's own diff of two texts, with and without the whole file."""

from __future__ import annotations

import subprocess
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

from bot.facts.diff import parse_diff
from bot.facts.signatures import same
from bot.facts.symbols import MOST_SYMBOLS, touched_symbols
from bot.model import Hunk, Symbol, SymbolChange

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = textwrap.dedent(
    '''\
    """A module."""
    import os

    LIMIT = 3


    def first(a, b=1):
        x = a
        return x


    class Trainer(Base):
        """Trains."""

        size = 4

        def __init__(self, size):
            self.size = size

        @property
        def name(self):
            return "a"

        def _save(
            self,
            path,
            force=False,
        ):
            write(path)
            return force

        def load(self, path):
            return read(path)


    def last():
        return 1
    '''
)


class Change:
    """Two texts of one file, and what git says is between them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.old, self.new, self.name = folder / "old", folder / "new", name

    def hunks(self, before: str, after: str) -> tuple[Hunk, ...]:
        self.old.write_text(before)
        self.new.write_text(after)
        command = ["git", "diff", "--no-index", "--no-color", str(self.old), str(self.new)]
        told = subprocess.run(command, capture_output=True, check=False).stdout
        return tuple(hunk for file in parse_diff(told) for hunk in file.hunks)

    def symbols(self, before: str, after: str, *, whole: bool = True) -> tuple[Symbol, ...]:
        return touched_symbols(self.name, self.hunks(before, after), after if whole else None)


@pytest.fixture
def change(tmp_path: Path) -> Change:
    """A change of a Python file."""
    return Change(tmp_path, "a/trainer.py")


def told(symbol: Symbol) -> str:
    sign = {SymbolChange.ADDED: "+", SymbolChange.REMOVED: "-", SymbolChange.MODIFIED: "~"}[symbol.change]
    return f"{sign}{symbol.name}{'!' if symbol.signature_changed else ''}"


EDITS = [
    pytest.param("x = a\n", "x = a + 1\n", ["~first"], id="a changed line in a function"),
    pytest.param("    x = a\n", "", ["~first"], id="a removed line in a function"),
    pytest.param("    return x\n", "", ["~first"], id="the last line of a function removed"),
    pytest.param(
        "    return 1\n", "    return 1\n\n    # more\n    go()\n", ["~last"],
        id="lines added at its end",
    ),
    pytest.param("def first(a, b=1)", "def first(a, b=2)", ["~first!"], id="a changed default"),
    pytest.param(
        "def first(a, b=1):", "def first(a,\n          b = 1):", ["~first"],
        id="a signature laid out anew",
    ),
    pytest.param(
        "def first(a, b=1):", "def first(a, b=1):  # noqa", ["~first"],
        id="a comment beside a signature",
    ),
    pytest.param("def first(", "def second(", ["-first", "+second"], id="a renamed function"),
    pytest.param("self.size = size", "self.size = 2", ["~Trainer.__init__"], id="a method with underscores"),
    pytest.param("size = 4", "size = 5", ["~Trainer"], id="a line of the class itself"),
    pytest.param("class Trainer(Base)", "class Trainer(Other)", ["~Trainer!"], id="another base class"),
    pytest.param(
        "write(path)", "write(path, 2)", ["~Trainer._save"],
        id="a line far below the method's name",
    ),
    pytest.param(
        "        force=False,\n", "", ["~Trainer._save!"],
        id="a parameter of a long signature removed",
    ),
    pytest.param(
        "        path,\n", "        path: str,\n", ["~Trainer._save!"],
        id="a parameter of it changed",
    ),
    pytest.param("    @property\n", "", ["~Trainer.name"], id="a decorator removed"),
    pytest.param("@property", "@cached", ["~Trainer.name"], id="a decorator changed"),
    pytest.param("LIMIT = 3\n", "LIMIT = 4\n", [], id="a constant belongs to no symbol"),
    pytest.param("import os\n", "import os\nimport re\n", [], id="an import belongs to no symbol"),
    pytest.param("\n\nclass", "\n\n\n\nclass", [], id="blank lines belong to no symbol"),
    pytest.param("def last():\n    return 1\n", "", ["-last"], id="a removed function"),
    pytest.param(
        "    def load(self, path):\n        return read(path)\n", "", ["-Trainer.load"],
        id="a removed method",
    ),
    pytest.param(
        "    def load(", "    async def close(self):\n        pass\n\n    def load(", ["+Trainer.close"],
        id="an added method"
    ),
    pytest.param(
        "def last():", "def outer():\n    def inner():\n        pass\n    return inner\n\n\ndef last():",
        ["+outer"],
        id="a function within a new one is part of it",
    ),
    pytest.param(
        "    def _save(", "    @name.setter\n    def name(self, to):\n        go()\n\n    def _save(",
        ["~Trainer.name"],
        id="a setter changes the property",
    ),
    pytest.param(
        "def last():", "class _Small:\n    def run(self):\n        pass\n\n\ndef last():",
        ["+_Small", "+_Small.run"],
        id="a new class and its methods",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "symbols"), EDITS)
def test_an_edit_touches_its_symbols(change: Change, old: str, new: str, symbols: list[str]) -> None:
    """With the whole file as merged: names are full, and a signature change is one of meaning."""
    assert [told(symbol) for symbol in change.symbols(BEFORE, BEFORE.replace(old, new, 1))] == symbols


def test_a_moved_function_is_modified(change: Change) -> None:
    """Removed in one place and added in another with the same signature: neither removed nor added."""
    first = BEFORE[BEFORE.index("def first") : BEFORE.index("class Trainer")]
    after = BEFORE.replace(first, "") + "\n\n" + first.strip() + "\n"
    (symbol,) = change.symbols(BEFORE, after)
    assert (told(symbol), symbol.line) == ("~first", after.split("\n").index("def first(a, b=1):") + 1)


def test_a_symbol_has_its_line_kind_and_signature(change: Change) -> None:
    """The line is the merged file's, the signature is one line, and a removed one shows what it was."""
    after = BEFORE.replace("force=False", "force=True").replace("def last():\n    return 1\n", "")
    save, last = change.symbols(BEFORE, after)
    assert (save.kind, save.line, save.public) == ("method", 24, False)
    assert save.signature == "def _save(self, path, force=True):"
    assert (last.kind, last.line, last.public, last.signature) == ("function", None, True, "def last():")


def test_without_the_file_the_hunks_decide(change: Change) -> None:
    """Git names the class in the hunk's section; what is not in sight is not invented."""
    after = BEFORE.replace("return read(path)", "return read(path, 2)").replace("def last()", "def last(x)")
    symbols = change.symbols(BEFORE, after, whole=False)
    assert [(told(symbol), symbol.line) for symbol in symbols] == [("~Trainer.load", 32), ("~last!", 36)]


def test_a_file_that_python_cannot_read_is_read_by_indentation(change: Change) -> None:
    """A merge conflict, Python 2, another dialect: the definitions are found all the same."""
    broken = BEFORE.replace("import os", "print 'x'")
    symbols = change.symbols(broken, broken.replace("write(path)", "write(path, 2)"))
    assert [told(symbol) for symbol in symbols] == ["~Trainer._save"]


def test_a_secret_in_a_signature_is_redacted() -> None:
    """The merged text may come unredacted."""
    token = "ghp_" + "a1B2" * 9
    line = f"def f(token='{token}'):"
    (symbol,) = touched_symbols("a.py", (added(line, "    pass"),), f"{line}\n    pass\n")
    assert symbol.signature == "def f(token='[REDACTED:github-token]'):"


def added(*lines: str) -> Hunk:
    return Hunk(
        old_start=0, old_lines=0, new_start=1, new_lines=len(lines), lines=tuple(f"+{line}" for line in lines)
    )


HOSTILE = [
    pytest.param(["def f():" for _ in range(4_000)], id="one name a thousand times"),
    pytest.param([" " * number + "def f():" for number in range(400)], id="four hundred levels"),
    pytest.param([" " * (number % 300) + "class A:" for number in range(4_000)], id="stairs"),
    pytest.param(["def f(" + "(" * 1_900] * 40, id="brackets that never close"),
    pytest.param(["x = " + "(" * 500, "\0", "\ud800", "\\", '"' * 999], id="no Python at all"),
    pytest.param(["@a"] * 4_000, id="only decorators"),
    pytest.param(["x=" + "-" * 100_000 + "1"], id="a hundred thousand signs"),
    pytest.param([f"def {'n' * 900}{number}(): pass" for number in range(90)], id="long names"),
]


@pytest.mark.parametrize("lines", HOSTILE)
@pytest.mark.parametrize("whole", ["\n", None], ids=["with the file", "without it"])
def test_no_text_is_an_error_or_takes_long(lines: list[str], whole: str | None) -> None:
    """At most sixty symbols, of bounded length, in well under a second."""
    start = time.process_time()
    symbols = touched_symbols("a.py", (added(*lines),), whole and whole.join(lines))
    assert time.process_time() - start < 1
    assert len(symbols) <= MOST_SYMBOLS
    assert all(len(symbol.name) <= 200 and len(symbol.signature) <= 300 for symbol in symbols)


@pytest.mark.parametrize(
    ("old", "new", "equal"),
    [
        pytest.param(
            "public @Nullable Pet getPet(String name)", "public Pet getPet(String name)", True,
            id="whether nothing may be returned",
        ),
        pytest.param("@Override void close()", "void close()", True, id="a word to the compiler"),
        pytest.param(
            "void add(@Valid Pet pet)", "void add(Pet pet)", False, id="an annotation that does something"
        ),
    ],
)  # fmt: skip
def test_annotations_that_callers_need_not_care_about(old: str, new: str, *, equal: bool) -> None:
    """A signature that only lost one of them is the same."""
    assert same(old, new, python=False) is equal
