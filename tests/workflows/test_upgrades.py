"""An older release left work in every state: the next one finishes all of it, once."""

from __future__ import annotations

import asyncio
import time

import pytest
import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, run_dbos_database_migrations

from bot.model import Trigger, TriggerKind, WorkItem
from bot.store import migrate, tables
from bot.workflows.engine import sqlite_engine
from bot.workflows.queue import FLOW_VERSION, QUEUE
from sandbox.build import INSTALLATION_ID
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import own_comments, prhub_over, settings_for, settled, until

# Where a killed release of before may have left a report, by the states of trigger and engine.
LEFT = ["stored", "queued", "delayed", "taken", "running", "posting"]


def left_by_the_old_release(url: str, github, pulls) -> None:
    """Fill a database of the first schema: one merge in every state, by an executor without a heartbeat."""
    migrate(url, "0001")
    engine = sqlite_engine(url) if url.startswith("sqlite") else sa.create_engine(url)
    run_dbos_database_migrations(url)
    client = DBOSClient(
        system_database_engine=engine,
        system_database_url=url,
        serializer=DBOSPortableJSONSerializer(),
        application_name="prhub",
    )
    for state, pull in zip(LEFT, pulls, strict=True):
        trigger = merge_trigger(github, pull)
        with engine.begin() as connection:
            store_trigger(connection, trigger, "new" if state in {"stored", "taken"} else "started")
            if state == "posting":
                store_posting(connection, trigger)
        if state != "stored":
            options: EnqueueOptions = {
                "workflow_name": "report",
                "queue_name": QUEUE,
                "workflow_id": trigger.key,
                "app_version": FLOW_VERSION,
                "queue_partition_key": str(INSTALLATION_ID),
            }
            if state == "delayed":
                options["delay_seconds"] = 2.0
            client.enqueue(options, WorkItem(trigger=trigger, requested_at=1.0).model_dump(mode="json"))
        if state in {"running", "posting"}:
            table = "workflow_status" if url.startswith("sqlite") else "dbos.workflow_status"
            with engine.begin() as connection:
                set_running = (
                    f"UPDATE {table} SET status = 'PENDING', executor_id = 'prhub' WHERE workflow_uuid = :id"
                )
                connection.execute(sa.text(set_running), {"id": trigger.key})
    client.destroy()
    engine.dispose()


def merge_trigger(github, pull) -> Trigger:
    """What the merge's delivery asked for."""
    repository = the_repository(github.state)
    return Trigger(
        kind=TriggerKind.REPORT,
        key=f"report:{repository.id}:{pull.number}:{pull.merge_sha}",
        installation_id=INSTALLATION_ID,
        repository_id=repository.id,
        repository=repository.full_name,
        number=pull.number,
        merge_sha=pull.merge_sha,
    )


def store_trigger(connection: sa.Connection, trigger: Trigger, state: str) -> None:
    """A row as the first schema had it."""
    same = {name: getattr(trigger, name) for name in ("key", "installation_id", "repository_id", "number")}
    times = dict.fromkeys(("due_at", "created_at", "updated_at"), time.time())
    row = {**same, **times, "kind": "report", "state": state, "data": trigger.model_dump_json()}
    connection.execute(sa.insert(tables.triggers).values(row))


def store_posting(connection: sa.Connection, trigger: Trigger) -> None:
    """A post was begun, and whether it was made nobody knows."""
    row = {"repository_id": trigger.repository_id, "number": trigger.number, "kind": "comment", "fence": 1}
    row |= {
        "state": "posting",
        "attempted_at": time.time(),
        "body": "b",
        "body_sha256": "s",
        "updated_at": 1.0,
    }
    connection.execute(sa.insert(tables.publications).values(row))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The address of an empty database, as an operator writes it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    return request.getfixturevalue("postgresql")


async def test_work_in_every_state_survives_an_upgrade(github, app_key, tmp_path, database):
    """From the first schema, with what its engine had queued, delayed and in hand (R37)."""
    pulls = [add_merge(github.state, {f"engine/part_{n}.py": f"x = {n}\n"}) for n in range(len(LEFT))]
    settings = settings_for(github, app_key.private, tmp_path, DATABASE_URL=database)
    await asyncio.to_thread(left_by_the_old_release, settings.sync_database_url, github, pulls)
    async with prhub_over(github, settings) as running:
        await until(lambda: all(own_comments(github, pull) for pull in pulls))
        await settled(running)
    assert [len(own_comments(github, pull)) for pull in pulls] == [1] * len(LEFT)
