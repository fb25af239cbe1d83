"""``prhub replay``: a stored delivery acts once more; with ``--dry-run`` nothing at all is written (R123)."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.store.tables import deliveries
from sandbox.payloads import pull_request_payload
from sandbox.talk import open_pull
from sandbox.webhooks import deliver
from tests.cli.test_command_line import prhub
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import own_comments, play_over, until

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
async def played(github, app_key, tmp_path):
    """A server that has reported on one merge."""
    async with play_over(github, app_key.private, tmp_path) as play:
        pull = add_merge(play.state)
        await play.merge(pull)
        yield play, pull, {"DATABASE_URL": f"sqlite:///{tmp_path / 'prhub.sqlite'}"}


def rows(file: Path) -> str:
    """Every row of every table but the heartbeats, which a running server writes by itself."""
    connection = sqlite3.connect(file)
    lines = [line for line in connection.iterdump() if '"processes"' not in line and '"marks"' not in line]
    connection.close()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def guids(file: Path) -> list[str]:
    """The stored deliveries, the oldest first."""
    connection = sqlite3.connect(file)
    found = [row[0] for row in connection.execute("SELECT guid FROM deliveries ORDER BY id")]
    connection.close()
    return found


async def test_a_dry_run_tells_and_writes_nothing(played, tmp_path):
    """The same rows, the same bytes on disk, and not one request to GitHub."""
    play, pull, settings = played
    file = tmp_path / "prhub.sqlite"
    (guid,), before, asked = guids(file), rows(file), len(play.github.log.records)
    done = await prhub(tmp_path, "replay", guid.upper(), "--dry-run", **settings)
    assert done.returncode == 0
    for words in (
        "pull_request.closed",
        f"{the_repository(play.state).full_name}#{pull.number}",
        "now       done",
    ):
        assert words in done.stdout
    assert (rows(file), len(play.github.log.records)) == (before, asked)


async def test_a_dry_run_changes_no_byte_of_the_database(played, tmp_path):
    """Also where no server runs and what it wrote last is still in the log beside the database."""
    assert played[0].running
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob("prhub.sqlite*"):
        (copy / file.name).write_bytes(file.read_bytes())
    kept = {file.name: file.read_bytes() for file in copy.iterdir() if not file.name.endswith("-shm")}
    (guid,) = guids(tmp_path / "prhub.sqlite")
    url = f"sqlite:///{copy / 'prhub.sqlite'}"
    assert (await prhub(tmp_path, "replay", guid, "--dry-run", DATABASE_URL=url)).returncode == 0
    assert (await prhub(tmp_path, "jobs", "why", guid, DATABASE_URL=url)).returncode == 0
    assert {name: (copy / name).read_bytes() for name in kept} == kept


async def test_a_replay_does_the_work_once_more_in_the_same_comment(played, tmp_path):
    """The running server acts on it."""
    play, pull, settings = played
    pull.title = "A better title"
    (guid,) = guids(tmp_path / "prhub.sqlite")
    done = await prhub(tmp_path, "replay", guid, **settings)
    assert (done.returncode, "taken up anew" in done.stdout) == (0, True)
    await until(lambda: "A better title" in own_comments(play.github, pull)[0])
    assert len(own_comments(play.github, pull)) == 1


async def test_a_delivery_that_asks_for_nothing_is_told_so(played, tmp_path):
    """An open pull request that was closed without a merge."""
    play, _, settings = played
    repository = the_repository(play.state)
    pull = open_pull(play.state, repository, {"a.py": "x = 1\n"})
    payload = pull_request_payload(play.state, repository, pull, "labeled")
    await deliver(play.state, "pull_request", payload)
    done = await prhub(tmp_path, "replay", guids(tmp_path / "prhub.sqlite")[-1], **settings)
    assert (done.returncode, "nothing" in done.stdout) == (0, True)


async def test_a_purged_body_and_an_unknown_delivery_name_another_way(played, tmp_path):
    """Bodies are kept for 7 days."""
    play, _, settings = played
    (guid,) = guids(tmp_path / "prhub.sqlite")
    async with play.running.services.triggers.store.write() as connection:
        await connection.execute(deliveries.update().values(body=None))
    for name, words in ((guid, "7 days"), ("0b989ba4-242f-11e5-81e1-c7b6966d2516", "no delivery")):
        done = await prhub(tmp_path, "replay", name, **settings)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert words in done.stderr
        assert "prhub report OWNER/REPO#N --publish" in done.stderr
