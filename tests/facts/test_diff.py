"""A diff is read exactly, whatever is in it, and costs little, however large it is."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from bot.facts.diff import (
    KEEP_FILE,
    KEEP_LINE,
    KEEP_TOTAL,
    PatchFile,
    fair_share,
    parse_diff,
    parse_patch,
)
from bot.model import FileStatus, Hunk

HEAD = "diff --git a/x.py b/x.py\nindex 1111111..2222222 100644\n--- a/x.py\n+++ b/x.py\n"


def read(diff: str | bytes) -> PatchFile:
    (file,) = parse_diff(diff.encode() if isinstance(diff, str) else diff)
    return file


def many(files: int, lines: int) -> bytes:
    body = "".join(f"-{'old ' * 12}{n}\n+{'new ' * 12}{n}\n" for n in range(lines))
    heads = (
        f"diff --git a/f{n} b/f{n}\n--- a/f{n}\n+++ b/f{n}\n@@ -1,{lines} +1,{lines} @@\n"
        for n in range(files)
    )
    return "".join(head + body for head in heads).encode()


def test_a_hunk_has_its_numbers_section_and_lines() -> None:
    """Lines keep their first character; the end-of-file mark is no line."""
    file = read(HEAD + "@@ -3,2 +3,3 @@ def f(x):\n a\n-b\n+c\n+d\n\\ No newline at end of file\n")
    assert file.hunks == (
        Hunk(
            old_start=3,
            old_lines=2,
            new_start=3,
            new_lines=3,
            section="def f(x):",
            lines=(" a", "-b", "+c", "+d"),
        ),
    )
    assert (file.path, file.status, file.additions, file.deletions) == ("x.py", FileStatus.MODIFIED, 2, 1)
    assert (file.old_mode, file.new_mode, file.clipped) == ("100644", "100644", False)


LOOKALIKES = [
    pytest.param("--- a/other.py", "+++ b/other.py", id="removed and added lines that look like a header"),
    pytest.param("-diff --git a/y b/y", "+diff --git a/y b/y", id="changed lines that look like a new file"),
    pytest.param("-@@ -1,9 +1,9 @@", "+@@ -1,9 +1,9 @@", id="changed lines that look like a hunk"),
    pytest.param(
        "-rename from a", "+Binary files a/x and b/x differ", id="lines that look like extended headers"
    ),
    pytest.param(
        "-\\ No newline at end of file", "+\\ No newline", id="lines that look like the end-of-file mark"
    ),
    pytest.param("--", "++", id="a line that is one dash"),
]


@pytest.mark.parametrize(("removed", "added"), LOOKALIKES)
def test_content_is_never_taken_for_a_header(removed: str, added: str) -> None:
    """The counts in the hunk's header say what is content."""
    file = read(HEAD + f"@@ -1,2 +1,2 @@\n diff --git a/z b/z\n{removed}\n{added}\n")
    assert file.hunks[0].lines == (" diff --git a/z b/z", removed, added)
    assert (file.path, file.additions, file.deletions, file.binary) == ("x.py", 1, 1, False)


ODD_LINES = [
    pytest.param(b"+a\r\n", "+a\r", id="a Windows line end is kept"),
    pytest.param(b"+a\xff\xfeb\n", "+a\ufffd\ufffdb", id="bytes that are no UTF-8 are replaced"),
    pytest.param("+文件\n".encode(), "+文件", id="UTF-8 is read"),
    pytest.param(b"+a\x00b\n", "+a\x00b", id="a null is a character"),
    pytest.param(
        "+a\u2028b\u0085c\x0bd\n".encode(), "+a\u2028b\u0085c\x0bd", id="only a line feed ends a line"
    ),
    pytest.param(b"+", "+", id="the input may end without a line end"),
]


@pytest.mark.parametrize(("raw", "line"), ODD_LINES)
def test_odd_lines_are_read(raw: bytes, line: str) -> None:
    """A line is what stands between two line feeds."""
    assert read(HEAD.encode() + b"@@ -0,0 +1 @@\n" + raw).hunks[0].lines == (line,)


def test_an_empty_context_line_may_lack_its_blank() -> None:
    """Some tools strip it."""
    file = read(HEAD + "@@ -1,3 +1,3 @@\n\n-a\n+b\n\r\n")
    assert file.hunks[0].lines == (" ", "-a", "+b", " ")


BROKEN = [
    pytest.param(HEAD + "@@ -1,9 +1,9 @@\n a\n-b\n+c", 1, 1, id="cut off inside a hunk"),
    pytest.param(HEAD + "@@ -1,9 +1,9 @@\n+c\ndiff --git a/y b/y\n", 1, 0, id="the next file inside a hunk"),
    pytest.param(HEAD + "@@ -1,9 +1,9 @@\n+c\ngarbage\n", 1, 0, id="garbage inside a hunk"),
    pytest.param(HEAD + "@@ -1 +1 @@", 0, 0, id="cut off after the hunk's header"),
]


@pytest.mark.parametrize(("diff", "additions", "deletions"), BROKEN)
def test_what_can_be_read_of_a_broken_diff_is_read(diff: str, additions: int, deletions: int) -> None:
    """The file is marked as clipped."""
    file = parse_diff(diff.encode())[0]
    assert (file.additions, file.deletions, file.clipped) == (additions, deletions, True)


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"no diff at all", b"diff --git ", b"diff --cc x\n@@@ -1 -1 +1 @@@\n", b"\xff" * 99]
)
def test_what_is_no_diff_gives_no_lines(data: bytes) -> None:
    """Nothing is raised."""
    assert sum(file.additions for file in parse_diff(data)) == 0


def test_a_long_line_is_cut_and_counted() -> None:
    """Ten megabytes in one line: 2,000 characters are kept, and the file is clipped."""
    file = read(HEAD + "@@ -0,0 +1,2 @@\n+" + "é" * 5_000_000 + "\n+b\n")
    assert [len(line) for line in file.hunks[0].lines] == [KEEP_LINE, 2]
    assert file.hunks[0].lines[0] == "+" + "é" * (KEEP_LINE - 1)
    assert (file.additions, file.clipped) == (2, True)


def test_a_large_file_is_clipped_and_counted_exactly() -> None:
    """Of 100,000 changed lines the first 100 kB are kept."""
    (file,) = parse_diff(many(1, 50_000))
    assert (file.additions, file.deletions, file.clipped) == (50_000, 50_000, True)
    assert 90_000 < sum(len(line) for hunk in file.hunks for line in hunk.lines) <= KEEP_FILE


def test_small_files_are_kept_whole_beside_large_ones() -> None:
    """When all together are too much, the large ones share what the small ones leave."""
    files = parse_diff(many(40, 2_000) + HEAD.encode() + b"@@ -1 +1 @@\n-a\n+b\n")
    kept = [sum(len(line) + 1 for hunk in file.hunks for line in hunk.lines) for file in files]
    assert [file.clipped for file in files] == [True] * 40 + [False]
    assert sum(kept) <= KEEP_TOTAL
    assert max(kept[:-1]) - min(kept[:-1]) < 200


def test_skipped_files_cost_no_room() -> None:
    """Of a path to skip nothing is kept, and its counts are exact."""
    lock, other = parse_diff(many(2, 100), skip=lambda path: path == "f0")
    assert (lock.hunks, lock.additions) == ((), 100)
    assert (len(other.hunks[0].lines), other.clipped) == (200, False)


SHARES = [
    pytest.param([], 100, id="nothing leaves the most for each"),
    pytest.param([10, 10], 100, id="little leaves the most for each"),
    pytest.param([500, 500, 500], 100, id="no file gets more than the most"),
    pytest.param([90] * 10, 30, id="equal files share equally"),
    pytest.param([0, 30, 90, 90, 90, 90], 67, id="small ones leave more to the others"),
]


@pytest.mark.parametrize(("sizes", "share"), SHARES)
def test_room_is_shared_fairly(sizes: list[int], share: int) -> None:
    """With 100 for a file and 300 for all."""
    assert fair_share(sizes, 100, 300) == share


def test_two_hundred_thousand_lines_cost_little() -> None:
    """3,000 files, some 13 MB: under 3 s and 30 MB, counted exactly."""
    data = many(3_000, 34)
    tracemalloc.start()
    start = time.process_time()
    files = parse_diff(data)
    seconds, peak = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(file.additions + file.deletions for file in files) == 204_000
    assert seconds < 3
    assert peak < 30_000_000


PATHOLOGICAL = [
    pytest.param(HEAD + "@@ -1,0 +1,0 @@\n" * 120_000, id="120,000 empty hunks"),
    pytest.param(HEAD + "@@ -1 +1 @@\n-a\n+b\n" * 100_000, id="100,000 hunks of a line"),
    pytest.param(
        HEAD + "@@ -1,9999999999 +1,9999999999 @@\n" + "+a\n" * 600_000, id="a hunk that promises more"
    ),
    pytest.param(HEAD + "@@ -1,9 +1,9 @@\n" + "\\\n" * 1_000_000, id="a million end-of-file marks"),
    pytest.param(HEAD + "@@ -1,9999999 +1,9999999 @@\n" + "\n" * 2_000_000, id="two million bare line ends"),
    pytest.param("diff --git a/x b/x\n" * 50_000, id="50,000 files without anything"),
    pytest.param("\n" * 2_000_000, id="only line ends"),
    pytest.param('diff --git "a/' + "\\" * 2_000_000, id="a quoted name that never ends"),
    pytest.param("diff --git a/" + "x " * 1_000_000, id="a name of a million blanks"),
    pytest.param(HEAD + "@@ -1 +1 @@ " + "y" * 2_000_000 + "\n-a\n+b\n", id="a section of two megabytes"),
]


@pytest.mark.parametrize("diff", PATHOLOGICAL)
def test_no_diff_takes_long(diff: str) -> None:
    """Two megabytes of anything take well under two seconds, and what is kept is bounded."""
    start = time.process_time()
    files = parse_diff(diff.encode())
    assert time.process_time() - start < 2
    assert sum(len(line) for file in files for hunk in file.hunks for line in hunk.lines) <= KEEP_TOTAL


def test_a_patch_of_githubs_list_is_read_like_a_diff() -> None:
    """It has the hunks only, and no last line end."""
    hunks = "@@ -1,2 +1,2 @@ class A:\n a\n-b\n+c\n@@ -9 +9,0 @@\n-d\n\\ No newline at end of file"
    assert parse_patch(hunks) == read(HEAD + hunks).hunks
    assert parse_patch("") == ()
