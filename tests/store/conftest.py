"""Every test of the store runs on both databases."""

from __future__ import annotations

import pytest

from tests.fakes.databases import SqliteFiles, opened, start_postgres


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory):
    """A folder of SQLite databases."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server, started once a run."""
    try:
        databases = start_postgres()
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"no PostgreSQL can be started here: {error}")
    yield databases
    databases.drop_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request, sqlite_files):
    """SQLite always, PostgreSQL unless it cannot be had."""
    return sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")


@pytest.fixture
def url(databases):
    """The address of a new database with today's schema."""
    return databases.migrated()


@pytest.fixture
async def store(url):
    """A new store."""
    opening = opened(url)
    yield opening
    await opening.close()
