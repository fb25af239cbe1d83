"""All that the store knows of where the app is installed, and of the sweeps, as one value."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store.installations import Installations
from bot.store.parking import Parking
from bot.store.repositories import Repositories
from bot.store.scans import Scans
from bot.store.sweeps import Sweeps
from bot.store.tenants import Tenants

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.database import Store


@dataclass(frozen=True)
class Installed:
    """The parts; all share one clock, which gives epoch seconds."""

    installations: Installations
    repositories: Repositories
    parking: Parking
    scans: Scans
    sweeps: Sweeps
    tenants: Tenants
    clock: Callable[[], float]


def installed(store: Store, app_id: int, clock: Callable[[], float] = time.time) -> Installed:
    """Give the parts over a store."""
    return Installed(
        installations=Installations(store, clock),
        repositories=Repositories(store, clock),
        parking=Parking(store, clock),
        scans=Scans(store, clock),
        sweeps=Sweeps(store, app_id, clock),
        tenants=Tenants(store, clock),
        clock=clock,
    )
