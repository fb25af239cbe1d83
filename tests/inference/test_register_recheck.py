"""A later merge closes a risk by what it proves, and leaves it open by everything less."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.register import hints, recheck
from bot.model import FileKind, FileStatus
from tests.fakes.facts import file_change, merged_file, thread
from tests.fakes.register import facts_of, numbered, report_of, told
from tests.fakes.register_merges import STORE, after, became, edit, registered, whole

EVAL = "def load(text):\n    return eval(text)\n"
HANDLER = "def save(it):\n    try:\n        put(it)\n    except Exception:\n        pass\n"


OTHER = file_change("engine/other.py", "x = 1\n")
REMOVED = edit(EVAL, status=FileStatus.REMOVED)
NO_EVAL = "def load(text):\n    return json.loads(text)\n"


@pytest.mark.parametrize(
    ("files", "texts", "end"),
    [
        pytest.param([OTHER], [], "untouched", id="another file changed"),
        pytest.param([edit(EVAL, NO_EVAL)], [whole(NO_EVAL)], "no_longer_found", id="the call was replaced"),
        pytest.param(
            [edit("    return eval(text)", "    return eval(text, {})")],
            [whole(EVAL.replace("(text)\n", "(text, {})\n"))],
            "open",
            id="the call was only edited",
        ),
        pytest.param(
            [edit("x = 1", "x = 2")], [whole("x = 2\n\n\n" + EVAL)], f"{STORE}:5", id="the line moved down"
        ),
        pytest.param(
            [edit("x = 1", "x = 2")],
            [whole("if True:\n" + EVAL.replace("    return", "\t\treturn  "))],
            f"{STORE}:3",
            id="only its spaces are others",
        ),
        pytest.param(
            [edit(EVAL, "x = 1")],
            [whole("def old(a):\n    return eval(a)\n")],
            "line_removed",
            id="it was removed; an older call stays elsewhere in the file",
        ),
        pytest.param(
            [edit("y = 1", "y = 2")],
            [whole("def old(a):\n    return eval(a)\n")],
            "open",
            id="it is not there, nobody knows who removed it, and the file has another",
        ),
        pytest.param([edit("y = 1", "y = 2")], [whole(NO_EVAL)], "no_longer_found", id="a push removed it"),
        pytest.param([edit(EVAL, NO_EVAL)], [], "open", id="removed, short, and the text was not read"),
        pytest.param([REMOVED], [], "file_removed", id="its file was removed"),
        pytest.param(
            [REMOVED, file_change("engine/load.py", EVAL, status=FileStatus.ADDED)],
            [whole(EVAL, "engine/load.py")],
            "engine/load.py:2",
            id="its file was removed, and the line is in another",
        ),
        pytest.param(
            [edit(EVAL), file_change("engine/load.py", EVAL)],
            [whole("x = 1\neval(a)\n"), whole(EVAL, "engine/load.py")],
            "engine/load.py:2",
            id="it was cut there and pasted elsewhere",
        ),
        pytest.param(
            [file_change("core/store.py", status=FileStatus.RENAMED, previous_path=STORE)],
            [whole(EVAL, "core/store.py")],
            "core/store.py:2",
            id="its file was renamed",
        ),
        pytest.param(
            [edit(EVAL, NO_EVAL, "core/store.py", status=FileStatus.RENAMED, previous_path=STORE)],
            [whole(NO_EVAL, "core/store.py")],
            "no_longer_found",
            id="its file was renamed and mended",
        ),
        pytest.param(
            [file_change("core/store.py", status=FileStatus.COPIED, previous_path=STORE)],
            [whole(NO_EVAL, "core/store.py")],
            "untouched",
            id="its file was copied",
        ),
        pytest.param(
            [edit("x", "y")],
            [merged_file(STORE, "y\n").model_copy(update={"clipped": True})],
            "open",
            id="only the beginning of the file was read",
        ),
        pytest.param([edit("x", "y", kind=FileKind.VENDORED)], [whole("y")], "open", id="rules pass it over"),
    ],
)
def test_a_dangerous_call(files, texts, end):
    """It is closed when no such call is in the file, or it was removed and none came for it."""
    risk = registered(file_change(STORE, EVAL), rule="dangerous-calls")
    assert became(after(risk, *files, texts=texts)) == end


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param(
            HANDLER.replace("pass", "log.warning(it)"), "no_longer_found", id="it does something now"
        ),
        pytest.param("x = 1\n" + HANDLER, f"{STORE}:5", id="it does not"),
        pytest.param(HANDLER.replace("Exception", "KeyError"), "no_longer_found", id="it catches less"),
    ],
)
def test_a_handler_that_hides_errors(text, end):
    """The line is judged with what follows it: ``except Exception:`` alone is no fault."""
    risk = registered(file_change(STORE, HANDLER), rule="swallowed-errors")
    assert became(after(risk, edit("x", "y"), texts=[whole(text)])) == end


def test_all_places_must_go():
    """One of two handlers was mended; then the other."""
    files = (file_change(STORE, HANDLER), file_change("engine/disk.py", HANDLER))
    risk = registered(*files, rule="swallowed-errors")
    first = after(risk, edit(HANDLER, "x"), texts=[whole("x\n")])
    assert (became(first), [place.gone is None for place in first.places]) == (
        "engine/disk.py:4",
        [False, True],
    )
    second = edit(HANDLER, path="engine/disk.py", status=FileStatus.REMOVED)
    assert became(after(first, second, hours=72)) == "file_removed"


def test_merges_of_one_queue_do_not_close_each_others_risks():
    """Their times are not in the order of their commits: the later one may not have the line yet."""
    risk = registered(file_change(STORE, EVAL), rule="dangerous-calls")
    assert became(after(risk, edit("x", "y"), texts=[whole("y\n")], hours=0.01)) == "open"
    assert became(after(risk, edit(EVAL, "y"), texts=[whole("y\n")], hours=0.01)) == "no_longer_found"


def test_another_branch_proves_nothing():
    """A release branch never had the line; the default branch may be called otherwise by then."""
    risk = registered(file_change(STORE, EVAL), rule="dangerous-calls")
    gone: dict[str, Any] = {"texts": [whole(NO_EVAL)]}
    assert became(after(risk, edit(EVAL, NO_EVAL), base_ref="release-1", **gone)) == "untouched"
    assert became(after(risk, edit(EVAL, NO_EVAL), **gone)) == "no_longer_found"


def test_its_own_and_earlier_merges_prove_nothing():
    """Whatever they look like."""
    risk = registered(file_change(STORE, EVAL), rule="dangerous-calls")
    facts = facts_of(2, hours=-1, files=[REMOVED])
    assert recheck([risk], facts, report_of(facts)) == ()
    same = facts_of(1, hours=5, files=[REMOVED])
    assert recheck([risk], same, report_of(same)) == ()


QUOTED = "        self.kept[key] = value"


@pytest.mark.parametrize(
    ("files", "texts", "end"),
    [
        pytest.param(
            [edit(QUOTED, "        log.info(key)")],
            ["class Cache:\n    pass\n"],
            "line_removed",
            id="removed",
        ),
        pytest.param(
            [edit(QUOTED, "        self.kept[key] = copy(value)")],
            ["class Cache:\n        self.kept[key] = copy(value)\n"],
            "engine/cache.py:1",
            id="edited, and followed",
        ),
        pytest.param([edit("a", "b")], ["b\n"], "line_gone", id="not there, and nothing like it"),
        pytest.param(
            [edit("a", "b")],
            ["b\nself.kept[key] = clone(value)\n"],
            "open",
            id="not there, but one like it is",
        ),
        pytest.param(
            [edit("a", "b")],
            [f"b\n\n{QUOTED}  # bounded\n"],
            "engine/cache.py:3",
            id="with a comment behind it",
        ),
        pytest.param(
            [edit("a", "b")],
            ["self.kept[\n    key\n] = value\n"],
            "engine/cache.py:3",
            id="spread over lines",
        ),
    ],
)
def test_what_a_model_told(files, texts, end):
    """It stands for as long as the line that bears it out, or one that is like it."""
    facts = facts_of(1)
    report = report_of(facts).model_copy(update={"risks": (told(),)})
    (risk,) = numbered(report, hints(facts))
    moved = [file.model_copy(update={"path": "engine/cache.py"}) for file in files]
    merged = [merged_file("engine/cache.py", text) for text in texts]
    assert became(after(risk, *moved, texts=merged)) == end


REMARKED = thread(remarked_text="+    if left == right:", path=STORE, merged_line=10)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param("def same():\n    if left is right:\n", "remark_changed", id="the line was changed"),
        pytest.param("x = 1\n    if left == right:\n", f"{STORE}:2", id="it was not"),
    ],
)
def test_a_remark_that_was_open(text, end):
    """It is about a line: when that is another, the remark is not about the code any more."""
    risk = registered(file_change(STORE, "x = 1"), threads=(REMARKED,), rule="open-threads")
    assert became(after(risk, edit("a", "b"), texts=[whole(text)])) == end


def test_a_remark_without_its_line_stays_open():
    """Until its file goes."""
    risk = registered(file_change(STORE, "x = 1"), threads=(thread(path=STORE),), rule="open-threads")
    assert became(after(risk, edit("a", "b"), texts=[whole("b")])) == "open"
    assert became(after(risk, REMOVED)) == "file_removed"
