"""The model's outage: two hours in which it is overloaded, limits, stands still and errs in turn."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox import messages
from sandbox.messages import Reply
from tests.chaos.plan import deaths
from tests.chaos.run import Paid, site
from tests.chaos.verdict import judged

if TYPE_CHECKING:
    from sandbox.messages import Asked
    from tests.chaos.figures import Figures
    from tests.chaos.plan import Plan
    from tests.chaos.run import Site

# In seconds of GitHub's time.
BEFORE, OUTAGE, BACK = 600.0, 7200.0, 1800.0
# How long a report waits for the model, and at most so many questions are asked at once: the defaults.
PATIENCE, MOST = 900.0, 8
# What a report may take beside the model's patience: queues, reading, and the pace of comments.
SLACK = 900.0


@dataclass
class Outage:
    """Answers, but not between two moments of ``time.monotonic``."""

    begins: float = float("inf")
    ends: float = float("inf")
    asked: int = 0

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


@dataclass
class Watch:
    """When each merge was made, got its comment, and was complete, in seconds of real time."""

    here: Site
    merged: dict[int, float] = field(default_factory=dict)
    posted: dict[int, float] = field(default_factory=dict)
    completed: dict[int, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Look every so often."""
        app_id = self.here.world.state.app.id
        while True:
            now = time.monotonic()
            for one in self.here.world.merges:
                self.merged.setdefault(one.pull.id, now)
                bodies = [comment.body for comment in one.comments(app_id)]
                if bodies:
                    self.posted.setdefault(one.pull.id, now)
                if any("claude-" in body for body in bodies):
                    self.completed.setdefault(one.pull.id, now)
            await asyncio.sleep(0.2)

    @property
    def slowest(self) -> float:
        """The longest time from a merge to its comment."""
        return max((at - self.merged[one] for one, at in self.posted.items()), default=0.0)

    def back(self, since: float) -> float:
        """How long after a moment the last report was complete; forever if one is not."""
        if len(self.completed) < len(self.merged):
            return float("inf")
        return max(0.0, max(self.completed.values(), default=0.0) - since)


async def outage(plan: Plan) -> Figures:
    """Merge before, during and after an outage; look at what is posted when."""
    failing = Outage()
    async with site(plan, Paid(failing)) as here:
        watch = Watch(here)
        here.fleet.start(deaths(plan))
        await here.fleet.up()
        failing.begins = time.monotonic() + BEFORE / plan.factor
        failing.ends = failing.begins + OUTAGE / plan.factor
        watching = asyncio.create_task(watch.run())
        await here.world.send_all()
        await asyncio.sleep(max(failing.ends - time.monotonic(), 0.0))
        without, posted = len(watch.merged) - len(watch.completed), len(watch.posted)
        await here.settle()
        await asyncio.sleep(0.5)
        watching.cancel()
        return await _judged(here, watch, failing, f"{without} of {len(watch.merged)} ({posted} posted)")


async def _judged(here: Site, watch: Watch, failing: Outage, state: str) -> Figures:
    factor = here.plan.factor
    slowest, back = watch.slowest * factor, watch.back(failing.ends) * factor
    broken = [
        text
        for is_broken, text in (
            (slowest > PATIENCE + SLACK, f"a comment came after {slowest:.0f} s"),
            (back > BACK, f"reports were complete {back:.0f} s after the outage"),
            (here.model.most > MOST * here.plan.processes, f"{here.model.most} questions at once"),
        )
        if is_broken
    ]
    notes = {
        "questions during the outage": str(failing.asked),
        "without the model when it ended": state,
        "longest from a merge to its comment, GitHub's time": f"{slowest / 60:.0f} min",
        "all complete after the outage, GitHub's time": f"{back / 60:.0f} min",
        "most questions at once": str(here.model.most),
    }
    return await judged(here, notes, tuple(broken))
