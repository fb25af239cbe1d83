"""Which patches are shown whole, which in part and which not at all, within so many tokens (R72)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.inference.prompts.fence import Block
from bot.inference.prompts.patches import part_of_patch, whole_patch
from bot.model import FileReading, FileStatus, ReadAs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.inference.prompts.patches import Patch
    from bot.model import FileChange, PullFacts

# No file takes more of the room than this share at first, however important it is (D10).
SHARE = 3
LEAST_CAP = 1_500
# Less of a file than this, in tokens, is not worth its head.
LEAST_PART = 150
OVER_BUDGET, LARGE_FILE, REMOVED_FILE = "over-budget", "large-file", "removed-file"
_OTHERS = 40


@dataclass
class Selection:
    """What is shown: patches by path in the order of their rank, and how each file was read."""

    patches: dict[str, Patch] = field(default_factory=dict)
    readings: dict[str, FileReading] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """The tokens of all patches."""
        return sum(patch.tokens for patch in self.patches.values())

    def blocks(self) -> tuple[Block, ...]:
        """The patches as blocks, the most important first."""
        return tuple(patch.block for patch in self.patches.values())


class Chooser:
    """Chooses from ``files``, which are ranked; ``telling`` has the remarked and risky lines by path."""

    def __init__(self, files: Sequence[FileChange], telling: Mapping[str, frozenset[int]]) -> None:
        self.files = tuple(file for file in files if file.hunks)
        self.telling = telling
        self.whole = {file.path: whole_patch(file) for file in self.files}

    @property
    def tokens(self) -> int:
        """The tokens that all of them take."""
        return sum(patch.tokens for patch in self.whole.values())

    def choose(self, room: int) -> Selection:
        """Show as much as fits into ``room`` tokens, the first files first."""
        chosen = Selection()
        left = room
        cap = room if self.tokens <= room else max(LEAST_CAP, room // SHARE)
        for file in self.files:
            patch = self.shown(file, min(cap, left))
            if patch is not None:
                chosen.patches[file.path] = patch
                left -= patch.tokens
        self._enlarge(chosen, left)
        for file in self.files:
            chosen.readings[file.path] = self.reading(file, chosen.patches.get(file.path), cap)
        return chosen

    def shown(self, file: FileChange, room: int) -> Patch | None:
        """A file's patch in at most ``room`` tokens: whole, else a part, else none."""
        whole = self.whole[file.path]
        if whole.tokens <= room:
            return whole
        if room < LEAST_PART:
            return None
        part = part_of_patch(file, room, self.telling.get(file.path, frozenset()))
        return part if part is not None and part.tokens <= room else None

    def _enlarge(self, chosen: Selection, left: int) -> None:
        """Give what room is left to the files that were cut, the first of them first."""
        for file in self.files:
            patch = chosen.patches.get(file.path)
            if patch is None or patch is self.whole[file.path] or left < LEAST_PART:
                continue
            larger = self.shown(file, patch.tokens + left)
            if larger is not None and larger.tokens > patch.tokens:
                chosen.patches[file.path] = larger
                left -= larger.tokens - patch.tokens

    def reading(self, file: FileChange, patch: Patch | None, cap: int = 0) -> FileReading:
        """How a file was read that is shown as ``patch``; one over ``cap`` tokens counts as large."""
        if patch is None:
            return FileReading(read_as=ReadAs.NAME, reason=OVER_BUDGET)
        if patch.is_whole:
            return FileReading(read_as=file.read_as, reason=file.read_reason)
        if patch is self.whole[file.path]:
            return FileReading(read_as=ReadAs.CLIPPED, reason=REMOVED_FILE)
        reason = LARGE_FILE if self.whole[file.path].tokens > cap else OVER_BUDGET
        return FileReading(read_as=ReadAs.CLIPPED, reason=reason)


def coverage(facts: PullFacts, chosen: Mapping[str, FileReading]) -> dict[str, FileReading]:
    """How every file of ``facts`` was read: as ``chosen``, or as the facts have it."""
    return {
        file.path: chosen.get(file.path) or FileReading(read_as=file.read_as, reason=file.read_reason)
        for file in facts.files
    }


def others_block(facts: PullFacts, shown: Collection[str], most: int = _OTHERS) -> Iterator[Block]:
    """The changed files of which nothing is shown, at most ``most`` of them, each with the reason."""
    lines = [_other(file) for file in facts.files if file.path not in shown]
    if facts.partial is not None:
        lines.insert(0, "… (GitHub did not give all of the change)")
    if lines:
        more = ["…"] if len(lines) > most else []
        yield Block("others", "\n".join([*lines[:most], *more]))


def _other(file: FileChange) -> str:
    if file.read_reason:
        return f"{file.path}: {file.read_reason}"
    if file.hunks:
        return f"{file.path}: {OVER_BUDGET}"
    if file.status is FileStatus.RENAMED:
        return f"{file.path}: was {file.previous_path}"
    mode = f", mode {file.new_mode}" if file.old_mode != file.new_mode and file.new_mode else ""
    return f"{file.path}: {file.status.value}{mode}"
