"""T3: every failpoint in turn, again and again, in a world in which all of them are passed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.failpoint import POINTS
from sandbox import messages
from sandbox.payloads import issue_comment_payload
from sandbox.talk import add_comment
from tests.chaos.figures import tell
from tests.chaos.plan import (
    BACKFILL_POINTS,
    COMMAND_POINTS,
    DIGEST_POINTS,
    TROUBLE_POINTS,
    Plan,
    add_faults,
    deaths,
)
from tests.chaos.run import Paid, Site, site
from tests.chaos.verdict import judged

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.messages import Asked, Reply
    from tests.chaos.figures import Figures

# What merges and remarks on them pass. Labels are created once in a repository: a run of many kills at
# ``before_label_created`` or ``after_label_created`` needs as many of those.
REPORT_POINTS = tuple(
    sorted(POINTS.difference(DIGEST_POINTS, COMMAND_POINTS, BACKFILL_POINTS, TROUBLE_POINTS))
)
# Reports are posted at once without a model that is away, and completed a second later.
_HASTY = (("PRHUB_MODEL_PATIENCE", "0"), ("PRHUB_REFRESH_DELAY", "1"))


# How long the model answers, and then is overloaded, in turns.
TURN_SECONDS = 3.0


def hesitant(asked: Asked) -> Reply:
    """Answer, or be overloaded: reports are posted without the model, and completed."""
    is_away = int(time.monotonic() / TURN_SECONDS) % 2
    return messages.error(529) if is_away else messages.plausible(asked)


async def one_failpoint(plan: Plan, point: str) -> Figures:
    """Let servers die at one point until the plan's kills are used up; merges and remarks keep coming."""
    plan = replace(
        plan,
        name=point,
        points=(point,),
        only_points=True,
        settings=(*_HASTY, *plan.settings, ("PRHUB_SCAN_INTERVAL", str(900 / plan.factor))),
    )
    async with site(plan, Paid(hesitant)) as here:
        add_faults(here.world.github.faults, plan)
        here.fleet.start(deaths(plan))
        await _feed(here)
        here.plan = replace(here.plan, merges=len(here.world.merges))  # no more come
        await here.settle()
        missed = here.plan.kills - Counter(kill.where for kill in here.fleet.kills)[point]
        broken = (f"{point} was not passed {missed} times",) if missed else ()
        return await judged(here, broken=broken)


async def _feed(here: Site) -> None:
    """Send merges, and remarks on them, until the last life has ended."""
    number, sending = 0, []
    while not here.fleet.over:
        made = here.world.merge(number)
        sending.append(asyncio.create_task(here.world.send(made)))
        if number % 3 == 2:
            earlier = here.world.merges[number - 2]
            comment = add_comment(here.world.state, earlier.pull, "octo-dev", f"Remark {number}: why not?")
            payload = issue_comment_payload(
                here.world.state, earlier.repository, earlier.pull.number, comment
            )
            sending.append(asyncio.create_task(here.world.tell("issue_comment", payload)))
        number += 1
        await asyncio.sleep(1 / here.plan.rate)
    await asyncio.gather(*sending)


async def each_failpoint(plan: Plan) -> Figures:
    """Do this for each of the plan's points; the figures are sums."""
    return await each_of(plan, one_failpoint)


async def each_of(plan: Plan, one_point: Callable[[Plan, str], Awaitable[Figures]]) -> Figures:
    """Run once for each of the plan's points, each with a seed of its own; the figures are sums."""
    found = []
    for number, point in enumerate(plan.points):
        found.append(await one_point(replace(plan, seed=plan.seed + number), point))
        tell(found[-1])
    return _sum(plan, found)


def _sum(plan: Plan, found: list[Figures]) -> Figures:
    first = found[0]
    added = {
        name: sum(getattr(one, name) for one in found)
        for name in (
            "deliveries",
            "failed",
            "redelivered",
            "acknowledged_lost",
            "comments",
            "duplicates",
            "ever",
            "labels",
            "issues",
            "answered",
            "paid_twice",
            "seconds",
        )
    }
    return replace(
        first,
        **added,
        plan=replace(plan, kills=plan.kills * len(found)),
        kills=sum((one.kills for one in found), Counter()),
        limits=sum((one.limits for one in found), Counter()),
        lost=[text for one in found for text in one.lost],
        unknown=[text for one in found for text in one.unknown],
        recovery=[seconds for one in found for seconds in one.recovery],
        notes={"failpoints": str(len(found))},
        broken_notes=[f"{one.plan.name}: {text}" for one in found for text in one.broken_notes],
    )
