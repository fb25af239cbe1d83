"""``prhub report`` and ``prhub digest`` with a repository's file: of a clone, and of GitHub."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli import digest, report
from bot.cli.reading import read_from_github
from bot.settings import load_settings
from sandbox.build import add_commit, add_user_token, signature
from tests.cli.test_git_report import Clone
from tests.fakes.github import add_merge, the_repository

FILE = ".github/prhub.yml"


def ran(*arguments: str, **env: str):
    """Run a command; its output."""
    given = {"ANTHROPIC_API_KEY": None, "PRHUB_LANGUAGE": None, **env}
    commands = {"report": report.command, "digest": digest.command}
    result = CliRunner().invoke(commands[arguments[0]], list(arguments[1:]), env=given)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def clone(tmp_path):
    """A clone with one merged pull request on its default branch."""
    found = Clone(tmp_path)
    found.commit("Save twice (#7)", {"engine/store.py": "def save():\n    return 2\n"})
    return found


def test_a_clones_file_holds_for_its_reports(clone):
    """Of the default branch, also for a merge from before the file."""
    sha = clone.run("rev-parse", "HEAD")
    clone.commit("Configure", {FILE: "core_paths: [engine/]\nlanguage: zh-CN\n"})
    found = json.loads(ran("report", "--git", str(clone.folder), sha, "--format", "json").stdout)
    assert [risk["key"] for risk in found["risks"]] == ["core-path"]
    assert "核心" in ran("report", "--git", str(clone.folder), sha).stdout


def test_an_option_goes_before_the_file(clone):
    """``--language``."""
    clone.commit("Configure", {FILE: "language: zh-CN\n"})
    assert "Recommended" in ran("report", "--git", str(clone.folder), "HEAD~1", "--language", "en").stdout


def test_a_branch_that_is_checked_out_changes_nothing(clone):
    """Only the default branch counts."""
    clone.run("update-ref", "refs/remotes/origin/main", "main")
    clone.run("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    clone.run("checkout", "-qb", "topic")
    clone.commit("Configure", {FILE: "language: zh-CN\n"})
    assert "Recommended" in ran("report", "--git", str(clone.folder), "main").stdout


def test_a_broken_file_is_told_of_and_not_taken(clone):
    """The report is made as without it."""
    clone.commit("Configure", {FILE: "language: fr\n"})
    result = ran("report", "--git", str(clone.folder), "HEAD~1")
    assert "Recommended" in result.stdout
    assert ".github/prhub.yml:1:1: not taken: language" in result.stderr


def test_a_clones_digest_goes_by_its_file(clone):
    """Language, and names of own risks."""
    text = "language: zh-CN\nrisks:\n  slow-path:\n    name: Hot loop\n    paths: [engine/]\n"
    clone.commit("Configure", {FILE: text})
    week = clone.run("log", "-1", "--format=%cd", "--date=format:%G-W%V")
    told = ran("digest", "--git", str(clone.folder), "--week", week, PRHUB_TIME_ZONE="UTC")
    assert "Hot loop" in told.stdout
    assert "周报" in told.stdout


async def test_github_is_asked_for_the_file(github, tmp_path):
    """With the person's token, and nothing else than for the server."""
    repository, token = the_repository(github.state), "ghp_" + "x" * 36
    add_user_token(github.state, "octo-dev", token)
    author = signature(github.state, "octo-dev")
    add_commit(repository, "main", {FILE: "core_paths: [engine/]\n"}, "Configure", author)
    pull = add_merge(github.state)
    settings = load_settings({"GITHUB_TOKEN": token, "GITHUB_API_URL": github.url}, tmp_path)
    facts = await read_from_github(settings, repository.full_name, pull.number)
    assert facts.choices is not None
    assert facts.choices.core_paths == ("engine/",)
    assert [file.core for file in facts.files] == [True]
