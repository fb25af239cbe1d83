"""The changed files: one request for the diff, or GitHub's list of files where that is too large."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.errors import TooLarge
from bot.facts.diff import KEEP_FILE, KEEP_TOTAL, PatchFile, parse_diff, parse_patch
from bot.facts.words import count
from bot.model import FileStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.facts.sources import Reader

# Beyond these GitHub answers 406 for the diff media type (repository limits in its documentation).
DIFF_FILES = 300
DIFF_LINES = 20_000
LISTED_FILES = 3_000
_STATUSES = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.REMOVED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
}


async def read_files(
    reader: Reader, where: Mapping[str, Any], pull: Mapping[str, Any], skip: Callable[[str], bool]
) -> tuple[tuple[PatchFile, ...], str | None]:
    """Give the changed files, and why they may not be all there (``None`` if they are).

    ``where`` holds owner, repo and number; ``pull`` holds GitHub's own totals, against which what
    was read is checked: past about 20,000 patch lines its list has rows of zeros, unmarked (R71).
    Of paths for which ``skip`` is true, no lines are kept.
    """
    files = await _from_diff(reader, where, pull, skip)
    if files is None:
        files = await _from_list(reader, where, count(pull.get("changedFiles")), skip)
    total, lines = count(pull.get("changedFiles")), _lines(pull)
    if len(files) < total:
        return files, "unlisted"
    if sum(file.additions + file.deletions for file in files) != lines:
        return files, "uncounted"
    return files, None


def _lines(pull: Mapping[str, Any]) -> int:
    return count(pull.get("additions")) + count(pull.get("deletions"))


async def _from_diff(
    reader: Reader, where: Mapping[str, Any], pull: Mapping[str, Any], skip: Callable[[str], bool]
) -> tuple[PatchFile, ...] | None:
    if count(pull.get("changedFiles")) > DIFF_FILES or _lines(pull) > DIFF_LINES:
        return None
    try:
        diff = await reader.diff("/repos/{owner}/{repo}/pulls/{number}", where)
    except TooLarge:
        return None
    # Off the loop, as all that grows with the diff: deliveries must be answered meanwhile.
    files = await asyncio.to_thread(parse_diff, diff, skip=skip)
    # A cut answer looks like a shorter diff: the list then tells what is missing.
    return files if len(files) >= count(pull.get("changedFiles")) else None


async def _from_list(
    reader: Reader, where: Mapping[str, Any], total: int, skip: Callable[[str], bool]
) -> tuple[PatchFile, ...]:
    found: list[PatchFile] = []
    left = KEEP_TOTAL
    async for item in reader.getiter("/repos/{owner}/{repo}/pulls/{number}/files?per_page=100", where):
        if not isinstance(item, dict) or not isinstance(item.get("filename"), str):
            continue
        # Nobody knows yet how large the next ones are: four fair shares for this one at most.
        share = 4 * left // max(total - len(found), 1)
        room = 0 if skip(item["filename"]) else min(KEEP_FILE, share)
        listed, kept = _listed(item, room)
        found.append(listed)
        left = max(left - kept, 0)
        if len(found) >= LISTED_FILES:
            break
    return tuple(found)


def _listed(item: Mapping[str, Any], room: int) -> tuple[PatchFile, int]:
    """Give a row of GitHub's list, with at most ``room`` characters of its patch, and how many."""
    whole = item.get("patch")
    patch = whole[:room] if isinstance(whole, str) else ""
    counted = count(item.get("additions")) + count(item.get("deletions"))
    previous = item.get("previous_filename")
    listed = PatchFile(
        path=item["filename"],
        previous_path=previous if isinstance(previous, str) else None,
        status=_STATUSES.get(str(item.get("status")), FileStatus.MODIFIED),
        additions=count(item.get("additions")),
        deletions=count(item.get("deletions")),
        # GitHub gives binary files no patch and no lines; a pure rename has neither too.
        binary=not whole and not counted and item.get("status") in {"added", "removed", "modified"},
        submodule=isinstance(whole, str) and "Subproject commit " in whole[:200],
        hunks=parse_patch(patch),
        clipped=len(patch) < len(whole) if isinstance(whole, str) else counted > 0,
    )
    return listed, len(patch)
