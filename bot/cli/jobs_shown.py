"""How jobs are listed: as a table for people, as JSON for programs."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli.stored import age, printable
from bot.store.triggers import TriggerState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.store.jobs import Job
    from bot.workflows.attempts import Attempt

    Attempts = Mapping[str, Sequence[Attempt]]

_COLOURS = {TriggerState.DEAD: "red", TriggerState.PARKED: "yellow", TriggerState.STARTED: "green"}
_WIDEST = 1000


def pull_of(job: Job) -> str:
    """Name the pull request that a job is about, or its repository, or nothing."""
    if not job.repository:
        return ""
    return printable(f"{job.repository}#{job.number}" if job.number else job.repository)


def attempts_made(job: Job, attempts: Attempts) -> int | None:
    """Count the attempts of a job's latest round; ``None`` if the engine knows of none (any more)."""
    numbers = [one.number for one in attempts.get(job.key, ()) if one.round == job.round]
    return max(numbers) + 1 if numbers else None


def reason_of(job: Job, attempts: Attempts) -> str | None:
    """Give why a job is where it is; of one under way, why its last attempt was put off."""
    if job.reason is not None or job.state is not TriggerState.STARTED:
        return job.reason
    said = [one.said for one in attempts.get(job.key, ()) if one.round == job.round and one.said]
    return said[-1] if said else None


def as_table(jobs: Sequence[Job], attempts: Attempts, now: float) -> str:
    """Give the table: as wide as the terminal, and as wide as it needs to be in a pipe."""
    from rich.console import Console  # noqa: PLC0415 - JSON does without
    from rich.table import Table  # noqa: PLC0415 - JSON does without
    from rich.text import Text  # noqa: PLC0415 - JSON does without

    table = Table(box=None, pad_edge=False)
    for name in ("key", "kind", "pull request", "state", "tries", "age", "reason"):
        table.add_column(name, overflow="fold", justify="right" if name in {"tries", "age"} else "left")
    for job in jobs:
        made = attempts_made(job, attempts)
        table.add_row(
            Text(job.key),
            job.kind,
            Text(pull_of(job)),
            Text(job.state.value, style=_COLOURS.get(job.state, "")),
            "" if made is None else str(made),
            age(job.created_at, now),
            Text(printable(reason_of(job, attempts) or "")),
        )
    is_terminal = sys.stdout.isatty()
    text = io.StringIO()
    Console(file=text, force_terminal=is_terminal, width=None if is_terminal else _WIDEST).print(table)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def as_json(jobs: Sequence[Job], attempts: Attempts) -> str:
    """Give a list with one object for each job; times are in UTC."""
    rows = [
        {
            "key": job.key,
            "kind": job.kind,
            "repository": job.repository or None,
            "number": job.number or None,
            "state": job.state.value,
            "reason": reason_of(job, attempts),
            "round": job.round,
            "attempts": attempts_made(job, attempts),
            "delivery": job.guid,
            "installation": job.installation_id or None,
            "due_at": _iso(job.due_at),
            "created_at": _iso(job.created_at),
            "updated_at": _iso(job.updated_at),
        }
        for job in jobs
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
