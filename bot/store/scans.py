"""Scans: which repository is looked at next, and what a look at its pull requests found."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Standing, TriggerKind
from bot.store.installed_tables import installations, repositories
from bot.store.parking import take_up
from bot.store.tables import reports, triggers
from bot.store.triggers import NOT_MERGED, TriggerState, insert_triggers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.model import KnownRepository, Trigger
    from bot.store.database import Store

# For how long a merge that GitHub did not show yet is looked for in a list that has not changed.
EARLY_SECONDS = 86400.0
# So many numbers fit into one statement of either database.
_BATCH = 500


@dataclass(frozen=True)
class ScanTarget:
    """A repository to scan: ``until`` is how far its last scan saw (epoch seconds, GitHub's clock)."""

    repository_id: int
    installation_id: int
    full_name: str | None
    first_seen_at: float
    until: float | None
    etag: str | None


@dataclass(frozen=True)
class Scanned:
    """What a scan leaves: how far it saw, the list's tag, and how the repository is called now."""

    until: float
    etag: str | None
    repository: KnownRepository | None = None


@dataclass(frozen=True)
class Scans:
    """The scans of the store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def count(self) -> int:
        """Count the repositories that are scanned."""
        query = sa.select(sa.func.count()).select_from(repositories).where(self._scanned)
        async with self.store.read() as connection:
            return int(await connection.scalar(query) or 0)

    async def bring_forward(self, least_age: float, interval: float) -> None:
        """Make every repository due at a start, unless it was scanned within ``least_age`` seconds."""
        now = self.clock()
        async with self.store.write() as connection:
            await connection.execute(
                repositories.update()
                .where(
                    self._scanned,
                    repositories.c.scan_at > now,
                    repositories.c.scan_at < now + interval - least_age,
                )
                .values(scan_at=now)
            )

    async def take(self, interval: float) -> ScanTarget | None:
        """Take the repository that is due for the longest; no other process gets it before the next round.

        ``None``: none is due.
        """
        now = self.clock()
        due = (
            sa.select(repositories.c.id)
            .where(self._scanned, repositories.c.scan_at <= now)
            .order_by(repositories.c.scan_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        spread = interval * random.uniform(0.9, 1.1)  # noqa: S311 - spreads requests, guards nothing
        async with self.store.write() as connection:
            done = await connection.execute(
                repositories.update()
                .where(repositories.c.id == due.scalar_subquery())
                .values(scan_at=now + spread)
                .returning(*repositories.c)
            )
            row = done.first()
            if row is None:
                return None
            # A list that has not changed may hold what GitHub itself did not show as merged before.
            early = sa.select(triggers.c.id).where(triggers.c.repository_id == row.id, _too_early())
            recent = triggers.c.updated_at > now - EARLY_SECONDS
            anew = await connection.scalar(early.where(recent).limit(1)) is not None
        return _target(row, anew=anew)

    async def unknown(self, repository_id: int, numbers: Sequence[int]) -> set[int]:
        """Give those pull requests that have neither a report nor work towards one.

        Work that ended because GitHub did not show the merge yet does not count (R22).
        """
        known: set[int] = set()
        for start in range(0, len(numbers), _BATCH):
            some = numbers[start : start + _BATCH]
            done = sa.select(reports.c.number).where(
                reports.c.repository_id == repository_id, reports.c.number.in_(some)
            )
            asked = sa.select(triggers.c.number).where(
                triggers.c.repository_id == repository_id,
                triggers.c.number.in_(some),
                triggers.c.kind == TriggerKind.REPORT.value,
                ~_too_early(),
            )
            async with self.store.read() as connection:
                known |= set((await connection.scalars(done.union(asked))).all())
        return set(numbers) - known

    async def finish(self, target: ScanTarget, scanned: Scanned, found: Sequence[Trigger]) -> None:
        """Store what a scan found and how far it came, in one transaction: killed before, it is repeated."""
        now = self.clock()
        values: dict[str, object] = {"scanned_until": scanned.until, "etag": scanned.etag}
        one = scanned.repository
        if one is not None:
            told = {"full_name": one.full_name, "private": one.private, "archived": one.archived}
            values |= {name: value for name, value in told.items() if value is not None}
        async with self.store.write() as connection:
            await insert_triggers(self.store, connection, [(trigger, None) for trigger in found], now)
            keys = [trigger.key for trigger in found]
            await take_up(connection, triggers.c.key.in_(keys) & _too_early(), now)
            await connection.execute(
                repositories.update().where(repositories.c.id == target.repository_id).values(values)
            )

    @property
    def _scanned(self) -> sa.ColumnElement[bool]:
        """Nothing is merged in an archived repository, and nothing may be asked where the app is not."""
        active = Standing.ACTIVE.value
        shut = sa.select(installations.c.id).where(installations.c.standing != active)
        return sa.and_(
            repositories.c.standing == active,
            repositories.c.archived.is_not(sa.true()),
            repositories.c.installation_id.not_in(shut),
        )


def _target(row: Any, *, anew: bool) -> ScanTarget:
    return ScanTarget(
        repository_id=row.id,
        installation_id=row.installation_id,
        full_name=row.full_name,
        first_seen_at=row.first_seen_at,
        until=row.scanned_until,
        etag=None if anew else row.etag,
    )


def _too_early() -> sa.ColumnElement[bool]:
    return sa.and_(
        triggers.c.state == TriggerState.DROPPED.value, sa.func.coalesce(triggers.c.reason, "") == NOT_MERGED
    )
