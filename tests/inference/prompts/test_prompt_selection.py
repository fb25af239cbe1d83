"""Selection: what is read first, what is cut, what is never read, and that every file is accounted for."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.prompts import estimate, plan
from bot.inference.prompts.ranking import ranked
from bot.model import FileHistory, FileKind, FileStatus, ReadAs
from tests.fakes.facts import file_change, hunk, pull_facts, symbol, thread
from tests.fakes.prompts import block, blocks, large_pull, source, terms

SMALL_CALL = {"call_tokens": 3_000, "max_input_tokens": 8_000}


def order(*files: Any, **changes: Any) -> list[str]:
    """The paths of ``files`` in the order in which they are read."""
    return [file.path for file in ranked(pull_facts(files=files, **changes))]


def readings(facts: Any, **changes: Any) -> dict[str, tuple[str, str | None]]:
    """How each file was read, and why."""
    return {
        path: (reading.read_as.value, reading.reason)
        for path, reading in plan(facts, terms(**changes)).coverage.items()
    }


def test_source_goes_before_configuration_tests_and_documentation():
    """Whatever their sizes and names."""
    found = order(
        source("a.md", 90, kind=FileKind.DOCS),
        source("b/test_x.py", 60, kind=FileKind.TEST),
        source("c.toml", 30, kind=FileKind.CONFIG),
        source("examples/d.py", 80),
        source("z.py", 5),
        source("y.py", 10),
    )
    assert found == ["y.py", "z.py", "c.toml", "examples/d.py", "b/test_x.py", "a.md"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"threads": (thread(path="b.py"),)}, "b.py", id="a file that people remarked on"),
        pytest.param(
            {"history": (FileHistory(path="b.py", pulls=20, window=20, days=30),)}, "b.py", id="a core file"
        ),
        pytest.param({}, "engine/auth.py", id="a file that decides about access"),
    ],
)
def test_files_with_a_reason_go_first(changes, path):
    """However small they are among large ones."""
    files = [source("a.py", 400), source("b.py", 2), source("c.py", 300), source("engine/auth.py", 1)]
    assert order(*files, **changes)[0] == path


def test_a_bad_file_cannot_be_hidden_behind_many_others():
    """Prompt stuffing (D10): the risky file is read, and what was not read is counted."""
    stuffing = [source(f"a/filler_{number}.py", 80) for number in range(300)]
    facts = pull_facts(files=(*stuffing, source("z/login.py", 3)))
    found = readings(facts, **SMALL_CALL)
    assert found["z/login.py"] == ("whole", None)
    assert len(found) == 301
    assert sum(1 for reading in found.values() if reading == ("name", "over-budget")) > 250


def test_one_huge_file_leaves_room_for_the_others():
    """No file takes more than its share while others wait."""
    facts = pull_facts(files=(source("a/huge.py", 3_000), source("b/small.py", 10), source("c/next.py", 10)))
    found = readings(facts, **SMALL_CALL)
    assert found["a/huge.py"] == ("clipped", "large-file")
    assert found["b/small.py"] == found["c/next.py"] == ("whole", None)


def test_a_part_shows_what_people_remarked_on():
    """The piece around the remarked line, with a sign for what is left out."""
    huge = source("a/huge.py", 3_000, symbols=(symbol("save"), symbol("load")))
    raised = thread(path="a/huge.py", line=2_500, merged_line=2_500, original_line=2_500)
    question = plan(pull_facts(files=(huge,), threads=(raised,)), terms(**SMALL_CALL)).questions[0]
    shown = block(question, '"a/huge.py"')
    assert "# 2499" in shown
    assert "# 2000" not in shown
    assert "\n…\n" in shown
    assert shown.endswith("… touches: save, load")


def test_of_a_long_removed_file_the_definitions_are_shown():
    """What is gone is seldom worth reading line by line; the coverage says so."""
    gone = file_change(
        "engine/router.py",
        status=FileStatus.REMOVED,
        hunks=(hunk("\n".join(f"-line {number}" for number in range(200))),),
        symbols=(symbol("Router", signature="class Router:"),),
    )
    facts = pull_facts(files=(gone, source("a.py", 3)))
    shown = block(plan(facts, terms()).questions[0], '"engine/router.py"')
    assert shown.startswith("line 0\nline 1\n")
    assert "line 100" not in shown
    assert shown.endswith("…\nclass Router:")
    assert readings(facts)["engine/router.py"] == ("clipped", "removed-file")


@pytest.mark.parametrize(
    ("read_as", "reason"),
    [
        (ReadAs.FILTERED, "secret-file"),
        (ReadAs.FILTERED, "lock"),
        (ReadAs.FILTERED, "generated"),
        (ReadAs.FILTERED, "vendored"),
        (ReadAs.NAME, "binary"),
        (ReadAs.NAME, "submodule"),
        (ReadAs.NAME, "no-patch"),
    ],
)
def test_what_facts_did_not_read_is_named_and_never_shown(read_as, reason):
    """Pictures, secrets and what nobody wrote (D13, R80): a path and why."""
    hidden = file_change("deploy/thing.pem", additions=3, read_as=read_as, read_reason=reason)
    facts = pull_facts(files=(source("a.py", 3), hidden))
    question = plan(facts, terms()).questions[0]
    assert block(question, "others") == f"deploy/thing.pem: {reason}"
    assert readings(facts)["deploy/thing.pem"] == (read_as.value, reason)


def test_a_rename_is_named_with_where_it_came_from():
    """There is nothing else to read of it."""
    moved = file_change("b/new.py", previous_path="a/old.py", status=FileStatus.RENAMED)
    facts = pull_facts(files=(source("a.py", 3), moved))
    assert block(plan(facts, terms()).questions[0], "others") == "b/new.py: was a/old.py"
    assert readings(facts)["b/new.py"] == ("whole", None)


def test_an_incomplete_change_says_so():
    """GitHub lists at most 3,000 files, and cuts rows past 20,000 lines (D6, D7)."""
    facts = pull_facts(files=(source("a.py", 3),), changed_files=3_001, partial="unlisted")
    assert "GitHub did not give all" in block(plan(facts, terms()).questions[0], "others")


def test_lines_keep_their_marks_where_they_differ():
    """Modified files have them; of an added file every line is new."""
    facts = pull_facts(files=(source("a.py", 1), source("b.py", 1, status=FileStatus.ADDED)))
    question = plan(facts, terms()).questions[0]
    assert block(question, '"a.py"') == "@@\n+import snapshots  # 0"
    assert blocks(question)['"b.py" {"status":"added"}'] == "import snapshots  # 0"


def test_long_lines_are_cut():
    """Minified code and data say nothing after so many characters (D6)."""
    facts = pull_facts(files=(file_change("a.js", "x" * 2_000),))
    assert max(map(len, plan(facts, terms()).questions[0].data.split("\n"))) <= 500


@pytest.mark.parametrize("call", [2_000, 6_000, 24_000, 48_000])
def test_every_file_is_accounted_for(call):
    """Once, in every plan."""
    facts = large_pull(120, 60)
    assert list(plan(facts, terms(call_tokens=call)).coverage) == [file.path for file in facts.files]


def test_the_same_facts_give_the_same_bytes():
    """1,000 times (R72): no clock, no chance, no order of a set."""
    facts = pull_facts(
        files=tuple(source(f"a/f{number}.py", 3) for number in range(3)),
        threads=(thread(path="a/f1.py"),),
    )
    contents = {
        plan(facts.model_copy(deep=not number % 100), terms(**SMALL_CALL)).questions[0].content
        for number in range(1_000)
    }
    assert len(contents) == 1


def test_what_fits_is_shown_whole():
    """And the data hardly exceeds the change itself."""
    facts = large_pull(10, 60)
    question = plan(facts, terms()).questions[0]
    lines = "\n".join(line for file in facts.files for hunk in file.hunks for line in hunk.lines)
    assert estimate(question.data) < 1.25 * estimate(lines)
    assert set(readings(facts).values()) == {("whole", None)}
