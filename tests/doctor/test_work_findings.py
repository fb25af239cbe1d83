"""What the store tells about servers, work and results, on both databases."""

from __future__ import annotations

import os
import time

import pytest

from bot.doctor import result_checks, work_checks
from bot.doctor.case import Case
from bot.model import Hold
from bot.model.repo_config import Loaded, Problem
from bot.settings import load_settings
from bot.store import Ledger, RepoConfigs, Reports, Triggers, TriggerState, tables
from bot.store.processes import Mode, Process, Processes
from bot.workflows.neighbours import here
from tests.fakes.databases import opened
from tests.fakes.inbox import trigger
from tests.fakes.reports import pull_report


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request, sqlite_files):
    """A new store."""
    databases = sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")
    opening = opened(databases.migrated())
    yield opening
    await opening.close()


def case(tmp_path, *, later: float = 0.0, **settings: str) -> Case:
    """A case some seconds later."""
    return Case(load_settings(settings, tmp_path), clock=lambda: time.time() + later)


async def seen(store, mode: Mode, *, age: float = 0.0, pid: int = 0, place: str = "elsewhere") -> None:
    """Have a server that was last seen some seconds ago."""
    one = Process(f"{mode.value}-{pid}", mode, place, pid)
    await Processes(store).beat(one)
    table = tables.processes
    async with store.write() as connection:
        await connection.execute(
            table.update().where(table.c.id == one.id).values(seen_at=table.c.seen_at - age)
        )


@pytest.mark.parametrize(
    ("servers", "severity", "what"),
    [
        pytest.param([], "warning", "no server runs", id="none"),
        pytest.param([(Mode.ALL, 0)], "ok", "1 runs", id="one"),
        pytest.param([(Mode.WEB, 0), (Mode.WORKER, 0)], "ok", "2 run on", id="one of each kind"),
        pytest.param([(Mode.WEB, 0)], "error", "nobody works", id="only one that takes deliveries"),
        pytest.param([(Mode.WORKER, 0)], "error", "takes deliveries", id="only one that works"),
        pytest.param([(Mode.ALL, 100)], "warning", "no server runs", id="one that is gone"),
    ],
)
async def test_servers_are_known_by_their_heartbeats(store, servers, severity, what):
    """Those of other machines too."""
    for mode, age in servers:
        await seen(store, mode, age=age)
    (found,) = work_checks.look_at_servers(await work_checks.present(store))
    assert (found.severity.value, what in found.what) == (severity, True)


async def test_a_server_that_cannot_write_is_not_taken_for_none(store):
    """It is there, and says nothing: the disk is full, or it hangs."""
    await seen(store, Mode.ALL, age=100, pid=os.getpid(), place=here())
    (found,) = work_checks.look_at_servers(await work_checks.present(store))
    assert found.severity.value == "error"
    assert str(os.getpid()) in found.what


@pytest.mark.parametrize(
    ("later", "standing", "severity"),
    [
        pytest.param(10, "new", "ok", id="new for seconds"),
        pytest.param(700, "new", "warning", id="new for over ten minutes"),
        pytest.param(4000, "new", "error", id="new for over an hour"),
        pytest.param(4000, "unserved", "note", id="new for an hour without a server"),
        pytest.param(700, "started", "ok", id="under way for minutes"),
        pytest.param(4000, "started", "warning", id="under way for over an hour"),
    ],
)
async def test_the_queue_is_judged_by_its_oldest(store, tmp_path, later, standing, severity):
    """What waits for the model or for GitHub is no fault for an hour."""
    await Triggers(store).add(trigger(1))
    if standing == "started":
        await Triggers(store).mark_started([trigger(1).key])
    if standing != "unserved":
        await seen(store, Mode.ALL)
    alive = await work_checks.present(store)
    (found,) = await work_checks.look_at_queue(case(tmp_path, later=later), store, alive)
    assert found.severity.value == severity


async def test_dead_work_is_named_with_its_reason(store):
    """And what is parked is told."""
    for number, state in ((1, TriggerState.DEAD), (2, TriggerState.PARKED)):
        await Triggers(store).add(trigger(number))
        await Triggers(store).finish([trigger(number).key], state, "Server\x1b[31m Error")
    dead, parked = await work_checks.look_at_jobs(store)
    assert trigger(1).key in dead.what
    assert "Error" in dead.what
    assert "\x1b" not in dead.what
    assert (dead.severity.value, parked.severity.value) == ("warning", "note")


async def test_merges_without_reports_are_noticed(store, tmp_path):
    """Those of more than an hour ago."""
    (none,) = await result_checks.look_at_reports(case(tmp_path), store)
    assert none.severity.value == "note"
    await Reports(store).save(pull_report(), 1)
    await Triggers(store).add(trigger(1))
    (fresh,) = await result_checks.look_at_reports(case(tmp_path), store)
    (late,) = await result_checks.look_at_reports(case(tmp_path, later=4000), store)
    assert (fresh.severity.value, late.severity.value) == ("ok", "error")
    assert "1 merge waits" in late.what


@pytest.mark.parametrize(
    ("days", "settings", "severity"),
    [
        pytest.param(5, {}, "ok", id="the first week is not over"),
        pytest.param(20, {}, "warning", id="two weeks without one"),
        pytest.param(20, {"PRHUB_DIGEST_PERIOD": "month"}, "ok", id="a month is not over"),
        pytest.param(60, {"PRHUB_DIGEST_SCHEDULE": "off"}, "ok", id="switched off"),
    ],
)
async def test_a_digest_that_never_came_is_noticed(store, tmp_path, days, settings, severity):
    """Once there are reports to write one about."""
    await Reports(store).save(pull_report(), 1)
    (found,) = await result_checks.look_at_digests(case(tmp_path, later=days * 86400, **settings), store)
    assert found.severity.value == severity


async def test_a_broken_file_is_named_with_its_line(store):
    """A warning in one is the repository's own affair."""
    for number, severity in ((7, "error"), (8, "warning")):
        problem = Problem(severity=severity, place="o/r", line=3, column=2, key="x", text="x is unknown")
        await RepoConfigs(store).put(number, Loaded(problems=(problem,)))
    (found,) = await result_checks.look_at_files(store)
    assert "repository 7" in found.what
    assert "line 3: x is unknown" in found.what


@pytest.mark.parametrize(
    ("spent", "severity"),
    [(10, "ok"), (900, "note"), (1000, "warning")],
    ids=["room", "little room", "spent"],
)
async def test_a_budget_that_is_spent_is_noticed(store, tmp_path, spent, severity):
    """Only one that has a limit."""
    ledger = Ledger(store)
    hold = Hold(installation_id=1, repository_id=2, number=3, tokens=spent, seconds=60)
    await ledger.reserve(hold, load_settings({}, tmp_path).caps)
    found = await work_checks.look_at_budgets(case(tmp_path, PRHUB_BUDGET_DAY="1000"), store)
    assert [one.severity.value for one in found] == [severity]
