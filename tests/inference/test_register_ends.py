"""What ends registered risks besides their lines: a revert, tests, documentation, a newer risk."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.messages import say
from bot.inference.register import hints, known_of, recheck
from bot.model import FileHistory, FileKind, FileStatus, RelatedPull, Relation
from tests.fakes.facts import file_change, symbol
from tests.fakes.register import facts_of, numbered, report_of
from tests.fakes.register_merges import STORE, after, became, edit, registered, whole

EVAL = "def load(text):\n    return eval(text)\n"
OTHER = file_change("engine/other.py", "x = 1\n")
REMOVED = edit(EVAL, status=FileStatus.REMOVED)


def revert_of(number: int = 1) -> dict[str, Any]:
    """What makes a pull request a revert."""
    return {"title": 'Revert "feat: it"', "related": (RelatedPull(number=number, relation=Relation.REVERTS),)}


def test_a_revert_ends_all_risks_of_what_it_reverts():
    """Those without a place in the code as well."""
    marked = registered(file_change(STORE, EVAL), title="feat!: load text", rule="marked-breaking")
    code = registered(file_change(STORE, EVAL), rule="dangerous-calls").model_copy(update={"number": 2})
    facts = facts_of(2, hours=9, files=[edit(EVAL, "x")], merged_files=[whole("x\n")], **revert_of())
    verdicts = recheck([marked, code], facts, report_of(facts))
    assert [verdict.ended for verdict in verdicts] == [say("register.closed.reverted")] * 2
    other = facts_of(2, hours=9, files=[OTHER], **revert_of(3))
    assert recheck([marked, code], other, report_of(other)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"files": [OTHER]}, id="the file was left as it is"),
        pytest.param({"files": [edit("a", "b")], "merged_files": [whole(EVAL)]}, id="the line still stands"),
    ],
)
def test_half_a_revert_ends_nothing_as_a_whole(changes):
    """What it says in its title is not what it does."""
    marked = registered(file_change(STORE, EVAL), title="feat!: load text", rule="marked-breaking")
    code = registered(file_change(STORE, EVAL), rule="dangerous-calls").model_copy(update={"number": 2})
    facts = facts_of(2, hours=9, **changes, **revert_of())
    assert all(verdict.ended is None for verdict in recheck([marked, code], facts, report_of(facts)))


def test_definitions_come_back():
    """A public function that was removed is there again, as it was; gone with its file it is not."""
    before = symbol("load", change="removed", line=None, signature="def load(text):")
    risk = registered(file_change(STORE, "x = 1", symbols=(before,)), rule="public-symbols")
    assert became(after(risk, file_change(STORE, "def load(text):\n    pass"))) == "symbol_back"
    assert became(after(risk, file_change(STORE, "def load(text, more):\n    pass"))) == "open"
    assert became(after(risk, REMOVED)) == "open"


CODE = "".join(f"    total_{n} = count({n})\n" for n in range(20))
SAVES = file_change(STORE, CODE, symbols=(symbol("Store.save_all", change="added"),))


def gained(text: str, path: str = "tests/test_store.py", **changes: Any):
    """A test file that gained lines."""
    return file_change(path, text, kind=FileKind.TEST, **changes)


@pytest.mark.parametrize(
    ("files", "end"),
    [
        pytest.param([gained("def test_it():\n    save_all()")], "tests_came", id="a test that names it"),
        pytest.param(
            [gained("def test_it():\n    save_all()"), edit("a", "b")],
            "tests_came",
            id="and a change of the file",
        ),
        pytest.param(
            [gained("def test_it():\n    load()")], "untouched", id="a test of something else in the file"
        ),
        pytest.param([gained("save_all()", "tests/test_disk.py")], "untouched", id="a test of another file"),
        pytest.param(
            [gained("from engine.store import Store\nStore().save_all()", "tests/test_disk.py")],
            "tests_came",
            id="a test under another name that imports it",
        ),
        pytest.param(
            [gained("from engine import disk, store\nstore.save_all()", "tests/test_disk.py")],
            "tests_came",
            id="a test that imports the module",
        ),
        pytest.param(
            [gained("const s = require('../engine/store');\ns.save_all()", "spec/all.test.js")],
            "tests_came",
            id="a test that requires it",
        ),
        pytest.param(
            [gained("", hunks=(), status=FileStatus.REMOVED)], "untouched", id="a test of it was removed"
        ),
        pytest.param([edit("a", "b")], "open", id="only the file changed"),
        pytest.param([edit(CODE, status=FileStatus.REMOVED)], "file_removed", id="the file was removed"),
    ],
)
def test_tests_come_later(files, end):
    """They must be of the file, and name what came untested."""
    assert became(after(registered(SAVES, rule="missing-tests"), *files)) == end


@pytest.mark.parametrize(
    ("source", "files", "end"),
    [
        pytest.param("engine/pool.cc", [gained("x", "engine/pool_test.cc")], "tests_came", id="beside it"),
        pytest.param(
            "engine/pool.cc", [gained("x", "other/pool_test.cc")], "untouched", id="in another folder"
        ),
        pytest.param(
            "engine/pool.cc",
            [gained("x", "engine/pool_test.cc"), edit("a", "b", "engine/pool.cc")],
            "open",
            id="with a change of the file: whose tests are they",
        ),
        pytest.param(
            "engine/utils.cc", [gained("x", "engine/utils_test.cc")], "untouched", id="a name for all"
        ),
    ],
)
def test_tests_of_a_file_without_known_definitions(source, files, end):
    """A test named for the file, near it, that came without a change of it."""
    assert became(after(registered(file_change(source, CODE), rule="missing-tests"), *files)) == end


def test_all_files_must_be_tested():
    """A test of one of two says nothing of the other."""
    disk = file_change("engine/disk.py", CODE, symbols=(symbol("flush_all", change="added"),))
    risk = registered(SAVES, disk, rule="missing-tests")
    half = after(risk, gained("save_all()"))
    assert became(half) == "engine/disk.py:1"
    assert became(after(half, gained("flush_all()", "tests/test_disk.py"), hours=72)) == "tests_came"


CORE = FileHistory(path=STORE, pulls=20, window=30, days=30)


def test_a_core_file_is_carried_by_its_newest_change():
    """Or is not changed often any more; half as heavy a risk does not carry it."""
    large = file_change(STORE, CODE * 3)
    risk = registered(large, history=(CORE,), rule="core-path")
    assert became(after(risk, large, history=(CORE,))) == "carried"
    assert became(after(risk, file_change(STORE, "x = 1"), history=(CORE,))) == "open"
    calm = CORE.model_copy(update={"days": 900})
    assert became(after(risk, file_change(STORE, "x = 1"), history=(calm,))) == "not_core"
    assert became(after(risk, file_change(STORE, "x = 1"))) == "open"
    assert became(after(risk, OTHER, history=(CORE,))) == "untouched"


def test_a_dependency_is_carried_by_the_next_change_of_its_manifest():
    """The register has one entry for each manifest, not one for each bump."""
    before = edit("httpx>=0.20", "httpx>=1.0", "requirements.txt", kind=FileKind.CONFIG)
    later = edit("httpx>=1.0", "httpx>=2.0", "requirements.txt", kind=FileKind.CONFIG)
    assert became(after(registered(before, rule="dependencies"), later)) == "carried"


YAML = "config/app.yaml"


def test_a_setting_comes_back():
    """By its key, in its file."""
    risk = registered(edit("timeout: 5", "", YAML, kind=FileKind.CONFIG), rule="settings-changed")
    back = edit("", "timeout: 9", YAML, kind=FileKind.CONFIG)
    other = edit("", "retries: 9", YAML, kind=FileKind.CONFIG)
    assert (became(after(risk, back)), became(after(risk, other))) == ("setting_back", "open")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param("- `timeout` is gone (#7)", "documented", id="by its name"),
        pytest.param("- the limit is fixed now, see #1.", "documented", id="by the pull request"),
        pytest.param("- `read-timeout` is gone, see #12", "untouched", id="a longer name, another number"),
    ],
)
def test_documentation_comes_later(text, end):
    """A line that is added to it names what is gone, or the pull request."""
    risk = registered(edit("timeout: 5", "", YAML, kind=FileKind.CONFIG), rule="undocumented-break")
    assert became(after(risk, file_change("CHANGELOG.md", text, kind=FileKind.DOCS))) == end


def test_what_happened_once_is_only_reverted():
    """A migration, a breaking change: later code does not undo them."""
    risk = registered(file_change(STORE, EVAL), title="feat!: load text", rule="marked-breaking")
    assert became(after(risk, REMOVED)) == "untouched"


def test_a_report_without_its_facts_proves_little():
    """That files were removed, and that all was reverted; not on another branch, not of later merges."""
    facts = facts_of(1, files=[file_change(STORE, EVAL)])
    risks = numbered(report_of(facts), hints(facts))
    calls = [risk for risk in risks if risk.rule == "dangerous-calls"]
    later = report_of(facts_of(2, hours=1, files=[REMOVED]))
    (verdict,) = known_of(calls, later, removed=True)
    assert verdict.places[0].gone == say("register.closed.file_removed", path=STORE)
    assert known_of(calls, later, removed=False) == ()
    reverting = report_of(facts_of(2, hours=1, files=[edit(EVAL, "x")], **revert_of()))
    (verdict,) = known_of(calls, reverting, removed=False)
    assert verdict.ended == say("register.closed.reverted")
    for changes in ({"hours": 1, "base_ref": "release"}, {"hours": -1}):
        elsewhere = report_of(facts_of(2, files=[REMOVED], **changes, **revert_of()))
        assert known_of(calls, elsewhere, removed=True) == ()
