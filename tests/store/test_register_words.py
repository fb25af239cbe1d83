"""What people decide about registered risks, and the register as a digest shows it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.model import PersonsWord, RegisterState, Severity
from bot.store.register import Register
from tests.fakes.register import PLACE, gone, merge, reported, seen, swallowed, told
from tests.fakes.reports import repository

OPEN, CLOSED, ACCEPTED = RegisterState.OPEN, RegisterState.CLOSED, RegisterState.ACCEPTED


@pytest.fixture
def register(store):
    """The register of a new store."""
    return Register(store)


def word(number: int, by: str = "octo-lead", reason: str = "Known, and cheap.") -> PersonsWord:
    """What a person said at the moment of a merge."""
    return PersonsWord(by=by, reason=reason, at=merge(number).at)


async def test_a_person_accepts_an_open_risk(register):
    """Who, why and when are kept; said twice it is said once."""
    await register.note(reported(1, swallowed()))
    once = await register.accept(PLACE, 1, word(2))
    assert (once.state, once.accepted) == (ACCEPTED, word(2))
    assert await register.accept(PLACE, 1, word(2)) == once
    assert await register.open_risks(PLACE) == ()


async def test_what_is_not_there_or_not_open_cannot_be_accepted(register):
    """The person is told so."""
    first, second = await register.note(reported(1, swallowed(), told()))
    await register.touch(PLACE, [gone(first)], merge(2))
    await register.note(reported(1, swallowed()))
    answers = [await register.accept(PLACE, number, word(3)) for number in (1, second.number, 7)]
    assert answers == [None, None, None]
    assert await register.accept(9, 1, word(3)) is None


async def test_a_refresh_does_not_take_an_acceptance_back(register):
    """Whether it names the risk or not."""
    await register.note(reported(1, swallowed()))
    await register.accept(PLACE, 1, word(2))
    await register.note(reported(1, swallowed(severity=Severity.HIGH)))
    await register.note(reported(1))
    found = await register.get(PLACE, 1)
    assert (found.state, found.severity) == (ACCEPTED, Severity.HIGH)


async def test_an_accepted_risk_that_is_opened_again_is_open(register):
    """With both words kept apart."""
    await register.note(reported(1, swallowed()))
    await register.accept(PLACE, 1, word(2))
    found = await register.reopen(PLACE, 1, word(3, reason="It is not cheap."))
    assert (found.state, found.accepted, found.reopened.reason) == (OPEN, None, "It is not cheap.")
    assert await register.accept(PLACE, 1, word(4)) is not None


async def test_what_a_person_opens_again_only_a_later_merge_closes(register):
    """The same proof told again does not."""
    (risk,) = await register.note(reported(1, swallowed()))
    await register.touch(PLACE, [gone(risk)], merge(2))
    assert (await register.reopen(PLACE, 1, word(4))).state is OPEN
    await register.touch(PLACE, [gone(risk)], merge(2))
    await register.close(PLACE, [1], gone(risk).places[0].gone, merge(3))
    assert (await register.get(PLACE, 1)).state is OPEN
    await register.touch(PLACE, [gone(risk)], merge(5))
    assert ((await register.get(PLACE, 1)).state, (await register.get(PLACE, 1)).closed_by) == (CLOSED, 5)


async def test_what_its_own_report_took_back_is_not_opened_again(register):
    """There is nothing to open."""
    await register.note(reported(1, swallowed()))
    await register.note(reported(1))
    assert await register.reopen(PLACE, 1, word(2)) is None
    assert await register.reopen(PLACE, 2, word(2)) is None


async def test_a_person_and_a_merge_at_once_are_both_kept(register):
    """Neither writes over the other."""
    for pull in range(1, 6):
        (risk,) = await register.note(reported(pull, swallowed(7, 9)))
        await asyncio.gather(
            register.touch(PLACE, [gone(risk, 0)], merge(20)),
            register.accept(PLACE, risk.number, word(21)),
            register.note(reported(pull, swallowed(7, 9))),
            register.touch(PLACE, [seen(risk, line=5)], merge(22)),
        )
        found = await register.get(PLACE, risk.number)
        assert (found.state, found.accepted, found.checked_by) == (ACCEPTED, word(21), 22)
        assert [place.gone is None for place in found.places] == [False, True]


async def ids(register, since: int, until: int, **options) -> dict[str, Any]:
    """What a digest of a span (in merges) shows."""
    view = await register.view([PLACE], merge(since).at, merge(until).at, **options)
    return {
        "new": [risk.id for risk in view.new],
        "still": [risk.id for risk in view.still_open],
        "closed": [risk.id for risk in view.closed],
        "counts": [view.open_count, view.accepted_count],
    }


@pytest.fixture
async def four(register):
    """R1 to R4 of merges 1 to 4: R1 closed by 5, R2 accepted then, R3 heavy, R4 closed by 8."""
    for number, severity in ((1, "low"), (2, "low"), (3, "high"), (4, "low")):
        await register.note(reported(number, swallowed(severity=Severity(severity))))
    await register.touch(PLACE, [gone(await register.get(PLACE, 1))], merge(5))
    await register.accept(PLACE, 2, word(5))
    await register.touch(PLACE, [gone(await register.get(PLACE, 4))], merge(8))
    return register


async def test_the_view_is_of_its_period(four):
    """New, still open, closed in it; what came later did not happen yet."""
    assert await ids(four, 0, 3) == {"new": ["R1", "R2"], "still": [], "closed": [], "counts": [2, 0]}
    assert await ids(four, 3, 6) == {"new": ["R3", "R4"], "still": [], "closed": ["R1"], "counts": [2, 1]}
    assert await ids(four, 6, 9) == {"new": [], "still": ["R3"], "closed": ["R4"], "counts": [1, 1]}
    assert await ids(four, 9, 12) == {"new": [], "still": ["R3"], "closed": [], "counts": [1, 1]}


async def test_a_view_written_late_is_the_same(four):
    """However much is merged, found and closed meanwhile."""
    before = await four.view([PLACE], merge(3).at, merge(6).at)
    for number in (3, 4):
        await four.touch(PLACE, [seen(await four.get(PLACE, number), "moved.py")], merge(20))
    await four.touch(PLACE, [gone(await four.get(PLACE, 3))], merge(21))
    await four.note(reported(30, told()))
    assert await four.view([PLACE], merge(3).at, merge(6).at) == before
    assert before.new[0].places == ()


async def test_the_heaviest_come_first_and_most_limits_the_old_ones(register):
    """The count is of all."""
    for number in range(1, 8):
        await register.note(
            reported(number, swallowed(severity=Severity.HIGH if number == 5 else Severity.LOW))
        )
    shown = await ids(register, 8, 9, most=3)
    assert (shown["still"], shown["counts"]) == (["R5", "R1", "R2"], [7, 0])


async def test_a_view_may_be_of_a_folder_or_of_several_repositories(register):
    """A folder is one by its whole name."""
    await register.note(reported(1, told(path="services/api/a.py"), told("B.", path="services/api2/b.py")))
    await register.note(reported(1, told(), repository=repository(id=9)))
    assert (await ids(register, 0, 9, path="services/api"))["new"] == ["R1"]
    both = await register.view([PLACE, 9], merge(0).at, merge(9).at)
    assert [(risk.repository_id, risk.id) for risk in both.new] == [(9, "R1"), (PLACE, "R1"), (PLACE, "R2")]
    assert both.open_count == 3


async def test_the_end_of_a_period_belongs_to_the_next(register):
    """What was merged at that very moment is not in it."""
    await register.note(reported(3, told()))
    assert (await ids(register, 0, 3))["new"] == []
    assert (await ids(register, 3, 6))["new"] == ["R1"]
    at = merge(3).at + timedelta(microseconds=1)
    assert (await register.view([PLACE], merge(0).at, at)).open_count == 1
