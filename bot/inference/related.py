"""Other pull requests and issues of the repository, each once, the strongest relation first."""

from __future__ import annotations

from bot.inference.sentences import clip, plain
from bot.model import PullFacts, Related, Relation

MOST = 10
_ORDER = (
    Relation.REVERTED_BY,
    Relation.REVERTS,
    Relation.CLOSES,
    Relation.BACKPORT_OF,
    Relation.SAME_FILES,
    Relation.MENTIONED,
)


def related(facts: PullFacts) -> tuple[Related, ...]:
    """At most ten relations that the facts hold; each number keeps its strongest one."""
    closed = [
        Related(number=issue.number, relation=Relation.CLOSES, title=_title(issue.title))
        for issue in facts.issues
        if issue.repository is None
    ]
    pulls = [
        Related(number=item.number, relation=item.relation, title=_title(item.title), paths=item.paths[:5])
        for item in facts.related
        if item.number != facts.number
    ]
    strongest: dict[int, Related] = {}
    for item in sorted([*closed, *pulls], key=lambda item: _ORDER.index(item.relation)):
        strongest.setdefault(item.number, item)
    return tuple(strongest.values())[:MOST]


def _title(title: str | None) -> str | None:
    return clip(plain(title)) or None if title else None
