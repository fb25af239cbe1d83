"""Identity, size, modules and tags of a pull request."""

from __future__ import annotations

from collections import Counter

from bot.inference.sizes import weighted
from bot.inference.tags import tags
from bot.model import Head, PullFacts

MODULES = 5


def head(facts: PullFacts) -> Head:
    """What the report opens with; all of it is copied or counted."""
    return Head(
        repository=facts.repository,
        number=facts.number,
        title=facts.title,
        author=facts.author,
        merged_by=facts.merged_by,
        merged_at=facts.merged_at,
        created_at=facts.created_at,
        merge_sha=facts.merge_sha,
        merge_method=facts.merge_method,
        merge_queue=facts.merge_queue,
        base_ref=facts.base_ref,
        head_ref=facts.head_ref,
        head_repository=facts.head_repository,
        changed_files=facts.changed_files,
        additions=facts.additions,
        deletions=facts.deletions,
        commit_count=facts.commit_count,
        modules=modules(facts),
        tags=tags(facts),
    )


def modules(facts: PullFacts) -> tuple[str, ...]:
    """At most five modules, those with the most changed lines first."""
    lines: Counter[str] = Counter()
    for file in facts.files:
        lines[file.module] += round(100 * weighted(file)) + 1
    return tuple(
        name for name, _ in sorted(lines.items(), key=lambda item: (-item[1], item[0]))[:MODULES] if name
    )
