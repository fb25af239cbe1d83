"""What git writes is read as git counts it: every status, mode and odd name."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from bot.facts.diff import PatchFile, parse_diff
from bot.model import FileStatus

if TYPE_CHECKING:
    from pathlib import Path

_FIXED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Clone:
    """A repository to make two commits in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> bytes:
        identity = (
            "-c",
            "user.name=octo-dev",
            "-c",
            "user.email=dev@example.test",
            "-c",
            "commit.gpgsign=false",
        )
        command = ["git", *identity, *arguments]
        return subprocess.run(
            command, cwd=self.path, check=True, capture_output=True, env=os.environ | _FIXED
        ).stdout

    def write(self, files: dict[str, bytes]) -> None:
        for name, content in files.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_bytes(content)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def diff(self, *options: str) -> dict[str, PatchFile]:
        self.commit()
        files = parse_diff(self.git("diff", "-M", "-C", *options, "HEAD~1", "HEAD"))
        return {file.path: file for file in files}

    def counts(self) -> dict[str, tuple[str, str]]:
        """What ``git diff --numstat`` says, by path; git gives ``-`` for binary files."""
        rows = self.git("diff", "--numstat", "-z", "--no-renames", "HEAD~1", "HEAD").decode().split("\0")
        return {
            path: (added, deleted) for added, deleted, path in (row.split("\t", 2) for row in rows if row)
        }


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A repository whose first commit has a file of twenty lines, a binary one, and an executable."""
    repository = Clone(tmp_path)
    lines = b"".join(b"line %d\n" % number for number in range(20))
    repository.write(
        {"lines.txt": lines, "image.png": b"\x89PNG\0\1\2", "run.sh": b"#!/bin/sh\n", "empty": b""}
    )
    repository.commit()
    return repository


NAMES = [
    "with blank.py",
    " leading",
    "trailing ",
    "a b/c b/d",
    "tab\tname",
    'quote"name',
    "back\\slash",
    "文件.md",
    "é/ü.txt",
    "new\nline",
]
NAMES += [
    "\u202eright-to-left",
    "😀.py",
    "-dash",
    "a/x.py b/a/x.py",
    "b/b",
    "; rm -rf ~ #.py",
    "$(id).py",
    "x" * 250,
    "d/" * 100 + "deep",
]


@pytest.mark.parametrize("quoted", ["true", "false"])
@pytest.mark.parametrize("content", [b"", b"one\ntwo\n", b"\0\1"], ids=["empty", "text", "binary"])
def test_odd_names_are_read_exactly(clone: Clone, content: bytes, quoted: str) -> None:
    """Names with blanks, quotes, tabs, line ends, other scripts: added, then removed."""
    clone.git("config", "core.quotePath", quoted)
    clone.write(dict.fromkeys(NAMES, content))
    assert {path: file.status for path, file in clone.diff().items()} == dict.fromkeys(
        NAMES, FileStatus.ADDED
    )
    for name in NAMES:
        (clone.path / name).unlink()
    assert {path: file.status for path, file in clone.diff().items()} == dict.fromkeys(
        NAMES, FileStatus.REMOVED
    )


def test_counts_are_gits_own(clone: Clone) -> None:
    """Over endings, encodings and header lookalikes, additions and deletions agree with numstat."""
    before = {
        "crlf": b"a\r\nb\r\n", "latin": b"caf\xe9\n", "no-end": b"x\ny",
        "look": b"-- a/x\n++ b/x\n@@ -1 +1 @@\n", "mixed": b"a\rb\nc\n",
        "long": b"y" * 9_000, "gone": b"1\n2\n3", "blank": b"\n\n\n", "same": b"s\n",
    }  # fmt: skip
    clone.write(before)
    clone.commit()
    after = {
        "crlf": b"a\nb\n", "latin": "café\n".encode(), "no-end": b"x\ny\n",
        "look": b"diff --git a/x b/x\n-- a/x\n", "mixed": b"a\rB\nc\n",
        "long": b"z" * 9_000 + b"\n", "blank": b"\n \n", "new": b"no end",
    }  # fmt: skip
    clone.write(after)
    (clone.path / "gone").unlink()
    files = clone.diff("--no-renames")
    assert {
        path: (str(file.additions), str(file.deletions)) for path, file in files.items()
    } == clone.counts()


def test_renames_and_copies_have_both_names(clone: Clone) -> None:
    """With and without changes; a copy is found because its source changed too."""
    text = (clone.path / "lines.txt").read_bytes()
    clone.write(
        {"moved here/as it was.txt": text, "copied and changed": text + b"more\n", "run 2.sh": b"#!/bin/sh\n"}
    )
    (clone.path / "lines.txt").unlink()
    (clone.path / "run.sh").unlink()
    files = clone.diff()
    found = {path: (file.previous_path, file.additions, file.deletions) for path, file in files.items()}
    assert found == {
        "copied and changed": ("lines.txt", 1, 0),
        "moved here/as it was.txt": ("lines.txt", 0, 0),
        "run 2.sh": ("run.sh", 0, 0),
    }
    statuses = {file.status for file in files.values()}
    assert statuses == {FileStatus.RENAMED, FileStatus.COPIED}


def test_a_mode_change_alone_has_no_lines(clone: Clone) -> None:
    """Both modes are known."""
    (clone.path / "run.sh").chmod(0o755)
    file = clone.diff()["run.sh"]
    assert (file.old_mode, file.new_mode, file.status) == ("100644", "100755", FileStatus.MODIFIED)
    assert (file.additions, file.deletions, file.hunks) == (0, 0, ())


def test_a_link_is_a_file_of_its_own_mode(clone: Clone) -> None:
    """Its text is where it points to; a file that becomes a link is one modified file."""
    (clone.path / "link").symlink_to("lines.txt")
    (clone.path / "run.sh").unlink()
    (clone.path / "run.sh").symlink_to("link")
    files = clone.diff()
    assert (files["link"].new_mode, files["link"].hunks[0].lines) == ("120000", ("+lines.txt",))
    changed = files["run.sh"]
    assert (changed.status, changed.old_mode, changed.new_mode) == (FileStatus.MODIFIED, "100644", "120000")
    assert (changed.additions, changed.deletions, len(changed.hunks)) == (1, 1, 2)


def test_a_submodule_is_known_by_its_mode(clone: Clone) -> None:
    """Added, moved on, and removed."""
    for commit in ("1" * 40, "2" * 40):
        clone.git("update-index", "--add", "--cacheinfo", f"160000,{commit},libs/part")
        clone.git("commit", "-q", "-m", "x")
        (file,) = parse_diff(clone.git("diff", "HEAD~1", "HEAD"))
        assert (file.path, file.submodule) == ("libs/part", True)
    assert file.hunks[0].lines == (f"-Subproject commit {'1' * 40}", f"+Subproject commit {'2' * 40}")


@pytest.mark.parametrize("options", [(), ("--binary",)], ids=["named", "as a binary patch"])
def test_binary_files_have_no_lines(clone: Clone, options: tuple[str, ...]) -> None:
    """Changed, added and removed binary files; the text file after them is read."""
    clone.write({"image.png": b"\x89PNG\0\1\3" + bytes(range(256)) * 40, "b.bin": b"\0", "z.txt": b"z\n"})
    files = clone.diff(*options)
    assert {path: (file.binary, file.additions) for path, file in files.items()} == {
        "b.bin": (True, 0),
        "image.png": (True, 0),
        "z.txt": (False, 1),
    }


def test_empty_files_come_and_go(clone: Clone) -> None:
    """They have a status and nothing else."""
    clone.write({"empty 2": b""})
    (clone.path / "empty").unlink()
    files = clone.diff("--no-renames")
    assert {path: (file.status, file.hunks) for path, file in files.items()} == {
        "empty": (FileStatus.REMOVED, ()),
        "empty 2": (FileStatus.ADDED, ()),
    }
