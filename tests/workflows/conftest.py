"""A running PRHub over the stand-in GitHub, for whole reports."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from sandbox import messages
from sandbox.github import running
from sandbox.limits import LENIENT
from tests.fakes.databases import opened
from tests.fakes.github import engine_state
from tests.fakes.process import Play, play_over
from tests.fakes.sweeping import rig_over


@pytest.fixture
async def play(github, app_key, tmp_path):
    """PRHub beside the repository ``octo-org/engine``."""
    async with play_over(github, app_key.private, tmp_path) as playing:
        yield playing


@pytest.fixture
def playing_with(github, app_key, tmp_path):
    """Start the same with other settings, such as ``PRHUB_REPORT_BOTS="true"``."""

    def start(**changes: str):
        return play_over(github, app_key.private, tmp_path, **changes)

    return start


@pytest.fixture
def beside_model(github, app_key, tmp_path):
    """Start PRHub with a key, beside a stand-in for the model that answers as it is told to."""

    @asynccontextmanager
    async def start(responder=messages.plausible, **changes: str):
        async with messages.running(responder) as server:
            asked = {"ANTHROPIC_API_KEY": "sk-ant-of-a-test", "ANTHROPIC_BASE_URL": server.url}
            async with play_over(github, app_key.private, tmp_path, **(asked | changes)) as play:
                yield play, server

    return start


@pytest.fixture
def postgresql(postgres):
    """The address of an empty PostgreSQL database, as an operator writes it."""
    return postgres.empty().replace("postgresql+psycopg://", "postgresql://", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
async def rig(request, app_key, sqlite_files):
    """The sweeps over a stand-in without limits, on SQLite, and on PostgreSQL unless it cannot be had."""
    databases = sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")
    store = opened(databases.migrated())
    async with (
        running(engine_state(app_key.public), limits=LENIENT) as github,
        rig_over(github, app_key, store) as rig,
    ):
        yield rig
    await store.close()


@pytest.fixture
async def known(rig):
    """The rig, after PRHub was installed."""
    await rig.keeper().reconcile()
    rig.github.log.clear()
    return rig


@pytest.fixture
async def scanned(known):
    """The rig, after everything was scanned for the first time."""
    await known.scan_all()
    known.github.log.clear()
    return known


__all__ = ["Play"]
