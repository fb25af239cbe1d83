"""Case: what is examined, and the guard that every check runs under."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.doctor.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.settings import Settings
    from bot.store import Store

# What one check may take; several run one after the other only where one needs the other's result.
CHECK_SECONDS = 9.0


@dataclass(frozen=True)
class Case:
    """The settings that could be read, and the names of those that could not: what hangs on them is skipped.

    ``store`` is there while the database can be read and its schema is ours. ``clock`` gives epoch seconds.
    """

    settings: Settings
    bad: frozenset[str] = frozenset()
    offline: bool = False
    store: Store | None = None
    clock: Callable[[], float] = field(default=time.time)

    def spoilt(self, *names: str) -> str | None:
        """Name the first of these settings that is wrong, or ``None``."""
        return next((name for name in names if name in self.bad), None)


async def guarded(
    check: str, work: Callable[[], Awaitable[list[Finding]]], seconds: float = CHECK_SECONDS
) -> list[Finding]:
    """Do a check; whatever happens in it ends in a finding."""
    try:
        async with asyncio.timeout(seconds):
            return await work()
    except TimeoutError:
        what = f"no result within {seconds:.0f} s"
        return [Finding(check, Severity.WARNING, what, "Run prhub doctor again; if it stays, look there.")]
    except Exception as fault:  # noqa: BLE001 - a check that fails must not take the others with it
        what = f"the check itself failed ({type(fault).__name__})"
        return [Finding(check, Severity.WARNING, what, "This is a fault of PRHub: please report it.")]


async def together(*works: Awaitable[list[Finding]]) -> list[Finding]:
    """Do checks side by side, and give all their findings."""
    return [finding for found in await asyncio.gather(*works) for finding in found]
