"""What lies between two tags, by GitHub's comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import Gone, Invalid, Later, UserError
from bot.facts.sources import Reader
from bot.facts.words import at, moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MOST_COMMITS = 10_000
_PER_PAGE = 100
_COMPARE = "/repos/{owner}/{repo}/compare/{base}...{head}?per_page=100&page={page}"


class RangeReader(Reader, Protocol):
    """A reader that can read one thing too."""

    async def getitem(self, url: str, url_vars: Mapping[str, Any]) -> Any:
        """Give one resource."""


async def read_range(
    reader: RangeReader, full_name: str, base: str, head: str
) -> tuple[datetime, datetime, frozenset[str]]:
    """Give when the range begins and ends, and the ids of the commits of ``head`` that ``base`` lacks.

    It ends with the commit of ``head``. It begins with the commit of ``base``, or with the oldest
    commit of the branch that ``head`` is on, if that is older: ``base`` may be on a branch of its own.
    Raises ``UserError`` if a tag is unknown, if nothing lies between them, or more than 10,000 commits.
    """
    if not base or not head or ".." in base + head:
        raise UserError("a range is written with two tags, such as v1.0..v1.1.")
    first = await _page(reader, full_name, (base, head), 1)
    commits = _commits(first)
    total = first.get("total_commits")
    while isinstance(total, int) and len(commits) < total <= MOST_COMMITS:
        more = _commits(await _page(reader, full_name, (base, head), len(commits) // _PER_PAGE + 1))
        known = len(commits)
        commits |= more
        if len(commits) == known:
            raise Later(5.0, "GitHub's list of commits is incomplete")
    if not isinstance(total, int) or total > MOST_COMMITS:
        raise UserError(f"over {MOST_COMMITS:,} commits lie between {base} and {head}: choose nearer tags.")
    if not commits:
        raise UserError(f"nothing lies between {base} and {head}: write the older tag first.")
    began = moment(at(first, "base_commit", "commit", "committer", "date"))
    times = [time for commit in _branch(commits) if (time := _time(commit)) is not None]
    if began is None or not times:
        raise Later(5.0, "GitHub's comparison has no times")
    return min(began, *times), times[0], frozenset(commits)


async def _page(reader: RangeReader, full_name: str, tags: tuple[str, str], page: int) -> dict[str, Any]:
    owner, _, name = full_name.partition("/")
    where = {"owner": owner, "repo": name, "base": tags[0], "head": tags[1], "page": str(page)}
    try:
        data = await reader.getitem(_COMPARE, where)
    except (Gone, Invalid) as error:
        raise UserError(
            f"GitHub cannot compare {tags[0]} with {tags[1]} in {full_name} ({error}): check both tags."
        ) from error
    if not isinstance(data, dict):
        raise Later(5.0, "GitHub's comparison is incomplete")
    return data


def _commits(page: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = page.get("commits")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    return {row["sha"]: row for row in rows if isinstance(row.get("sha"), str)}


def _branch(commits: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the commits of the branch itself, the head first: merged branches have older ones."""
    parents = {parent for commit in commits.values() for parent in _parents(commit)}
    sha: str | None = next((sha for sha in reversed(commits) if sha not in parents), None)
    branch: dict[str, dict[str, Any]] = {}
    while sha in commits and sha not in branch:
        branch[sha] = commits[sha]
        sha = next(iter(_parents(commits[sha])), None)
    return list(branch.values())


def _parents(commit: dict[str, Any]) -> list[str]:
    listed = commit.get("parents")
    found = [at(parent, "sha") for parent in listed] if isinstance(listed, list) else []
    return [sha for sha in found if isinstance(sha, str)]


def _time(commit: dict[str, Any]) -> datetime | None:
    return moment(at(commit, "commit", "committer", "date"))
