"""The durable engine: launched in the server's loop, on the store's database."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from bot.workflows import report  # noqa: F401 - registers the workflows before the launch
from bot.workflows.queue import FLOW_VERSION, QUEUE
from bot.workflows.services import Services, provide

# One process for now: whoever starts next on this database takes up what the last one left.
EXECUTOR = "prhub"
POLL_SECONDS = 0.25
SHUTDOWN_SECONDS = 15


async def launch(services: Services) -> None:
    """Start the engine on the running loop; pending work of a killed process goes on at once."""
    settings = services.settings
    provide(services)
    config: DBOSConfig = {
        "name": "prhub",
        "system_database_url": settings.sync_database_url,
        "application_version": FLOW_VERSION,
        "executor_id": EXECUTOR,
        # The default serializer is pickle: who can write the database could run code.
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    if settings.uses_sqlite:
        config["system_database_engine"] = sqlite_engine(settings.sync_database_url)
    DBOS(config=config)
    DBOS.launch()
    await DBOS.register_queue_async(
        QUEUE,
        worker_concurrency=settings.concurrency,
        # One place is always left to the other installations.
        partition_worker_concurrency=max(settings.concurrency - 1, 1),
        polling_interval_sec=POLL_SECONDS,
    )


async def shut_down() -> None:
    """Stop taking work, let running steps end for up to 15 s; what is left goes on at the next start."""
    running = await DBOS.list_workflows_async(
        status="PENDING", executor_id=EXECUTOR, limit=1, load_input=False, load_output=False
    )
    # The engine waits a whole second even if there is nothing to wait for.
    patience = SHUTDOWN_SECONDS if running else 0
    await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=patience)
    # The engine made its own pool the loop's, and has closed it: what still runs here needs another.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
    provide(None)


def sqlite_engine(url: str) -> sa.Engine:
    """Open SQLite for the engine in WAL mode: 400 to 550 enqueues a second against 80 without it.

    ``synchronous=NORMAL`` is enough here: engine and store share one write-ahead log, so a commit of
    the store that reached the disk has taken every earlier one of the engine with it.
    """
    engine = sa.create_engine(url, connect_args={"timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine
