"""Waiting at a terminal: what GitHub asks to wait for is waited out, for as long as a person may wait."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar

from bot.errors import Later

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import WorkItem

_T = TypeVar("_T")

# A person is waiting: what is not through after this is left to a later call.
PATIENCE_SECONDS = 600.0


async def patiently(
    stage: Callable[[WorkItem], Awaitable[_T]], item: WorkItem, say: Callable[[str], None]
) -> _T:
    """Run a stage again after each wait it asks for; ``say`` is told. Raises ``Later`` after 10 minutes."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await stage(item)
        except Later as error:
            if time.monotonic() + error.seconds > end:
                raise
            say(f"waiting {error.seconds:.0f} s: {error.reason}")
            await asyncio.sleep(error.seconds)
