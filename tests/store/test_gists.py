"""Stored reports as a digest reads them, and why a merge has none."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import NoReport, TriggerKind
from bot.store import Reports, Triggers, TriggerState
from bot.store.gists import BATCH, Gists
from bot.store.tables import reports
from tests.fakes.inbox import trigger
from tests.fakes.reports import MERGED_AT, head, pull_report, repository

ONE, OTHER = 4711, 4712
START = MERGED_AT.timestamp()


async def save(store, *numbers: int, repository_id: int = ONE) -> None:
    """Store reports on pull requests, each merged as many seconds after the first as its number says."""
    for number in numbers:
        of = head(
            number=number,
            repository=repository(id=repository_id),
            merged_at=MERGED_AT + timedelta(seconds=number),
        )
        await Reports(store).save(pull_report(head=of), 1)


async def found(store, *repository_ids: int, since: float = 0.0, until: float = 9999.0) -> list[object]:
    """Repository ids and numbers in the order they come in."""
    between = Gists(store).between(repository_ids, START + since, START + until)
    return [(repository_id, report.number) async for repository_id, report in between]


async def test_reports_come_in_the_order_of_their_merges(store):
    """Of the repositories asked for, from the first moment to before the last."""
    await save(store, 5, 1, 3, 7)
    await save(store, 2, 9, repository_id=OTHER)
    assert await found(store, ONE, since=1, until=7) == [(ONE, 1), (ONE, 3), (ONE, 5)]
    assert await found(store, ONE, OTHER, until=4) == [(ONE, 1), (OTHER, 2), (ONE, 3)]
    assert await found(store, 1) == []
    assert await found(store) == []


async def test_more_than_a_batch_is_whole(store):
    """Each is read once."""
    await save(store, 0)
    query = sa.select(*(column for column in reports.c if column.name not in {"id", "number"}))
    async with store.write() as connection:
        row = dict((await connection.execute(query)).one()._mapping)
        text = row.pop("data")
        rows = [
            {**row, "number": number, "data": text.replace('"number":0', f'"number":{number}', 1)}
            for number in range(1, 2 * BATCH + 1)
        ]
        await connection.execute(reports.insert(), rows)
    assert await found(store, ONE) == [(ONE, number) for number in range(2 * BATCH + 1)]


async def test_a_report_that_cannot_be_read_is_left_out(store):
    """One spoilt row does not take the digest from all others."""
    await save(store, 1, 2, 3)
    async with store.write() as connection:
        await connection.execute(reports.update().where(reports.c.number == 2).values(data="{"))
    assert await found(store, ONE) == [(ONE, 1), (ONE, 3)]


async def test_by_number_they_are_found_in_their_repositories(store):
    """A repository without any has an empty entry; before the given moment there are only counts."""
    await save(store, 1, 2)
    by = await Gists(store).by_number([ONE, OTHER], START, START + 9, whole_from=START + 2)
    assert {key: sorted(of) for key, of in by.items()} == {ONE: [1, 2], OTHER: []}
    assert [by[ONE][number].text is None for number in (1, 2)] == [True, False]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(TriggerState.NEW, NoReport.UNDER_WAY, id="it waits"),
        pytest.param(TriggerState.STARTED, NoReport.UNDER_WAY, id="it is being worked on"),
        pytest.param(TriggerState.PARKED, NoReport.UNDER_WAY, id="it is taken up when access is back"),
        pytest.param(TriggerState.DEAD, NoReport.DEAD, id="it failed for good"),
        pytest.param(TriggerState.DROPPED, NoReport.DROPPED, id="somebody did not want it"),
        pytest.param(TriggerState.DONE, NoReport.DROPPED, id="it ended well without a report"),
    ],
)
async def test_why_there_is_no_report(store, state, expected):
    """What became of the request; of what nobody asked for nothing is known."""
    asked = trigger(12, repository_id=ONE)
    await Triggers(store).add(asked)
    await Triggers(store).finish([asked.key], state, "a reason")
    assert await Gists(store).why(ONE, [12, 13]) == {12: expected}


async def test_of_several_requests_the_newest_decides_unless_one_is_under_way(store):
    """Requests other than for a report do not count."""
    kinds = [TriggerKind.REPORT, TriggerKind.REPORT, TriggerKind.REFRESH]
    for number, states in {1: ("dead", "dropped", "new"), 2: ("new", "dead", "dead")}.items():
        for order, (kind, state) in enumerate(zip(kinds, states, strict=True)):
            asked = trigger(number, key=f"{number}:{order}", kind=kind, repository_id=ONE)
            await Triggers(store).add(asked)
            await Triggers(store).finish([asked.key], TriggerState(state))
    expected = {1: NoReport.DROPPED, 2: NoReport.UNDER_WAY}
    assert await Gists(store).why(ONE, [2, 1, 2]) == expected


async def test_any_number_of_pull_requests_can_be_asked_about(store):
    """More than a statement takes."""
    await Triggers(store).add(trigger(40_000, repository_id=ONE))
    assert await Gists(store).why(ONE, range(6_001, 40_001)) == {40_000: NoReport.UNDER_WAY}
