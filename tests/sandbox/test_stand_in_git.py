"""The sandbox's own git: ids, diffs and histories are what git itself would give."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sandbox.diffs import diff_text, diff_trees
from sandbox.objects import EXECUTABLE, SYMLINK, Blob, Commit, Content, Signature, Tree, changed
from sandbox.sample import sample_state
from tests.fakes.github import add_merge, engine_state, merge_of, the_repository

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.state import Repository


TREE = {
    "a.py": "one\ntwo\nthree\n",
    "docs/long name.md": "text\n",
    "straße.txt": "straße\n",
    "no-end.txt": "last line",
    "crlf.txt": "a\r\nb\r\n",
}
MERGED = (2, 4, 7, 9, 10, 11, 12, 13)


@pytest.fixture(scope="module")
def sample() -> Repository:
    """The sample repository."""
    return the_repository(sample_state())


def git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """What git says."""
    command = ["git", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, check=True).stdout


def laid_out(folder: Path, tree: Tree) -> None:
    """The tree as files in a new repository, all staged."""
    git(folder, "init", "-q")
    for path, blob in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if blob.mode == SYMLINK:
            target.symlink_to(blob.data.decode())
        else:
            target.write_bytes(blob.data)
            target.chmod(0o755 if blob.mode == EXECUTABLE else 0o644)
    git(folder, "add", "-A")


def applied(folder: Path, old: Tree, diff: bytes) -> str:
    """The id of the tree that git makes of ``old`` and a diff."""
    laid_out(folder, old)
    git(folder, "apply", "--index", "-", given=diff)
    return git(folder, "write-tree").decode().strip()


def commit_of(tree: Tree) -> Commit:
    """A commit with this tree."""
    return Commit(tree, (), "x", Signature("Octo", datetime(2026, 3, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"a.py": "one\n2\nthree\n"}, id="a line is changed"),
        pytest.param({"a.py": None}, id="a file is removed"),
        pytest.param({"new/deep/file.txt": "x\n"}, id="a file is added in a new folder"),
        pytest.param({"empty": ""}, id="an empty file is added"),
        pytest.param({"a.py": None, "b.py": TREE["a.py"]}, id="a file is renamed"),
        pytest.param({"a.py": None, "b.py": TREE["a.py"] + "four\n"}, id="a file is renamed and changed"),
        pytest.param({"a.py": Blob(TREE["a.py"].encode(), EXECUTABLE)}, id="only the mode is changed"),
        pytest.param({"link": Blob(b"a.py", SYMLINK)}, id="a symbolic link is added"),
        pytest.param({"a.py": Blob(b"docs", SYMLINK)}, id="a file becomes a symbolic link"),
        pytest.param({"docs/long name.md": "other\n"}, id="a name holds a space"),
        pytest.param({"straße.txt": "Straße\n"}, id="a name is not ASCII"),
        pytest.param({"no-end.txt": "last line\n"}, id="the end of line is added"),
        pytest.param({"no-end.txt": "other"}, id="there is no end of line on either side"),
        pytest.param({"crlf.txt": "a\r\nc\r\n"}, id="lines end in CRLF"),
        pytest.param({"a.py": b"\xff\xfe latin\n"}, id="the text is not UTF-8"),
    ],
)
def test_a_diff_applies_with_git_and_gives_the_new_tree(tmp_path: Path, changes: dict[str, Content]) -> None:
    """``git apply`` accepts the diff, and the tree it makes has the id the sandbox computed."""
    old = changed({}, TREE)
    new = changed(old, changes)
    diff = diff_text(diff_trees(old, new))
    assert applied(tmp_path, old, diff) == commit_of(new).tree_sha


@pytest.mark.parametrize("number", MERGED)
def test_every_sample_pull_request_applies_and_gives_the_merged_tree(
    tmp_path: Path, sample: Repository, number: int
) -> None:
    """The diff of each merge, applied to the tree before it, is the tree after it."""
    merge = before = merge_of(sample, number)
    while sample.introduced.get(before.sha) == number:
        before = sample.commits[before.parents[0]]
    diff = diff_text(sample.files(sample.pulls[number]))
    assert applied(tmp_path, before.tree, diff) == merge.tree_sha


def test_commit_ids_are_gits(tmp_path: Path, sample: Repository) -> None:
    """A commit object has the id that git gives it."""
    merge = merge_of(sample, 2)
    git(tmp_path, "init", "-q")
    given = git(tmp_path, "hash-object", "-t", "commit", "--stdin", "--literally", given=merge._data())
    assert given.decode().strip() == merge.sha


def test_a_binary_file_has_no_patch() -> None:
    """Git says that the files differ, and no more."""
    (file,) = diff_trees({}, {"logo.png": Blob(b"\x89PNG\0\0")})
    assert file.hunks == ()
    assert b"Binary files /dev/null and b/logo.png differ" in file.text


def test_a_submodule_shows_its_commit() -> None:
    """A submodule's diff is the one line git prints for it."""
    old, new = (Blob(digit * 40, "160000") for digit in (b"a", b"b"))
    (file,) = diff_trees({"lib": old}, {"lib": new})
    assert b"-Subproject commit " + b"a" * 40 in file.text


def test_a_squash_and_a_merge_and_a_rebase_leave_the_same_tree() -> None:
    """The way of merging does not change the outcome, only the parents."""
    trees, parents = set(), []
    for method in ("squash", "merge", "rebase"):
        state = engine_state()
        merge = merge_of(the_repository(state), add_merge(state, method=method).number)
        trees.add(merge.tree_sha)
        parents.append(len(merge.parents))
    assert len(trees) == 1
    assert parents == [1, 2, 1]


def test_a_change_on_both_sides_cannot_be_merged() -> None:
    """The sandbox says so instead of inventing a resolution."""
    state = engine_state()
    repository = the_repository(state)
    base = repository.branches["main"]
    add_merge(state)
    with pytest.raises(ValueError, match="changed on both sides"):
        add_merge(state, {"engine/store.py": "other\n"}, base_sha=base)
