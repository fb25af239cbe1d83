"""What was read of the change, whole, in part, by name or not at all, and why."""

from __future__ import annotations

from bot.model import Coverage, CoverageGroup, FileChange, PullFacts, ReadAs, Reading

PATHS = 5
NOT_SENT = "not-sent"


def cover(facts: PullFacts, reading: Reading | None = None) -> Coverage:
    """Every listed file in one group by how and why it was read; the unlisted ones are counted.

    With a ``reading``, a file counts as what reached the model of it, if that is less.
    """
    groups: dict[tuple[ReadAs, str | None], list[FileChange]] = {}
    order = list(ReadAs)
    for file in facts.files:
        read_as, reason = _of_model(file, reading)
        if order.index(read_as) <= order.index(file.read_as):
            read_as, reason = file.read_as, file.read_reason or (reason if read_as is file.read_as else None)
        groups.setdefault((read_as, reason), []).append(file)
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


def _of_model(file: FileChange, reading: Reading | None) -> tuple[ReadAs, str | None]:
    """How a file reached the model; one that the reading does not name was not there when it was made."""
    if reading is None:
        return file.read_as, file.read_reason
    found = reading.coverage.get(file.path)
    return (found.read_as, found.reason) if found else (ReadAs.NAME, NOT_SENT)
