"""What every test can ask for: a running stand-in GitHub, and nothing beyond loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.github import GitHub, running
from sandbox.sample import sample_state
from tests.fakes.databases import SqliteFiles, start_postgres
from tests.fakes.github import AppKey, engine_state, forbid_foreign_connections, make_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def pytest_configure() -> None:
    """Let no test reach another machine."""
    forbid_foreign_connections()


@pytest.fixture(scope="session")
def app_key() -> AppKey:
    """The app's key, made once a run."""
    return make_key()


@pytest.fixture
async def github(app_key: AppKey) -> AsyncIterator[GitHub]:
    """GitHub with one app, one installation and the repository ``octo-org/engine``."""
    async with running(engine_state(app_key.public)) as stand_in:
        yield stand_in


@pytest.fixture
async def sample_github(app_key: AppKey) -> AsyncIterator[GitHub]:
    """GitHub with the sample repository ``octo-harbor/tidepool``."""
    async with running(sample_state(app_key.public)) as stand_in:
        yield stand_in


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
