"""The inbox: each delivery once, whoever sends it again, under whatever name."""

from __future__ import annotations

import asyncio
import time

import pytest
import sqlalchemy as sa

from bot.store import Inbox, Receipt, Triggers
from bot.store.tables import deliveries, triggers
from tests.fakes.databases import opened
from tests.fakes.inbox import delivery, trigger

DAY = 86_400.0


@pytest.fixture
def inbox(store):
    """The inbox of app 7."""
    return Inbox(store, 7)


async def count(store, table) -> int:
    """How many rows a table has."""
    async with store.read() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def test_a_delivery_and_its_trigger_are_there_when_put_returns(store, inbox):
    """Durable before the answer (R10): another connection finds both."""
    assert await inbox.put(delivery("g"), b'{"a": 1}', trigger()) is Receipt.STORED
    assert await inbox.payload("g") == {"a": 1}
    assert [(found.trigger, found.guid) for found in await Triggers(store).new(9)] == [(trigger(), "g")]


async def test_one_guid_a_thousand_times_at_once_is_one_row_and_one_trigger(store, inbox):
    """GitHub redelivers under the same GUID (R14)."""
    puts = (inbox.put(delivery("same"), b"{}", trigger()) for _ in range(1000))
    receipts = await asyncio.gather(*puts)
    assert sorted(receipts) == [Receipt.DUPLICATE] * 999 + [Receipt.STORED]
    assert (await count(store, deliveries), await count(store, triggers)) == (1, 1)


async def test_one_body_under_a_thousand_guids_is_one_trigger(store, inbox):
    """A captured body can be replayed with any GUID, which is not signed (W5); keys differ on purpose."""
    puts = (inbox.put(delivery(), b'{"n": 1}', trigger(number)) for number in range(1000))
    receipts = await asyncio.gather(*puts)
    assert receipts.count(Receipt.STORED) == 1
    assert (await count(store, deliveries), await count(store, triggers)) == (1000, 1)


async def test_two_processes_are_as_one(url):
    """Two inboxes on one database, each with half of the copies: still one trigger."""
    stores = [opened(url), opened(url)]
    inboxes = [Inbox(store, 7) for store in stores]
    receipts = await asyncio.gather(
        *(inboxes[number % 2].put(delivery(), b"{}", trigger(number)) for number in range(200)),
        *(inboxes[number % 2].put(delivery("same"), b"[]", trigger(1000 + number)) for number in range(200)),
    )
    assert receipts.count(Receipt.STORED) == 2
    assert await count(stores[0], triggers) == 2
    for store in stores:
        await store.close()


async def test_the_same_work_asked_for_by_different_deliveries_is_one_trigger(store, inbox):
    """The business key is the third sieve."""
    receipts = [await inbox.put(delivery(), b"%d" % number, trigger()) for number in range(3)]
    assert receipts == [Receipt.STORED] * 3
    assert await count(store, triggers) == 1


async def test_a_body_under_another_events_name_does_not_stand_in_for_the_genuine_one(inbox):
    """The event's name is not signed either: whoever sends it first under a wrong one gains nothing."""
    await inbox.put(delivery(event="issue_comment"), b"{}", None)
    assert await inbox.put(delivery(), b"{}", trigger()) is Receipt.STORED


async def test_another_apps_delivery_has_its_own_guids(store, inbox):
    """Two apps may share a database."""
    await inbox.put(delivery("g"), b"1", trigger(1))
    assert await Inbox(store, 8).put(delivery("g"), b"2", trigger(2)) is Receipt.STORED


async def test_a_redelivery_within_thirty_days_is_known(store):
    """Bodies go after 7 days, keys after 30 (R15)."""
    now = time.time()
    inbox = Inbox(store, 7, clock=lambda: now)
    await inbox.put(delivery("g"), b"{}", trigger())
    now += 6.9 * DAY
    await inbox.purge(now)
    assert await inbox.payload("g") == {}
    now += 1 * DAY
    await inbox.purge(now)
    assert await inbox.payload("g") is None
    now += 22 * DAY
    await inbox.purge(now)
    assert await inbox.put(delivery("g"), b"{}", trigger(1)) is Receipt.DUPLICATE
    assert await inbox.put(delivery("h"), b"{}", trigger(2)) is Receipt.DUPLICATE
    now += 1 * DAY
    await inbox.purge(now)
    assert await inbox.put(delivery("g"), b"[]", trigger(3)) is Receipt.STORED


async def test_a_body_is_kept_byte_for_byte_once(inbox):
    """Replays need the payload; a copy's body is not kept again."""
    body = ('{"text": "' + "ü\\u0000" * 400_000 + '"}').encode()
    await inbox.put(delivery("first"), body, None)
    await inbox.put(delivery("copy"), body, None)
    assert await inbox.payload("first") == {"text": "ü\0" * 400_000}
    assert await inbox.payload("copy") is None
    assert await inbox.payload("never came") is None


async def test_odd_text_in_a_delivery_is_stored(inbox):
    """An action of any length, with a NUL or half a surrogate pair, stops neither it nor its batch."""
    odd = [
        inbox.put(delivery(action=action), action.encode("utf-8", "replace"), None)
        for action in ("a\0", "\ud800")
    ]
    receipts = await asyncio.gather(*odd, inbox.put(delivery(action="x" * 500), b"3", trigger()))
    assert receipts == [Receipt.STORED] * 3


async def test_the_drain_is_woken_only_for_work(store):
    """After the commit, and not for deliveries that ask for nothing."""
    woken = []
    inbox = Inbox(store, 7, lambda: woken.append(1))
    await inbox.put(delivery(), b"1", None)
    assert woken == []
    await inbox.put(delivery(), b"2", trigger())
    assert woken == [1]
