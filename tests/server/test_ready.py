"""``/readyz`` tells the truth: 503 for what keeps a process from its duty, and for nothing else."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import pytest
import sqlalchemy as sa

from bot.server.duties import STORE_EVERY, duties_of
from bot.store.processes import Mode
from bot.workflows.services import provide
from sandbox import messages
from sandbox.messages import error
from tests.fakes.disks import fill, small_disk
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, play_over, send_merge, until


async def asked(play, path="/readyz"):
    """A probe's answer: the status, and the troubles by the duty's name."""
    await asyncio.sleep(STORE_EVERY)
    async with aiohttp.ClientSession() as session, session.get(f"{play.running.address}{path}") as answer:
        body = await answer.json()
        return answer.status, body.get("troubles", {})


@asynccontextmanager
async def locked(folder, _play):
    """Another process writes, and does not come to an end."""
    engine = sa.create_engine(f"sqlite:///{folder / 'prhub.sqlite'}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        yield
        connection.rollback()
    engine.dispose()


@asynccontextmanager
async def full(folder, _play):
    """There is not a byte left."""
    filler = fill(folder)
    yield
    filler.unlink()


@asynccontextmanager
async def not_launched(_folder, play):
    """The engine is gone, and the door still open."""
    provide(None)
    yield
    provide(play.running.services)


TROUBLES = {
    "the database is locked": (locked, "store", "locked"),
    "the disk is full": (full, "store", "disk is full"),
    "the engine is not there": (not_launched, "engine", "not launched"),
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_what_keeps_it_from_its_duty_is_said_and_passes(github, app_key, tmp_path, name):
    """The process lives all the while: it is not to be restarted, only left alone."""
    trouble, duty, words = TROUBLES[name]
    with small_disk(tmp_path, 8) as disk:
        async with play_over(github, app_key.private, disk) as play:
            assert await asked(play) == (200, {})
            async with trouble(disk, play):
                status, troubles = await asked(play)
                alive, _ = await asked(play, "/healthz")
            assert (status, alive) == (503, 200)
            assert words in troubles[duty]
            assert await asked(play) == (200, {})


async def test_a_model_or_github_that_is_away_is_no_reason(github, app_key, tmp_path):
    """Deliveries are taken, and the work waits."""
    async with messages.running(lambda _asked: error(529)) as model:
        changes = {"ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": model.url, "PRHUB_MODEL_PATIENCE": "0"}
        async with play_over(github, app_key.private, tmp_path, **changes) as play:
            pull = add_merge(play.state)
            assert await send_merge(github, REPOSITORY, pull) == 202
            await until(lambda: bool(own_comments(github, pull)))
            assert model.asked
            github.faults.add("error", probability=1.0, status=503)
            assert await asked(play) == (200, {})


class Heart:
    """A heartbeat of a mode, with or without trouble."""

    def __init__(self, mode, said=None):
        self.me, self.said = type("Me", (), {"mode": mode}), said

    async def trouble(self):
        """What is wrong with it."""
        return self.said


async def told(play, mode, *, said=None, ended=False):
    """The troubles of a process in a mode."""
    task = asyncio.create_task(asyncio.sleep(0 if ended else 60))
    await asyncio.sleep(0.01)
    duties = duties_of(play.running.services, cast("Any", Heart(mode, said)), [task])
    try:
        return await duties.troubles()
    finally:
        task.cancel()


@pytest.mark.parametrize("mode", list(Mode))
async def test_each_mode_has_its_own_duties(play_of_server, mode):
    """All must store and live; only who works needs the engine."""
    assert await told(play_of_server, mode) == {}
    assert set(await told(play_of_server, mode, ended=True)) == {"work"}
    assert await told(play_of_server, mode, said="no heartbeat for 31 s") == {
        "heartbeat": "no heartbeat for 31 s"
    }
    provide(None)
    try:
        assert set(await told(play_of_server, mode)) == ({"engine"} if mode.works else set())
    finally:
        provide(play_of_server.running.services)


@pytest.fixture
async def play_of_server(github, app_key, tmp_path):
    """A running PRHub."""
    async with play_over(github, app_key.private, tmp_path) as play:
        yield play
