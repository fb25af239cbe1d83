"""What a running PRHub tells a repository about its broken file: its issues, and the time that passes."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.marker import is_config_of
from bot.store.tables import triggers
from tests.fakes.configured import configure
from tests.fakes.github import add_merge, the_repository

if TYPE_CHECKING:
    from tests.fakes.process import Play

BROKEN = "labels:\n  max: many\n"
WORSE = "labels:\n  max: many\npublish: loudly\n"
GOOD = "labels:\n  max: 2\n"
SECONDS = 10.0


def issues_of(play: Play) -> list[Any]:
    """The issues about the repository's file, by number; each has a text."""
    repository = the_repository(play.state)
    app_id = play.state.app.id
    found = repository.issues.values()
    return [one for one in found if one.app_id == app_id and is_config_of(one.body or "", repository.id)]


async def push(play: Play, text: str) -> None:
    """Push the file, merge something, and wait until the repository was told."""
    configure(play, text)
    await work(play)


async def work(play: Play) -> None:
    """Merge something, and wait until nothing is left but what waits for an hour."""
    number = len(the_repository(play.state).pulls)
    await play.merge(add_merge(play.state, {f"engine/part_{number}.py": f"x = {number}\n"}))
    await informed(play)


async def informed(play: Play) -> None:
    """Wait until all notices have ended, or have been put off for long."""
    end = time.monotonic() + SECONDS
    while await _is_busy(play):
        assert time.monotonic() < end, "a notice did not come to its end"
        await asyncio.sleep(0.05)


async def _is_busy(play: Play) -> bool:
    query = sa.select(triggers.c.key).where(
        triggers.c.kind == "config", triggers.c.state.in_(["new", "started"])
    )
    async with play.running.services.triggers.store.read() as connection:
        keys = (await connection.scalars(query)).all()
        delayed = sa.text("SELECT workflow_uuid FROM workflow_status WHERE status = 'DELAYED'")
        waiting = set((await connection.scalars(delayed)).all()) if keys else set()
    return any(not any(one.startswith(key) for one in waiting) for key in keys)


async def an_hour_later(play: Play) -> None:
    """Let the hour between two changes be over."""
    rows = play.running.services.config_issues
    row = await rows.get(the_repository(play.state).id)
    assert row is not None
    if row.told_at is not None:
        await rows.change(row, told_at=row.told_at - 3600)


async def ends(play: Play) -> list[tuple[str, str | None]]:
    """How notices ended, in order."""
    query = sa.select(triggers.c.state, triggers.c.reason).where(triggers.c.kind == "config")
    async with play.running.services.triggers.store.read() as connection:
        return [(row.state, row.reason) for row in (await connection.execute(query.order_by("created_at")))]
