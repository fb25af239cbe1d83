"""The model's outage: two hours in which it is overloaded, limits, stands still and errs in turn."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from sandbox import messages
from sandbox.messages import Reply
from tests.chaos.plan import deaths
from tests.chaos.run import Paid, site
from tests.chaos.verdict import judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.messages import Asked
    from tests.chaos.figures import Figures
    from tests.chaos.plan import Plan
    from tests.chaos.run import Site
    from tests.chaos.world import Merge

# In seconds of GitHub's time.
BEFORE, OUTAGE, BACK = 600.0, 7200.0, 1800.0
# What a report may take beside the model's patience: queues, reading, and the pace of comments.
SLACK = 600.0


@dataclass
class Outage:
    """Answers, but not between two moments of ``time.monotonic``."""

    begins: float = float("inf")
    ends: float = float("inf")
    asked: int = 0
    number: Iterator[int] | None = None

    def __call__(self, asked: Asked) -> Reply:
        """Answer, or fail in the next of five ways."""
        if not self.begins <= time.monotonic() < self.ends:
            return messages.plausible(asked)
        self.asked += 1
        failures = (
            messages.error(529),
            messages.error(429),
            Reply("", stall="connect", seconds=30.0),
            messages.error(500),
            messages.error(429, headers={"retry-after": "4000000"}),
        )
        return failures[self.asked % len(failures)]


async def outage(plan: Plan) -> Figures:
    """Merge before, during and after an outage; look at what is posted when."""
    failing = Outage()
    async with site(plan, Paid(failing)) as here:
        here.fleet.start(deaths(plan))
        await here.fleet.up()
        begun = time.monotonic()
        failing.begins = begun + BEFORE / plan.factor
        failing.ends = failing.begins + OUTAGE / plan.factor
        watching = asyncio.create_task(_watch(here))
        await here.world.send_all()
        await asyncio.sleep(max(failing.ends - time.monotonic(), 0.0))
        waiting = sum(1 for one in here.world.merges if not _is_complete(here, one))
        posted = sum(1 for one in here.world.merges if one.comments(here.world.state.app.id))
        back = await _until_complete(here)
        await here.settle()
        watching.cancel()
        slowest = max(watching_times(here).values(), default=0.0) * plan.factor
        notes = {
            "questions during the outage": str(failing.asked),
            "without the model when it ended (posted)": f"{waiting} ({posted})",
            "longest from delivery to comment, GitHub's time": f"{slowest / 60:.0f} min",
            "all completed after its end, GitHub's time": f"{back * plan.factor / 60:.0f} min",
            "most questions at once": str(here.model.most),
        }
        return await judged(here, notes, _broken(here, slowest, back * plan.factor))
