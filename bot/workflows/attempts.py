"""Attempts: what the engine knows of a piece of work, read from outside it through its public client."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dbos import WorkflowStatus

_ENDING = re.compile(r"(?::r([0-9]{1,9}))?(?::([0-9]{1,9}))?", re.ASCII)
_AT_ONCE = 50
# A row of the engine's for each attempt: a week of waiting for a limit can make many.
_MOST = 10_000


@dataclass(frozen=True)
class Attempt:
    """One workflow of the engine's. Times are epoch seconds; ``said`` is how it ended, in its own words.

    ``state`` is the engine's: DELAYED, ENQUEUED, PENDING (running), SUCCESS (it came to its end, whichever),
    ERROR, CANCELLED.
    """

    workflow_id: str
    round: int
    number: int
    state: str
    begun_at: float | None
    ended_at: float | None
    starts_at: float | None
    process: str | None
    said: str | None


def attempts_of(sync_url: str, keys: Sequence[str]) -> dict[str, list[Attempt]]:
    """Give the attempts at each key, the first one first; none before the engine was ever launched. Blocks.

    Ended ones are there for a week. Only reads.
    """
    found: dict[str, list[Attempt]] = defaultdict(list)
    with _engine(sync_url) as engine, engine_client(engine) as client:
        if client is None:
            return {}
        for start in range(0, len(keys), _AT_ONCE):
            _collect(client, keys[start : start + _AT_ONCE], found)
    return {key: sorted(some, key=lambda one: (one.round, one.number)) for key, some in found.items()}


@contextmanager
def engine_client(engine: sa.Engine) -> Iterator[DBOSClient | None]:
    """Open the workflow engine's own client until the end of the block; ``None`` if it never was launched."""
    if not _is_there(engine):
        yield None
        return
    client = DBOSClient(
        system_database_engine=engine,
        serializer=DBOSPortableJSONSerializer(),
        application_name="prhub",
        lazy=True,
        retry_connection_errors=False,
    )
    try:
        yield client
    finally:
        client.destroy()


def _collect(client: DBOSClient, keys: Sequence[str], found: dict[str, list[Attempt]]) -> None:
    # Prefixes find other keys' as well, such as those of pull request 12 for 1: told apart below.
    listed = client.list_workflows(workflow_id_prefix=list(keys), load_input=False, limit=_MOST)
    for workflow in listed:
        for key in keys:
            ending = _ENDING.fullmatch(workflow.workflow_id.removeprefix(key))
            if workflow.workflow_id.startswith(key) and ending is not None:
                found[key].append(_attempt(workflow, int(ending[1] or 0), int(ending[2] or 0)))


def _attempt(workflow: WorkflowStatus, number_of_round: int, number: int) -> Attempt:
    said = workflow.output if isinstance(workflow.output, str) else None
    if workflow.error is not None:
        said = f"{type(workflow.error).__name__}: {workflow.error}"
    return Attempt(
        workflow_id=workflow.workflow_id,
        round=number_of_round,
        number=number,
        state=workflow.status,
        begun_at=_seconds(workflow.dequeued_at),
        ended_at=_seconds(workflow.completed_at),
        starts_at=_seconds(workflow.delay_until_epoch_ms),
        process=workflow.executor_id,
        said=said,
    )


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


@contextmanager
def _engine(sync_url: str) -> Iterator[sa.Engine]:
    url = sa.make_url(sync_url)
    if url.get_backend_name() == "sqlite" and url.database is not None:
        name = f"file:{quote(str(Path(url.database).resolve()))}?mode=ro&uri=true"
        engine = sa.create_engine(f"sqlite:///{name}", poolclass=sa.NullPool)
    else:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


def _is_there(engine: sa.Engine) -> bool:
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    return sa.inspect(engine).has_table("workflow_status", schema=schema)
