"""The durable engine: launched in the server's loop, on the store's database."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

# Registers the workflows before the launch.
from bot.workflows import command, config_issue, digest, report  # noqa: F401
from bot.workflows.queue import COMMANDS, DIGESTS, FLOW_VERSION, NOTICES, QUEUE
from bot.workflows.services import Services, provide

log = structlog.get_logger("prhub.engine")

POLL_SECONDS = 0.25
# Digests and notices are few, and in no hurry.
DIGEST_POLL_SECONDS = 0.5
MOST_DIGESTS = 2
IDLE_SECONDS = 10.0
# With a few seconds for everything else, the process is gone 20 s after SIGTERM (R36).
SHUTDOWN_SECONDS = 12
# SQLite's words for a full disk, and for a write that failed: also at a limit on the size of files.
_NO_ROOM = ("database or disk is full", "disk I/O error")


async def launch(services: Services, executor: str) -> None:
    """Start the engine on the running loop, as ``executor``: an id that no other process has."""
    settings = services.settings
    provide(services)
    config: DBOSConfig = {
        "name": "prhub",
        "system_database_url": settings.sync_database_url,
        "application_version": FLOW_VERSION,
        "executor_id": executor,
        # The default serializer is pickle: who can write the database could run code.
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
        # Another process waits no longer for one that stands still in the middle of a transaction.
        "sys_db_idle_transaction_timeout_sec": IDLE_SECONDS,
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
    await DBOS.register_queue_async(
        COMMANDS,
        worker_concurrency=settings.concurrency,
        partition_worker_concurrency=max(settings.concurrency - 1, 1),
        polling_interval_sec=POLL_SECONDS,
    )
    # One at a time in each installation: a large period takes a few hundred megabytes.
    await DBOS.register_queue_async(
        DIGESTS,
        worker_concurrency=min(settings.concurrency, MOST_DIGESTS),
        partition_worker_concurrency=1,
        polling_interval_sec=DIGEST_POLL_SECONDS,
    )
    await DBOS.register_queue_async(
        NOTICES,
        worker_concurrency=1,
        partition_worker_concurrency=1,
        polling_interval_sec=DIGEST_POLL_SECONDS,
    )


async def shut_down(executor: str) -> bool:
    """Stop taking work and let running steps end for up to 12 s; give whether there may be work left."""
    try:
        running = bool(
            await DBOS.list_workflows_async(
                status="PENDING", executor_id=executor, limit=1, load_input=False, load_output=False
            )
        )
    except Exception:
        log.exception("the engine's database does not answer")
        running = True
    # The engine waits a whole second even if there is nothing to wait for.
    patience = SHUTDOWN_SECONDS if running else 0
    await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=patience)
    # The engine made its own pool the loop's, and has closed it: what still runs here needs another.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
    provide(None)
    return running


def sqlite_engine(url: str) -> sa.Engine:
    """Open SQLite for the engine in WAL mode: 400 to 550 enqueues a second against 80 without it.

    ``synchronous=NORMAL`` is enough here: engine and store share one write-ahead log, so a commit of
    the store that reached the disk has taken every earlier one of the engine with it.
    """
    engine = sa.create_engine(url, connect_args={"timeout": 30})

    sa.event.listen(engine, "handle_error", _wait_for_room)

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _wait_for_room(context: sa.engine.ExceptionContext) -> Exception | None:
    """Let the engine wait for a disk that is full as it waits for a lock.

    It tries again, at most a minute and a half later, when the message says that the database is locked,
    and gives up at any other: the work would then be under way until the next start.
    """
    said = str(context.original_exception)
    if not any(words in said for words in _NO_ROOM):
        return None
    locked = sqlite3.OperationalError(f"database is locked ({said})")
    return sa.exc.OperationalError(context.statement, None, locked)
