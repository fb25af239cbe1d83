"""How other pull requests and issues are related: candidates found in text, settled by GitHub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.facts.words import at, count, moment, nodes
from bot.model import RelatedPull, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.facts.merged import Found, Mention
    from bot.model import LinkedIssue

_T = TypeVar("_T")

MAX_RELATED = 12
_REVERT_TITLE = re.compile(r'\ARevert\b[ :]*"?', re.IGNORECASE)
_REVERTS = re.compile(
    r"\breverts?\s+(?:pull request\s+|pr\s+)?(?:([\w.-]+/[\w.-]+))?#(\d{1,9})\b", re.IGNORECASE
)
_REVERTED_COMMIT = re.compile(r"\bthis reverts commit ([0-9a-f]{7,40})\b", re.IGNORECASE)
_BACKPORT = re.compile(
    r"\b(?:back-?port(?:ed|s)?|cherry[- ]?pick(?:ed|s)?)\s+(?:(?:of|from)\s+)?"
    r"(?:pr\s+|pull request\s+)?#(\d{1,9})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w&/#])(?:([\w.-]{1,100}/[\w.-]{1,100}))?#(\d{1,9})\b")
_URL = re.compile(r"https?://[\w.:-]{1,100}/([\w.-]{1,100}/[\w.-]{1,100})/(?:pull|issues)/(\d{1,9})\b")


@dataclass(frozen=True)
class Candidates:
    """What the words of a pull request point to in its own repository."""

    reverts: tuple[int, ...] = ()
    reverted_commits: tuple[str, ...] = ()
    backport_of: tuple[int, ...] = ()
    mentioned: tuple[int, ...] = ()


def candidates(full_name: str, own: int | None, title: str, texts: Iterable[str]) -> Candidates:
    """Find what a pull request points to; numbers of other repositories and its own are left out."""
    whole = "\n".join((title, *texts))
    is_revert = _REVERT_TITLE.match(title) is not None
    reverts = [int(m[2]) for m in _REVERTS.finditer(whole) if _here(m[1], full_name)] if is_revert else []
    commits = _REVERTED_COMMIT.findall(whole) if is_revert else []
    backports = [int(number) for number in _BACKPORT.findall(whole)]
    numbers = [int(m[2]) for m in _NUMBER.finditer(whole) if _here(m[1], full_name)]
    numbers += [int(m[2]) for m in _URL.finditer(whole) if _here(m[1], full_name)]
    taken = {own, 0, *reverts, *backports}
    return Candidates(
        reverts=_unique(n for n in reverts if n != own),
        reverted_commits=_unique(commits)[:5],
        backport_of=_unique(n for n in backports if n != own),
        mentioned=_unique(n for n in numbers if n not in taken),
    )


def _here(repository: str | None, full_name: str) -> bool:
    return repository is None or repository.lower() == full_name.lower()


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))


def related(
    found: Found, wanted: Candidates, closed: Iterable[LinkedIssue], pull: dict[str, Any]
) -> tuple[RelatedPull, ...]:
    """Give the relations that GitHub confirmed, the strongest relation of each number only."""
    ranked = [_pull(mention, Relation.REVERTS) for mention in found.commits.values()]
    ranked += _confirmed(found, wanted.reverts, Relation.REVERTS)
    ranked += _confirmed(found, wanted.backport_of, Relation.BACKPORT_OF)
    ranked += reverted_by(pull)
    ranked += [
        RelatedPull(number=issue.number, relation=Relation.CLOSES, title=issue.title)
        for issue in closed
        if issue.repository is None
    ]
    ranked += _confirmed(found, wanted.mentioned, Relation.MENTIONED)
    ranked += found.same_files
    strongest: dict[int, RelatedPull] = {}
    for item in ranked:
        strongest.setdefault(item.number, item)
    return tuple(strongest.values())[:MAX_RELATED]


def _confirmed(found: Found, numbers: Iterable[int], relation: Relation) -> list[RelatedPull]:
    return [_pull(found.mentions[number], relation) for number in numbers if number in found.mentions]


def _pull(mention: Mention, relation: Relation) -> RelatedPull:
    return RelatedPull(
        number=mention.number, relation=relation, title=mention.title, merged_at=mention.merged_at
    )


def reverted_by(pull: dict[str, Any]) -> tuple[RelatedPull, ...]:
    """Find merged pull requests of this repository that refer to this one and say they revert it."""
    own_title = str(pull.get("title") or "")
    found = []
    for node in nodes(pull.get("references")):
        source, title = node.get("source"), at(node, "source", "title")
        if node.get("isCrossRepository") or not isinstance(title, str) or not at(source, "merged"):
            continue
        if title.strip() == f'Revert "{own_title}"':
            found.append(
                RelatedPull(
                    number=count(at(source, "number")),
                    relation=Relation.REVERTED_BY,
                    title=title,
                    merged_at=moment(at(source, "mergedAt")),
                )
            )
    return tuple(found)
