"""``python -m tests.benchmarks.digest_once STORE COUNT``: one digest from a store, measured from inside."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from bot.facts.period import Source, build_period, reaches_back
from bot.inference.digest import build_digest
from bot.markdown.digest import DigestLinks, render_issue
from bot.markdown.report import Style
from bot.model import Digest, PeriodFacts, RegisterView
from bot.store import open_store
from bot.store.gists import Gists
from tests.fakes.many_reports import merges
from tests.fakes.periods import NOW, period
from tests.fakes.reports import repository


async def read(url: str, count: int) -> str:
    """From the store to the facts in flight."""
    week, store = period(), open_store(url)
    since, until = reaches_back(week).since.timestamp(), week.until.timestamp()
    found = await Gists(store).by_number([repository().id], since, until, week.since.timestamp())
    await store.close()
    listed = merges(count)
    facts = build_period(week, [Source(repository(), listed, found[repository().id])])
    assert facts.numbers.reported == count
    return facts.model_dump_json()


def tell(facts: str) -> str:
    """From the facts in flight to the stored digest."""
    found = PeriodFacts.model_validate_json(facts)
    return build_digest(found, RegisterView(), now=NOW, version="0.0.0").model_dump_json()


def render(digest: str) -> str:
    """From the stored digest to the issue."""
    return render_issue(Digest.model_validate_json(digest), Style(), DigestLinks()).body


async def main(url: str, count: int) -> None:
    """Print the seconds of each stage, by CPU, and the most memory that was held, in MB."""
    clock = [time.process_time()]
    facts = await read(url, count)
    clock.append(time.process_time())
    digest = tell(facts)
    del facts
    clock.append(time.process_time())
    body = render(digest)
    clock.append(time.process_time())
    seconds = [after - before for before, after in pairwise(clock)]
    print(json.dumps({"seconds": seconds, "peak": _peak(), "length": len(body)}))  # noqa: T201


def _peak() -> float:
    """As the kernel counted it, in MB."""
    text = Path("/proc/self/status").read_text("ascii")
    (line,) = [line for line in text.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
