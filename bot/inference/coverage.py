"""What was read of the change, whole, in part, by name or not at all, and why."""

from __future__ import annotations

from bot.model import Coverage, CoverageGroup, FileChange, PullFacts, ReadAs

PATHS = 5


def cover(facts: PullFacts) -> Coverage:
    """Every listed file in one group by how and why it was read; the unlisted ones are counted."""
    groups: dict[tuple[ReadAs, str | None], list[FileChange]] = {}
    for file in facts.files:
        groups.setdefault((file.read_as, file.read_reason), []).append(file)
    order = list(ReadAs)
    ranked = sorted(
        groups.items(), key=lambda item: (order.index(item[0][0]), -len(item[1]), item[0][1] or "")
    )
    return Coverage(
        total=max(facts.changed_files, len(facts.files)),
        groups=tuple(
            CoverageGroup(
                read_as=read_as,
                reason=reason,
                count=len(files),
                paths=tuple(file.path for file in files[:PATHS]),
            )
            for (read_as, reason), files in ranked
        ),
        unlisted=max(0, facts.changed_files - len(facts.files)),
        partial=facts.partial,
    )
