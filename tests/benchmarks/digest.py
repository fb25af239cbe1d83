"""What a digest costs: from ten thousand stored reports to the issue, and how that grows."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store import migrate
from bot.store.tables import reports
from tests.benchmarks.figures import Figure
from tests.fakes.many_reports import report

if TYPE_CHECKING:
    from pathlib import Path

FEW, MANY = 1_000, 10_000
_BATCH = 500


@dataclass(frozen=True)
class _Run:
    seconds: tuple[float, ...]
    peak: float
    length: int

    @property
    def total(self) -> float:
        return sum(self.seconds)


async def run(folder: Path) -> list[Figure]:
    """CPU and memory of a process that makes one digest without a model, by number of reports in the week."""
    few, many = [await _measured(folder, count) for count in (FEW, MANY)]
    stages = " + ".join(f"{seconds:.1f}" for seconds in many.seconds)
    return [
        Figure(f"CPU for a digest of {FEW:,} reports", f"{few.total:.2f} s", "", few.total),
        Figure(f"the same of {MANY:,} (facts, digest, text)", f"{stages} s", "<= 10 s", many.total),
        Figure(f"{MANY:,} over {FEW:,}", f"{many.total / few.total:.1f}", "<= 12"),
        Figure(f"peak memory of the process, {MANY:,}", f"{many.peak:.0f} MB", "<= 300 MB"),
        Figure("length of that issue", f"{many.length:,}", "<= 60,000"),
    ]


async def _measured(folder: Path, count: int) -> _Run:
    file = folder / f"{count}.sqlite"
    await asyncio.to_thread(_fill, f"sqlite:///{file}", count)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.digest_once", f"sqlite+aiosqlite:///{file}", str(count)),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    found = json.loads(out)
    return _Run(tuple(found["seconds"]), found["peak"], found["length"])


def _fill(url: str, count: int) -> None:
    migrate(url)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    for first in range(1, count + 1, _BATCH):
        rows = [_row(number, count) for number in range(first, min(first + _BATCH, count + 1))]
        with engine.begin() as connection:
            connection.execute(reports.insert(), rows)
    engine.dispose()


def _row(number: int, count: int) -> dict[str, object]:
    made, now = report(number, count), time.time()
    head = made.head
    return {
        "repository_id": head.repository.id,
        "repository": head.repository.full_name,
        "number": number,
        "revision": 1,
        "schema_version": made.schema_version,
        "author": head.author.login,
        "merged_at": head.merged_at.timestamp(),
        "merge_sha": head.merge_sha,
        "importance": made.scores.importance,
        "data": made.model_dump_json(),
        "created_at": now,
        "updated_at": now,
    }
