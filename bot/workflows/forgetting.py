"""A repository is forgotten: its work ends, and what the store and the engine keep of it is deleted."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.errors import UserError
from bot.model import TriggerKind
from bot.store.backfills import Backfills
from bot.store.forgetting import Forgetting
from bot.store.processes import Processes
from bot.workflows.attempts import engine_client
from bot.workflows.belonging import is_on, prefixes_of
from bot.workflows.engine import sqlite_engine
from bot.workflows.heartbeat import PULSE
from bot.workflows.neighbours import here, is_gone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dbos import DBOSClient

    from bot.store import Store

RUNNING = "PENDING"
_BATCH = 500
_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class EngineWork:
    """The engine's work on some repositories; every method blocks."""

    client: DBOSClient
    repository_ids: Sequence[int]

    def found(self) -> dict[str, str]:
        """Give the state of each workflow, by its id."""
        prefixes = prefixes_of(self.repository_ids)
        listed: dict[str, str] = {}
        for start in range(0, len(prefixes), 50):
            some = self.client.list_workflows(
                workflow_id_prefix=prefixes[start : start + 50], load_input=False, load_output=False
            )
            listed |= {one.workflow_id: one.status for one in some}
        commands = self.client.list_workflows(name=TriggerKind.COMMAND.value, load_output=False)
        listed |= {one.workflow_id: one.status for one in commands if is_on(one, self.repository_ids)}
        return listed

    def delete(self, *, running: bool) -> int:
        """Delete the workflows, those too that run if ``running``; give how many are left."""
        found = self.found()
        doomed = [one for one, state in found.items() if running or state != RUNNING]
        for start in range(0, len(doomed), _BATCH):
            self.client.delete_workflows(doomed[start : start + _BATCH])
        return len(found) - len(doomed)


async def forget(store: Store, sync_url: str, ids: Sequence[int], wait: float) -> dict[str, int]:
    """Delete all that is kept of repositories, beside a running server too; give how much it was, by name.

    Work under way has ``wait`` seconds to end in. Raises ``UserError`` if some has not: then work that
    waited is dropped, and all else is there; and if a backfill is under way.
    """
    forgetting = Forgetting(store)
    await _require_no_backfill(store, ids)
    await forgetting.end_work(ids)
    with engine_work(sync_url, ids) as work:
        workflows = 0
        if work is not None:
            workflows = len(await asyncio.to_thread(work.found))
            await _wait(store, work, wait)
            await asyncio.to_thread(work.delete, running=True)
        counts = await forgetting.forget(ids)
    await forgetting.tidy_file(alone=not await _served(store))
    return {**counts, "the engine's work": workflows}


async def _require_no_backfill(store: Store, ids: Sequence[int]) -> None:
    """Let go of the runs of dead processes. Raises ``UserError`` if one may be worked on."""
    for held in await Forgetting(store).backfilling(ids):
        if is_gone(held.holder, here()):
            await Backfills(store).release(held.holder.id)
            continue
        raise UserError(
            f"A backfill of it is under way (process {held.holder.pid}): end that first. If it died"
            f" on another machine or in another container, try again in {ceil(held.seconds)} s. Nothing was"
            " deleted."
        )


async def _wait(store: Store, work: EngineWork, wait: float) -> None:
    """Wait until nothing runs; without a server nothing does, whatever the engine's tables say."""
    end = time.monotonic() + wait
    while await asyncio.to_thread(work.delete, running=False):
        if not await _served(store):
            return
        if time.monotonic() >= end:
            raise UserError(
                f"Work there is still under way after {wait:.0f} s; it ends before its next step. Nothing "
                "that is kept was deleted: try again, with a longer --wait, or stop the server first."
            )
        await asyncio.sleep(_LOOK_SECONDS)


async def _served(store: Store) -> bool:
    """Tell whether a server that works lives on this database."""
    place = here()
    living = [
        one for one in await Processes(store).seen() if one.age <= PULSE.silence and one.process.mode.works
    ]
    return any(not is_gone(one.process, place) for one in living)


@contextmanager
def engine_work(sync_url: str, repository_ids: Sequence[int]) -> Iterator[EngineWork | None]:
    """Open the engine's tables until the end of the block; ``None`` if it was never launched there."""
    engine = _opened(sync_url)
    try:
        with engine_client(engine) as client:
            yield None if client is None else EngineWork(client, repository_ids)
    finally:
        engine.dispose()


def _opened(sync_url: str) -> sa.Engine:
    if not sync_url.startswith("sqlite"):
        return sa.create_engine(sync_url, poolclass=sa.NullPool)
    engine = sqlite_engine(sync_url)

    @sa.event.listens_for(engine, "connect")
    def overwrite(connection: object, _record: object) -> None:
        connection.execute("PRAGMA secure_delete=ON")  # type: ignore[attr-defined]

    return engine
