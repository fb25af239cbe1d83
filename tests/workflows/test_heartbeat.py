"""Who is judged dead, by whom, and when: never somebody who lives."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from bot.store.processes import Mode, Process, Processes
from bot.workflows.heartbeat import Crew, Heartbeat, Pulse
from bot.workflows.neighbours import here, is_gone
from tests.fakes.databases import opened

PULSE = Pulse(beat=0.02, silence=0.2)


@pytest.fixture
async def rows(sqlite_files):
    """The heartbeat rows of a new store."""
    store = opened(sqlite_files.migrated())
    yield Processes(store)
    await store.close()


def process(name: str, mode: Mode = Mode.ALL) -> Process:
    """A process that cannot be seen from here."""
    return Process(name, mode, "elsewhere", 17)


def heart(rows: Processes, name: str, handed: list[str], **changes) -> Heartbeat:
    """A heart that notes whose work it handed on, and finds none a second time."""

    async def hand_on(dead: str) -> bool:
        handed.append(dead)
        return handed.count(dead) == 1

    return Heartbeat(rows, process(name), Crew(), PULSE, hand_on=hand_on, **changes)


async def beats(one: Heartbeat, seconds: float) -> None:
    """Let a heart beat for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await one.once()


async def test_a_silent_process_is_taken_over_once_and_forgotten(rows):
    """Its work is handed on, looked for once more, and then its row goes."""
    handed: list[str] = []
    keeper = heart(rows, "keeper", handed)
    await rows.beat(process("silent"))
    await beats(keeper, 0.5)
    assert handed == ["silent", "silent"]
    assert [one.process.id for one in await rows.seen()] == ["keeper"]


async def test_after_an_outage_of_the_database_nobody_is_judged_at_once(rows):
    """Everybody was silent; who comes back first gives the others time to beat."""
    handed: list[str] = []
    keeper = heart(rows, "keeper", handed)
    await beats(keeper, 0.3)
    await rows.beat(process("other"))
    time.sleep(0.3)  # noqa: ASYNC251 - nobody could beat
    await keeper.once()
    assert handed == []
    await rows.beat(process("other"))
    await keeper.once()
    assert handed == []


async def test_who_holds_the_lock_is_alone(rows):
    """On SQLite every other row is of a process that died, however young."""
    handed: list[str] = []
    await rows.beat(process("killed"))
    await heart(rows, "next", handed, alone=True).once()
    assert handed == ["killed"]


async def test_an_executor_without_a_row_is_taken_over(rows):
    """Work of a release that had no heartbeat."""

    async def lost() -> list[str]:
        return ["keeper", "prhub"]

    handed: list[str] = []
    await heart(rows, "keeper", handed, lost=lost).once()
    await heart(rows, "keeper", handed).once()
    assert handed == ["prhub"]


async def test_a_web_process_takes_over_from_nobody(rows):
    """It has no engine."""
    await rows.beat(process("silent"))
    web = Heartbeat(rows, process("web", Mode.WEB), Crew(), PULSE)
    await beats(web, 0.4)
    assert {one.process.id for one in await rows.seen()} == {"silent", "web"}


async def test_living_workers_are_counted(rows):
    """The limits are divided by them, and a web process has no part in that."""
    crew = Crew()
    await rows.beat(process("a", Mode.WORKER))
    await rows.beat(process("b", Mode.WEB))
    await Heartbeat(rows, process("c"), crew, PULSE).start()
    assert crew.count() == 2


async def test_a_heart_that_cannot_beat_is_not_ready(rows):
    """Its store is gone for longer than the others wait (R117)."""
    one = heart(rows, "a", [])
    await one.start()
    assert await one.trouble() is None
    time.sleep(0.25)  # noqa: ASYNC251 - nothing may beat
    assert "no heartbeat" in (await one.trouble() or "")


def test_a_process_of_this_machine_that_ended_is_known_at_once():
    """Its id means something only in the same boot and container."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert is_gone(Process("a", Mode.ALL, here(), ended.pid), here()) == bool(here())
    assert not is_gone(Process("a", Mode.ALL, "elsewhere", ended.pid), here())
    assert not is_gone(Process("a", Mode.ALL, here(), os.getpid()), here())
    assert not is_gone(Process("a", Mode.ALL, "", ended.pid), "")
