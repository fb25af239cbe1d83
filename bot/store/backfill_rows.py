"""Rows of backfills as values: runs, their pull requests, and who works on a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.model.backfills import BackfillOptions, PullState, RunState

PULL_COLUMNS = ("number", "merged_at", "state", "reverts", "tries", "reason")


@dataclass(frozen=True)
class Run:
    """One run. ``offered`` is one that PRHub itself began after an installation."""

    id: str
    repository_id: int
    installation_id: int
    repository: str
    options: BackfillOptions
    offered: bool
    state: RunState
    listed: bool


@dataclass(frozen=True)
class BackfillPull:
    """One merge of a run; ``reverts`` are the numbers that it reverts, each with its own title."""

    number: int
    merged_at: float
    state: PullState
    reverts: tuple[tuple[int, str], ...]
    tries: int
    reason: str | None


@dataclass(frozen=True)
class Holder:
    """Who works on a run: a name of its own, and where its process is to be seen."""

    id: str
    place: str
    pid: int


@dataclass(frozen=True)
class Held:
    """Who works on a repository's run now, and for how many seconds at most it is believed."""

    holder: Holder
    seconds: float


def run_of(row: Any) -> Run:
    """Read a row of runs."""
    return Run(
        id=row.id,
        repository_id=row.repository_id,
        installation_id=row.installation_id,
        repository=row.repository,
        options=BackfillOptions.model_validate_json(row.options),
        offered=row.offered,
        state=RunState(row.state),
        listed=row.listed_at is not None,
    )


def pull_of(row: Any) -> BackfillPull:
    """Read a row of pull requests."""
    return BackfillPull(
        number=row.number,
        merged_at=row.merged_at,
        state=PullState(row.state),
        reverts=tuple((number, title) for number, title in json.loads(row.reverts)),
        tries=row.tries,
        reason=row.reason,
    )
