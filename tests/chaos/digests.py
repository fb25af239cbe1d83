"""Ten years of weeks: the server is killed, clocks jump, and in the end each week has one digest."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.facts.calendar import after, due, week
from tests.chaos.figures import Figures
from tests.chaos.plan import DIGEST_POINTS, Plan
from tests.chaos.years import LONGEST_WAIT, LOOK_SECONDS, SCHEDULE, ZONE, install, years_of
from tests.fakes.github import the_repository
from tests.fakes.weeks import merged_at

if TYPE_CHECKING:
    from bot.model import Period
    from tests.chaos.years import Years

# After every server's real present: a repository must have been there at the hour.
FIRST = "2027-W02"
DAY = 86400.0
# Moments that every week with a digest passes.
POINTS = (
    *DIGEST_POINTS,
    "before_facts",
    "after_facts",
    "after_insights",
    "after_text",
    "after_publish",
    "before_close",
    "after_close",
    "before_drain",
    "in_drain",
    "after_drain",
)
TEN_YEARS = Plan("digests", weeks=520, kills=20, factor=60.0, lost=0.05, stale=True, points=POINTS)
_OPEN = "POST /repos/{owner}/{repo}/issues"
# Of ten weeks in which a server dies, so many see it die before the hour, and stay down until after it.
_DOWN_SHARE = 0.3
_JUMP_SHARE = 0.2
_EMPTY_SHARE = 0.06


async def ten_years(plan: Plan) -> Figures:
    """Live through the plan's weeks, and count the digests of each."""
    async with years_of(plan) as years:
        await install(years, week(FIRST, ZONE).since.timestamp())
        draw = plan.draw("weeks")
        deadly = dict(zip(sorted(draw.sample(range(2, plan.weeks), plan.kills)), _deaths(plan), strict=True))
        period: Period | None = week(FIRST, ZONE)
        for number in range(plan.weeks):
            assert period is not None
            await _live(years, period, deadly.get(number))
            period = after(period)
        figures = _judged(years)
        years.broken = bool(figures.broken)
        return figures


def _deaths(plan: Plan) -> list[str]:
    draw = plan.draw("deaths")
    found: list[str] = []
    while len(found) < plan.kills:
        found += draw.sample(plan.points, len(plan.points))
        found += ["down"] * max(1, round(_DOWN_SHARE * len(plan.points))) + ["random"]
    found = found[: plan.kills]
    draw.shuffle(found)
    return found


async def _live(years: Years, period: Period, death: str | None) -> None:
    """Live through one week and its hour; ``death`` is how the server dies in it."""
    draw = years.plan.draw(period.key)
    if draw.random() < _EMPTY_SHARE and death is None:
        years.empty.add(period.key)
    else:
        for _ in range(draw.randint(1, 3)):
            moment = period.since + timedelta(seconds=draw.uniform(0, 7 * DAY - 3601))
            merged_at(years.github.state, the_repository(years.github.state), moment)
    hour = due(SCHEDULE, period.until + timedelta(days=1), ZONE).timestamp()
    now = hour + draw.choice((0.0, 60.0, 3600.0, 2 * DAY))
    if death is not None:
        await _prepare(years, death)
    years.set_clock(now)
    if draw.random() < _JUMP_SHARE:
        await asyncio.sleep(0.2)
        years.set_clock(now + draw.choice((-DAY, DAY)))
        await asyncio.sleep(0.2)
        years.set_clock(now)
    if death == "random":
        await asyncio.sleep(draw.uniform(0.0, 0.5))
        await years.kill("random")
    if death in {"random", "down"}:
        await years.start()
    await _come_to_an_end(years, period.key)


async def _prepare(years: Years, death: str) -> None:
    """Let the server be down at the hour, or have it die at a point of this week."""
    if death == "random":
        return
    if death == "down":
        await years.kill("down")
        return
    process = years.process
    assert process is not None
    process.terminate()
    await process.wait()
    await years.start(death)


async def _come_to_an_end(years: Years, key: str) -> None:
    is_empty = key in years.empty
    if is_empty:
        done = await years.until(lambda: True) and await _asked(years, key)
    else:
        done = await years.until(lambda: any(found == key for found, _ in years.issues()))
    if not done:
        years.late.append(key)


async def _asked(years: Years, key: str) -> bool:
    """Wait until an empty week was asked for, and ended."""
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        ended = await years.ledger.ended()
        if any(one.endswith(f":-:{key}") for one in ended):
            return True
        await years.look_after()
        await asyncio.sleep(LOOK_SECONDS)
    return False


def _judged(years: Years) -> Figures:
    plan, found = years.plan, Counter(key for key, _ in years.issues())
    keys, period = [], week(FIRST, ZONE)
    for _ in range(plan.weeks):
        keys.append(period.key)
        period = after(period) or period
    lost = [key for key in keys if key not in years.empty and found[key] == 0]
    open_ones = [issue.number for _, issue in years.issues() if issue.state == "open"]
    more = sorted(set(found) - set(keys)) + sorted(years.empty & set(found))
    written = years.github.log.count(_OPEN, lambda record: record.status == 201)
    broken = [f"{len(open_ones)} digests are open"] if len(open_ones) != 1 else []
    broken += [f"digests of weeks without any: {more}"] if more else []
    return Figures(
        plan=plan, deliveries=0, failed=0, redelivered=0, kills=years.kills, lost=lost,
        acknowledged_lost=0, comments=0, duplicates=0, ever=written - len(found), labels=0,
        issues=sum(count - 1 for count in found.values()), answered=0, paid_twice=0,
        limits=years.github.limits.refused, unknown=years.github.log.unknown, recovery=(),
        seconds=time.monotonic() - years.started,
        notes={
            "weeks, of them without a merge": f"{plan.weeks}, {len(years.empty)}",
            "digests, second ones at any time": f"{len(found)}, {written - len(found)}",
            "kills by where": ", ".join(f"{name} {count}" for name, count in sorted(years.kills.items())),
            f"weeks whose digest took over {LONGEST_WAIT:.0f} s": ", ".join(years.late) or "0",
            "weeks with the number 53": str(sum(key.endswith("W53") for key in found)),
        },
        broken_notes=broken,
        logs=str(years.folder),
    )  # fmt: skip
