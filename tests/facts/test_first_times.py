"""Whose first merge it is, by what GitHub's search finds and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import Forbidden, Later
from bot.facts.merges import with_first_times
from bot.model import Merge, Person
from sandbox.build import rename
from tests.fakes.github import the_repository
from tests.fakes.merged import merged_at, utc

MONDAY = utc("2026-03-23")
NAME = "octo-org/engine"


def merge_by(login: str, number: int = 1) -> Merge:
    return Merge(
        number=number, title="x", author=Person(login=login, is_bot=login.endswith("[bot]")), merged_at=MONDAY
    )


async def first_times(reader: Any, *logins: str, name: str = NAME) -> dict[str, bool | None]:
    """By login, whether it is the first time."""
    found = await with_first_times(reader, name, [merge_by(login) for login in logins], MONDAY)
    return {merge.author.login: merge.first_time for merge in found}


class Counting:
    """A search that knows counts by a word of the query, and remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def graphql_data(self, query: str, variables: dict[str, str]) -> dict[str, Any]:
        self.asked.append((query, variables))
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        return {
            name.replace("q", "s"): answer.get(text) or {"issueCount": 1} for name, text in variables.items()
        }


async def test_who_had_a_merge_before_the_period_is_no_newcomer(github, reader):
    """An earlier merge counts, an open or a later one does not; a merge at its first moment is in it."""
    merged_at(github.state, "2026-03-22T23:59:59", user="octo-old")
    merged_at(github.state, "2026-03-23T00:00:00", user="octo-new")
    merged_at(github.state, "2026-04-02T00:00:00", user="octo-old")
    assert await first_times(reader, "octo-old", "octo-new") == {"octo-old": False, "octo-new": True}


async def test_nobody_is_welcomed_by_mistake(github, reader):
    """A bot never is; of a deleted account or one that search does not find, nothing is known."""
    merged_at(github.state, "2026-03-24", user="octo-bump[bot]")
    found = await first_times(reader, "octo-bump[bot]", "ghost", "octo-hidden")
    assert found == {"octo-bump[bot]": False, "ghost": None, "octo-hidden": None}


async def test_a_former_name_of_the_repository_finds_nothing(github, reader):
    """Search does not follow renames: then nothing is known, and nobody is called new."""
    merged_at(github.state, "2026-03-24", user="octo-new")
    rename(the_repository(github.state), "motor")
    assert await first_times(reader, "octo-new") == {"octo-new": None}
    assert await first_times(reader, "octo-new", name="octo-org/motor") == {"octo-new": True}


@pytest.mark.parametrize(
    "login",
    [
        pytest.param("octo-dev author:octo-old", id="another qualifier"),
        pytest.param('octo"dev', id="a quotation mark"),
        pytest.param("-octo", id="a word that excludes"),
        pytest.param("", id="nothing"),
        pytest.param("octo\u202edev", id="a character that turns the text around"),
        pytest.param("Octo Dev", id="a name from a commit"),
    ],
)
async def test_what_is_no_login_is_not_searched_for(login: str):
    """It could make the search another one."""
    reader = Counting()
    assert await first_times(reader, login) == {login: None}
    assert reader.asked == []


async def test_logins_are_in_the_variables_only():
    """The query's text is the same whoever is asked about."""
    reader = Counting()
    await first_times(reader, "octo-dev", "octo_short")
    (query, variables) = reader.asked[0]
    assert "octo" not in query
    assert variables == {
        "q0": f"repo:{NAME} is:pr is:merged author:octo-dev merged:<2026-03-23T00:00:00Z",
        "q1": f"repo:{NAME} is:pr is:merged author:octo_short merged:<2026-03-23T00:00:00Z",
    }


async def test_a_person_is_asked_about_once():
    """25 people with two merges each are three requests."""
    reader = Counting()
    await first_times(reader, *[f"octo-{n % 25}" for n in range(50)])
    assert [len(variables) for _, variables in reader.asked] == [10, 10, 5]


async def test_an_outage_leaves_the_rest_unknown_and_is_not_asked_again():
    """What was answered before stands."""
    logins = [f"octo-{n}" for n in range(30)]
    reader = Counting({}, Later(5.0, "no answer"))
    found = await first_times(reader, *logins)
    assert [found[login] for login in logins] == [False] * 10 + [None] * 20
    assert len(reader.asked) == 2


async def test_a_refused_search_does_not_spoil_the_others():
    """Ten people are unknown, the next ten are not."""
    logins = [f"octo-{n}" for n in range(20)]
    found = await first_times(Counting(Forbidden("no")), *logins)
    assert [found[login] for login in logins] == [None] * 10 + [False] * 10


@pytest.mark.parametrize("count", [None, "3", True, -1, 2.5])
async def test_a_count_that_is_none_is_unknown(count: Any):
    """Numbers of GitHub's are taken only as numbers."""

    class Odd:
        async def graphql_data(self, _query, variables):
            return {name.replace("q", "s"): {"issueCount": count} for name in variables}

    assert await first_times(Odd(), "octo-dev") == {"octo-dev": None}
