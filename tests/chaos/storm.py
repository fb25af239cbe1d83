"""The storm: what people do to repositories and installations while the servers die."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox.build import rename, suspend
from sandbox.payloads import installation_payload

if TYPE_CHECKING:
    from tests.chaos.world import World


async def rage(world: World) -> None:
    """Rename, suspend, archive, at moments the seed decides, and undo what can be undone."""
    draw = world.plan.draw("storm")
    whole = world.plan.merges / world.plan.rate
    await asyncio.gather(
        _renamed(world, draw.uniform(0.2, 0.6) * whole),
        _suspended(world, draw.uniform(0.2, 0.5) * whole, whole / 4),
        _archived(world),
    )


async def _renamed(world: World, after: float) -> None:
    await asyncio.sleep(after)
    rename(world.repositories[0], "machine")


async def _suspended(world: World, after: float, seconds: float) -> None:
    await asyncio.sleep(after)
    installation = list(world.state.installations.values())[-2]
    suspend(world.state, installation.id)
    await world.tell("installation", installation_payload(world.state, installation, "suspend"))
    await asyncio.sleep(seconds)
    suspend(world.state, installation.id, suspended=False)
    await world.tell("installation", installation_payload(world.state, installation, "unsuspend"))


async def _archived(world: World) -> None:
    """A repository of its own that is archived before its merges are read."""
