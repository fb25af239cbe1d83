"""Review threads checked against the merged text, for whether the remarked line is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import FileKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import FileChange, ReviewThread

# A brace or an `else:` is everywhere: only a line that says something can be recognised.
MIN_TELLING = 8


def settle_threads(threads: Sequence[ReviewThread], texts: Mapping[str, str]) -> tuple[ReviewThread, ...]:
    """Fill in ``still_there`` and ``merged_line`` for threads whose file's merged text was read."""
    lines = {path: [line.strip() for line in text.split("\n")] for path, text in texts.items()}
    return tuple(_settle(thread, lines.get(thread.path)) for thread in threads)


def _settle(thread: ReviewThread, merged: list[str] | None) -> ReviewThread:
    remarked = thread.remarked_text
    telling = remarked[1:].strip()
    # A remark on a removed line ("-") says nothing about what the merged file should still hold.
    if merged is None or remarked.startswith("-") or len(telling) < MIN_TELLING:
        return thread
    places = [index + 1 for index, line in enumerate(merged) if line == telling]
    wanted = thread.line or thread.original_line or 0
    nearest = min(places, key=lambda place: abs(place - wanted), default=None)
    return thread.model_copy(update={"still_there": bool(places), "merged_line": nearest})


def without_ignored(threads: Sequence[ReviewThread], files: Sequence[FileChange]) -> tuple[ReviewThread, ...]:
    """Give the threads without the code that they are on, where the repository's file ignores its path."""
    ignored = {file.path for file in files if file.kind is FileKind.IGNORED}
    return tuple(
        thread.model_copy(update={"remarked_text": ""}) if thread.path in ignored else thread
        for thread in threads
    )
