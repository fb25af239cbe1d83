"""Citations are looked up: sloppy places, reformatted quotes, and lines that are no longer there."""

import pytest

from bot.inference.verify import Corpus
from bot.inference.verify.evidence import Found, Missing, look_up
from bot.model import Cited, Evidence, FileStatus, Source
from tests.fakes.claims import STORE, store_facts
from tests.fakes.facts import file_change, hunk, merged_file, pull_facts

PATH = "engine/store.py"


def found(where, quote, facts=None):
    """What is found of a citation in ``store_facts``."""
    return look_up(Corpus(facts or store_facts()), Cited(where=where, quote=quote))


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("engine/store.py", id="the path"),
        pytest.param("/engine/store.py", id="with a slash"),
        pytest.param("./engine/store.py", id="with a dot"),
        pytest.param("a/engine/store.py", id="the old side of a diff"),
        pytest.param("b/engine/store.py", id="the new side of a diff"),
        pytest.param("store.py", id="its end"),
        pytest.param("`engine/store.py`", id="in backticks"),
        pytest.param("engine/store.py:9", id="with a line"),
        pytest.param("engine/store.py:9-12", id="with lines"),
        pytest.param("engine/store.py#L9", id="with an anchor"),
        pytest.param("engine/store.py (line 9)", id="with a line in words"),
        pytest.param(" engine/store.py ", id="with blanks"),
    ],
)
def test_a_path_may_be_written_sloppily(where):
    """Whatever is around a path, the file is found, and code finds the line."""
    assert found(where, "RETRY_LIMIT = 3").evidence == Evidence(path=PATH, line=9, quote="RETRY_LIMIT = 3")


@pytest.mark.parametrize(
    ("where", "quote", "evidence"),
    [
        pytest.param("title", "the last snapshot", Evidence(source=Source.TITLE, quote="the last snapshot")),
        pytest.param("PR body", "on a full disk", Evidence(source=Source.BODY, quote="on a full disk")),
        pytest.param("Thread 3", "Good catch", Evidence(thread_id=703, quote="Good catch")),
        pytest.param("thread #3", "Good catch", Evidence(thread_id=703, quote="Good catch")),
        pytest.param("[thread 1]", "", Evidence(thread_id=701)),
        pytest.param("comment 1", "on our cluster", Evidence(comment_id=950, quote="on our cluster")),
        pytest.param("review 1", "ship it", Evidence(review_id=800, quote="ship it")),
        pytest.param("#7", "All 8 of them", Evidence(number=7, quote="All 8 of them")),
        pytest.param("issue #7", "Snapshots vanish", Evidence(number=7, quote="Snapshots vanish")),
        pytest.param("PR #9", "", Evidence(number=9)),
        pytest.param("description", "**SNAPSHOT_MODE=fast**", None),
    ],
    ids=str,
)
def test_a_block_is_found_by_its_name(where, quote, evidence):
    """Blocks are named as the data names them, in any spelling; Markdown's marks do not count."""
    result = found(where, quote)
    assert isinstance(result, Found)
    assert evidence is None or result.evidence == evidence


@pytest.mark.parametrize(
    "where",
    [
        "engine/ghost.py",
        "thread 4",
        "thread 0",
        "comment 2",
        "#4242",
        "",
        "paths",
        "py",
        "the code",
        "../store.py",
    ],
)
def test_a_place_that_is_not_there_is_missing(where):
    """Nothing is guessed."""
    assert isinstance(found(where, "RETRY_LIMIT = 3"), Missing)


def test_an_end_that_two_paths_have_is_missing():
    """The end of a path must lead to one file."""
    facts = pull_facts(files=(file_change("a/x.py", "one = 1\n"), file_change("b/x.py", "one = 1\n")))
    assert isinstance(found("x.py", "one = 1", facts), Missing)
    assert found("b/x.py", "one = 1", facts).evidence.path == "b/x.py"


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        pytest.param("for attempt in range(RETRY_LIMIT):", 22, id="without indentation"),
        pytest.param("for  attempt   in\trange(RETRY_LIMIT):", 22, id="other white space"),
        pytest.param("+        for attempt in range(RETRY_LIMIT):", 22, id="the mark of a diff"),
        pytest.param("range(RETRY_LIMIT)", 22, id="a part of a line"),
        pytest.param("`RETRY_LIMIT = 3`", 9, id="backticks around"),
        pytest.param("RETRY_LIMIT = 3...", 9, id="an ellipsis"),
        pytest.param("if self._write(target, step):\n    return", 23, id="two lines"),
        pytest.param("if self._write(target, step): return", 23, id="two lines as one"),
        pytest.param("def _save_checkpoint(self, step: int)\n raise OSError", 20, id="lines left out"),
        pytest.param("raise OSError(f“cannot write {target}”)", 25, id="curly quotation marks"),
    ],
)
def test_a_quote_is_found_with_its_line(quote, line):
    """White space and typography do not count; the line is that of the merged file."""
    assert found(PATH, quote).evidence.line == line


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("RETRY_LIMIT = 4", id="another value"),
        pytest.param("ETRY_LIMIT = 3", id="a word cut in front"),
        pytest.param("RETRY_LIM", id="a word cut behind"),
        pytest.param("if", id="too short"),
        pytest.param("}}};;;", id="no letters"),
        pytest.param("def _save_checkpoint(self)\nreturn everything", id="a second line that is not there"),
        pytest.param("raise OSError\ndef _save_checkpoint(self, step: int)", id="lines in another order"),
    ],
)
def test_a_quote_that_is_not_there_is_missing(quote):
    """What the file does not say letter by letter is no evidence."""
    assert isinstance(found(PATH, quote), Missing)


def test_of_equal_words_a_whole_line_counts():
    """A call is found where it is a line by itself, not in the definition above it."""
    code = "def load(path):\n    pass\n\n\ndef main(path):\n    load(path)"
    facts = pull_facts(files=(file_change(PATH, added=code),), merged_files=(merged_file(PATH, code),))
    assert found(PATH, "load(path)", facts).evidence.line == 6


@pytest.mark.parametrize(("changed", "line"), [(30, None), (5, 5)], ids=["none is new", "one is new"])
def test_what_stands_on_many_lines_shows_no_place(changed, line):
    """Unless the change brought one of them."""
    code = "\n".join(["    default=None,"] * 20 + ["x = 1"] * 20)
    hunks = (hunk(f"+{code.splitlines()[changed - 1]}", new_start=changed),)
    facts = pull_facts(files=(file_change(PATH, hunks=hunks),), merged_files=(merged_file(PATH, code),))
    result = found(PATH, "default=None,", facts)
    assert (result.evidence.line if isinstance(result, Found) else None) == line


def test_a_removed_line_has_no_number():
    """A line that the change took away is evidence of the change, not of the merged code."""
    result = found(PATH, "self.legacy_mode = True")
    assert result.evidence == Evidence(path=PATH, quote="self.legacy_mode = True")
    assert not result.is_present


def test_without_the_merged_text_the_hunks_count():
    """Lines of hunks have their new number; if the whole merged text lacks them they are past."""
    change = file_change(PATH, hunks=(hunk(" import json\n+LIMIT = 3", new_start=40),))
    unread = found(PATH, "LIMIT = 3", pull_facts(files=(change,)))
    assert (unread.evidence.line, unread.is_present) == (41, True)
    changed = pull_facts(files=(change,), merged_files=(merged_file(PATH, "import json\n"),))
    assert (
        found(PATH, "LIMIT = 3", changed).evidence.line,
        found(PATH, "LIMIT = 3", changed).is_present,
    ) == (
        None,
        False,
    )


def test_of_equal_lines_the_added_one_counts():
    """Where a quote stands twice, the line of the change is meant."""
    text = "value = load()\nother = 1\nvalue = load()\n"
    change = file_change(PATH, hunks=(hunk("+value = load()", new_start=3),))
    facts = pull_facts(files=(change,), merged_files=(merged_file(PATH, text),))
    assert found(PATH, "value = load()", facts).evidence.line == 3
    assert found(f"{PATH}:1", "value = load()", facts).evidence.line == 1


def test_the_old_name_of_a_file_leads_to_the_new_one():
    """A renamed file is found by both names."""
    change = file_change("new.py", "x = 1234\n", previous_path="old.py", status=FileStatus.RENAMED)
    assert found("old.py", "x = 1234", pull_facts(files=(change,))).evidence.path == "new.py"


def test_every_line_of_a_file_is_found():
    """Each line that says something leads back to a line of the same words."""
    lines = STORE.split("\n")
    for line in lines:
        if len(line.strip()) >= 6:
            result = found(PATH, line)
            assert lines[result.evidence.line - 1].strip() == line.strip()
