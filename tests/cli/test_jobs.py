"""``prhub jobs`` beside a running server, as an operator types it."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.store import migrate
from tests.cli.test_command_line import prhub
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import own_comments, send_merge, until
from tests.fakes.serving import server


def key_of(github, pull) -> str:
    """The key of a merge's job."""
    return f"report:{the_repository(github.state).id}:{pull.number}:{pull.merge_sha}"


async def listed(folder, settings, *options: str) -> list[dict[str, object]]:
    """What ``prhub jobs list`` gives to a program."""
    done = await prhub(folder, "jobs", "list", "--json", *options, **settings)
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


async def test_a_job_is_listed_explained_dropped_and_retried(github, app_key, tmp_path):
    """With DATABASE_URL alone, while a server has the database, and over a kill of that server."""
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'prhub.sqlite'}"}
    github.faults.add("error", path="/graphql", times=1000, status=503)
    pull = add_merge(github.state)
    key = key_of(github, pull)
    async with server(github, app_key, tmp_path) as process:
        assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: github.faults.active[0].fired >= 3)
        (job,) = await listed(tmp_path, settings, "--repo", REPOSITORY, "--state", "started")
        assert (job["key"], job["number"]) == (key, pull.number)
        assert int(str(job["attempts"])) >= 1
        told = await prhub(tmp_path, "jobs", "why", str(job["delivery"]), **settings)
        for words in (key, "pull_request.closed", "attempt 1", "Server Error", "goes on by itself"):
            assert words in told.stdout
        dropped = await prhub(tmp_path, "jobs", "drop", key, **settings)
        assert (dropped.returncode, dropped.stdout) == (0, "1 job dropped.\n")
        process.kill()
        await process.wait()
    github.faults.clear()
    async with server(github, app_key, tmp_path):
        table = await prhub(tmp_path, "jobs", "list", "--state", "dropped", **settings)
        assert "dropped by the operator" in table.stdout
        assert own_comments(github, pull) == []
        await prhub(tmp_path, "jobs", "retry", key, **settings)
        await until(lambda: len(own_comments(github, pull)) == 1)
    assert len(own_comments(github, pull)) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("why", "nothing"), "jobs list", id="a job that is unknown"),
        pytest.param(("retry", "nothing"), "No job has the key nothing", id="retrying what is unknown"),
        pytest.param(("retry",), "--all-dead", id="retrying nothing"),
        pytest.param(
            ("why", "0b989ba4-242f-11e5-81e1-c7b6966d2516"), "no delivery", id="a delivery that is unknown"
        ),
    ],
)
async def test_what_cannot_be_is_one_line_that_says_what_to_do(tmp_path, arguments, words):
    """With exit code 2."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    await asyncio.to_thread(migrate, url)
    done = await prhub(tmp_path, "jobs", *arguments, DATABASE_URL=url)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (2, 1, "")
    assert words in done.stderr


async def test_without_a_database_none_is_made(tmp_path):
    """A wrong folder must not look like a server without work."""
    done = await prhub(tmp_path, "jobs")
    assert done.returncode == 2
    assert "prhub serve" in done.stderr
    assert list(tmp_path.iterdir()) == []


async def test_another_releases_database_is_left_alone(tmp_path):
    """The server migrates, nobody else: it may be the old one that runs."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    await asyncio.to_thread(migrate, url, "0003")
    done = await prhub(tmp_path, "jobs", DATABASE_URL=url)
    assert done.returncode == 2
    assert "schema 0003" in done.stderr


async def test_nothing_open_is_said(tmp_path):
    """An empty table would look like a fault."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    await asyncio.to_thread(migrate, url)
    done = await prhub(tmp_path, "jobs", DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (0, "Nothing is open.\n")
    assert await listed(tmp_path, {"DATABASE_URL": url}) == []
