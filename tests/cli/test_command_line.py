"""The command line as a person meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from bot.cli.report import parse_target
from bot.errors import UserError
from sandbox.build import add_user_token
from tests.fakes.forked import fork
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import environment, own_comments


async def prhub(folder, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own in a folder."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    process = await fork("app", *arguments, cwd=folder, env=kept | settings)
    out, error = await process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode or 0, out.decode(), error.decode())


def reading(github, **changes: str) -> dict[str, str]:
    """Settings of a person who reads with a token."""
    token = "user-" + "t0ken" * 6
    add_user_token(github.state, "octo-lead", token)
    return {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": token, **changes}


@pytest.mark.parametrize(
    ("text", "target"),
    [
        pytest.param("a/b#7", ("a/b", 7), id="the short form"),
        pytest.param("https://github.com/a/b.c/pull/7", ("a/b.c", 7), id="the address"),
        pytest.param(
            "https://git.example/a/b/pull/7/files#diff", ("a/b", 7), id="a tab of it, on Enterprise Server"
        ),
    ],
)
def test_a_pull_request_can_be_named(text, target):
    """In two ways."""
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text",
    [None, "", "a/b", "a#1", "a/b#x", "a/b#0", "../../x#1", "a/b#1\n", "https://github.com/a/b/issues/7"],
)
def test_what_is_no_pull_request_is_refused_with_the_way_to_name_one(text):
    """One line that says what to write."""
    with pytest.raises(UserError, match="OWNER/REPO#NUMBER"):
        parse_target(text)


async def test_help_names_the_commands(tmp_path):
    """On the standard output, as one that was asked for."""
    done = await prhub(tmp_path, "--help")
    assert done.returncode == 0
    assert "report" in done.stdout


def test_help_imports_nothing_heavy():
    """It is there at once, which does not depend on the machine."""
    heavy = ("dbos", "aiohttp", "sqlalchemy", "pydantic", "rich", "anthropic")
    code = f"import sys, bot.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        pytest.param(("dance",), {}, "No such command", id="an unknown command"),
        pytest.param(("report",), {}, "OWNER/REPO#NUMBER", id="no pull request named"),
        pytest.param(("report", "a/b#1"), {}, "GITHUB_TOKEN", id="nothing to read GitHub with"),
        pytest.param(("report", "a/b#1", "--format", "pdf"), {}, "--format", id="a format that is none"),
        pytest.param(("report", "--git", "nowhere"), {}, "nowhere", id="a clone that is not there"),
        pytest.param(("report", "--git", "."), {}, "not a git repository", id="a folder that is no clone"),
        pytest.param(("serve",), {"APP_ID": "7"}, "PRIVATE_KEY", id="a server with half of its settings"),
        pytest.param(("serve", "--web-only"), {}, "APP_ID", id="half a server without settings"),
        pytest.param(("serve",), {"PRHUB_LANGAUGE": "en"}, "PRHUB_LANGUAGE", id="a misspelt setting"),
    ],
)
async def test_a_users_mistake_is_one_line_and_exit_code_2(tmp_path, arguments, settings, words):
    """No traceback, and what to do."""
    done = await prhub(tmp_path, *arguments, **settings)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


async def test_a_report_is_printed_and_nothing_is_written(github, tmp_path):
    """Reading needs only a token; in a pipe nothing but the report is printed."""
    pull = add_merge(github.state, title="fix: keep saving")
    done = await prhub(tmp_path, "report", f"{REPOSITORY}#{pull.number}", **reading(github))
    assert (done.returncode, done.stderr) == (0, "")
    assert "keep saving" in done.stdout
    assert not [record for record in github.log.records if record.method not in {"GET", "POST"}]
    assert own_comments(github, pull) == []


async def test_a_report_as_json_fits_the_published_schema(github, tmp_path):
    """What programs read is what ``prhub schema`` promises."""
    pull = add_merge(github.state)
    report = await prhub(
        tmp_path, "report", f"{REPOSITORY}#{pull.number}", "--format", "json", **reading(github)
    )
    schema = await prhub(tmp_path, "schema")
    jsonschema_rs.validate(json.loads(schema.stdout), json.loads(report.stdout))


async def test_the_language_and_the_file_can_be_chosen(github, tmp_path):
    """``--language`` wins over the setting; ``--output`` leaves standard output empty."""
    pull = add_merge(github.state)
    target = f"{REPOSITORY}#{pull.number}"
    done = await prhub(
        tmp_path, "report", target, "--language", "zh-CN", "--output", "r.md", **reading(github)
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "合并" in (tmp_path / "r.md").read_text("utf-8")


async def test_an_unmerged_or_unknown_pull_request_is_explained(github, tmp_path):
    """Both are the user's mistake."""
    done = await prhub(tmp_path, "report", f"{REPOSITORY}#999", **reading(github))
    assert done.returncode == 2
    assert "is not there" in done.stderr


async def test_publishing_twice_by_hand_leaves_one_comment(github, app_key, tmp_path):
    """The command goes through the same publish row as the server."""
    pull = add_merge(github.state)
    settings = environment(github, app_key.private, tmp_path)
    target = f"{REPOSITORY}#{pull.number}"
    first = await prhub(tmp_path, "report", target, "--publish", **settings)
    second = await prhub(tmp_path, "report", target, "--publish", **settings)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert len(own_comments(github, pull)) == 1
    assert the_repository(github.state).pulls[pull.number] is pull


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_the_output_is_one_line(tmp_path):
    """``prhub schema > file`` where nothing fits any more."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", "schema"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"prhub: No space left on device.\n")


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    """``prhub schema | head -1``."""
    with subprocess.Popen(
        [sys.executable, "-m", "app", "schema"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
