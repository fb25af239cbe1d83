"""``prhub doctor`` as an operator types it: what it prints, how it ends, and that it changes nothing."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import sqlite3
from contextlib import closing

import pytest

from bot.doctor import CHECKS
from bot.store import migrate
from tests.cli.test_command_line import prhub
from tests.fakes.process import environment
from tests.fakes.serving import server


async def test_an_empty_folder_points_at_the_set_up(tmp_path):
    """And leaves it empty."""
    done = await prhub(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert "PRHub is not set up here" in done.stdout
    assert done.stdout.endswith("1 error.\n")
    assert list(tmp_path.iterdir()) == []


async def test_every_mistake_is_told_at_once(tmp_path):
    """Each with its name; a value is never shown, for a secret may stand in the wrong place."""
    value = secrets.token_hex(16)
    (tmp_path / ".env").write_text(f"PRHUB_LANGAUGE={value}\nPORT={value}\nWEBHOOK_SECRETS={value}\n")
    done = await prhub(tmp_path, "doctor", "--offline", "--json", APP_ID=value, PRHUB_MAX_LABELS="99")
    told = {one["about"]: one for one in json.loads(done.stdout)["findings"] if one["check"] == "settings"}
    assert told.keys() == {"PRHUB_LANGAUGE", "PORT", "APP_ID", "PRHUB_MAX_LABELS", "WEBHOOK_SECRETS"}
    assert "PRHUB_LANGUAGE" in told["PRHUB_LANGAUGE"]["advice"]
    assert "WEBHOOK_SECRET " in told["WEBHOOK_SECRETS"]["advice"]
    assert value not in done.stdout + done.stderr
    assert done.returncode == 1


async def test_what_hangs_on_a_wrong_setting_is_not_checked(tmp_path):
    """No other database is looked at in place of one that was misspelt."""
    done = await prhub(tmp_path, "doctor", "--offline", "--json", DATABASE_URL="mysql://nowhere/x")
    shown = json.loads(done.stdout)["findings"]
    (database,) = [one for one in shown if one["check"] == "database"]
    assert database["what"] == "not checked: DATABASE_URL is wrong"


async def test_the_json_is_what_the_document_says(tmp_path):
    """Every check has a finding, in their order."""
    done = await prhub(tmp_path, "doctor", "--offline", "--json")
    shown = json.loads(done.stdout)
    assert shown.keys() == {"version", "prhub", "worst", "findings"}
    assert (shown["version"], shown["worst"]) == (1, "error")
    assert all(one.keys() == {"check", "severity", "what", "advice", "about"} for one in shown["findings"])
    assert list(dict.fromkeys(one["check"] for one in shown["findings"])) == list(CHECKS)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param((), 0, id="a warning is no error"),
        pytest.param(("--strict",), 1, id="but with --strict"),
    ],
)
async def test_the_exit_code_is_that_of_errors(app_key, github, tmp_path, options, code):
    """Without a server on it, a database that was set up is worth a warning."""
    settings = environment(github, app_key.private, tmp_path)
    await asyncio.to_thread(migrate, settings["DATABASE_URL"])
    done = await prhub(tmp_path, "doctor", "--offline", *options, **settings)
    assert "no server runs on this database" in done.stdout
    assert done.returncode == code


async def test_nothing_is_changed_beside_a_running_server(app_key, github, tmp_path):
    """Neither in the database, nor on GitHub; and no key is shown."""
    settings = environment(github, app_key.private, tmp_path)
    async with server(github, app_key, tmp_path):
        before = rows(tmp_path / "prhub.sqlite")
        github.log.clear()
        done = await prhub(tmp_path, "doctor", **settings)
        assert rows(tmp_path / "prhub.sqlite") == before
    assert done.returncode == 0, done.stdout
    writes = [one.line for one in github.log.records if one.method != "GET"]
    assert sorted(writes) == ["POST /app/installations/{installation_id}/access_tokens", "POST /graphql"]
    assert not any(word in done.stdout for word in ("BEGIN", settings["WEBHOOK_SECRET"], "ghs_"))


async def test_a_file_without_a_server_is_left_as_it_is(tmp_path):
    """Byte for byte, and nothing new stands beside it."""
    file = tmp_path / "prhub.sqlite"
    await asyncio.to_thread(migrate, f"sqlite:///{file}")
    before = hashlib.sha256(file.read_bytes()).hexdigest(), sorted(one.name for one in tmp_path.iterdir())
    await prhub(tmp_path, "doctor", "--offline", DATABASE_URL=f"sqlite:///{file}")
    assert (
        hashlib.sha256(file.read_bytes()).hexdigest(),
        sorted(one.name for one in tmp_path.iterdir()),
    ) == before


async def test_a_locked_database_is_named(tmp_path):
    """Within seconds."""
    file = tmp_path / "prhub.sqlite"
    await asyncio.to_thread(migrate, f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("DELETE FROM marks")
        done = await prhub(tmp_path, "doctor", "--offline", DATABASE_URL=f"sqlite:///{file}")
    assert "the database is locked by another process" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(
            b"this is no database, but long enough to be looked at " * 40, "not a database", id="another file"
        ),
        pytest.param(b"", "not PRHub's yet", id="an empty file"),
    ],
)
async def test_a_file_that_is_no_database_is_named(tmp_path, content, word):
    """And left as it is."""
    file = tmp_path / "prhub.sqlite"
    file.write_bytes(content)
    done = await prhub(tmp_path, "doctor", "--offline", DATABASE_URL=f"sqlite:///{file}")
    assert word in done.stdout
    assert file.read_bytes() == content


async def test_postgresql_is_looked_at_too(postgres, tmp_path):
    """What is there, and what is not."""
    url = postgres.migrated().replace("postgresql+psycopg://", "postgresql://", 1)
    done = await prhub(tmp_path, "doctor", "--offline", DATABASE_URL=url)
    assert "PostgreSQL" in done.stdout
    assert "none pending" in done.stdout
    gone = await prhub(
        tmp_path, "doctor", "--offline", DATABASE_URL="postgresql://prhub:s3cr3t-word@127.0.0.1:9/x"
    )
    assert "it cannot be used" in gone.stdout
    assert "s3cr3t-word" not in gone.stdout


def rows(file) -> dict[str, int]:
    """How many rows each table has, but for those that a server writes by the clock."""
    with closing(sqlite3.connect(file)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if name not in {"processes", "marks"}
        }
