"""Quotas and mutes of commands, on both databases."""

from __future__ import annotations

import pytest

from bot.store.commands import Commands, Decided, Entry, Verdict

YES = Decided(Verdict.ADMITTED, tell=True)


@pytest.fixture
def now():
    """A clock that stands until it is put forward."""
    return [1_000_000.0]


@pytest.fixture
def commands(store, now):
    """The commands of a store."""
    return Commands(store, clock=lambda: now[0])


def entry(comment_id, *, number=1, author=7, name="status", costly=False):
    """A command."""
    return Entry(1, comment_id, number, author, name, costly)


async def decide(commands, numbers, **fields):
    """The verdicts on so many commands."""
    return [(await commands.enter(entry(n, **fields), allowed=True)).verdict.value for n in numbers]


async def test_a_decision_stays(commands):
    """However often its work runs, and whatever changed meanwhile."""
    assert await commands.enter(entry(1), allowed=True) == YES
    assert await commands.enter(entry(1), allowed=False) == YES
    assert await commands.decided(1, 1) == YES
    assert await commands.decided(1, 2) is None


async def test_a_person_has_ten_an_hour(commands, now):
    """Told once that it is too much; others are not held back."""
    found = await decide(commands, range(200))
    assert (found.count("admitted"), found.count("over")) == (10, 190)
    told = [(await commands.decided(1, n)).tell for n in range(10, 200)]
    assert told.count(True) == 1
    assert await decide(commands, [5000], author=8) == ["admitted"]
    now[0] += 3601
    assert await decide(commands, [5001]) == ["admitted"]


async def test_a_repository_has_sixty_a_day(commands):
    """Whoever asks."""
    found = [(await decide(commands, [n], author=n))[0] for n in range(70)]
    assert found.count("admitted") == 60


async def test_what_costs_the_model_is_rarer(commands, now):
    """Once in five minutes on a pull request; what costs nothing goes on."""

    async def ask(comment_id, name, number=1):
        asked = entry(comment_id, name=name, number=number, costly=True)
        return (await commands.enter(asked, allowed=True, costly_names=("report", "digest"))).verdict.value

    assert [await ask(1, "report"), await ask(2, "report"), await ask(3, "digest")] == [
        "admitted",
        "over",
        "over",
    ]
    assert await ask(4, "report", number=2) == "admitted"
    assert await decide(commands, [5]) == ["admitted"]
    now[0] += 301
    assert await ask(6, "report") == "admitted"


async def test_who_may_not_takes_nobodys_place(commands):
    """A hundred strangers are told once each, and the repository's day is untouched."""
    for n in range(200):
        await commands.enter(entry(n, author=1000 + n % 100), allowed=False)
    told = [(await commands.decided(1, n)).tell for n in range(200)]
    assert told == [True] * 100 + [False] * 100
    assert await decide(commands, [999]) == ["admitted"]


async def test_six_answers_in_ten_minutes_mute_the_repository(commands, now):
    """For an hour, and no other one."""
    await decide(commands, range(6))
    assert [await commands.posted(1, n) for n in range(5)] == [None] * 5
    assert "6 answers on #1 in ten minutes" in (await commands.posted(1, 5) or "")
    assert await commands.enter(entry(7), allowed=True) == Decided(Verdict.MUTED, tell=False)
    assert await commands.muted(1)
    assert not await commands.muted(2)
    now[0] += 3601
    assert not await commands.muted(1)


async def test_thirty_one_answers_in_an_hour_mute_it_too(commands, now):
    """However far apart."""
    whys = []
    for n in range(31):
        await decide(commands, [n], author=n, number=n)
        whys.append(await commands.posted(1, n))
        now[0] += 60
    assert [why is not None for why in whys] == [False] * 30 + [True]


async def test_what_is_old_is_forgotten(commands, now):
    """With mutes that are over."""
    await decide(commands, [1])
    await commands.purge(now[0] + 1)
    assert await commands.decided(1, 1) is None
