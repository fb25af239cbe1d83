"""A session of a backfill: a run is begun or taken up again, held against others, and worked on."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from bot.errors import Later, ModelParked, PRHubError, UserError
from bot.model.backfills import PullState, RunState
from bot.store.backfill_rows import Holder, Run
from bot.workflows.neighbours import here, is_gone
from bot.workflows.services import services
from bot.workflows.working import STORE_AWAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model.backfills import BackfillOptions
    from bot.store.backfill_rows import Held
    from bot.workflows.backfill import Backfill
    from bot.workflows.digest_places import DigestPlace

log = structlog.get_logger("prhub.backfill")

_SLICE_SECONDS = 20.0
_LEAST_SECONDS = 1.0
_STORE_SECONDS = 5.0
# So often is said that a run is worked on, before silence would mean that nobody does.
_BEATS = 6
_COUNT_SECONDS = 0.5
_THROUGH = frozenset(PullState) - {PullState.FOUND, PullState.READ}


class TakenOver(PRHubError):
    """Another process works on the run now: this one was silent for too long."""


async def run_for(place: DigestPlace, options: BackfillOptions, *, offered: bool = False) -> tuple[Run, bool]:
    """Give the run with these options that has not ended, or a new one; tell whether it was there."""
    store = services().backfills
    for run in await store.open_runs(place.repository_id, offered=offered):
        if run.options == options:
            # It may have been renamed, or transferred, since the run was stopped.
            moved = replace(run, repository=place.full_name, installation_id=place.installation_id)
            return moved, True
    new = Run(
        id="",
        repository_id=place.repository_id,
        installation_id=place.installation_id,
        repository=place.full_name,
        options=options,
        offered=offered,
        state=RunState.OPEN,
        listed=False,
    )
    return await store.begin(new), False


@dataclass
class Session:
    """Holds a run, until ``release``. ``on_count`` is told how many of its merges are through."""

    run: Run
    on_count: Callable[[int], None] = lambda _: None
    me: Holder = field(default_factory=lambda: Holder(uuid4().hex, here(), os.getpid()))
    _keeping: asyncio.Task[None] | None = field(default=None, init=False)
    _lost: PRHubError | None = field(default=None, init=False)
    _counted_at: float = field(default=0.0, init=False)

    async def hold(self) -> None:
        """Take the run. Raises ``UserError`` while somebody else works on the repository's merges."""
        other = await self._hold()
        if other is not None and is_gone(other.holder, here()):
            await services().backfills.release(other.holder.id)
            other = await self._hold()
        if other is not None:
            raise UserError(
                f"Another backfill of {self.run.repository} is running (process {other.holder.pid}):"
                f" wait for it, or stop it; one that died elsewhere is forgotten in {other.seconds:.0f} s."
            )
        self._keeping = asyncio.create_task(self._keep())

    async def beat(self) -> None:
        """Count. Raises ``TakenOver`` if somebody else has the run, ``UserError`` if it was forgotten."""
        if self._lost is not None:
            raise self._lost
        now = time.monotonic()
        if now - self._counted_at > _COUNT_SECONDS:
            self._counted_at = now
            self.on_count(len(await services().backfills.pulls(self.run.id, _THROUGH)))

    async def work(self, backfill: Backfill) -> None:
        """Work until all is done, waiting for batches, limits and outages.

        Raises ``ModelParked`` and the like where a person must act first.
        """
        while (wait := await _advanced(backfill)) is not None:
            end = time.monotonic() + wait
            while (left := end - time.monotonic()) > 0:
                await asyncio.sleep(min(left, _SLICE_SECONDS))
                await self.beat()

    async def release(self) -> None:
        """Let others work on it."""
        await self.fall_silent()
        await services().backfills.release(self.me.id)

    async def fall_silent(self) -> None:
        """Say no more that the run is worked on; until its time is over it counts as held."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self) -> None:
        """Go on holding the run, however long one request takes, until it is lost."""
        while self._lost is None:
            await asyncio.sleep(services().backfills.silence / _BEATS)
            try:
                if await self._hold() is not None:
                    text = f"Another process has taken over the backfill of {self.run.repository}."
                    self._lost = TakenOver(text)
            except UserError as error:
                self._lost = error
            except Exception as error:  # noqa: BLE001 - it is still held for some beats
                log.warning("a run could not be held", run=self.run.id, error=type(error).__name__)

    async def _hold(self) -> Held | None:
        return await services().backfills.hold(self.run.repository_id, self.run.id, self.me)


async def _advanced(backfill: Backfill) -> float | None:
    try:
        return await backfill.advance()
    except ModelParked:
        raise
    except Later as error:
        backfill.say(f"waiting {error.seconds:.0f} s: {error.reason}")
        return max(error.seconds, _LEAST_SECONDS)
    except STORE_AWAY as error:
        backfill.say(f"waiting for the database: {type(error).__name__}")
        return _STORE_SECONDS
