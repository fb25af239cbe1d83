"""Walks over a repository's commits: ancestors, merge bases, and the history of a path."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping

from sandbox.objects import Commit

Commits = Mapping[str, Commit]


def newest_first(commits: Commits, start: str) -> Iterator[str]:
    """Every commit reachable from ``start``, by date, children before parents of the same date."""
    order = 0
    heap = [(-commits[start].author.at.timestamp(), order, start)]
    seen = {start}
    while heap:
        _, _, sha = heapq.heappop(heap)
        yield sha
        for parent in commits[sha].parents:
            if parent not in seen:
                seen.add(parent)
                order += 1
                heapq.heappush(heap, (-commits[parent].author.at.timestamp(), order, parent))


def merge_base(commits: Commits, one: str, other: str) -> str:
    """The newest commit that both descend from.

    Raises ``LookupError`` if they have none in common.
    """
    ancestors = set(newest_first(commits, one))
    for sha in newest_first(commits, other):
        if sha in ancestors:
            return sha
    raise LookupError(f"{one} and {other} have no common ancestor")


def commits_between(commits: Commits, base: str, head: str) -> tuple[str, ...]:
    """The commits reachable from ``head`` and not from ``base``, oldest first."""
    known = set(newest_first(commits, base))
    return tuple(reversed([sha for sha in newest_first(commits, head) if sha not in known]))


def path_history(commits: Commits, start: str, path: str) -> Iterator[str]:
    """The commits that changed a file, newest first, with git's simplification.

    Where a parent has the file unchanged only that parent is followed, so a merge that brought
    nothing new to the file is not listed.
    """
    order = 0
    heap = [(-commits[start].author.at.timestamp(), order, start)]
    seen = {start}
    while heap:
        _, _, sha = heapq.heappop(heap)
        commit = commits[sha]
        same = [one for one in commit.parents if commits[one].tree.get(path) == commit.tree.get(path)]
        if not same and (commit.parents or path in commit.tree):
            yield sha
        for parent in same[:1] or commit.parents:
            if parent not in seen:
                seen.add(parent)
                order += 1
                heapq.heappush(heap, (-commits[parent].author.at.timestamp(), order, parent))
