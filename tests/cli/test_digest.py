"""``prhub digest``: of a clone, held against ``git log``; of a repository on GitHub, published once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from bot.cli.digest import command
from bot.errors import UserError
from sandbox.discussion import Pull
from tests.cli.test_command_line import prhub
from tests.fakes.dated_clone import DatedClone
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import environment, own_comments, send_merge, until
from tests.fakes.serving import server

FILES = (
    ("2026-03-23T10:00:00", "Add a store (#2)", {"engine/store.py": "A = 1\n"}, "octo-dev"),
    ("2026-03-24T10:00:00", "Read the store (#3)", {"engine/store.py": "A = 2\nB = 3\n"}, "coral-reviewer"),
    ("2026-03-25T10:00:00", "Lock (#4)", {"engine/store.py": "A = 4\n", "uv.lock": "1\n"}, "octo-dev"),
    ("2026-03-26T10:00:00", "Lock again (#5)", {"uv.lock": "2\n", "engine/new.py": "C = 1\n"}, "octo-dev"),
    ("2026-03-27T10:00:00", "No pull request", {"engine/new.py": "C = 2\n"}, "octo-dev"),
)


@pytest.fixture
def clone(tmp_path):
    made = DatedClone(tmp_path / "engine")
    made.commit("Import (#1)", "2026-03-02T10:00:00", {"README.md": "# engine\n"}, author="octo-dev")
    for when, message, files, author in FILES:
        made.commit(message, when, files, author=author)
    return made


def asked(*arguments: str) -> str:
    """What the command prints. Raises what it raises."""
    return CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False).stdout


def test_counts_authors_and_hot_files_are_those_of_git(clone):
    """Nothing in the digest of a week but what ``git log`` counts itself."""
    facts = json.loads(asked("--git", str(clone.folder), "--week", "2026-W13", "--format", "json"))["facts"]
    week = ("log", "--since=2026-03-23T00:00:00Z", "--until=2026-03-29T23:59:59Z", "--grep=(#")
    authors = Counter(clone.run(*week, "--format=%an").splitlines())
    assert facts["numbers"]["pulls"] == authors.total() == 4
    assert {one["person"]["login"]: one["pulls"] for one in facts["contributors"]} == authors
    firsts = {one["person"]["login"] for one in facts["contributors"] if one["first_time"]}
    assert firsts == {"coral-reviewer"}
    touched = Counter(clone.run(*week, "--format=", "--name-only").split())
    hot = {one["name"]: one["count"] for one in facts["hot_files"]}
    assert hot == {"engine/store.py": touched["engine/store.py"]} == {"engine/store.py": 3}
    added = clone.run(*week, "--format=", "--numstat").splitlines()
    assert facts["numbers"]["additions"] == sum(int(line.split("\t")[0]) for line in added)


def test_it_is_text_in_both_languages(clone):
    """The same week as Markdown, in English and in Chinese."""
    where = ("--git", str(clone.folder), "--week", "2026-W13")
    assert asked(*where).startswith("# Weekly digest 2026-W13 (03-23 – 03-29)\n\n4 pull requests were merged")
    assert asked(*where, "--language", "zh-CN").startswith("# 周报 2026-W13（03-23 – 03-29）\n\n")


def test_a_path_limits_it(clone):
    """Two of the four pull requests change the lock file."""
    where = ("--git", str(clone.folder), "--week", "2026-W13", "--format", "json")
    facts = json.loads(asked(*where, "--path", "uv.lock"))["facts"]
    assert [pull["ref"]["number"] for pull in facts["pulls"]] == [4, 5]


def test_tags_are_a_range(clone):
    """What lies between two tags, whatever week it was in."""
    clone.run("tag", "v1", "HEAD~4")
    clone.run("tag", "v2", "HEAD~2")
    facts = json.loads(asked("--git", str(clone.folder), "--range", "v1..v2", "--format", "json"))["facts"]
    assert [pull["ref"]["number"] for pull in facts["pulls"]] == [3, 4]
    assert facts["period"]["key"] == "v1..v2"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param((), "Name the repository as OWNER/REPO", id="nothing is named"),
        pytest.param(("engine",), "Name the repository as OWNER/REPO", id="a name without an owner"),
        pytest.param(("--week", "2026-W54", "o/r"), "write a week (2026-W13)", id="a week that is none"),
        pytest.param(("--week", "2026-W13", "--month", "2026-03", "o/r"), "one period", id="two periods"),
        pytest.param(("--until", "2026-03-01", "o/r"), "needs --since", id="only an end"),
        pytest.param(("--since", "March", "o/r"), "write it as 2026-03-01", id="a day in words"),
        pytest.param(
            ("--since", "2026-03-02", "--until", "2026-03-01", "o/r"), "before it begins", id="back"
        ),
        pytest.param(("--git", "/nowhere"), "There is no folder", id="no clone"),
        pytest.param(("--git", ".", "--publish"), "leave out --git", id="publishing a clone"),
        pytest.param(("--git", ".", "o/r"), "not both", id="a clone and a repository"),
        pytest.param(("--git", ".", "--range", "v1"), "v1.0..v1.1", id="half a range"),
        pytest.param(("--organisation", "--path", "a", "o/r"), "one repository", id="a path of many"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(arguments, words):
    """One line for the user, and nothing is made."""
    with pytest.raises(UserError, match=words.replace("(", r"\(").replace(")", r"\)")):
        asked(*arguments)


def test_a_week_without_a_merge_says_so(clone):
    """It names what was looked for, and that commits name no pull request."""
    with pytest.raises(UserError, match="No pull request was merged in 2026-W11"):
        asked("--git", str(clone.folder), "--week", "2026-W11")


async def test_published_twice_it_is_one_issue(github, app_key, tmp_path):
    """Beside a running server: posted, then unchanged, with the report of the merge in it."""
    pull = add_merge(github.state)
    settings = environment(github, app_key.private, tmp_path)
    async with server(github, app_key, tmp_path):
        assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: len(own_comments(github, pull)) == 1)
        day = (pull.merged_at or datetime.now(UTC)).date()
        span = ("--since", str(day - timedelta(days=1)), "--until", str(day + timedelta(days=1)))
        first = await prhub(tmp_path, "digest", REPOSITORY, *span, "--publish", **settings)
        again = await prhub(tmp_path, "digest", REPOSITORY, *span, "--publish", **settings)
    issues = [one for one in the_repository(github.state).issues.values() if not isinstance(one, Pull)]
    assert [(one.labels.value, one.state) for one in issues] == [(("digest",), "open")]
    number = issues[0].number
    assert first.stderr == f"prhub: issue #{number}: posted\n"
    assert again.stderr == f"prhub: issue #{number}: unchanged\n"
    assert pull.title in first.stdout
