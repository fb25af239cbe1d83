"""Several servers on one PostgreSQL: they share the work, and one that dies loses nothing."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
import sqlalchemy as sa

from bot.store.processes import Mode
from bot.workflows.heartbeat import Pulse
from tests.fakes.crew import Crews
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, send_merge, until

# Nobody's silence is long enough to be taken for dead in these tests.
PATIENT = Pulse(beat=0.2, silence=60.0)
HASTY = Pulse(beat=0.1, silence=1.0)


@pytest.fixture
def crews(github, app_key, tmp_path, postgresql):
    """Servers on one new PostgreSQL database."""
    settings = {"DATABASE_URL": postgresql, "PRHUB_POSTING_QUARANTINE": "0.5", "PRHUB_REFRESH_DELAY": "300"}
    return Crews(github, app_key, tmp_path, settings)


def merges(github, count):
    """Merged pull requests that differ."""
    return [add_merge(github.state, {f"engine/part_{n}.py": f"x = {n}\n"}) for n in range(count)]


def posted(github, pulls):
    """How many comments of ours each has."""
    return [len(own_comments(github, pull)) for pull in pulls]


async def column(crews: Crews, query: str) -> list[str]:
    """What the database says, sorted."""
    url = crews.settings["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")

    def read() -> list[str]:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return sorted(connection.scalars(sa.text(query)))

    return await asyncio.to_thread(read)


async def processes(crews: Crews) -> list[str]:
    """The processes that have a row."""
    return await column(crews, "SELECT id FROM processes")


async def all_done(crews: Crews) -> None:
    """Wait until every trigger is done but later looks."""
    for _ in range(250):
        if set(await column(crews, "SELECT state FROM triggers WHERE kind <> 'tidy'")) == {"done"}:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("work is left")


async def test_work_of_a_process_killed_for_good_goes_on_elsewhere(github, crews):
    """Nobody starts it again; what it had in hand is taken up by the other, once."""
    github.faults.add("delay_before", path="/graphql", times=3, seconds=20.0)
    pulls = merges(github, 6)
    async with crews.member(pulse=PATIENT) as first:
        for pull in pulls:
            assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: github.faults.active[0].fired == 3)
        async with crews.member(pulse=PATIENT):
            await first.kill()
            await until(lambda: all(posted(github, pulls)), 15)
            await asyncio.sleep(1.0)
            assert len(await processes(crews)) == 1
    assert posted(github, pulls) == [1] * 6
    assert await processes(crews) == []


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        pytest.param("delay_after", 1.0, id="its post was done when it was paused"),
        pytest.param("delay_before", 5.0, id="its post comes after the other's, and is deleted"),
    ],
)
async def test_a_process_that_stood_still_leaves_no_second_comment(github, crews, kind, seconds):
    """Paused in the middle of a post, given up, and back when another has finished (R26)."""
    fault = github.faults.add(kind, path="/comments$", methods=("POST",), times=1, seconds=seconds)
    (pull,) = merges(github, 1)
    async with crews.member(pulse=HASTY) as paused:
        assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: fault.fired == 1)
        paused.pause()
        landed = time.monotonic() + seconds + 0.2
        async with crews.member(pulse=HASTY):
            await all_done(crews)
            await asyncio.sleep(max(landed - time.monotonic(), 0.0))
            paused.resume()
            await asyncio.sleep(1.0)
            assert len(await processes(crews)) == 2
    assert posted(github, [pull]) == [1]


async def test_one_takes_deliveries_and_another_works(github, crews):
    """A delivery is picked up within 2 s of being stored; each mode has the routes of its duties."""
    (pull,) = merges(github, 1)
    async with crews.member(Mode.WEB) as web, crews.member(Mode.WORKER) as worker:
        assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: bool(own_comments(github, pull)), 6)
        async with aiohttp.ClientSession() as session:
            for member in (web, worker):
                for path in ("/healthz", "/readyz", "/metrics"):
                    assert (await session.get(member.address + path)).status == 200
            route = "/api/github/webhooks"
            assert (await session.post(worker.address + route)).status == 404
            assert (await session.post(web.address + route)).status == 415
            text = await (await session.get(web.address + "/metrics")).text()
        assert 'prhub_processes{mode="worker"} 1.0' in text
    assert posted(github, [pull]) == [1]


async def test_what_a_web_process_took_waits_for_a_worker(github, crews):
    """Alone it acknowledges and does nothing; a worker that comes later does everything."""
    pulls = merges(github, 3)
    async with crews.member(Mode.WEB) as web:
        for pull in pulls:
            assert await send_merge(github, REPOSITORY, pull) == 202
        await web.kill()
    assert github.log.records == []
    async with crews.member(Mode.WORKER):
        await until(lambda: all(posted(github, pulls)))
    assert posted(github, pulls) == [1, 1, 1]
