"""Every test of the store runs on both databases."""

from __future__ import annotations

import pytest

from tests.fakes.databases import opened


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
