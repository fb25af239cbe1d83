"""Retention, table by table: what is forgotten when, and what stays until it is deleted."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import Inbox
from bot.store.tables import deliveries, metadata
from bot.workflows.keeper import forget_workflows
from bot.workflows.upkeep import clean_up
from tests.fakes.commanding import say
from tests.fakes.dumps import dump
from tests.fakes.github import add_merge, the_repository

DAY = 86400.0
WEEK = {"facts", "deaths", "writes", "pauses"}
MONTH = WEEK | {"deliveries", "triggers", "answers", "commands", "mutes", "redeliveries", "gaps"}
QUARTER = MONTH | {"budgets", "holds"}
# A running server fills these by itself, and acts on what stands there.
ITS_OWN = {"installations", "repositories", "processes", "marks"}
KEPT = {
    *("reports", "report_terms", "publications", "applied_labels", "model_calls", "readings"),
    *("pull_choices", "feedback", "report_reactions", "repo_configs"),
    *("digests", "digest_issues", "config_issues", "registered_risks"),
}
# A backfill's own rows: tests of their own.
BACKFILL = {"backfills", "backfill_pulls", "batches", "batch_entries"}
SAMPLES = {int: 1, str: "x", bytes: b"x", bool: False}


async def fill(store, now):
    """Put one row of this moment into every table."""
    async with store.write() as connection:
        for table in metadata.sorted_tables:
            if table.name in ITS_OWN | BACKFILL:
                continue
            row = {
                c.name: now if c.type.python_type is float else SAMPLES[c.type.python_type] for c in table.c
            }
            if table.name == "deaths":
                # By the database's clock, which no test moves.
                row["at"] = now - 8 * DAY
            if table.name == "triggers":
                row |= {"kind": "refresh", "state": "done"}
            await connection.execute(table.insert(), [row])


async def empty(store):
    """The tables without a row."""
    found = set()
    async with store.read() as connection:
        for table in metadata.sorted_tables:
            if not await connection.scalar(sa.select(sa.func.count()).select_from(table)):
                found.add(table.name)
    return found - ITS_OWN - BACKFILL


async def body_and_facts(store):
    """What is left of the delivery's body and of the digest's facts."""
    columns = (deliveries.c.body, metadata.tables["digests"].c.facts)
    async with store.read() as connection:
        return tuple([await connection.scalar(sa.select(column)) for column in columns])


async def test_each_table_is_forgotten_at_its_time(play):
    """A week: the diffs and the raw bodies. A month: keys, answers, ended work. 100 days: budgets."""
    store, now = play.running.services.triggers.store, time.time()
    inbox = Inbox(store, play.running.services.app_id)
    await fill(store, now)
    await clean_up(inbox, play.running.services, now + 6.9 * DAY)
    assert await empty(store) == WEEK - {"facts"}
    assert await body_and_facts(store) == (b"x", "x")
    await clean_up(inbox, play.running.services, now + 7.1 * DAY)
    assert await empty(store) == WEEK
    assert await body_and_facts(store) == (None, None)
    for days, gone in ((29.9, WEEK), (30.1, MONTH), (99.9, MONTH | {"holds"}), (100.1, QUARTER)):
        await clean_up(inbox, play.running.services, now + days * DAY)
        assert await empty(store) | {"holds"} == gone | {"holds"}, f"after {days} days"
    await clean_up(inbox, play.running.services, now + 4000 * DAY)
    # A hold goes with the next call that looks at its budgets.
    assert await empty(store) | {"holds"} == QUARTER


@pytest.mark.parametrize("name", sorted({table.name for table in metadata.sorted_tables} - BACKFILL))
def test_every_table_is_in_the_list_of_what_is_kept(name):
    """``docs/architecture.md`` says of each what it holds and how long; this test knows each."""
    page = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", page.partition("## Where data lives")[2], re.MULTILINE)
    documented = set(re.findall(r"`(\w+)`", " ".join(rows)))
    assert name in documented
    assert name in QUARTER | KEPT | ITS_OWN


async def test_the_engines_work_on_commands_is_forgotten_with_its_repository(play, tmp_path):
    """Their ids name a comment, not the repository; another repository's stay."""
    pull = add_merge(play.state)
    await play.merge(pull)
    await say(play, pull, "/prhub help")
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    inputs = '"main"."workflow_input"'
    await forget_workflows([the_repository(play.state).id + 1])
    assert (await asyncio.to_thread(dump, url))[inputs].count("command:") >= 1
    await forget_workflows([the_repository(play.state).id])
    assert (await asyncio.to_thread(dump, url))[inputs] == ""
