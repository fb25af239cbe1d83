"""``prhub report --git`` on clones that are odd or hostile: no traceback, and the same report."""

from __future__ import annotations

import os
import subprocess

import pytest
from click.testing import CliRunner

from bot.cli.report import command

IDENTITY = {
    "GIT_AUTHOR_NAME": "Octo Dev",
    "GIT_AUTHOR_EMAIL": "octo-dev@users.noreply.github.com",
    "GIT_COMMITTER_NAME": "Octo Dev",
    "GIT_COMMITTER_EMAIL": "octo-dev@users.noreply.github.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(folder, *arguments: str, stdin: str = "") -> str:
    """Run git in a folder."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | IDENTITY,
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def make_clone(folder, message: str = "Save twice (#7)", *options: str):
    """A repository with two commits, both on a file in a folder of it."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main", *options)
    (folder / "engine").mkdir()
    for number, said in enumerate(("Import (#1)", message)):
        (folder / "engine" / "store.py").write_text(f"def save():\n\n    return {number}\n", "utf-8")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-F", "-", stdin=said)
    return folder


def report(folder, revision: str = "HEAD") -> str:
    """What is printed."""
    result = CliRunner().invoke(command, ["--git", str(folder), revision], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def without_time(text: str) -> str:
    """A report but for its line on when and how it was made."""
    return text.rpartition("\n\n")[0]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("Save \x01 twice (#7)", id="a control character in the title"),
        pytest.param("Save twice (#7)\n\nBecause \x01\x02 of it", id="control characters in the body"),
        pytest.param("Save twice" + " " * 50_000 + "x (#7)", id="a title of fifty thousand spaces"),
    ],
)
def test_odd_messages(tmp_path, message):
    """The number is found all the same."""
    assert "#7" in report(make_clone(tmp_path / "clone", message))


@pytest.mark.parametrize(
    "date",
    [
        pytest.param("99999999999999 +0000", id="beyond the calendar"),
        pytest.param("253402300799 +0000", id="the calendar's last second, which elsewhere is beyond it"),
        pytest.param("-1 +0000", id="before 1970"),
    ],
)
def test_impossible_dates(tmp_path, monkeypatch, date):
    """Git stores whatever it is given."""
    monkeypatch.setenv("PRHUB_TIME_ZONE", "Asia/Shanghai")
    clone = make_clone(tmp_path / "clone")
    tree, parent = git(clone, "rev-parse", "HEAD^{tree}"), git(clone, "rev-parse", "HEAD~1")
    who = f"Octo Dev <octo-dev@users.noreply.github.com> {date}"
    raw = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nWhenever (#8)\n"
    sha = git(clone, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
    assert "1970-01-01" in report(clone, sha)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("i18n.logOutputEncoding", "UTF-16", id="another encoding of messages"),
        pytest.param("diff.suppressBlankEmpty", "true", id="empty lines without their mark"),
        pytest.param("diff.relative", "true", id="paths from the folder where it runs"),
        pytest.param("diff.noprefix", "true", id="paths without a/ and b/"),
        pytest.param("diff.interHunkContext", "99", id="hunks that are joined"),
    ],
)
def test_the_clones_configuration_changes_nothing(tmp_path, name, value):
    """What git prints for people to read is not what is parsed."""
    clone = make_clone(tmp_path / "clone")
    before = report(clone)
    git(clone, "config", name, value)
    assert without_time(report(clone)) == without_time(before)


def test_a_folder_of_the_clone_is_as_good_as_its_top(tmp_path):
    """Paths, history and name are the repository's."""
    clone = make_clone(tmp_path / "clone")
    assert without_time(report(clone / "engine")) == without_time(report(clone))


def test_a_first_commit_with_longer_ids(tmp_path):
    """In a repository of SHA-256, the empty tree has another id too."""
    clone = make_clone(tmp_path / "clone", "Save twice (#7)", "--object-format=sha256")
    assert "Import" in report(clone, "HEAD~1")
