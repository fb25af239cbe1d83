"""``prhub report --git``: merge, squash and rebased commits of a real clone, checked against git."""

from __future__ import annotations

import os
import subprocess

import pytest

from bot.errors import UserError
from bot.facts.local import read_commit
from bot.git import GitRepository
from bot.model import MergeMethod, Relation


class Clone:
    """A git repository in a folder, with one person who commits."""

    def __init__(self, folder):
        self.folder = folder
        self.run("init", "-q", "-b", "main")
        self.run("remote", "add", "origin", "git@github.com:octo-org/engine.git")
        self.commit("Import", {"engine/store.py": "def save():\n    return 1\n", "README.md": "# engine\n"})

    def run(self, *arguments: str) -> str:
        """Run git here."""
        identity = {
            "GIT_AUTHOR_NAME": "Octo Dev",
            "GIT_AUTHOR_EMAIL": "12+octo-dev@users.noreply.github.com",
            "GIT_COMMITTER_NAME": "GitHub",
            "GIT_COMMITTER_EMAIL": "noreply@github.com",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=os.environ | identity,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, message: str, files: dict[str, str]) -> str:
        """Commit files; the new commit's id."""
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, "utf-8")
        self.run("add", "-A")
        self.run("commit", "-qm", message)
        return self.run("rev-parse", "HEAD")

    def read(self, revision: str = "HEAD"):
        """The facts of a commit."""
        return read_commit(GitRepository(self.folder), revision)


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_a_squash_commit_has_its_number_and_its_own_words(clone):
    """``(#7)`` is not part of the title."""
    sha = clone.commit(
        "Save twice (#7)\n\nOnce is not enough.", {"engine/store.py": "def save():\n    return 2\n"}
    )
    facts = clone.read()
    assert (facts.number, facts.title, facts.body, facts.merge_sha) == (
        7,
        "Save twice",
        "Once is not enough.",
        sha,
    )
    assert (facts.merge_method, facts.author.login) == (MergeMethod.SQUASH, "octo-dev")
    assert facts.repository.url == "https://github.com/octo-org/engine"


def test_a_merge_commit_is_the_pull_request_it_merged(clone):
    """Title and body are below GitHub's first line; the commits are the branch's."""
    clone.run("checkout", "-qb", "twice")
    clone.commit("Save twice", {"engine/store.py": "def save():\n    return 2\n"})
    clone.commit("Test it", {"tests/test_store.py": "def test_save():\n    assert True\n"})
    clone.run("checkout", "-q", "main")
    clone.commit("Meanwhile", {"other.py": "x = 1\n"})
    message = "Merge pull request #8 from octo-fork/twice\n\nSave everything twice\n\nOnce is not enough."
    clone.run("merge", "-q", "--no-ff", "twice", "-m", message)
    facts = clone.read()
    assert (facts.number, facts.title, facts.head_ref) == (8, "Save everything twice", "twice")
    assert [commit.headline for commit in facts.commits] == ["Save twice", "Test it"]
    assert {file.path for file in facts.files} == {"engine/store.py", "tests/test_store.py"}


def test_a_rebased_commit_has_no_number(clone):
    """There is nothing in it that names one."""
    clone.commit("Save twice", {"engine/store.py": "def save():\n    return 2\n"})
    facts = clone.read()
    assert (facts.number, facts.title) == (None, "Save twice")


def test_the_first_commit_has_everything_new(clone):
    """Its diff is against the empty tree."""
    facts = clone.read()
    assert (facts.base_sha, facts.changed_files, facts.additions) == (None, 2, 3)


def test_counts_are_those_of_git(clone):
    """Whatever the files are called."""
    names = ["a b.txt", "ümläut/文件.md", 'quote".py', "tab\tname.py", "b/a b/c.py"]
    sha = clone.commit("Odd names (#9)", dict.fromkeys(names, "one\ntwo\n"))
    clone.run("mv", "a b.txt", "c d.txt")
    (clone.folder / "ümläut/文件.md").write_text("one\r\nthree\n", "utf-8")
    clone.commit("Change them (#10)", {})
    for revision in (sha, "HEAD"):
        rows = [
            row.split("\t")[:2] for row in clone.run("show", "--numstat", "--format=", revision).splitlines()
        ]
        facts = clone.read(revision)
        assert facts.additions == sum(int(row[0]) for row in rows)
        assert facts.deletions == sum(int(row[1]) for row in rows)
        assert facts.changed_files == len(rows)


def test_a_revert_knows_what_it_reverts_and_the_original_knows_of_it(clone):
    """As far as the commits say so."""
    original = clone.commit("Save twice (#7)", {"engine/store.py": "def save():\n    return 2\n"})
    message = f'Revert "Save twice" (#11)\n\nThis reverts commit {original}.'
    clone.commit(message, {"engine/store.py": "def save():\n    return 1\n"})
    assert [(item.number, item.relation) for item in clone.read().related] == [(7, Relation.REVERTS)]
    (told,) = clone.read(original).related
    assert (told.number, told.relation) == (11, Relation.REVERTED_BY)


def test_nothing_a_clone_is_configured_to_run_is_run(clone):
    """Hooks, external diffs, filters and monitors belong to whoever made the clone."""
    trap = clone.folder / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {clone.folder}/sprung\ncat\n", "utf-8")
    trap.chmod(0o755)
    (clone.folder / ".gitattributes").write_text("* diff=evil filter=evil\n", "utf-8")
    for key in ("diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor", "core.pager"):
        clone.run("config", key, str(trap))
    clone.commit("Attributes", {})
    clone.run("config", "filter.evil.smudge", str(trap))
    (clone.folder / "sprung").unlink(missing_ok=True)
    assert clone.read().changed_files > 0
    assert not (clone.folder / "sprung").exists()


@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", "HEAD; rm -rf .", "HEAD:README.md", ""])
def test_a_revision_that_is_none_is_the_users_mistake(clone, revision):
    """It never becomes an option of git."""
    with pytest.raises(UserError):
        clone.read(revision)
