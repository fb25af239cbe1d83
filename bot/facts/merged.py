"""The second query: merged texts of chosen files, who touched them before, and what is mentioned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.facts.kinds import COUNTED
from bot.facts.words import at, count, moment, nodes
from bot.model import FileHistory, FileKind, FileStatus, ReadAs, RelatedPull, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.facts.sources import Reader
    from bot.model import FileChange, ReviewThread

MAX_TEXTS = 16
MAX_HISTORIES = 8
HISTORY_WINDOW = 30
MAX_MENTIONS = 10
# GitHub gives no text of a blob beyond about this; beyond it there is nothing to check lines in.
MAX_TEXT = 512_000
_UNREAD = COUNTED | {FileKind.BINARY, FileKind.SUBMODULE}


@dataclass(frozen=True)
class Wanted:
    """What to ask for: paths for texts and histories, numbers and commits to resolve."""

    repository_id: int
    merge_sha: str
    texts: tuple[str, ...]
    histories: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    commits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mention:
    """What a number stands for in this repository."""

    number: int
    title: str
    is_pull: bool
    merged_at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """What the second query found."""

    texts: dict[str, str] = field(default_factory=dict)
    histories: tuple[FileHistory, ...] = ()
    same_files: tuple[RelatedPull, ...] = ()
    mentions: dict[int, Mention] = field(default_factory=dict)
    commits: dict[str, Mention] = field(default_factory=dict)


def worth_reading(files: Sequence[FileChange], threads: Iterable[ReviewThread]) -> tuple[str, ...]:
    """Choose the files whose merged text is read: remarked ones first, then the most changed."""
    readable = {
        file.path: file
        for file in files
        if file.kind not in _UNREAD
        and file.status is not FileStatus.REMOVED
        and file.read_reason != "secret-file"
    }
    remarked = list(dict.fromkeys(thread.path for thread in threads if thread.path in readable))
    ranked = sorted(readable.values(), key=lambda file: (_rank(file), file.path))
    others = [file.path for file in ranked if file.read_as is not ReadAs.NAME and file.path not in remarked]
    return tuple((remarked + others)[:MAX_TEXTS])


def worth_tracing(files: Sequence[FileChange]) -> tuple[str, ...]:
    """Choose the files whose earlier pull requests are looked up: source before all else."""
    old = [file for file in files if file.kind not in _UNREAD and file.status is not FileStatus.ADDED]
    return tuple(file.path for file in sorted(old, key=lambda file: (_rank(file), file.path))[:MAX_HISTORIES])


def _rank(file: FileChange) -> tuple[int, int]:
    order = {FileKind.SOURCE: 0, FileKind.CONFIG: 1, FileKind.CI: 1, FileKind.TEST: 2}
    return order.get(file.kind, 3), -(file.additions + file.deletions)


def build_query(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Give the query and its variables; every foreign string is a variable, none is query text."""
    variables: dict[str, Any] = {"sha": wanted.merge_sha}
    parts, inner = [], []
    for i, path in enumerate(wanted.texts):
        variables[f"t{i}"] = f"{wanted.merge_sha}:{path}"
        parts.append(f"t{i}: object(expression: $t{i}) {{ ... on Blob {{ isBinary isTruncated text }} }}")
    for i, path in enumerate(wanted.histories):
        variables[f"h{i}"] = path
        inner.append(
            f"h{i}: history(first: {HISTORY_WINDOW}, path: $h{i}) {{ nodes {{ oid committedDate {_PULL} }} }}"
        )
    if inner:
        parts.append(f"merge: object(oid: $sha) {{ ... on Commit {{ {' '.join(inner)} }} }}")
    for i, number in enumerate(wanted.numbers):
        variables[f"n{i}"] = number
        parts.append(f"n{i}: issueOrPullRequest(number: $n{i}) {{ __typename {_MENTION} }}")
    for i, sha in enumerate(wanted.commits):
        variables[f"c{i}"] = sha
        parts.append(f"c{i}: object(expression: $c{i}) {{ ... on Commit {{ {_PULL} }} }}")
    kinds = {name: _type_of(name, value) for name, value in variables.items()}
    declared = ", ".join(f"${name}: {kind}" for name, kind in kinds.items() if name != "sha" or inner)
    if not inner:
        del variables["sha"]
    head = f"query Merged($owner: String!, $name: String!{', ' + declared if declared else ''})"
    return f"{head} {{ repository(owner: $owner, name: $name) {{ {' '.join(parts)} }} }}", variables


_PULL = "associatedPullRequests(first: 1) { nodes { number title mergedAt repository { databaseId } } }"
_MENTION = "... on PullRequest { number title mergedAt } ... on Issue { number title }"


def _type_of(name: str, value: object) -> str:
    if name == "sha":
        return "GitObjectID!"
    return "Int!" if isinstance(value, int) else "String!"


async def read_merged(reader: Reader, repository: tuple[str, str], wanted: Wanted, own: int) -> Found:
    """Ask for all that is wanted in one request; ``own`` is this pull request's number."""
    if not (wanted.texts or wanted.histories or wanted.numbers or wanted.commits):
        return Found()
    query, variables = build_query(wanted)
    owner, name = repository
    data = await reader.graphql_data(query, variables | {"owner": owner, "name": name})
    answer = data["repository"] if isinstance(data.get("repository"), dict) else {}
    histories, same_files = _histories(answer, wanted, own)
    return Found(
        texts=_texts(answer, wanted),
        histories=histories,
        same_files=same_files,
        mentions=_mentions(answer, wanted),
        commits=_commits(answer, wanted),
    )


def _texts(answer: dict[str, Any], wanted: Wanted) -> dict[str, str]:
    texts = {}
    for i, path in enumerate(wanted.texts):
        blob = answer.get(f"t{i}")
        text = at(blob, "text")
        if isinstance(text, str) and not at(blob, "isBinary") and not at(blob, "isTruncated"):
            texts[path] = text[:MAX_TEXT]
    return texts


def _histories(
    answer: dict[str, Any], wanted: Wanted, own: int
) -> tuple[tuple[FileHistory, ...], tuple[RelatedPull, ...]]:
    shared: dict[int, list[str]] = {}
    titles: dict[int, Mention] = {}
    histories = []
    for i, path in enumerate(wanted.histories):
        commits = nodes(at(answer, "merge", f"h{i}"))
        earlier = {}
        for commit in commits:
            pull = _pull(commit, wanted.repository_id)
            if pull is not None and pull.number != own:
                earlier[pull.number] = pull
        dates = [when for commit in commits if (when := moment(commit.get("committedDate")))]
        histories.append(
            FileHistory(path=path, pulls=len(earlier), window=len(commits), days=days_between(dates))
        )
        for number, pull in earlier.items():
            shared.setdefault(number, []).append(path)
            titles[number] = pull
    related = [
        RelatedPull(
            number=number,
            relation=Relation.SAME_FILES,
            title=titles[number].title,
            merged_at=titles[number].merged_at,
            paths=tuple(sorted(paths)),
        )
        for number, paths in sorted(shared.items(), key=lambda item: (-len(item[1]), -item[0]))
    ]
    return tuple(histories), tuple(related[:5])


def days_between(dates: Sequence[datetime]) -> int | None:
    """Give the whole days between the newest and the oldest of some commits, ``None`` for fewer than two."""
    return (max(dates) - min(dates)).days if len(dates) > 1 else None


def _mentions(answer: dict[str, Any], wanted: Wanted) -> dict[int, Mention]:
    found = {}
    for i, number in enumerate(wanted.numbers):
        node = answer.get(f"n{i}")
        if isinstance(at(node, "title"), str):
            is_pull = at(node, "__typename") == "PullRequest"
            found[number] = Mention(number, at(node, "title"), is_pull, moment(at(node, "mergedAt")))
    return found


def _commits(answer: dict[str, Any], wanted: Wanted) -> dict[str, Mention]:
    found = {}
    for i, sha in enumerate(wanted.commits):
        pull = _pull(answer.get(f"c{i}"), wanted.repository_id)
        if pull is not None:
            found[sha] = pull
    return found


def _pull(commit: object, repository_id: int) -> Mention | None:
    """Give the merged pull request a commit belongs to; a fork's own ones are none of ours."""
    for node in nodes(at(commit, "associatedPullRequests")):
        merged_at = moment(node.get("mergedAt"))
        if at(node, "repository", "databaseId") != repository_id:
            continue
        if merged_at is not None and isinstance(node.get("title"), str):
            return Mention(count(node.get("number")), node["title"], is_pull=True, merged_at=merged_at)
    return None
