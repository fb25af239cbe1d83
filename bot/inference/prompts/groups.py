"""Groups of files for notes: chosen by rank as far as the tokens go, then put together by module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import FileReading, ReadAs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.inference.prompts.patches import Patch
    from bot.inference.prompts.selection import Chooser
    from bot.model import FileChange

NOTES = "notes"


def note_room(total: int, each: int, overhead: int) -> int:
    """How many tokens of patches can be read in groups of ``each``, for ``total`` with all overhead.

    Filled one after another, groups are at least half full on average, but for one.
    """
    return max(0, int((total - overhead) / (1 + 2 * overhead / each)))


def chosen_for_notes(chooser: Chooser, room: int, each: int) -> dict[str, Patch]:
    """The patches to read, the most important files first, none larger than one group."""
    chosen: dict[str, Patch] = {}
    for file in chooser.files:
        patch = chooser.shown(file, min(each, room))
        if patch is not None:
            chosen[file.path] = patch
            room -= patch.tokens
    return chosen


def by_module(
    files: Iterable[FileChange], chosen: dict[str, Patch], each: int
) -> tuple[tuple[Patch, ...], ...]:
    """The chosen patches in groups of at most ``each`` tokens, the files of a module side by side."""
    modules: dict[str, list[Patch]] = {}
    for file in files:
        if file.path in chosen:
            modules.setdefault(file.module, []).append(chosen[file.path])
    groups: list[list[Patch]] = []
    left = 0
    for patches in modules.values():
        size = sum(patch.tokens for patch in patches)
        # A module that fits into one group is not torn apart to fill the last one.
        left = 0 if left < size <= each else left
        for patch in patches:
            if not groups or patch.tokens > left:
                groups.append([])
                left = each
            groups[-1].append(patch)
            left -= patch.tokens
    return tuple(tuple(group) for group in groups)


def note_readings(chooser: Chooser, chosen: dict[str, Patch], each: int) -> dict[str, FileReading]:
    """How the files of a large change were read, with ``each`` tokens for a group."""
    return {file.path: _reading(file, chosen.get(file.path), chooser, each) for file in chooser.files}


def _reading(file: FileChange, patch: Patch | None, chooser: Chooser, each: int) -> FileReading:
    if patch is not None and patch.is_whole and file.read_as is ReadAs.WHOLE:
        return FileReading(read_as=ReadAs.WHOLE, reason=NOTES)
    return chooser.reading(file, patch, each)
