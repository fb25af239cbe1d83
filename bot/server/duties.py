"""The duties of a process, as ``/readyz`` asks for them: each is tried, and what is wrong is said."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.server.web import Duties
from bot.store.failures import in_words
from bot.workflows.services import provided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.workflows.heartbeat import Heartbeat
    from bot.workflows.services import Services

STORE_SECONDS = 5.0
# However often it is asked, the store is tried no more often.
STORE_EVERY = 1.0
READY = "ready"


class _Tried:
    """A trial write: an empty transaction would succeed on a full disk too."""

    def __init__(self, services: Services) -> None:
        self._sweeps = services.installed.sweeps
        self._at = -STORE_EVERY
        self._trouble: str | None = None

    async def trouble(self) -> str | None:
        if time.monotonic() - self._at >= STORE_EVERY:
            self._trouble = await self._write()
            self._at = time.monotonic()
        return self._trouble

    async def _write(self) -> str | None:
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._sweeps.set_mark(READY, time.time())
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return in_words(error)
        return None


def duties_of(services: Services, heart: Heartbeat, tasks: Sequence[asyncio.Task[None]]) -> Duties:
    """Give what a process must be able to do: to store and to live in each mode, and where it works to work.

    GitHub and the model are no duties: while they are away, deliveries are taken all the same.
    """

    async def work_is_done() -> str | None:
        return "a background task ended: restart the process" if any(task.done() for task in tasks) else None

    async def engine_is_launched() -> str | None:
        return None if provided() is services else "the engine is not launched"

    checks = {"store": _Tried(services).trouble, "work": work_is_done, "heartbeat": heart.trouble}
    if heart.me.mode.works:
        checks["engine"] = engine_is_launched
    return Duties(checks, backlog=services.triggers, ledger=services.ledger)
