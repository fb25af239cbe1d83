"""Stored reports: one for each pull request, found by everything a reader may ask for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model import Person, Related, Relation
from bot.store import ReportQuery, Reports
from tests.fakes.facts import pull_facts
from tests.fakes.reports import MERGED_AT, head, pull_report, repository

REPOSITORY = 4711


@pytest.fixture
def reports(store):
    """The reports of a new store."""
    return Reports(store)


def report(number: int, **changes):
    """A report on a pull request merged ``number`` minutes after the first."""
    fields = {"merged_at": MERGED_AT + timedelta(minutes=number), "merge_sha": f"{number:040x}"}
    top = {key: changes.pop(key) for key in ("risks", "related", "paths") if key in changes}
    return pull_report(head=head(number=number, **(fields | changes)), **top)


async def numbers(reports, **query) -> list[int | None]:
    """The numbers of the reports a query finds."""
    found = await reports.find(ReportQuery(REPOSITORY, **query))
    return [stored.report.head.number for stored in found]


async def test_a_report_comes_back_as_it_was(reports):
    """Data, not text; the revision counts its changes."""
    assert await reports.save(pull_report(), 42) == 1
    assert await reports.save(pull_report(head=head(title="Another")), None) == 2
    stored = await reports.get(REPOSITORY, 1234)
    assert stored is not None
    assert (stored.report.head.title, stored.revision, stored.installation_id) == ("Another", 2, None)
    assert await reports.get(REPOSITORY, 1) is None


async def test_two_workers_save_one_report(reports):
    """The second waits for the first and becomes the next revision; neither fails."""
    revisions = await asyncio.gather(*(reports.save(pull_report(), 1) for _ in range(8)))
    assert sorted(revisions) == list(range(1, 9))
    assert await numbers(reports) == [1234]


async def test_a_commit_without_a_number_is_not_stored(reports):
    """It has no place to be found at."""
    with pytest.raises(ValueError, match="number"):
        await reports.save(pull_report(head=head(number=None)), None)


@pytest.fixture
async def three(reports):
    """Pull requests 1 to 3, with different authors, paths, tags and risks; and one elsewhere."""
    ann, bob = Person(login="ann"), Person(login="bob")
    first, second, third = pull_report().risks[:3]
    for data in (
        report(1, author=ann, tags=("docs",), risks=(first,), paths=("a.py",)),
        report(2, author=bob, tags=("docs", "ci"), risks=(second,), paths=("b",)),
        report(3, author=ann, tags=(), risks=(third,), paths=("a.py", "b")),
    ):
        await reports.save(data, 1)
    elsewhere = repository(id=9, full_name="octo-org/other")
    await reports.save(report(1, repository=elsewhere, author=ann, paths=("a.py",)), 2)
    return reports


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({}, [3, 2, 1], id="the newest merge comes first"),
        pytest.param({"author": "ann"}, [3, 1], id="by author"),
        pytest.param({"path": "b"}, [3, 2], id="by path"),
        pytest.param({"tag": "docs"}, [2, 1], id="by tag"),
        pytest.param({"risk": "compatibility"}, [1], id="by risk"),
        pytest.param({"author": "ann", "path": "b"}, [3], id="by both"),
        pytest.param({"since": MERGED_AT.timestamp() + 120}, [3, 2], id="since a moment, that included"),
        pytest.param({"until": MERGED_AT.timestamp() + 120}, [1], id="until a moment, that excluded"),
        pytest.param({"limit": 1}, [3], id="at most one"),
        pytest.param({"path": "a"}, [], id="a part of a path is no path"),
        pytest.param({"path": "%"}, [], id="no wildcard"),
        pytest.param({"author": "ANN"}, [], id="letter case counts here"),
        pytest.param({"path": "'; DROP TABLE reports; --"}, [], id="SQL is text"),
        pytest.param({"tag": "\0"}, [], id="a NUL"),
        pytest.param({"author": "\ud800"}, [], id="half a surrogate pair"),
        pytest.param({"risk": "x" * 100_000}, [], id="100,000 characters"),
    ],
)
async def test_reports_are_found_by_every_term(three, query, found):
    """Within one repository only, whatever is asked."""
    assert await numbers(three, **query) == found


@pytest.mark.parametrize(
    "path",
    ["a\0b", "ü" * 4096, "\U0001f600" * 600, "%_\\'\"", "..", " ", "", "\u202e", "a\nb"],
    ids=ascii,
)
async def test_any_path_can_be_stored_and_found(reports, path):
    """What a file may be called is not ours to decide (D4)."""
    await reports.save(report(1, paths=(path, path + "x")), None)
    assert await numbers(reports, path=path) == [1]


async def test_terms_follow_the_newest_revision(reports):
    """What a report no longer says does not find it."""
    await reports.save(report(1, paths=("old.py",)), None)
    await reports.save(report(1, paths=("new.py",)), None)
    assert await numbers(reports, path="old.py") == []
    assert await numbers(reports, path="new.py") == [1]


async def test_reverts_are_found_from_the_original(reports):
    """In this repository only."""
    revert = Related(number=1, relation=Relation.REVERTS, title="Revert it")
    await reports.save(report(5, related=(revert,)), None)
    await reports.save(report(6, related=(revert,), repository=repository(id=9)), None)
    assert [stored.report.head.number for stored in await reports.reverts_of(REPOSITORY, 1)] == [5]
    assert await reports.reverts_of(REPOSITORY, 5) == []


async def test_facts_are_kept_until_they_are_dropped(reports):
    """The lines of a diff do not outlive the report (R122)."""
    facts = pull_facts()
    place = (facts.repository.id, facts.number)
    assert await reports.facts_of(*place) is None
    await reports.keep_facts(facts, 100.0)
    flight = await reports.facts_of(*place)
    assert flight is not None
    assert (flight.facts, flight.read_at) == (facts, 100.0)
    assert await reports.facts_read_at(*place) == 100.0
    await reports.drop_facts(*place)
    assert (await reports.facts_of(*place), await reports.facts_read_at(*place)) == (None, None)


async def test_older_facts_do_not_replace_younger_ones(reports):
    """A slow reader that began earlier comes last."""
    await reports.keep_facts(pull_facts(title="younger"), 200.0)
    await reports.keep_facts(pull_facts(title="older"), 100.0)
    flight = await reports.facts_of(4242, 12)
    assert flight is not None
    assert (flight.facts.title, flight.read_at) == ("younger", 200.0)


async def test_facts_that_nobody_finished_with_are_dropped(reports):
    """A week is long enough for any work."""
    await reports.keep_facts(pull_facts(number=1), 100.0)
    await reports.keep_facts(pull_facts(number=2), 200.0)
    await reports.drop_stale_facts(150.0)
    assert await reports.facts_of(4242, 1) is None
    assert await reports.facts_of(4242, 2) is not None
