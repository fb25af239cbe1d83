"""``python -m tests.benchmarks.scaling``: one, two and four servers on one PostgreSQL, as figures to read."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from bot.github import PACE
from bot.model import Pace
from bot.store import open_store
from bot.store.processes import Mode
from bot.store.triggers import insert_triggers
from bot.workflows.heartbeat import PULSE
from sandbox.build import INSTALLATION_ID, add_installation, add_repository
from sandbox.github import running
from sandbox.limits import LENIENT, STRICT
from tests.fakes.crew import Crews
from tests.fakes.databases import start_postgres
from tests.fakes.github import REPOSITORY, add_merge, engine_state, make_key
from tests.fakes.inbox import trigger
from tests.fakes.process import FAST, own_comments, send_merge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discussion import Pull
    from sandbox.github import GitHub
    from sandbox.limits import LimitSettings

# An answer of GitHub's takes about that long.
LATENCY = 0.25
# One minute of GitHub's is 6 s in the runs about its limits.
SCALE = 10.0
SCALED = Pace(
    tuple((seconds / SCALE, most) for seconds, most in PACE.windows),
    PACE.content_gap / SCALE,
    PACE.write_gap / SCALE,
    (PACE.points or 0.0) * SCALE,
)


@dataclass
class Site:
    """A stand-in GitHub, a new database, and servers to come."""

    github: GitHub
    crews: Crews

    async def take(self, count: int) -> list[Pull]:
        """Let a web-only server take that many merges, and end."""
        pulls = [
            add_merge(self.github.state, {f"engine/part_{n}.py": f"x = {n}\n"}, title=f"Part {n}")
            for n in range(count)
        ]
        async with self.crews.member(Mode.WEB):
            for pull in pulls:
                await send_merge(self.github, REPOSITORY, pull)
        return pulls

    @asynccontextmanager
    async def workers(self, count: int, pace: Pace = FAST) -> AsyncIterator[None]:
        """Run that many workers, started together."""
        async with AsyncExitStack() as stack:
            starting = [self.crews.member(Mode.WORKER, PULSE, pace) for _ in range(count)]
            await asyncio.gather(*(stack.enter_async_context(one) for one in starting))
            yield


@asynccontextmanager
async def site(limits: LimitSettings = LENIENT) -> AsyncIterator[Site]:
    """Open a site that leaves nothing behind."""
    key, databases = make_key(), start_postgres()
    url = databases.empty().replace("postgresql+psycopg://", "postgresql://", 1)
    with tempfile.TemporaryDirectory() as folder:
        async with running(engine_state(key.public), limits=limits) as github:
            yield Site(github, Crews(github, key, Path(folder), {"DATABASE_URL": url}))
    databases.drop_all()


async def drained(github: GitHub, pulls: list[Pull], skip: int = 10) -> float:
    """Comments a minute, from the ``skip``th comment to the last."""
    first = 0.0
    while True:
        done = sum(1 for pull in pulls if own_comments(github, pull))
        if done >= skip and not first:
            first, skip = time.monotonic(), done
        if done == len(pulls):
            # A single one has no rate.
            return (done - skip) / max(time.monotonic() - first, 0.001) * 60.0
        await asyncio.sleep(0.02)


async def throughput(count: int, merges: int, latency: float) -> float:
    """Merges a minute without GitHub's pauses."""
    async with site() as here:
        pulls = await here.take(merges)
        if latency:
            here.github.faults.add("delay_before", probability=1.0, seconds=latency)
        async with here.workers(count):
            return await drained(here.github, pulls)


async def refusals(count: int, merges: int) -> tuple[int, float, int]:
    """How often a limit was exceeded, merges a minute of GitHub's time, and second comments."""
    async with site(replace(STRICT, scale=SCALE)) as here:
        pulls = await here.take(merges)
        async with here.workers(count, SCALED):
            rate = await drained(here.github, pulls)
        doubled = sum(len(own_comments(here.github, pull)) - 1 for pull in pulls)
        return sum(here.github.limits.refused.values()), rate / SCALE, doubled


async def fairness(count: int, jobs: int) -> float:
    """Seconds until a tenant's single merge is posted, behind a tenant with that many jobs."""
    async with site() as here:
        state = here.github.state
        busy = add_repository(state, "busy-org/engine", add_installation(state, "busy-org"))
        (pull,) = await here.take(1)
        store = open_store(here.crews.settings["DATABASE_URL"].replace("postgresql", "postgresql+psycopg", 1))
        new = [
            trigger(
                n,
                key=f"report:{busy.id}:{n}:busy",
                installation_id=INSTALLATION_ID + 1,
                repository_id=busy.id,
                repository=busy.full_name,
            )
            for n in range(jobs)
        ]
        async with store.write() as connection:
            # The busy tenant was there first.
            await connection.execute(sa.text("UPDATE triggers SET id = id + 1000000"))
            await insert_triggers(store, connection, [(one, None) for one in new], time.time())
        await store.close()
        here.github.faults.add("delay_before", probability=1.0, seconds=LATENCY)
        started = time.monotonic()
        async with here.workers(count):
            await drained(here.github, [pull], skip=1)
            return time.monotonic() - started


async def main(merges: int) -> None:
    """Print the table."""
    table = Table(title=f"{merges} merges on one PostgreSQL, by number of workers")
    for column in ("figure", "1", "2", "4"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    counts = (1, 2, 4)
    for latency in (LATENCY, 0.0):
        rates = [f"{await throughput(count, merges, latency):.0f}" for count in counts]
        table.add_row(f"merges a minute, GitHub answering in {latency * 1000:.0f} ms", *rates)
    found = [await refusals(count, merges) for count in counts]
    table.add_row("limits exceeded", *(str(one[0]) for one in found))
    table.add_row("comments a minute within the limits", *(f"{one[1]:.1f}" for one in found))
    table.add_row("second comments", *(str(one[2]) for one in found))
    waits = [f"{await fairness(count, 10_000):.1f} s" for count in counts]
    table.add_row("one merge behind 10,000 jobs of another, with the start", *waits)
    Console(width=110, file=sys.stdout).print(table)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 150))
