"""One server on an SQLite database: the operating system sees to it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.errors import UserError
from bot.store.lock import only_server

HOLD = """
import sys
from bot.store.lock import only_server
with only_server(sys.argv[1]):
    print("on", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder():
    """Start a process that holds the lock on a database."""
    started = []

    def start(url: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_server_is_told_why_and_what_to_do(tmp_path, holder):
    """Both ways out are named, and the process that runs."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    process = holder(url)
    words = rf"process {process.pid}\).*Stop it first.*PostgreSQL"
    with pytest.raises(UserError, match=words), only_server(url):
        pass


def test_the_lock_ends_with_its_process_however_that_ends(tmp_path, holder):
    """After ``kill -9`` the next server starts at once, though the file is still there."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    process = holder(url)
    process.kill()
    process.wait()
    assert (tmp_path / "a.sqlite.lock").exists()
    with only_server(url):
        assert (tmp_path / "a.sqlite.lock").read_text() == f"{os.getpid()}\n"


def test_another_name_for_the_same_file_is_the_same_database(tmp_path, holder):
    """A link leads to the same lock."""
    (tmp_path / "a.sqlite").touch()
    (tmp_path / "b.sqlite").symlink_to(tmp_path / "a.sqlite")
    holder(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with pytest.raises(UserError), only_server(f"sqlite:///{tmp_path / 'b.sqlite'}?timeout=5"):
        pass


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite:///{folder}/other.sqlite", id="another database in the same folder"),
        pytest.param("postgresql+psycopg://localhost/a", id="PostgreSQL, where many may run"),
    ],
)
def test_others_are_not_in_the_way(tmp_path, holder, url):
    """The lock is about one SQLite file."""
    holder(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with only_server(url.format(folder=tmp_path)):
        pass


def test_a_folder_that_is_not_there_is_the_users_mistake(tmp_path):
    """One line, not a traceback."""
    with pytest.raises(UserError, match="DATABASE_URL"), only_server(f"sqlite:///{tmp_path}/no/a.sqlite"):
        pass
