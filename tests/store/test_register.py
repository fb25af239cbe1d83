"""The register: numbers that stay, and the same end in whatever order merges are told."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest

from bot.model import RegisterState, RiskState
from bot.store import Reports
from bot.store.register import Register
from tests.fakes.register import PLACE, gone, merge, reported, seen, swallowed, told
from tests.fakes.reports import head, repository

OPEN, CLOSED, WITHDRAWN = RegisterState.OPEN, RegisterState.CLOSED, RegisterState.WITHDRAWN


@pytest.fixture
def register(store):
    """The register of a new store."""
    return Register(store)


async def states(register) -> dict[str, str]:
    """The state of every risk, by its id."""
    return {risk.id: risk.state.value for risk in await register.all(PLACE)}


async def test_risks_get_numbers_in_the_order_of_the_report(register):
    """Only open ones; the next report goes on."""
    mended = swallowed(state=RiskState.FIXED_BEFORE_MERGE)
    first = await register.note(reported(1, told(), mended))
    second = await register.note(reported(2, swallowed(), told()))
    assert [risk.id for risk in (*first, *second)] == ["R1", "R2", "R3"]
    assert (second[0].pull, second[0].path, second[0].line) == (2, "engine/store.py", 7)
    assert await register.get(PLACE, 2) == second[0]
    assert await register.get(PLACE, 4) is None


async def test_each_repository_counts_for_itself(register):
    """R1 is here and there."""
    await register.note(reported(1, told()))
    (other,) = await register.note(reported(1, told(), repository=repository(id=9)))
    assert (other.id, len(await register.all(PLACE))) == ("R1", 1)


async def test_a_local_report_is_refused(register):
    """It has no number to be found under."""
    with pytest.raises(ValueError, match="number"):
        await register.note(reported(1, told()).model_copy(update={"head": head(number=None)}))


@pytest.mark.parametrize(
    "again",
    [
        pytest.param((swallowed(), told()), id="the same"),
        pytest.param((told(), swallowed()), id="in another order"),
        pytest.param((swallowed(), told("It grows and grows.")), id="in other words about the same line"),
        pytest.param((swallowed(7, 9), told()), id="with one more place"),
    ],
)
async def test_a_refresh_keeps_the_numbers(register, again):
    """However it is told the second time."""
    before = await register.note(reported(1, swallowed(), told()))
    after = await register.note(reported(1, *again))
    assert {risk.id: risk.key for risk in after} == {risk.id: risk.key for risk in before}
    assert len(await register.all(PLACE)) == 2


async def test_what_a_report_no_longer_names_is_withdrawn_and_may_come_back(register):
    """Under its old number."""
    await register.note(reported(1, swallowed(), told()))
    await register.note(reported(1, told()))
    assert await states(register) == {"R1": "withdrawn", "R2": "open"}
    await register.note(reported(1, told(), swallowed()))
    assert await states(register) == {"R1": "open", "R2": "open"}


async def test_two_told_risks_about_other_lines_are_two(register):
    """Under one key; each is known again by itself."""
    other = told("It blocks.", path="engine/lock.py")
    await register.note(reported(1, told(), other))
    await register.note(reported(1, other))
    assert await states(register) == {"R1": "withdrawn", "R2": "open"}


async def test_many_workers_enter_one_report_once(register):
    """At the same moment, with reports of other pull requests between them."""
    reports = [reported(number, swallowed(), told()) for number in (1, 2, 3)] * 4
    await asyncio.gather(*(register.note(report) for report in reports))
    found = await register.all(PLACE)
    assert [risk.number for risk in found] == [1, 2, 3, 4, 5, 6]
    assert sorted((risk.pull, risk.key.value) for risk in found) == sorted(
        (pull, key) for pull in (1, 2, 3) for key in ("error-handling", "performance")
    )


async def test_the_newest_stored_report_counts(register, store):
    """A slow worker that still has the one before it takes nothing back."""
    old, new = reported(1, swallowed()), reported(1, swallowed(), told())
    later = new.provenance.model_copy(update={"generated_at": merge(9).at})
    await Reports(store).save(new.model_copy(update={"provenance": later}), 1)
    await register.note(new.model_copy(update={"provenance": later}))
    await register.note(old)
    assert await states(register) == {"R1": "open", "R2": "open"}


async def test_a_risk_is_closed_when_its_last_place_is_gone(register):
    """By the merge that took it; what only moved is followed."""
    (risk,) = await register.note(reported(1, swallowed(7, 9)))
    await register.touch(PLACE, [gone(risk, 0)], merge(2))
    await register.touch(PLACE, [seen(risk, "engine/disk.py", 30)], merge(3))
    half = await register.get(PLACE, 1)
    assert half is not None
    assert (half.state, half.checked_by, half.now_at.path, half.now_at.line) == (
        OPEN,
        3,
        "engine/disk.py",
        30,
    )
    assert await register.open_risks(PLACE, ["engine/disk.py"]) == (half,)
    assert await register.open_risks(PLACE, ["engine/store.py"]) == ()
    await register.touch(PLACE, [gone(risk, 1)], merge(4))
    whole = await register.get(PLACE, 1)
    assert (whole.state, whole.closed_by, whole.closed_at) == (CLOSED, 4, merge(4).at)
    assert whole.reason.key == "register.closed.line_removed"
    assert await register.open_risks(PLACE) == ()


async def test_a_risk_with_places_that_nobody_knows_is_not_closed_by_those_known(register):
    """The rule counted eight, and a report names five."""
    (risk,) = await register.note(reported(1, swallowed(1, 2, 3, 4, 5)))
    more = risk.explanation.model_copy(update={"params": {"count": 8}})
    (risk,) = await register.note(reported(1, swallowed(1, 2, 3, 4, 5, explanation=more)))
    await register.touch(PLACE, [gone(risk)], merge(2))
    assert await states(register) == {"R1": "open"}
    await register.close(PLACE, [1], gone(risk).places[0].gone, merge(3))
    assert await states(register) == {"R1": "closed"}


async def test_merges_in_any_order_come_to_the_same(register):
    """Every order of five merges that see, move and end one risk; some are told twice."""
    orders = list(itertools.permutations(range(5)))
    for pull, order in enumerate(random.Random(5).sample(orders, 40), 100):
        (risk,) = await register.note(reported(pull, swallowed(7, 9), minutes=0))
        told_of = [
            (seen(risk, line=12), merge(2)),
            (gone(risk, 0), merge(3)),
            (gone(risk, 1), merge(4)),
            (seen(risk, line=40), merge(5)),
            (gone(risk, how="file_removed"), merge(6)),
        ]
        for index in (*order, *order[:2]):
            await register.touch(PLACE, [told_of[index][0]], told_of[index][1])
        found = await register.get(PLACE, risk.number)
        assert (found.state, found.closed_by, found.checked_by) == (CLOSED, 4, 4), order
        assert found.closed_at == merge(4).at


async def test_a_merge_that_is_not_later_shows_nothing(register):
    """Nor does one of the same second: which of the two came first nobody knows."""
    (risk,) = await register.note(reported(5, swallowed()))
    for earlier in (merge(4), merge(5), merge(9, minutes=50)):
        await register.touch(PLACE, [gone(risk)], earlier)
    assert await register.get(PLACE, 1) == risk
    assert await register.standing(PLACE, merge(5).at) == ()
    assert await register.standing(PLACE, merge(6).at) == (risk,)


async def test_workers_at_once_lose_nothing_that_is_proved(register):
    """Each of twelve merges takes one place of one risk or ends another."""
    (first,) = await register.note(reported(1, swallowed(1, 2, 3, 4)))
    (second,) = await register.note(reported(2, swallowed(1, 2, 3, 4)))
    work = [(gone(risk, place), merge(10 + place)) for risk in (first, second) for place in range(4)]
    await asyncio.gather(*(register.touch(PLACE, [verdict], at) for verdict, at in work * 2))
    assert [(risk.state, risk.closed_by) for risk in await register.all(PLACE)] == [(CLOSED, 13)] * 2


async def test_a_refresh_does_not_open_what_is_closed(register):
    """Nor does one that names more places; nor is it withdrawn."""
    (risk,) = await register.note(reported(1, swallowed()))
    await register.touch(PLACE, [gone(risk)], merge(2))
    await register.note(reported(1, swallowed(7, 8)))
    assert await states(register) == {"R1": "closed"}
    await register.note(reported(1))
    assert await states(register) == {"R1": "closed"}


async def test_a_refresh_leaves_a_followed_place_where_it_is(register):
    """The report still names the line at its own merge commit."""
    (risk,) = await register.note(reported(1, swallowed()))
    await register.touch(PLACE, [seen(risk, "engine/disk.py", 30)], merge(2))
    (again,) = await register.note(reported(1, swallowed(severity="high")))
    assert (again.now_at.path, again.line, again.severity.value) == ("engine/disk.py", 7, "high")


async def test_what_a_merge_proves_of_a_withdrawn_risk_counts_when_it_comes_back(register):
    """It was gone all the time."""
    (risk,) = await register.note(reported(1, swallowed()))
    await register.note(reported(1))
    await register.touch(PLACE, [gone(risk)], merge(2))
    assert await states(register) == {"R1": "withdrawn"}
    await register.note(reported(1, swallowed()))
    assert await states(register) == {"R1": "closed"}


@pytest.mark.parametrize("path", ["a\0b", "\U0001f600" * 600, "%_\\'\"", "\u202e", "a\nb"], ids=ascii)
async def test_any_path_can_be_kept(register, path):
    """What a file may be called is not ours to decide."""
    (risk,) = await register.note(reported(1, told(path=path)))
    assert await register.open_risks(PLACE, [path]) == (risk,)
