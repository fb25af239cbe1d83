"""GitHub's list of merges: the authority on what was merged in a period, whatever has a report."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any

from bot.errors import Forbidden, Gone, Invalid, Later, TooLarge
from bot.facts.first_times import with_first_times
from bot.facts.identity import repository_of
from bot.facts.ranges import RangeReader, read_range
from bot.facts.words import Washer, at, count, moment, nodes, person
from bot.model import Merge, PeriodKind, Person

if TYPE_CHECKING:
    from bot.facts.sources import Reader
    from bot.model import Period, Repository

__all__ = ["Merges", "RangeReader", "read_merges", "read_period", "read_range", "with_first_times"]

# Of ``Merges.partial``: more pull requests were touched since than are read, or GitHub hid one.
TOO_MANY, UNLISTED = "too-many", "unlisted"
MOST_PULLS = 10_000
# GitHub ends a query after ten seconds; for the paths it must compute every diff.
_PAGE, _PAGE_WITH_PATHS, _SMALLEST_PAGE = 100, 25, 10
_LISTED_PATHS = 100
# The list was read from its top again this often, after which what moves in it must be a fault.
_MOST_LOOKS = 5
_FILES = "/repos/{owner}/{repo}/pulls/{number}/files?per_page=100"
_ONE_DAY = timedelta(days=1)
_END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Merges:
    """The repository as GitHub names it now, and its merges, the first merged first.

    ``partial`` says why some may be missing (``too-many`` or ``unlisted``); ``None`` if none are.
    """

    repository: Repository
    merges: tuple[Merge, ...]
    partial: str | None = None


@dataclass
class _Reading:
    """What was read so far: pull requests by number, each as the newest answer has it."""

    reader: Reader
    full_name: str
    with_paths: bool
    size: int
    repository: dict[str, Any] | None = None
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    partial: str | None = None


async def read_merges(
    reader: Reader, full_name: str, since: datetime, until: datetime, *, with_paths: bool = False
) -> Merges:
    """Read all pull requests merged from ``since`` on and before ``until``, into whatever branch.

    One request for a hundred pull requests touched since then, at most 10,000 of them; with the
    changed paths, one for 25, and more for a pull request of over a hundred files. Raises ``Gone``
    if there is no such repository, and what ``reader`` raises.
    """
    size = _PAGE_WITH_PATHS if with_paths else _PAGE
    reading = _Reading(reader, full_name, with_paths, size)
    oldest, pages = since, 2
    for _ in range(_MOST_LOOKS):
        if pages == 1:
            break
        # What is touched while we read moves to the top, past pages that were read before.
        oldest, pages = await _read_down_to(reading, oldest)
    washer = Washer()
    found = [
        merge
        for node in reading.pulls.values()
        if (merge := _merge(node, washer)) is not None and since <= merge.merged_at < until
    ]
    if with_paths:
        found = [await _with_paths(reading, merge) for merge in found]
    found.sort(key=lambda merge: (merge.merged_at, merge.number))
    return Merges(repository_of(reading.repository or {}), tuple(found), reading.partial)


async def read_period(
    reader: RangeReader, full_name: str, period: Period, *, with_paths: bool = False
) -> Merges:
    """Read the merges of any period; of a range, those whose merge commit is between its tags.

    Raises what ``read_merges`` and ``read_range`` raise.
    """
    if period.kind is not PeriodKind.RANGE:
        return await read_merges(reader, full_name, period.since, period.until, with_paths=with_paths)
    since, _, shas = await read_range(reader, full_name, period.base or "", period.head or "")
    # GitHub may call a pull request merged long after its commit was made: when a branch is pushed.
    found = await read_merges(reader, full_name, since - _ONE_DAY, _END, with_paths=with_paths)
    return replace(found, merges=tuple(merge for merge in found.merges if merge.merge_sha in shas))


async def _read_down_to(reading: _Reading, oldest: datetime) -> tuple[datetime, int]:
    """Read pages from the top until one ends before ``oldest``, or brings nothing that is not known.

    Gives the newest time seen, and how many pages were read.
    """
    newest, pages, read = oldest, 0, 0
    cursor: str | None = None
    while True:
        connection = await _page(reading, cursor)
        rows = connection.get("nodes")
        rows = rows if isinstance(rows, list) else []
        known = len(rows) > 0 and all(_is_known(reading, row) for row in rows)
        times = [time for row in rows if (time := _keep(reading, row)) is not None]
        newest, pages, read = max((newest, *times)), pages + 1, read + len(rows)
        ended = not at(connection, "pageInfo", "hasNextPage")
        if ended or known or (times and times[-1] < oldest):
            return newest, pages
        following = str(at(connection, "pageInfo", "endCursor") or "")
        if read >= MOST_PULLS or not rows or following in {"", cursor}:
            reading.partial = TOO_MANY if read >= MOST_PULLS else UNLISTED
            return newest, 1
        cursor = following


def _is_known(reading: _Reading, node: object) -> bool:
    """Tell whether a row was read before, and has not been touched since."""
    known = reading.pulls.get(count(at(node, "number")))
    return known is not None and known.get("updatedAt") == at(node, "updatedAt")


async def _page(reading: _Reading, cursor: str | None) -> dict[str, Any]:
    """Read a page; a smaller one if GitHub could not compute it in time."""
    query = (resources.files("bot.facts") / "queries" / "merges.graphql").read_text("utf-8")
    owner, _, name = reading.full_name.partition("/")
    variables = {"owner": owner, "name": name, "after": cursor, "withPaths": reading.with_paths}
    while True:
        try:
            data = await reading.reader.graphql_data(query, {**variables, "size": reading.size})
            break
        except Later as error:
            if not error.counts or reading.size <= _SMALLEST_PAGE:
                raise
            reading.size = max(_SMALLEST_PAGE, reading.size // 2)
    repository = data.get("repository")
    connection = at(repository, "pullRequests")
    if not isinstance(repository, dict) or not isinstance(repository.get("nameWithOwner"), str):
        raise Gone("there is no such repository")
    if not isinstance(connection, dict):
        raise Later(5.0, "GitHub's list of pull requests is incomplete")
    reading.repository = repository
    return connection


def _keep(reading: _Reading, node: object) -> datetime | None:
    """Keep a pull request of the list, and give when it was touched; note one that GitHub hid."""
    number = count(at(node, "number"))
    if not isinstance(node, dict) or not number or moment(node.get("mergedAt")) is None:
        reading.partial = reading.partial or UNLISTED
        return None
    reading.pulls[number] = node
    return moment(node.get("updatedAt"))


def _merge(node: dict[str, Any], washer: Washer) -> Merge | None:
    merged_at = moment(node.get("mergedAt"))
    if merged_at is None:
        return None
    author, sha = person(node.get("author")), at(node, "mergeCommit", "oid")
    return Merge(
        number=count(node.get("number")),
        title=washer.line(node.get("title"), 256),
        author=author,
        merged_at=merged_at,
        created_at=moment(node.get("createdAt")),
        merge_sha=sha if isinstance(sha, str) else None,
        additions=count(node.get("additions")),
        deletions=count(node.get("deletions")),
        changed_files=count(node.get("changedFiles")),
        reviewers=_reviewers(node, author),
        paths=_paths(node),
    )


def _reviewers(node: dict[str, Any], author: Person) -> tuple[Person, ...]:
    """Give who submitted a review, each once, in order; replies to reviewers are the author's reviews."""
    submitted = [review for review in nodes(node.get("reviews")) if review.get("state") != "PENDING"]
    people = dict.fromkeys(person(review.get("author")) for review in submitted)
    return tuple(one for one in people if one != author)


def _paths(node: dict[str, Any]) -> tuple[str, ...] | None:
    """Give the changed paths, if they were asked for and GitHub could give them."""
    if not isinstance(node.get("files"), dict):
        return None
    listed = [file.get("path") for file in nodes(node["files"])]
    return tuple(path for path in listed if isinstance(path, str))


async def _with_paths(reading: _Reading, merge: Merge) -> Merge:
    """Give a merge with all its paths: those of many files are asked for one by one."""
    if merge.paths is not None and merge.changed_files <= max(_LISTED_PATHS, len(merge.paths)):
        return merge
    owner, _, name = str((reading.repository or {})["nameWithOwner"]).partition("/")
    where = {"owner": owner, "repo": name, "number": str(merge.number)}
    try:
        listed = [at(row, "filename") async for row in reading.reader.getiter(_FILES, where)]
    except (Forbidden, Gone, Invalid, TooLarge):
        return merge.model_copy(update={"paths": None})
    return merge.model_copy(update={"paths": tuple(path for path in listed if isinstance(path, str))})
