"""What a backfill will come to, before it starts: by the repository's reports so far, or by experience."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Usage
from bot.model.backfills import PullState
from bot.model.prices import BATCH
from bot.store.usage import Usages
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.model import Cost
    from bot.store.backfill_rows import Run

# Of fewer pull requests nothing can be said; this is what those of a busy Python project came to.
_ENOUGH = 5
_TYPICAL = Usage(calls=2, tokens_in=16_000, tokens_out=4_000)


@dataclass(frozen=True)
class Estimate:
    """How many merges are to be made into reports, and what they may come to; ``cost`` where prices are set.

    ``known`` says that it is by what this repository's reports came to so far.
    """

    merges: int
    usage: Usage
    cost: Cost | None
    known: bool


async def estimate(run: Run, *, now: bool) -> Estimate:
    """Estimate what is left of a run."""
    waiting = await services().backfills.pulls(run.id, (PullState.FOUND, PullState.READ))
    reported: set[int] = set()
    if not run.options.again:
        reported = await services().backfills.reported(run.repository_id)
    merges = sum(one.number not in reported for one in waiting)
    if services().model is None:
        return Estimate(merges, Usage(), None, known=True)
    pulls, by_model = await Usages(services().backfills.store).per_pull(run.repository_id)
    known = pulls >= _ENOUGH
    if not known:
        pulls, by_model = 1, {services().settings.model: _TYPICAL}
    scaled: dict[str, Usage] = {}
    for name, usage in by_model.items():
        charged = name.removesuffix(BATCH) + ("" if now else BATCH)
        scaled[charged] = scaled.get(charged, Usage()) + _times(usage, merges / pulls)
    return Estimate(merges, sum(scaled.values(), Usage()), services().settings.prices.cost(scaled), known)


def _times(usage: Usage, factor: float) -> Usage:
    return Usage(**{name: round(getattr(usage, name) * factor) for name in Usage.model_fields})
