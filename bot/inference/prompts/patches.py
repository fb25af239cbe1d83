"""The patch of one file as the model sees it: hunks without line numbers, whole or in part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.inference.prompts.estimate import estimate
from bot.inference.prompts.fence import Block, path_name, visible
from bot.model import FileStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import FileChange, Hunk

WIDTH = 500  # of a line; what is longer is data or minified
PIECE = 40  # lines that are taken or left together where not all of a file is shown
REMOVED_WHOLE = 60  # lines of a removed file that are shown; of a longer one only the definitions
REMOVED_HEAD = 12
_GAP = "…"
_UNMARKED = frozenset({FileStatus.ADDED, FileStatus.REMOVED})


@dataclass(frozen=True)
class Patch:
    """What is shown of one file, and how many tokens that is. ``is_whole``: nothing of it is left out."""

    path: str
    block: Block
    tokens: int
    is_whole: bool


@dataclass(frozen=True)
class _Piece:
    """Some lines of a hunk; ``start`` and ``end`` are their numbers as merged."""

    lines: tuple[str, ...]
    start: int
    end: int


def whole_patch(file: FileChange) -> Patch:
    """All that is known of the change to a file; of a long removed file its definitions."""
    if file.status is FileStatus.REMOVED and file.deletions > REMOVED_WHOLE:
        return _patch(file, _removed(file), is_whole=False)
    return _patch(file, _joined(file, list(file.hunks)), is_whole=True)


def part_of_patch(file: FileChange, room: int, telling: frozenset[int]) -> Patch | None:
    """As much of the change to a file as ``room`` tokens hold; ``None`` if that is next to nothing.

    Pieces around the ``telling`` lines (numbers as merged) come first, then those from the top; they
    are shown in the order of the file. Definitions that are left out are named at the end.
    """
    pieces = [piece for hunk in file.hunks for piece in _pieces(hunk, marked=file.status not in _UNMARKED)]
    order = sorted(range(len(pieces)), key=lambda index: (not _tells(pieces[index], telling), index))
    names = _unshown_names(file)
    left = room - _head_tokens(file) - estimate(names)
    chosen: list[int] = []
    for index in order:
        cost = estimate("\n".join(pieces[index].lines)) + 1
        if cost > left:
            break
        chosen.append(index)
        left -= cost
    if not chosen:
        return None
    return _patch(file, _with_gaps(pieces, sorted(chosen)) + names, is_whole=False)


def _patch(file: FileChange, text: str, *, is_whole: bool) -> Patch:
    block = Block(path_name(file.path), visible(text), _attributes(file))
    return Patch(file.path, block, estimate(block.text) + _head_tokens(file), is_whole)


def _head_tokens(file: FileChange) -> int:
    """The tokens of a block's head, its boundary and line ends."""
    return estimate(Block(path_name(file.path), "", _attributes(file)).head) + 8


def _attributes(file: FileChange) -> dict[str, object]:
    known: dict[str, object] = {}
    if file.status is not FileStatus.MODIFIED:
        known["status"] = file.status.value
    if file.previous_path:
        known["from"] = file.previous_path
    if file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        known["mode"] = [file.old_mode, file.new_mode]
    return known


def _joined(file: FileChange, hunks: list[Hunk]) -> str:
    marked = file.status not in _UNMARKED
    return "\n".join(line for hunk in hunks for line in _lines(hunk, marked=marked))


def _lines(hunk: Hunk, *, marked: bool) -> Iterator[str]:
    """The lines of a hunk after its head; in an added or removed file, where all are alike, without marks."""
    if marked:
        yield f"@@ {hunk.section}".rstrip()
        yield from (line[:WIDTH] for line in hunk.lines)
    else:
        yield from (line[1:WIDTH] for line in hunk.lines)


def _pieces(hunk: Hunk, *, marked: bool) -> Iterator[_Piece]:
    number = hunk.new_start
    for first in range(0, len(hunk.lines), PIECE):
        part = hunk.lines[first : first + PIECE]
        end = number + sum(1 for line in part if line[:1] != "-")
        head = (f"@@ {hunk.section}".rstrip(),) if marked and not first else ()
        yield _Piece((*head, *(line[0 if marked else 1 : WIDTH] for line in part)), number, end)
        number = end


def _tells(piece: _Piece, telling: frozenset[int]) -> bool:
    if piece.end - piece.start < len(telling):
        return any(number in telling for number in range(piece.start, piece.end))
    return any(piece.start <= number < piece.end for number in telling)


def _with_gaps(pieces: list[_Piece], chosen: list[int]) -> str:
    shown: list[str] = []
    before = -1
    for index in chosen:
        if index != before + 1:
            shown.append(_GAP)
        shown += pieces[index].lines
        before = index
    if before != len(pieces) - 1:
        shown.append(_GAP)
    return "\n".join(shown)


def _unshown_names(file: FileChange, most: int = 12) -> str:
    """The definitions that the change touches, as one line for who sees only a part."""
    names = list(dict.fromkeys(symbol.name for symbol in file.symbols))[:most]
    return f"\n{_GAP} touches: {', '.join(names)}" if names else ""


def _removed(file: FileChange) -> str:
    """The first lines of a removed file, and the definitions that went with it."""
    lines = [line[1:WIDTH] for hunk in file.hunks for line in hunk.lines]
    signatures = [symbol.signature or symbol.name for symbol in file.symbols]
    shown = lines[:REMOVED_HEAD]
    rest = [signature[:WIDTH] for signature in signatures if signature not in shown]
    return "\n".join([*shown, _GAP, *rest[:40]])
