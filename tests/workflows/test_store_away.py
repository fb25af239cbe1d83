"""The store is full, locked or gone for a while: 503 meanwhile, nothing lost, and no restart afterwards."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from functools import partial

import sqlalchemy as sa

from tests.fakes.disks import fill, small_disk
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, send_merge, until
from tests.fakes.serving import server

WORK = sa.text("SELECT count(*) FROM triggers WHERE state <> 'done' AND kind <> 'tidy'")


def merges(github, count):
    """Merged pull requests that differ."""
    return [add_merge(github.state, {f"engine/part_{n}.py": f"x = {n}\n"}) for n in range(count)]


async def sent(github, pulls):
    """The answers to their webhooks."""
    return [await send_merge(github, REPOSITORY, pull) for pull in pulls]


async def all_done(url, seconds=40.0):
    """Wait until the store says that no work is left."""

    def left() -> int:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            found = connection.scalar(WORK)
        engine.dispose()
        return found or 0

    end = time.monotonic() + seconds
    while await asyncio.to_thread(left):
        assert time.monotonic() < end, "work is left"
        await asyncio.sleep(0.2)


def fully_fired(fault) -> bool:
    """Whether all the requests it was meant for are on their way."""
    return bool(fault.times == 0)


async def under_way(github, pulls):
    """Send merges, and wait until half of them are being read and the others are being posted."""
    half = len(pulls) // 2
    for path, some in (("/comments$", pulls[:half]), ("/graphql$", pulls[half:])):
        fault = github.faults.add("delay_after", path=path, times=half, seconds=1.5)
        assert set(await sent(github, some)) == {202}
        await until(partial(fully_fired, fault))


async def test_a_full_disk_is_answered_503_and_work_goes_on_when_there_is_room(github, app_key, tmp_path):
    """Every delivery is refused meanwhile; what was acknowledged before is done, without a restart."""
    before, meanwhile = merges(github, 4), merges(github, 3)
    with small_disk(tmp_path, 6) as disk:
        async with server(github, app_key, disk):
            await under_way(github, before)
            filler = fill(disk)
            refused = await sent(github, meanwhile)
            await asyncio.sleep(1.5)
            refused += await sent(github, meanwhile)
            filler.unlink()
            assert await sent(github, meanwhile) == [202] * 3
            await all_done(f"sqlite:///{disk / 'prhub.sqlite'}")
    assert refused == [503] * 6
    assert [len(own_comments(github, pull)) for pull in (*before, *meanwhile)] == [1] * 7


@asynccontextmanager
async def locked(file):
    """Another process writes, and does not come to an end."""
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        yield
        connection.rollback()
    engine.dispose()


async def test_a_locked_database_is_answered_503_and_work_goes_on_afterwards(github, app_key, tmp_path):
    """For longer than the 3 s that anybody waits for a lock."""
    before, (meanwhile,) = merges(github, 4), merges(github, 1)
    file = tmp_path / "prhub.sqlite"
    async with server(github, app_key, tmp_path):
        await under_way(github, before)
        async with locked(file):
            assert await sent(github, [meanwhile]) == [503]
            await asyncio.sleep(1.0)
        assert await sent(github, [meanwhile]) == [202]
        await all_done(f"sqlite:///{file}")
    assert [len(own_comments(github, pull)) for pull in (*before, meanwhile)] == [1] * 5


@asynccontextmanager
async def gone(url):
    """The database ends every connection and takes none, as when its server is restarted."""
    name = sa.make_url(url).database
    admin = sa.make_url(url).set(drivername="postgresql+psycopg", database="postgres")
    engine = sa.create_engine(admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def run(allowed: bool) -> None:  # noqa: FBT001 - what SQL says
        with engine.connect() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {allowed}')
            if not allowed:
                ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
                connection.exec_driver_sql(ended, (name,))

    await asyncio.to_thread(run, allowed=False)
    try:
        yield
    finally:
        await asyncio.to_thread(run, allowed=True)
        engine.dispose()


async def test_a_postgresql_that_comes_back_finds_everybody_at_work(github, app_key, tmp_path, postgresql):
    """The intake, the drain, the heartbeat and the engine all connect again by themselves."""
    before, meanwhile = merges(github, 4), merges(github, 3)
    async with server(github, app_key, tmp_path, DATABASE_URL=postgresql):
        await under_way(github, before)
        async with gone(postgresql):
            refused = await sent(github, meanwhile)
            await asyncio.sleep(1.5)
        assert await sent(github, meanwhile) == [202] * 3
        await all_done(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    assert refused == [503] * 3
    assert [len(own_comments(github, pull)) for pull in (*before, *meanwhile)] == [1] * 7
