"""Ten years of weeks: the server is killed, clocks jump, and in the end each week has one digest."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.facts.calendar import after, due, week
from sandbox.github import running
from sandbox.limits import STRICT
from sandbox.payloads import installation_payload
from sandbox.webhooks import deliver
from tests.chaos.figures import Figures
from tests.chaos.fleet import free_port
from tests.chaos.ledger import Ledger
from tests.chaos.plan import DIGEST_POINTS, Plan
from tests.chaos.run import database
from tests.chaos.scaled import settings_of
from tests.fakes.github import engine_state, make_key, the_repository
from tests.fakes.process import SECRET, environment
from tests.fakes.weeks import digest_issues, merged_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.model import Period
    from sandbox.discussion import Issue
    from sandbox.github import GitHub

ZONE = "Europe/Berlin"
SCHEDULE = "0 9 * * 1"
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
LONGEST_WAIT = 30.0
LOOK_SECONDS = 0.03
_OPEN = "POST /repos/{owner}/{repo}/issues"
# Of ten weeks in which a server dies, so many see it die before the hour, and stay down until after it.
_DOWN_SHARE = 0.3
_JUMP_SHARE = 0.2
_EMPTY_SHARE = 0.06


@dataclass
class Years:
    """The world, the one server in it, and the clock that its schedule reads."""

    plan: Plan
    github: GitHub
    settings: dict[str, str]
    folder: Path
    ledger: Ledger
    started: float = field(default_factory=time.monotonic)
    kills: Counter[str] = field(default_factory=Counter)
    empty: set[str] = field(default_factory=set)
    late: list[str] = field(default_factory=list)
    process: asyncio.subprocess.Process | None = None
    armed: str | None = None
    broken: bool = False

    @property
    def clock(self) -> Path:
        """The file that the schedule reads the time in."""
        return self.folder / "clock"

    def set_clock(self, moment: float) -> None:
        """Let it be another time, in one piece."""
        draft = self.folder / "clock.new"
        draft.write_text(str(moment), "ascii")
        draft.replace(self.clock)

    async def start(self, point: str | None = None) -> None:
        """Start the server; it dies when it gets to ``point``."""
        self.armed = point
        extra = {} if point is None else {"PRHUB_FAILPOINT": point}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PRHUB_")}
        with (self.folder / "server.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.chaos.serve_digests"),
                *(str(self.clock), str(self.plan.factor)),
                env=kept | self.settings | extra,
                stdout=log,
                stderr=log,
            )

    async def kill(self, where: str) -> None:
        """Let the server die."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self.kills[where] += 1

    async def look_after(self) -> None:
        """Start the server again if it died at its point; raise if it ended in another way."""
        process = self.process
        if process is None or process.returncode is None:
            return
        if process.returncode != -9:
            raise RuntimeError(f"the server ended with {process.returncode}")
        self.kills[self.armed or "random"] += 1
        await self.start()

    def issues(self) -> list[tuple[str, Issue]]:
        """The digests that GitHub shows."""
        return digest_issues(the_repository(self.github.state), self.github.state.app.id)

    async def until(self, condition: Callable[[], bool]) -> bool:
        """Wait until something is so and no work is left; give whether that came to be."""
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            await self.look_after()
            if condition() and await self.ledger.busy() == 0:
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False


async def ten_years(plan: Plan) -> Figures:
    """Live through the plan's weeks, and count the digests of each."""
    async with _years(plan) as years:
        await _installed(years)
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


async def _installed(years: Years) -> None:
    """Start the server for the first time, and tell it of the installation."""
    years.set_clock(week(FIRST, ZONE).since.timestamp())
    await years.start()
    state = years.github.state
    (installation,) = state.installations.values()
    await _up(int(years.settings["PORT"]))
    await deliver(state, "installation", installation_payload(state, installation))
    await years.until(lambda: True)


async def _up(port: int) -> None:
    """Wait until the server listens."""
    async with asyncio.timeout(LONGEST_WAIT):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


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


@asynccontextmanager
async def _years(plan: Plan) -> AsyncIterator[Years]:
    """Set everything up; of a run that failed logs and database are left."""
    key, folder = make_key(), Path(tempfile.mkdtemp(prefix="prhub-digests-"))
    state = engine_state(key.public)
    async with running(state, limits=replace(STRICT, scale=plan.factor), seed=plan.seed) as github:
        settings = environment(github, key.private, folder, **settings_of(plan.factor))
        settings |= {"DATABASE_URL": database(plan, folder), "PRHUB_SCAN_INTERVAL": "0"}
        settings |= {
            "PRHUB_DELIVERY_POLL": "0",
            "PRHUB_DIGEST_SCHEDULE": SCHEDULE,
            "PRHUB_TIME_ZONE": ZONE,
            "PORT": str(free_port()),
        }
        state.app.webhook_secret = SECRET
        state.app.webhook_url = f"http://127.0.0.1:{settings['PORT']}/api/github/webhooks"
        _add_faults(github, plan)
        url = settings["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
        years = Years(plan, github, settings, folder, Ledger(url))
        is_whole = False
        try:
            yield years
            is_whole = not years.broken
        finally:
            if years.process is not None and years.process.returncode is None:
                years.process.terminate()
                await years.process.wait()
            github.faults.clear()
            if is_whole:
                shutil.rmtree(folder, ignore_errors=True)


def _add_faults(github: GitHub, plan: Plan) -> None:
    faults = github.faults
    faults.seed = plan.seed
    if plan.lost:
        writes = {"methods": ("POST",), "path": "/issues$"}
        faults.add("drop_after", probability=plan.lost, **writes)
        faults.add("error_after", probability=plan.lost / 2, status=502, **writes)
        faults.add("drop_after", probability=plan.lost, methods=("PATCH",), path="/issues/[0-9]+$")
    if plan.stale:
        faults.add("stale", probability=0.5, seconds=plan.lag / plan.factor)
