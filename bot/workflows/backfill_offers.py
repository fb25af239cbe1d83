"""Backfills that the server makes itself: of a new repository's newest merges, once, after installation."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.deliveries import Policy
from bot.errors import Later, PRHubError, UserError
from bot.model.backfills import BackfillOptions
from bot.store.sweeps import offered_mark
from bot.workflows.backfill_parts import opened
from bot.workflows.backfill_session import Session, run_for
from bot.workflows.digest_places import DigestPlace
from bot.workflows.services import provided

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from bot.store import Installed, StoredRepository
    from bot.store.backfill_rows import Run
    from bot.store.backfills import Backfills

log = structlog.get_logger("prhub.backfill")

# Whoever switches the setting on does not mean the repositories of last year.
NEW_SECONDS = 7 * 86_400.0
# Between two looks of the server at its own runs, and after trouble with one.
LOOK_SECONDS = 30.0
_TROUBLE_SECONDS = 600.0


@dataclass
class Offers:
    """The server's own backfills. They never comment; ``clock`` gives epoch seconds."""

    settings: Settings
    installed: Installed
    backfills: Backfills
    clock: Callable[[], float] = time.time
    _due: dict[str, float] = field(default_factory=dict, init=False)

    @property
    def can_work(self) -> bool:
        """Whether this process works at all: one that only takes deliveries does not."""
        return provided() is not None

    async def run_once(self) -> None:
        """Begin a run for every repository that is new, and go on with those that are under way."""
        for one in await self.installed.repositories.working():
            if await self._is_new(one):
                await self._begin(one)
        for run in await self.backfills.open_runs(offered=True):
            if self._due.get(run.id, 0.0) <= self.clock():
                await self._tried(run)

    async def _is_new(self, one: StoredRepository) -> bool:
        policy = Policy(now=0.0, repositories=self.settings.repositories)
        is_young = one.first_seen_at >= self.clock() - NEW_SECONDS
        if not is_young or one.full_name is None or one.archived or not policy.covers(one.full_name):
            return False
        return await self.installed.sweeps.mark(offered_mark(one.id)) is None

    async def _begin(self, one: StoredRepository) -> None:
        """Store the run, then that there was one for ever: killed between the two, the run is found again."""
        place = DigestPlace(one.installation_id, one.id, one.full_name or "")
        options = BackfillOptions(until=one.first_seen_at, limit=self.settings.backfill_on_install)
        await run_for(place, options, offered=True)
        await self.installed.sweeps.set_mark(offered_mark(one.id), self.clock())
        log.info("a backfill begins", repository=one.full_name, merges=self.settings.backfill_on_install)

    async def _tried(self, run: Run) -> None:
        """Go on with a run; a fault in it must not keep the runs behind it from their turn."""
        try:
            await self._go_on(run)
        except Exception:
            log.exception("a backfill failed", repository=run.repository, run=run.id)
            self._due[run.id] = self.clock() + _TROUBLE_SECONDS

    async def _go_on(self, run: Run) -> None:
        """Do what can be done of a run now; whoever else works on the repository goes first."""
        session = Session(run)
        try:
            await session.hold()
        except UserError:
            self._due[run.id] = self.clock() + LOOK_SECONDS
            return
        try:
            wait = await self._advanced(run, session)
        finally:
            await session.release()
        if wait is None:
            self._due.pop(run.id, None)
            log.info("a backfill is done", repository=run.repository)
        else:
            self._due[run.id] = self.clock() + wait

    async def _advanced(self, run: Run, session: Session) -> float | None:
        try:
            async with opened(run) as backfill:
                backfill.beat = session.beat
                return await backfill.advance()
        except Later as error:
            log.info("a backfill waits", repository=run.repository, reason=error.reason)
            return max(error.seconds, LOOK_SECONDS)
        except PRHubError as error:
            log.warning("a backfill cannot go on now", repository=run.repository, reason=str(error))
            return _TROUBLE_SECONDS
