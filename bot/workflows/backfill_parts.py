"""The parts of a backfill put together: for the command line, and for the server's own runs."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.llm.batches import BatchClient
from bot.model.backfills import SpendCaps
from bot.workflows.backfill import Backfill
from bot.workflows.backfill_meter import Meter
from bot.workflows.backfill_post import Post
from bot.workflows.services import services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.backfill_rows import Run

_NO_CAPS = SpendCaps()


@asynccontextmanager
async def opened(
    run: Run, caps: SpendCaps = _NO_CAPS, *, now: bool = False, give_up: bool = False
) -> AsyncIterator[Backfill]:
    """Give what works on a run; connections are closed with the block.

    ``now`` asks the model directly; ``give_up`` asks anew what is in batches that the server does not know.
    """
    model = services().model
    if model is None:
        yield Backfill(run, caps=caps)
        return
    client = BatchClient(model.settings)
    meter = Meter(services().answers)
    direct = replace(model, kept=meter) if now else None
    try:
        yield Backfill(run, client, Post(run, client, give_up=give_up), caps, direct, meter)
    finally:
        await client.aclose()
        if direct is not None:
            await direct.aclose()
