"""What a repository's file changes about its digests: when they are asked for, and what is in them."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.model import ChangeKind, Trigger
from bot.model.repo_config import Loaded
from bot.repo_config import read_config
from bot.store import DigestKey, RepoConfigs, TriggerState
from bot.store.tables import triggers
from tests.fakes.configured import configure
from tests.fakes.databases import opened
from tests.fakes.github import add_merge, the_repository
from tests.fakes.weeks import ask_for, day, digest_issues, digest_trigger, merged_at, start, this_week
from tests.workflows.test_digest_schedule import Office

W13 = "2026-W13"
OWN_RISKS = """risks:
  slow-path: {name: Hot loop, paths: [engine/]}
  billed: {name: Costs money, paths: [engine/]}
"""
MONDAY = {"PRHUB_DIGEST_SCHEDULE": "0 9 * * 1"}


@pytest.fixture
async def office(sqlite_files, tmp_path):
    """A schedule with two repositories, seen first on Wednesday 2026-03-04, of which ``o/abc`` has a file."""
    store = opened(sqlite_files.migrated())
    found = Office(store, tmp_path)
    await found.schedule().run_once()
    await found.change(ChangeKind.INSTALLED, "o/abc", "o/other")
    yield found
    await store.close()


async def write(office, text: str) -> None:
    """Have the file read as by a report's work."""
    read = read_config(text.encode())
    assert read.problems == ()
    await RepoConfigs(office.store).put(5, Loaded(file=read.config, version=text))


async def requests(office):
    """What was asked for in ``o/abc``."""
    async with office.store.read() as connection:
        found = (await connection.scalars(sa.select(triggers.c.data).order_by(triggers.c.id))).all()
    asked = [Trigger.model_validate_json(data) for data in found]
    return [one.digest for one in asked if one.repository_id == 5]


async def test_digest_schedule_is_that_of_the_repository(office):
    """``digest.schedule``: on Wednesday here; the other repository keeps the operator's Monday."""
    await write(office, 'digest:\n  schedule: "30 7 * * 3"\n')
    assert await office.look("2026-03-09T09:00:00") == 1
    assert await requests(office) == []
    assert await office.look("2026-03-11T07:29:59") == 0
    assert await office.look("2026-03-11T07:30:00") == 1
    (request,) = await requests(office)
    assert request.period.key == "2026-W10"


async def test_digest_schedule_off_asks_for_nothing(office):
    """``digest.schedule: off``: by hand and by command there are digests all the same."""
    await write(office, "digest:\n  schedule: off\n")
    assert await office.look("2026-03-30T09:00:00") == 1
    assert await requests(office) == []


async def test_digest_period_is_that_of_the_repository(office):
    """``digest.period: month``: at the first Monday of the schedule, the month before."""
    await write(office, 'digest:\n  schedule: "0 9 1 * *"\n  period: month\n')
    await office.look("2026-04-01T09:00:00")
    assert [request.period.key for request in await requests(office)] == ["2026-03"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("digest:\n  time_zone: Asia/Shanghai\n", id="of the digest"),
        pytest.param("time_zone: Asia/Shanghai\n", id="of the repository"),
    ],
)
async def test_digest_time_zone_decides_the_hour_and_the_days(office, text):
    """Nine in Shanghai is one in the morning of UTC; its week begins eight hours earlier."""
    await write(office, text)
    assert await office.look("2026-03-09T00:59:59") == 0
    assert await office.look("2026-03-09T01:00:00") == 1
    (request,) = await requests(office)
    assert (request.period.time_zone, request.period.since.isoformat()) == (
        "Asia/Shanghai",
        "2026-03-01T16:00:00+00:00",
    )


async def test_digest_publish_none_is_stored_only(office):
    """``digest.publish: none``."""
    await write(office, "digest:\n  publish: none\n")
    await office.look("2026-03-09T09:00:00")
    (request,) = await requests(office)
    assert request.publish is False


async def test_digest_paths_get_digests_of_their_own(office):
    """``digest.paths``: beside that of the whole repository."""
    await write(office, "digest:\n  paths: [services/api, docs]\n")
    await office.look("2026-03-09T09:00:00")
    assert [request.scope for request in await requests(office)] == ["", "path:services/api", "path:docs"]


async def test_a_thousand_repositories_cost_one_look_at_what_changed(office):
    """No file is read again that has not changed since the last look, and GitHub is not asked at all."""
    await write(office, "digest:\n  schedule: off\n")
    schedule, reads = office.schedule(), []
    kept = schedule.book.kept

    class Counting(RepoConfigs):
        async def get(self, repository_id):
            reads.append(repository_id)
            return await super().get(repository_id)

    object.__setattr__(schedule.book, "kept", Counting(kept.store))
    for minute in range(5):
        office.clock.now += 60.0 * minute
        await schedule.run_once()
    assert reads == [5]
    await asyncio.sleep(0.01)
    await write(office, "digest:\n  period: month\n")
    await schedule.run_once()
    assert reads == [5, 5]


def issues(play):
    """The app's digest issues by period."""
    return dict(digest_issues(the_repository(play.state), play.state.app.id))


async def ended(play, trigger):
    """How the work on a trigger ended."""
    return await play.running.services.triggers.outcome(trigger.key)


@pytest.mark.parametrize(
    ("text", "scope", "reason"),
    [
        pytest.param("digest:\n  schedule: off\n", "", "digest.schedule: off", id="digests are off now"),
        pytest.param("digest:\n  period: month\n", "", "digest.period: month", id="it is months now"),
        pytest.param(
            "digest:\n  paths: [docs]\n", "path:engine", "digest.paths", id="the folder is not named any more"
        ),
    ],
)
async def test_what_was_asked_for_by_an_older_file_is_not_written(playing_with, text, scope, reason):
    """The schedule goes by what was read last; the work itself reads the file anew."""
    async with playing_with(**MONDAY) as play:
        merged_at(play.state, the_repository(play.state), day(W13))
        configure(play, text)
        trigger = digest_trigger(play.state, W13, scope)
        await ask_for(play, trigger)
        state, why = await ended(play, trigger)
        assert state is TriggerState.DROPPED
        assert reason in why
        assert issues(play) == {}


async def test_what_the_file_moved_to_a_later_day_waits_for_it(playing_with):
    """Asked for on Monday by the old schedule, and due on another day by the new one."""
    async with playing_with(**MONDAY) as play:
        configure(play, 'digest:\n  schedule: "0 0 1 1 *"\n')
        merged_at(play.state, the_repository(play.state), day(this_week()))
        trigger = digest_trigger(play.state, this_week())
        await start(play, trigger)
        await asyncio.sleep(1.0)
        assert (await ended(play, trigger))[0] in {TriggerState.NEW, TriggerState.STARTED}
        assert issues(play) == {}


async def test_a_digest_that_somebody_asked_for_is_written_all_the_same(playing_with):
    """By command or by hand: its key is another one."""
    async with playing_with(**MONDAY) as play:
        configure(play, "digest:\n  schedule: off\n")
        merged_at(play.state, the_repository(play.state), day(W13))
        await ask_for(play, digest_trigger(play.state, W13, again=":by-hand"))
        assert list(issues(play)) == [W13]


async def test_language_is_that_of_the_digest(playing_with):
    """``language``."""
    async with playing_with(**MONDAY) as play:
        configure(play, "language: zh-CN\n")
        merged_at(play.state, the_repository(play.state), day(W13))
        await ask_for(play, digest_trigger(play.state, W13))
        assert "周报" in issues(play)[W13].title


async def test_publish_none_that_came_meanwhile_opens_no_issue(playing_with):
    """``digest.publish``: the work goes by the file as it is then."""
    async with playing_with(**MONDAY) as play:
        configure(play, "digest:\n  publish: none\n")
        merged_at(play.state, the_repository(play.state), day(W13))
        trigger = digest_trigger(play.state, W13)
        await ask_for(play, trigger)
        assert issues(play) == {}
        assert (await ended(play, trigger))[0] is TriggerState.DONE


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("threshold: 0", 2, id="a threshold of nothing features both"),
        pytest.param("threshold: 9.9", 0, id="a high one features neither"),
        pytest.param("threshold: 0\n  highlights: 1", 1, id="at most one"),
    ],
)
async def test_highlights_and_their_threshold(playing_with, text, count):
    """``digest.highlights`` and ``digest.threshold``, over reports that have a rule to be featured."""
    async with playing_with(**MONDAY) as play:
        configure(play, f"digest:\n  {text}\n{OWN_RISKS}")
        for name in ("store", "load"):
            await play.merge(add_merge(play.state, {f"engine/{name}.py": "x = 3\n"}))
        await ask_for(play, digest_trigger(play.state, this_week(), again=":by-hand"))
        assert len((await stored(play)).highlights) == count


async def stored(play):
    """The stored digest of this week."""
    key = DigestKey(the_repository(play.state).id, "", this_week())
    return (await play.running.services.digests.get(key)).digest


async def test_own_risks_count_in_the_digest(playing_with):
    """``risks``: in the tally, in the risk watch by its name, and in the register."""
    text = "risks:\n  slow-path:\n    name: Hot loop\n    paths: [engine/]\n"
    async with playing_with(**MONDAY) as play:
        configure(play, text)
        await play.merge(add_merge(play.state))
        await play.merge(add_merge(play.state, {"engine/load.py": "x = 3\n"}))
        await ask_for(play, digest_trigger(play.state, this_week(), again=":by-hand"))
        body = issues(play)[this_week()].body
        assert "Hot loop" in body
        digest = await stored(play)
        (tally,) = digest.facts.risks
        assert (tally.key, tally.count) == ("slow-path", 2)
        assert digest.risk_register.open_count == 2
