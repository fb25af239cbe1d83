"""The storm: what people do to repositories and installations while the servers die."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox.build import add_commit, add_repository, rename, signature, suspend
from sandbox.payloads import installation_payload

if TYPE_CHECKING:
    from tests.chaos.world import World

# Merges in the repository that is archived.
ARCHIVED = 3


async def rage(world: World) -> None:
    """Rename, suspend and archive, at moments the seed decides, and undo what can be undone."""
    draw = world.plan.draw("storm")
    whole = world.plan.merges / world.plan.rate
    await asyncio.gather(
        _renamed(world, draw.uniform(0.2, 0.6) * whole),
        _suspended(world, draw.uniform(0.2, 0.5) * whole, whole / 4),
        _archived(world, draw.uniform(0.1, 0.5) * whole),
    )


async def _renamed(world: World, after: float) -> None:
    """From then on GitHub answers 301 and 307 to the former name."""
    await asyncio.sleep(after)
    rename(world.repositories[0], "machine")


async def _suspended(world: World, after: float, seconds: float) -> None:
    await asyncio.sleep(after)
    installation = list(world.state.installations.values())[-1]
    suspend(world.state, installation.id)
    await world.tell("installation", installation_payload(world.state, installation, "suspend"))
    await asyncio.sleep(seconds)
    suspend(world.state, installation.id, suspended=False)
    await world.tell("installation", installation_payload(world.state, installation, "unsuspend"))


async def _archived(world: World, after: float) -> None:
    """Reports on what was merged in an archived repository are stored, and not posted."""
    await asyncio.sleep(after)
    installation = next(iter(world.state.installations.values()))
    shelf = add_repository(world.state, f"{installation.account.login}/shelf", installation)
    add_commit(shelf, "main", {"README.md": "# shelf\n"}, "Import", signature(world.state, "octo-dev"))
    shelf.archived = True
    for number in range(ARCHIVED):
        await world.send(world.merge(number, shelf, silent=True))
