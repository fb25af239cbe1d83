"""A store that cannot commit says so to everybody, stores nothing, and works again by itself (R11)."""

from __future__ import annotations

import asyncio
import contextlib
import random
import resource
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import Inbox, Receipt, Store, Triggers, database
from bot.store.tables import deliveries
from tests.fakes.databases import opened
from tests.fakes.inbox import delivery, trigger


async def put_all(inbox: Inbox, first: int, size: int = 1) -> list[Receipt | BaseException]:
    """Ten deliveries at once, with bodies that do not compress."""
    bodies = [b"%d" % number + random.Random(number).randbytes(size) for number in range(first, first + 10)]
    puts = [inbox.put(delivery(), body, trigger(first + number)) for number, body in enumerate(bodies)]
    return await asyncio.gather(*puts, return_exceptions=True)


async def guids(store) -> int:
    """How many deliveries are stored."""
    async with store.read() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(deliveries)) or 0


async def test_a_failing_batch_tells_every_sender_and_stores_nothing(store):
    """One transaction for many deliveries is all or nothing, and none waits for ever."""
    inbox = Inbox(store, 7)
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE triggers RENAME TO away")
    outcomes = await put_all(inbox, 0)
    assert all(isinstance(outcome, SQLAlchemyError) for outcome in outcomes)
    assert await guids(store) == 0
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE away RENAME TO triggers")
    assert await put_all(inbox, 0) == [Receipt.STORED] * 10
    assert len(await Triggers(store).new(99)) == 10


class Stuck(Store):
    """A store whose transactions never begin."""

    @contextlib.asynccontextmanager
    async def write(self):
        await asyncio.Event().wait()
        yield


async def test_a_writer_that_is_cancelled_leaves_nobody_waiting():
    """At shutdown the senders are told, not left hanging."""
    inbox = Inbox(Stuck(create_async_engine("sqlite+aiosqlite://")), 7)
    waiting = [asyncio.ensure_future(inbox.put(delivery(), b"%d" % number, None)) for number in range(3)]
    await asyncio.sleep(0.01)
    assert inbox._writer is not None
    inbox._writer.cancel()
    done, pending = await asyncio.wait(waiting, timeout=5)
    assert pending == set()
    assert all(task.cancelled() for task in done)


@contextlib.asynccontextmanager
async def locked(url: str):
    """Another process holds the store."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if url.startswith("sqlite"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("LOCK TABLE deliveries IN EXCLUSIVE MODE")
        yield
        connection.rollback()
    engine.dispose()


def test_nobody_waits_longer_than_three_seconds_for_a_lock():
    """A webhook's sender gets its 503 in time (R11)."""
    assert database.BUSY_TIMEOUT_MS == 3000
    assert database._BEGIN["postgresql"].startswith("SET LOCAL lock_timeout = 3000;")


async def test_a_locked_store_is_an_error_in_time(url, monkeypatch):
    """Here after 0.3 s; afterwards all is well."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 300)
    monkeypatch.setitem(database._BEGIN, "postgresql", "SET LOCAL lock_timeout = 300")
    store = opened(url)
    inbox = Inbox(store, 7)
    async with locked(url):
        begun = asyncio.get_running_loop().time()
        outcomes = await put_all(inbox, 0)
        assert 0.2 < asyncio.get_running_loop().time() - begun < 2
    assert all(isinstance(outcome, OperationalError) for outcome in outcomes)
    assert await guids(store) == 0
    assert await put_all(inbox, 0) == [Receipt.STORED] * 10
    await store.close()


async def test_a_full_disk_is_an_error_and_passes(sqlite_files):
    """What was acknowledged stays, what was not is not there, and room on the disk is enough to go on."""
    url = sqlite_files.migrated()
    store = opened(url)
    inbox = Inbox(store, 7)
    assert await put_all(inbox, 0) == [Receipt.STORED] * 10
    written = (await asyncio.to_thread(Path(url.removeprefix("sqlite:///") + "-wal").stat)).st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written + 100_000, limits[1]))
    try:
        outcomes = await put_all(inbox, 10, 60_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert all(isinstance(outcome, SQLAlchemyError) for outcome in outcomes)
    assert await guids(store) == 10
    assert await put_all(inbox, 10, 60_000) == [Receipt.STORED] * 10
    async with store.read() as connection:
        assert await connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    await store.close()


async def test_three_hundred_writers_at_once_all_get_through(store):
    """Contention inside one process is no reason for an error."""
    work = Triggers(store)
    await asyncio.gather(*(work.add(trigger(number)) for number in range(300)))
    assert len(await work.new(1000)) == 300
