"""A desk on each database."""

from __future__ import annotations

import pytest

from tests.fakes.databases import opened
from tests.fakes.desk import desk_over
from tests.fakes.issue_desk import issue_desk_over


@pytest.fixture
async def desk(github, app_key, sqlite_files):
    """A desk on SQLite."""
    store = opened(sqlite_files.migrated())
    async with desk_over(github, app_key, store) as opening:
        yield opening
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def either_desk(request, github, app_key, sqlite_files):
    """A desk on SQLite, and one on PostgreSQL."""
    databases = sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")
    store = opened(databases.migrated())
    async with desk_over(github, app_key, store) as opening:
        yield opening
    await store.close()


@pytest.fixture
async def issues(github, app_key, sqlite_files):
    """A desk for digests on SQLite."""
    store = opened(sqlite_files.migrated())
    async with issue_desk_over(github, app_key, store) as opening:
        yield opening
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def either_issues(request, github, app_key, sqlite_files):
    """A desk for digests on SQLite, and one on PostgreSQL."""
    databases = sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")
    store = opened(databases.migrated())
    async with issue_desk_over(github, app_key, store) as opening:
        yield opening
    await store.close()
