"""Digests in the store: facts while one is made, the digest itself, and what is planned."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import DigestRequest, Trigger, TriggerKind
from bot.store import ORGANISATION, DigestIssues, DigestKey, Digests, Tenants, Triggers, TriggerState
from bot.store.digest_tables import digests as table
from tests.fakes.periods import digest, period, period_facts
from tests.fakes.reports import repository

KEY = DigestKey(2**40, "", "2026-W13")
PATH = DigestKey(2**40, "path:services/api", "2026-W13")


@pytest.fixture
def digests(store):
    """The digests of a new store."""
    return Digests(store)


async def test_facts_are_there_while_the_digest_is_made(digests):
    """And gone when it is done, or when nothing came of it."""
    await digests.keep_facts(KEY, 1, period_facts(), 100.0)
    assert await digests.facts_read_at(KEY) == 100.0
    flight = await digests.facts_of(KEY)
    assert (flight.facts, flight.read_at) == (period_facts(), 100.0)
    assert await digests.get(KEY) is None
    await digests.drop_facts(KEY)
    assert (await digests.facts_of(KEY), await digests.facts_read_at(KEY)) == (None, None)


async def test_younger_facts_are_not_replaced_by_older_ones(digests):
    """A worker that stood still comes back with what it read before."""
    young = period_facts(path="engine")
    await digests.keep_facts(KEY, 1, young, 200.0)
    await digests.keep_facts(KEY, 1, period_facts(), 100.0)
    assert (await digests.facts_of(KEY)).facts == young


async def test_a_digest_comes_back_as_it_was_and_outlives_its_facts(digests):
    """With the language it was written in."""
    await digests.keep_facts(KEY, 1, period_facts(), 100.0)
    for _ in range(2):
        await digests.save(KEY, 1, digest(), "zh-CN")
    await digests.drop_stale_facts(101.0)
    stored = await digests.get(KEY)
    assert (stored.digest, stored.language) == (digest(), "zh-CN")
    assert await digests.facts_of(KEY) is None
    assert await digests.get(PATH) is None


async def test_many_workers_may_keep_and_save_at_once(digests):
    """None of them fails, and one digest is there."""
    await asyncio.gather(
        *(digests.keep_facts(KEY, 1, period_facts(), float(number)) for number in range(4)),
        *(digests.save(KEY, 1, digest(), "en") for _ in range(4)),
    )
    assert await digests.facts_read_at(KEY) == 3.0
    assert [one.digest for one in await digests.list(KEY.repository_id)] == [digest()]


async def test_digests_are_listed_by_repository_and_scope_the_newest_first(digests):
    """Of a row without a digest yet nothing is shown."""
    for week, days in (("2026-W12", -7), ("2026-W14", 7), ("2026-W13", 0)):
        moved = {name: getattr(period(), name) + timedelta(days=days) for name in ("since", "until")}
        made = digest(facts=period_facts(period=period(key=week, **moved)))
        await digests.save(DigestKey(KEY.repository_id, "", week), 1, made, "en")
    await digests.save(PATH, 1, digest(), "en")
    await digests.keep_facts(DigestKey(KEY.repository_id, "", "2026-W15"), 1, period_facts(), 1.0)
    whole = await digests.list(KEY.repository_id, "")
    assert [one.digest.facts.period.key for one in whole] == ["2026-W14", "2026-W13", "2026-W12"]
    assert len(await digests.list(KEY.repository_id)) == 4
    assert len(await digests.list(KEY.repository_id, limit=2)) == 2
    assert await digests.list(1) == []


@pytest.mark.parametrize("data", ["", "{", "null", "{}", digest().model_dump_json()[:-1] + ',"more":1}'])
async def test_a_digest_of_another_version_counts_as_none(store, digests, data):
    """It is written anew, instead of every step failing on it."""
    await digests.save(KEY, 1, digest(), "en")
    async with store.write() as connection:
        await connection.execute(table.update().values(data=data, facts=data, facts_at=1.0))
    assert (await digests.get(KEY), await digests.facts_of(KEY)) == (None, None)
    assert await digests.list(KEY.repository_id) == []


def trigger(key: str, number: int = 0) -> Trigger:
    """What the schedule asks for."""
    return Trigger(
        kind=TriggerKind.DIGEST,
        key=key,
        installation_id=1,
        repository_id=2,
        repository="o/r",
        number=number,
        digest=DigestRequest(period=period()),
    )


async def test_what_is_planned_is_planned_once(store, digests):
    """By whoever comes first, whatever became of it since."""
    wanted = [trigger("digest:2:-:2026-W13"), trigger("digest:2:path:a:2026-W13")]
    counts = await asyncio.gather(*(digests.plan(wanted) for _ in range(3)))
    assert max(counts) == 2
    await Triggers(store).finish([wanted[0].key], TriggerState.DROPPED, "why")
    assert await digests.plan(wanted) == 0
    (left,) = await Triggers(store).new(10)
    assert left.trigger == wanted[1]


async def test_what_was_planned_is_never_forgotten(store, digests):
    """A monthly digest's trigger must outlive the month, or the schedule would ask for it again."""
    await digests.plan([trigger("digest:2:-:2026-03")])
    await Triggers(store).finish(["digest:2:-:2026-03"], TriggerState.DONE)
    await Triggers(store).purge(2e10)
    assert await digests.plan([trigger("digest:2:-:2026-03")]) == 0


async def test_a_repository_that_left_is_in_no_digest_over_several(store, digests):
    """The digest is the home's, but what it tells is theirs who left (R57)."""
    several = digest(facts=period_facts(repositories=(repository(), repository(id=77, full_name="o/left"))))
    over = DigestKey(5, ORGANISATION, "2026-W13")
    await digests.save(over, 1, several, "en")
    await digests.save(DigestKey(5, "", "2026-W13"), 1, digest(), "en")
    await DigestIssues(store).want(over, 1.0, "title", "what o/left did")
    await Tenants(store).forget_repositories([78])
    assert await digests.get(over) is not None
    await Tenants(store).forget_repositories([77])
    assert (await digests.get(over), await DigestIssues(store).get(over)) == (None, None)
    assert await digests.get(DigestKey(5, "", "2026-W13")) is not None


async def test_digests_go_with_their_repository(store, digests):
    """Every row of it."""
    await digests.save(KEY, 1, digest(), "en")
    await Tenants(store).forget_repositories([KEY.repository_id])
    async with store.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0
