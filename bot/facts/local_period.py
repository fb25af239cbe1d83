"""The merges of a period, read from a local clone: what git knows, and no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import UserError
from bot.facts.local import identity_of, repository_of_clone
from bot.facts.words import Washer, person
from bot.model import Merge, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.git import GitCommit, GitRepository
    from bot.model import Period, Person, Repository

# As many ids as surely fit into one command line.
_CHUNK = 2_000
_SIZES = (
    "-m",
    "--first-parent",
    "--numstat",
    "-z",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--find-renames",
    "--submodule=short",
    "--ignore-submodules=none",
    "--format=%x00%H%x00",
)


@dataclass(frozen=True)
class LocalMerges:
    """The pull requests that commits of the default branch name, the first merged first.

    ``commits_without_pull`` counts the commits of the branch that name none.
    """

    repository: Repository
    merges: tuple[Merge, ...]
    commits_without_pull: int


@dataclass
class _Size:
    """What a commit changed: lines, and paths in git's order."""

    additions: int = 0
    deletions: int = 0
    paths: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Branch:
    """Commits of a branch, oldest first; ``before`` is the commit on which they follow, if any."""

    shas: tuple[str, ...]
    before: str | None


def read_local_merges(git: GitRepository, period: Period) -> LocalMerges:
    """Read the merges of the default branch in a period, or between its two tags.

    A merge is a commit of the branch itself (its first parents) that names a pull request, as
    ``Merge pull request #N`` or ``(#N)``; several that name the same one are one merge. Raises
    ``UserError`` if git does not know a tag, or if the clone is too shallow to say what a commit changed.
    """
    branch = _between_tags(git, period) if period.kind is PeriodKind.RANGE else _in_time(git, period)
    commits = list(_commits(git, branch.shas))
    shallow = git.shallow()
    if shallow and any(not commit.parents for commit in commits):
        raise UserError(
            "the clone lacks older commits of this period: run git fetch --unshallow, then again."
        )
    earlier = _people(git, branch.before) if branch.before is not None else frozenset()
    sizes = _sizes(git, branch.shas)
    washer = Washer()
    found: dict[int, Merge] = {}
    without = 0
    for commit in commits:
        merge = _merge(git, commit, sizes.get(commit.sha, _Size()), washer)
        if merge is None:
            without += 1
        else:
            found[merge.number] = _joined(found.get(merge.number), merge)
    known = None if shallow else earlier
    merges = sorted(found.values(), key=lambda merge: (merge.merged_at, merge.number))
    return LocalMerges(repository_of_clone(git), tuple(_timed(merge, known) for merge in merges), without)


def read_local_range(git: GitRepository, base: str, head: str) -> tuple[datetime, datetime]:
    """Give when a range of two tags begins and ends, as ``read_range`` does of GitHub's comparison.

    Raises ``UserError`` if git does not know a tag, or if nothing lies between them.
    """
    first, last = git.commit(base), git.commit(head)
    times = [time for _, time in _first_parents(git, f"{first.sha}..{last.sha}")]
    if not times:
        raise UserError(f"nothing lies between {base} and {head}: write the older tag first.")
    return min(first.committed_at, *times), last.committed_at


def _between_tags(git: GitRepository, period: Period) -> _Branch:
    base, head = git.commit(period.base or "").sha, git.commit(period.head or "").sha
    shas = tuple(sha for sha, _ in _first_parents(git, f"{base}..{head}"))
    return _Branch(tuple(reversed(shas)), base)


def _in_time(git: GitRepository, period: Period) -> _Branch:
    """Give the branch's commits of the period; their times need not be in order, so all are looked at."""
    listed = _first_parents(git, _tip(git))
    within = [i for i, (_, time) in enumerate(listed) if period.since <= time < period.until]
    if not within:
        return _Branch((), None)
    oldest = within[-1]
    before = listed[oldest + 1][0] if oldest + 1 < len(listed) else None
    return _Branch(tuple(listed[i][0] for i in reversed(within)), before)


def _tip(git: GitRepository) -> str:
    """Give the newest commit of the default branch, as it was last fetched."""
    name = git.default_branch()
    for revision in (f"refs/remotes/origin/{name}", f"refs/heads/{name}"):
        try:
            return git.commit(revision).sha
        except UserError:
            continue
    return git.commit("HEAD").sha


def _first_parents(git: GitRepository, revisions: str) -> list[tuple[str, datetime]]:
    """Give ids and times of a branch's own commits, the newest first."""
    return git.times(("--first-parent", revisions, "--"))


def _commits(git: GitRepository, shas: tuple[str, ...]) -> Iterator[GitCommit]:
    for chunk in _chunks(shas):
        found = {commit.sha: commit for commit in git.commits(("--no-walk=unsorted", *chunk))}
        yield from (found[sha] for sha in chunk)


def _chunks(shas: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (shas[i : i + _CHUNK] for i in range(0, len(shas), _CHUNK))


def _people(git: GitRepository, sha: str) -> frozenset[str]:
    return frozenset(person({"login": author}).login for author in git.authors(sha))


def _merge(git: GitRepository, commit: GitCommit, size: _Size, washer: Washer) -> Merge | None:
    identity = identity_of(commit, washer)
    if identity["number"] is None:
        return None
    return Merge(
        number=identity["number"],
        title=identity["title"],
        author=_author(git, commit),
        merged_at=commit.committed_at,
        merge_sha=commit.sha,
        additions=size.additions,
        deletions=size.deletions,
        changed_files=len(size.paths),
        paths=tuple(size.paths),
    )


def _author(git: GitRepository, commit: GitCommit) -> Person:
    """Give who wrote the branch: a merge commit's author only pressed the button."""
    author = commit.author
    if len(commit.parents) > 1:
        branch = ("--max-count=1", "--no-merges", f"{commit.parents[0]}..{commit.parents[1]}")
        author = next((one.author for one in git.commits(branch)), author)
    return person({"login": author})


def _joined(one: Merge | None, other: Merge) -> Merge:
    """Give two commits of one pull request, as a rebase leaves them, as the merge that the last one ended."""
    if one is None:
        return other
    paths = tuple(dict.fromkeys((*(one.paths or ()), *(other.paths or ()))))
    return other.model_copy(
        update={
            "title": one.title,
            "additions": one.additions + other.additions,
            "deletions": one.deletions + other.deletions,
            "changed_files": len(paths),
            "paths": paths,
        }
    )


def _timed(merge: Merge, earlier: frozenset[str] | None) -> Merge:
    """Say whether it is the author's first merge, if all earlier authors are known."""
    first: bool | None = None
    if merge.author.is_bot:
        first = False
    elif earlier is not None:
        first = merge.author.login not in earlier
    return merge.model_copy(update={"first_time": first})


def _sizes(git: GitRepository, shas: tuple[str, ...]) -> dict[str, _Size]:
    found: dict[str, _Size] = {}
    for chunk in _chunks(shas):
        found |= _parsed(git.fields((*_SIZES, "--no-walk=unsorted", *chunk)))
    return found


def _parsed(fields: Iterable[str]) -> dict[str, _Size]:
    """Read ids, each followed by ``added TAB deleted TAB path``; after a rename's, old and new path."""
    sizes: dict[str, _Size] = {}
    sha = ""
    rest = iter(fields)
    for entry in rest:
        figures = entry.removeprefix("\n").split("\t", 2)
        if len(figures) == 3:
            path = figures[2] or (next(rest, ""), next(rest, ""))[1]
            sizes[sha].additions += _lines(figures[0])
            sizes[sha].deletions += _lines(figures[1])
            sizes[sha].paths.append(path)
        elif figures[0]:
            sha = figures[0]
            sizes[sha] = _Size()
    return sizes


def _lines(figure: str) -> int:
    """Give a count of lines; a binary's is a hyphen."""
    return int(figure) if figure.isascii() and figure.isdigit() else 0
