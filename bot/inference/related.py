"""Other pull requests and issues of the repository, each once, the strongest relation first."""

from __future__ import annotations

from bot.inference.sentences import clip, plain
from bot.model import PullFacts, Related, RelatedInsight, Relation, Told

MOST = 10
_ORDER = (
    Relation.REVERTED_BY,
    Relation.REVERTS,
    Relation.CLOSES,
    Relation.BACKPORT_OF,
    Relation.SAME_FILES,
    Relation.MENTIONED,
)
_WEAK = frozenset({Relation.SAME_FILES, Relation.MENTIONED})


def related(facts: PullFacts, told: tuple[RelatedInsight, ...] = ()) -> tuple[Related, ...]:
    """At most ten relations that the facts hold; each number keeps its strongest one.

    What a model ``told`` about a number is added; such numbers stay before those that only share
    files or are only named.
    """
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
    words = {item.number: item.text for item in reversed(told)}
    found = list(strongest.values())
    chosen = sorted(found, key=lambda item: item.relation in _WEAK and item.number not in words)[:MOST]
    numbers = {item.number for item in chosen}
    return tuple(_with(item, words) for item in found if item.number in numbers)


def _with(item: Related, words: dict[int, Told]) -> Related:
    text = words.get(item.number)
    return item.model_copy(update={"told": text}) if text else item


def _title(title: str | None) -> str | None:
    return clip(plain(title)) or None if title else None
