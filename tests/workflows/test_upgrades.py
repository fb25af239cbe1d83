"""An older release left work in every state: the next one finishes all of it, once."""

from __future__ import annotations

import asyncio
import time

import pytest
import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, run_dbos_database_migrations

from bot.marker import report_marker
from bot.model import Trigger, TriggerKind, WorkItem
from bot.store import migrate, tables
from bot.store.beside import newest_schema
from bot.store.jobs import Jobs
from bot.workflows.engine import sqlite_engine
from bot.workflows.queue import FLOW_VERSION, QUEUE
from sandbox.build import INSTALLATION_ID
from sandbox.talk import add_comment
from tests.fakes.facts import pull_facts
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import own_comments, prhub_over, settings_for, settled, until

# Where a killed release of before may have left a report, by the states of trigger and engine.
LEFT = ["stored", "queued", "delayed", "taken", "running", "wanted", "posting", "posted", "parked", "dead"]
# What triggers did not have when the first release stored them.
NEWER = {"round", "change"}
ENDED = ("parked", "dead")
RUNNING = {"running", "wanted", "posting", "posted"}
# Every schema that a release had before this one's.
OLDER = [f"{number:04}" for number in range(1, int(newest_schema()))]


def left_by_the_old_release(url: str, schema: str, github, pulls) -> None:
    """Fill a database of an older schema: one merge in every state, by an executor without a heartbeat."""
    migrate(url, schema)
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
            new = state in {"stored", "taken"}
            store_trigger(connection, trigger, state if state in ENDED else "new" if new else "started")
            if state in RUNNING:
                store_facts(connection, trigger)
            if state in {"wanted", "posting", "posted"}:
                store_publication(connection, trigger, state, github)
        if state not in {"stored", *ENDED}:
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
        if state in RUNNING:
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
    row = {**same, **times, "kind": "report", "state": state, "data": trigger.model_dump_json(exclude=NEWER)}
    connection.execute(sa.insert(tables.triggers).values(row))


def store_facts(connection: sa.Connection, trigger: Trigger) -> None:
    """Facts in flight, read before the work was asked for: they are read again."""
    found = pull_facts().model_dump_json()
    row = {"repository_id": trigger.repository_id, "number": trigger.number}
    connection.execute(sa.insert(tables.facts).values(**row, data=found, created_at=0.5))


def store_publication(connection: sa.Connection, trigger: Trigger, state: str, github) -> None:
    """Wanted only; or a post was begun, and whether it was made nobody knows; or GitHub has it."""
    row = {"repository_id": trigger.repository_id, "number": trigger.number, "kind": "comment", "fence": 1}
    row |= {"state": state, "body": "b", "body_sha256": "s", "updated_at": 1.0}
    if state != "wanted":
        row |= {"attempted_at": time.time()}
    if state == "posted":
        state_of_github, text = github.state, report_marker(trigger.repository_id, trigger.number)
        pull = the_repository(state_of_github).issues[trigger.number]
        app = state_of_github.app
        comment = add_comment(state_of_github, pull, app.user.login, f"{text}\nold", app_id=app.id)
        row |= {"comment_id": comment.id, "posted_sha256": "s"}
    connection.execute(sa.insert(tables.publications).values(row))


@pytest.fixture
def database(request, tmp_path):
    """The address of an empty database, as an operator writes it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    return request.getfixturevalue("postgresql")


@pytest.mark.parametrize(
    ("database", "schema"),
    [
        ("sqlite", OLDER[0]),
        *(pytest.param("sqlite", schema, marks=pytest.mark.long) for schema in OLDER[1:]),
        ("postgresql", OLDER[0]),
    ],
    indirect=["database"],
)
async def test_work_in_every_state_survives_an_upgrade(github, app_key, tmp_path, database, schema):
    """From every older schema, with what its engine had queued, delayed and in hand (R37)."""
    pulls = [add_merge(github.state, {f"engine/part_{n}.py": f"x = {n}\n"}) for n in range(len(LEFT))]
    settings = settings_for(github, app_key.private, tmp_path, DATABASE_URL=database)
    await asyncio.to_thread(left_by_the_old_release, settings.sync_database_url, schema, github, pulls)
    dead = merge_trigger(github, pulls[LEFT.index("dead")]).key
    async with prhub_over(github, settings) as running:
        # What is parked is taken up without a person's help: nothing stands in its way any more.
        assert await Jobs(running.services.triggers.store).retry([dead]) == 1
        await until(lambda: all(own_comments(github, pull) for pull in pulls))
        await settled(running)
        counts = await running.services.triggers.counts()
    # What is left are later looks for a second comment.
    assert counts["done"] == len(LEFT)
    assert set(counts) <= {"done", "new", "started"}
    assert {pull.number: len(own_comments(github, pull)) for pull in pulls} == {
        pull.number: 1 for pull in pulls
    }
    assert all(own_comments(github, pull)[0].rpartition("\n")[2] != "old" for pull in pulls)
