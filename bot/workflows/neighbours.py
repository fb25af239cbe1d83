"""Neighbours: a process that ran on this machine and is gone is known to be dead at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")


class Placed(Protocol):
    """What tells where a process is to be seen: a place, as ``here`` names it, and its id there."""

    @property
    def place(self) -> str:
        """What its id is unique in."""

    @property
    def pid(self) -> int:
        """Its id there."""


def here() -> str:
    """Name what process ids are unique in: one boot of one machine, or a container there. May be empty."""
    try:
        boot = _BOOT.read_text("ascii").strip()
        return f"{boot[:18]} {_NAMESPACE.readlink().name}"[:64]
    except (OSError, ValueError):
        return ""


def is_gone(process: Placed, place: str) -> bool:
    """Tell whether a process is surely dead; False may also mean that it cannot be seen from ``place``."""
    if not place or process.place != place or process.pid <= 0:
        return False
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
