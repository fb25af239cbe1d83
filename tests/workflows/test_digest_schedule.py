"""When digests are asked for: at their hour, once, the newest missed one only, and for nobody who left."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from bot.model import ChangeKind, KnownRepository, LifecycleChange, Trigger
from bot.settings import load_settings
from bot.store import Digests, RepoConfigs, installed
from bot.store.tables import triggers
from bot.workflows.book import Book
from bot.workflows.schedule import GAP_SECONDS, Schedule
from tests.fakes.databases import opened
from tests.fakes.gates import Clock
from tests.fakes.sweeping import DAY, HOUR

if TYPE_CHECKING:
    from pathlib import Path

WEEK = 7 * DAY


def at(text: str) -> float:
    """The epoch second of a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


class Office:
    """A schedule over a store, on a clock that only the test moves."""

    def __init__(self, store, folder: Path, **settings: str) -> None:
        self.store, self.folder = store, folder
        self.clock = Clock(at("2026-03-04T12:00:00"))
        self.parts = installed(store, 7, self.clock)
        self.settings = load_settings(settings, folder)

    def schedule(self, **settings: str) -> Schedule:
        """The schedule of a process."""
        given = load_settings(settings, self.folder) if settings else self.settings
        book = Book(given, RepoConfigs(self.store))
        return Schedule(given, self.parts, Digests(self.store), book, self.clock)

    async def change(self, kind: ChangeKind, *names: str, installation: int = 1, **flags: Any) -> None:
        """What GitHub tells of repositories; their ids follow from their names."""
        found = tuple(KnownRepository(id=len(name), full_name=name, **flags) for name in names)
        await self.parts.installations.apply(
            LifecycleChange(kind=kind, installation_id=installation, repositories=found)
        )

    async def asked(self) -> list[str]:
        """The keys that were asked for."""
        async with self.store.read() as connection:
            return list((await connection.scalars(sa.select(triggers.c.key).order_by(triggers.c.id))).all())

    async def look(self, moment: str | float) -> int:
        """Look at a moment."""
        self.clock.now = at(moment) if isinstance(moment, str) else moment
        return await self.schedule().run_once()


@pytest.fixture
def hire(sqlite_files, tmp_path):
    """Open an office with settings, such as ``PRHUB_DIGEST_PERIOD="month"``."""
    stores = []

    def start(**settings: str) -> Office:
        stores.append(opened(sqlite_files.migrated()))
        return Office(stores[-1], tmp_path, **settings)

    yield start
    for store in stores:
        asyncio.run(store.close())


@pytest.fixture
async def office(hire):
    """An office with one repository, seen first on Wednesday 2026-03-04 (in W10)."""
    office = hire()
    await office.schedule().run_once()
    await office.change(ChangeKind.INSTALLED, "o/abc")
    return office


async def test_a_digest_is_asked_for_at_its_hour_and_once(office):
    """Monday at nine, of the week that has ended; not a second before."""
    assert await office.look("2026-03-09T08:59:59") == 0
    assert await office.look("2026-03-09T09:00:00") == 1
    for hours in range(1, 168, 7):
        assert await office.look(at("2026-03-09T09:00:00") + hours * HOUR) == 0
    assert await office.look("2026-03-16T09:00:30") == 1
    assert await office.asked() == ["digest:5:-:2026-W10", "digest:5:-:2026-W11"]


async def test_what_is_asked_for_says_it_all(office):
    """The trigger holds the period, where it is published, and the number 0."""
    await office.look("2026-03-09T09:00:00")
    async with office.store.read() as connection:
        trigger = Trigger.model_validate_json(await connection.scalar(sa.select(triggers.c.data)))
    assert (trigger.kind, trigger.number, trigger.repository) == ("digest", 0, "o/abc")
    assert trigger.digest is not None
    assert trigger.digest.period.since == datetime(2026, 3, 2, tzinfo=UTC)
    assert (trigger.digest.scope, trigger.digest.publish) == ("", True)


async def test_of_several_missed_ones_only_the_newest_is_caught_up(office):
    """Nobody wants four digests at once after a month of downtime."""
    assert await office.look("2026-04-09T03:00:00") == 1
    assert await office.asked() == ["digest:5:-:2026-W14"]


async def test_nothing_is_asked_for_an_hour_before_the_repository_was_seen(office):
    """Installing PRHub writes nothing about the past, nor does a new repository."""
    assert await office.look("2026-03-06T00:00:00") == 0
    await office.look("2026-03-11T00:00:00")
    await office.change(ChangeKind.ADDED, "o/later")
    assert await office.look("2026-03-12T00:00:00") == 0
    assert await office.look("2026-03-16T09:00:00") == 2


async def test_a_release_with_digests_writes_none_for_the_time_before_it(hire):
    """After an upgrade on a Wednesday nobody finds a digest of last week in every repository."""
    office = hire()
    await office.change(ChangeKind.INSTALLED, "o/abc")
    assert await office.look("2026-06-03T12:00:00") == 0
    assert await office.look("2026-06-08T09:00:00") == 1


@pytest.mark.parametrize(
    ("kind", "flags"),
    [
        pytest.param(ChangeKind.REMOVED, {}, id="it was taken out of the installation"),
        pytest.param(ChangeKind.SUSPENDED, {}, id="the installation is suspended"),
        pytest.param(ChangeKind.UNINSTALLED, {}, id="the app was uninstalled"),
        pytest.param(ChangeKind.TRANSFERRED, {}, id="it was transferred, and GitHub was not asked yet"),
        pytest.param(ChangeKind.UPDATED, {"archived": True}, id="it is archived"),
    ],
)
async def test_where_the_app_cannot_work_nothing_is_asked_for(office, kind, flags):
    """Archived, suspended, gone."""
    await office.change(kind, "o/abc", **flags)
    assert await office.look("2026-03-09T09:00:00") == 0


async def test_a_suspension_that_ends_in_the_week_is_caught_up(office):
    """The hour was missed as in a downtime."""
    await office.change(ChangeKind.SUSPENDED)
    assert await office.look("2026-03-09T09:00:00") == 0
    await office.change(ChangeKind.RESUMED)
    assert await office.look("2026-03-12T09:00:00") == 1


async def test_a_repository_that_was_renamed_gets_no_second_digest(office):
    """Its key is GitHub's id."""
    await office.look("2026-03-09T09:00:00")
    renamed = KnownRepository(id=5, full_name="o/new")
    await office.parts.installations.apply(
        LifecycleChange(kind=ChangeKind.UPDATED, installation_id=1, repositories=(renamed,))
    )
    assert await office.look("2026-03-09T10:00:00") == 0
    await office.look("2026-03-16T09:00:00")
    assert len(await office.asked()) == 2


@pytest.mark.parametrize(
    ("settings", "moment", "keys"),
    [
        pytest.param({"PRHUB_DIGEST_SCHEDULE": "off"}, "2026-03-16T09:00:00", [], id="switched off"),
        pytest.param(
            {"PRHUB_DIGEST_PERIOD": "month", "PRHUB_DIGEST_SCHEDULE": "0 9 1 * *"},
            "2026-04-01T09:00:00",
            ["digest:5:-:2026-03"],
            id="monthly",
        ),
        pytest.param(
            {"PRHUB_DIGEST_PERIOD": "month"},
            "2026-03-16T09:00:00",
            ["digest:5:-:2026-02"],
            id="a month's digest, on the first Monday",
        ),
        pytest.param(
            {"PRHUB_TIME_ZONE": "Asia/Shanghai"},
            "2026-03-09T01:00:00",
            ["digest:5:-:2026-W10"],
            id="nine in Shanghai is one in UTC",
        ),
        pytest.param(
            {"PRHUB_DIGEST_PATHS": "o/*:services/api,o/other:docs,o/abc:docs"},
            "2026-03-09T09:00:00",
            ["digest:5:-:2026-W10", "digest:5:path:services/api:2026-W10", "digest:5:path:docs:2026-W10"],
            id="two projects in one repository",
        ),
        pytest.param(
            {"PRHUB_ORG_DIGEST": "O/Abc", "PRHUB_REPOSITORIES": "x/*"},
            "2026-03-09T09:00:00",
            ["digest:5:organisation:2026-W10"],
            id="the organisation's digest in a repository without one of its own",
        ),
        pytest.param({"PRHUB_REPOSITORIES": "x/*"}, "2026-03-09T09:00:00", [], id="not in the pilot"),
    ],
)
async def test_what_the_operator_says_is_asked_for(hire, settings, moment, keys):
    """Schedule, period, zone, paths, the organisation's digest, and the pilot's repositories."""
    office = hire(**settings)
    await office.schedule().run_once()
    await office.change(ChangeKind.INSTALLED, "o/abc")
    await office.look(moment)
    assert await office.asked() == keys


async def test_a_large_installation_is_spread_and_the_others_do_not_wait(office):
    """GitHub takes 500 issues and comments an hour of an installation: reports come first."""
    await office.change(ChangeKind.ADDED, "o/abcd", "o/abcde")
    await office.change(ChangeKind.INSTALLED, "two/abcdef", installation=2)
    await office.look("2026-03-09T09:00:00")
    async with office.store.read() as connection:
        query = sa.select(triggers.c.due_at - triggers.c.created_at)
        delays = [round(delay, 3) for delay in await connection.scalars(query)]
    assert sorted(delays) == [0.0, 0.0, GAP_SECONDS, 2 * GAP_SECONDS]


async def test_digests_that_are_not_published_are_still_made(hire):
    """``PRHUB_DIGEST_PUBLISH=none``."""
    office = hire(PRHUB_DIGEST_PUBLISH="none")
    await office.schedule().run_once()
    await office.change(ChangeKind.INSTALLED, "o/abc")
    await office.look("2026-03-09T09:00:00")
    async with office.store.read() as connection:
        trigger = Trigger.model_validate_json(await connection.scalar(sa.select(triggers.c.data)))
    assert trigger.digest is not None
    assert trigger.digest.publish is False


async def test_two_processes_ask_once(office):
    """They look at the same moment."""
    office.clock.now = at("2026-03-09T09:00:00")
    await asyncio.gather(*(office.schedule().run_once() for _ in range(4)))
    assert await office.asked() == ["digest:5:-:2026-W10"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", pytest.param("America/New_York", marks=pytest.mark.long)])
async def test_ten_years_have_five_hundred_and_twenty_digests(hire, zone):
    """Week 53, both changes of the clock, downtime at the hour, and clocks that jump by a day (R94, R124)."""
    office, draw = hire(PRHUB_TIME_ZONE=zone), random.Random(zone)
    await office.schedule().run_once()
    await office.change(ChangeKind.INSTALLED, "o/abc")
    monday = at("2026-03-09T00:00:00")
    for week in range(520):
        hour = monday + week * WEEK + 16 * HOUR
        up = hour + draw.choice((0.0, 60.0, 5 * HOUR, 3 * DAY))
        jumps = [draw.choice((-DAY, DAY)), 0.0] if draw.random() < 0.2 else []
        for moment in (up, *(up + jump for jump in jumps), up + 90.0):
            await office.look(moment)
    keys = await office.asked()
    assert len(keys) == len(set(keys)) == 520
    assert {"digest:5:-:2026-W53", "digest:5:-:2032-W53", "digest:5:-:2027-W01"} <= set(keys)
