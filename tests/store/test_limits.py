"""What GitHub's limits left us, kept in the store: pauses, and moments to write."""

from __future__ import annotations

import asyncio

import pytest

from bot.model import Pace, Pause
from bot.store import Limits
from tests.fakes.databases import opened

PACE = Pace(windows=((60.0, 5), (3600.0, 12)), content_gap=3.0, write_gap=1.0)
NOW = 1_800_000_000.0


@pytest.fixture
def limits(store):
    """The limits of a new store."""
    return Limits(store)


async def moments(limits, count, *, now=NOW, content=True, installation=1) -> list[float]:
    """Seconds from ``NOW`` of the moments that are given."""
    taken = [await limits.reserve(installation, PACE, now, content=content) for _ in range(count)]
    return [moment - NOW for moment in taken]


async def test_writes_of_content_keep_their_distance(limits):
    """Three seconds between comments, five in a minute; a moment over a minute away is only told."""
    assert await moments(limits, 9) == [0, 3, 6, 9, 12, 60, 63, 63, 63]


async def test_other_writes_keep_a_second(limits):
    """An edit is no new content, but a write."""
    assert await moments(limits, 3, content=False) == [0, 1, 2]
    assert await moments(limits, 1) == [3]


async def test_the_hour_is_kept_too(limits):
    """Twelve an hour: the thirteenth is told to come back when the first is an hour old."""
    given = []
    for minute in range(4):
        given += await moments(limits, 4, now=NOW + 60 * minute)
    assert given[:12] == [0, 3, 6, 9, 60, 63, 66, 69, 120, 123, 126, 129]
    assert set(given[12:]) == {3600}
    assert await moments(limits, 1, now=NOW + 3601) == [3601]


async def test_installations_do_not_wait_for_each_other(limits):
    """Limits are an installation's own."""
    assert await moments(limits, 5) == [0, 3, 6, 9, 12]
    assert await moments(limits, 1, installation=2) == [0]


async def test_no_moment_is_given_twice(url):
    """Two processes, fifty callers at once."""
    stores = [opened(url), opened(url)]
    wide = Pace(windows=((60.0, 99), (3600.0, 99)), content_gap=0.5, write_gap=0.5)
    callers = (Limits(stores[n % 2]).reserve(2**33, wide, NOW, content=True) for n in range(50))
    assert sorted(await asyncio.gather(*callers)) == [NOW + n / 2 for n in range(50)]
    for store in stores:
        await store.close()


async def test_a_restart_forgets_nothing(url):
    """The windows are in the store."""
    given = []
    for _ in range(6):
        store = opened(url)
        given += await moments(Limits(store), 1)
        await store.close()
    assert given == [0, 3, 6, 9, 12, 60]


async def test_a_clock_that_is_put_back_does_not_stop_writing(limits):
    """A day's jump costs nothing: moments that nobody can have taken are dropped (R124)."""
    await moments(limits, 5, now=NOW + 86_400)
    assert await moments(limits, 3) == [0, 3, 6]


async def test_what_is_over_is_forgotten(limits, store):
    """The table does not grow."""
    await moments(limits, 5)
    await moments(limits, 1, now=NOW + 4000)
    async with store.read() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM writes")
        assert rows.scalar_one() == 1


async def test_a_pause_is_kept(limits):
    """For each installation, with its strikes."""
    assert await limits.pause(1) == Pause()
    await limits.set_pause(1, Pause(NOW, 3), "told")
    assert await limits.pause(1) == Pause(NOW, 3)
    assert await limits.pause(2) == Pause()


@pytest.mark.parametrize(
    ("known", "new", "kept"),
    [
        pytest.param(Pause(NOW + 60, 1), Pause(NOW + 120, 2), "new", id="a longer one wins"),
        pytest.param(Pause(NOW + 600, 3), Pause(NOW + 1, 1), "known", id="a shorter one does not cut it"),
        pytest.param(Pause(NOW + 60, 2), Pause(NOW + 60, 0), "new", id="its end forgets the strikes"),
        pytest.param(Pause(NOW + 600, 3), Pause(NOW, 0), "known", id="an older one's end does not end it"),
        pytest.param(Pause(NOW + 90_000, 9), Pause(NOW + 60, 1), "new", id="tomorrow's is a wrong clock's"),
    ],
)
async def test_two_workers_pauses_are_the_longer_one(limits, known, new, kept):
    """Whoever writes last does not shorten what the other was told (R49)."""
    await limits.set_pause(1, known, "known")
    await limits.set_pause(1, new, "new")
    assert await limits.pause(1) == {"known": known, "new": new}[kept]
