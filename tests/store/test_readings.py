"""Readings: the newest of each pull request, or none."""

from __future__ import annotations

import asyncio

import pytest

from bot.model import Told
from bot.model.insights import FileInsight
from bot.store import Readings, tables
from tests.fakes.calls import reading

PLACE = (2**40, 12)


@pytest.fixture
def readings(store):
    """The readings of a new store."""
    return Readings(store)


async def test_a_reading_comes_back_as_it_was(readings):
    """Insights, fingerprints, coverage, cost and verdicts."""
    assert await readings.get(*PLACE) is None
    for _ in range(2):
        await readings.save(*PLACE, reading())
    assert await readings.get(*PLACE) == reading()
    assert await readings.get(PLACE[0], 13) is None
    assert await readings.get(PLACE[0] + 1, PLACE[1]) is None


async def test_the_newest_reading_replaces_the_one_before(readings):
    """A refresh reads what changed and stores the whole."""
    await readings.save(*PLACE, reading())
    await readings.save(*PLACE, reading(verified=99))
    found = await readings.get(*PLACE)
    assert found is not None
    assert found.verified == 99


async def test_many_save_at_once_and_one_is_there(readings):
    """Two workers may read the same pull request; neither fails."""
    await asyncio.gather(*(readings.save(*PLACE, reading(verified=number)) for number in range(8)))
    found = await readings.get(*PLACE)
    assert found is not None
    assert found.verified in range(8)


async def test_a_dropped_reading_is_gone(readings):
    """Dropping what is not there is no error."""
    await readings.save(*PLACE, reading())
    await readings.save(PLACE[0], 13, reading())
    for _ in range(2):
        await readings.drop(*PLACE)
    assert await readings.get(*PLACE) is None
    assert await readings.get(PLACE[0], 13) == reading()


@pytest.mark.parametrize(
    "data", ["", "{", "null", "[]", "{}", reading().model_dump_json()[:-1] + ',"tomorrow":1}']
)
async def test_a_reading_of_another_version_counts_as_none(store, readings, data):
    """The model is asked again, instead of no report ever being refreshed."""
    await readings.save(*PLACE, reading())
    async with store.write() as connection:
        await connection.execute(tables.readings.update().values(data=data))
    assert await readings.get(*PLACE) is None
    await readings.save(*PLACE, reading())
    assert await readings.get(*PLACE) == reading()


@pytest.mark.parametrize("text", ["a\0b", "\U0001f600" * 50_000, "'; --", "\u202e", "\\u0000"], ids=ascii)
async def test_any_text_can_be_stored(readings, text):
    """What a model says is hostile until it is shown."""
    odd = reading(insights={"files": (FileInsight(path=text, change=Told(text=text)),)})
    await readings.save(*PLACE, odd)
    assert await readings.get(*PLACE) == odd


async def test_half_a_surrogate_pair_is_refused(readings):
    """JSON cannot hold it, and what was there before stays."""
    await readings.save(*PLACE, reading())
    with pytest.raises(ValueError, match="surrogates"):
        await readings.save(*PLACE, reading(prompt="\ud800"))
    assert await readings.get(*PLACE) == reading()
