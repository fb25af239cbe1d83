"""A unified diff as git writes it becomes files and hunks, in one pass over its lines."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from bot.facts.diff_header import FileHeader, HunkHeader, hunk_header
from bot.model import FileStatus, Frozen, Hunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# R72: what is kept of the patch of one file, and of all together, in bytes.
KEEP_FILE = 100_000
KEEP_TOTAL = 2_000_000
# Longer lines are minified code or data; nobody reads on there, and no quote is looked for.
KEEP_LINE = 2_000
# A hunk without lines still costs memory; a million of them must not.
_HUNK_COST = 200
_SUBMODULE = "160000"
_TYPE_CHANGE = (FileStatus.REMOVED, FileStatus.ADDED)
_BLANK = frozenset({b"\n", b"\r\n"})


class PatchFile(Frozen):
    """A file of a diff. Its counts are exact; ``clipped`` says that ``hunks`` are not all of it."""

    path: str
    previous_path: str | None = None
    status: FileStatus
    additions: int
    deletions: int
    old_mode: str | None = None
    new_mode: str | None = None
    binary: bool = False
    submodule: bool = False
    hunks: tuple[Hunk, ...] = ()
    clipped: bool = False


def parse_diff(
    data: bytes,
    *,
    keep_file: int = KEEP_FILE,
    keep_total: int = KEEP_TOTAL,
    skip: Callable[[str], bool] | None = None,
) -> tuple[PatchFile, ...]:
    """Read a whole git diff with the usual prefixes ``a/`` and ``b/``; GitHub's diff media type is one.

    At most ``keep_file`` bytes of one file's lines are kept and ``keep_total`` of all: small files
    whole, and the larger ones share what is left. Of a path for which ``skip`` is true nothing is
    kept. Counts are exact whatever is kept. Input that breaks off or is no diff gives what could be
    read; nothing is raised.
    """
    skips = skip or (lambda _: False)
    allowance = keep_file
    if len(data) > keep_total:
        sizes = [0 if skips(header.path) else body.size for header, body in _files(data, lambda _: 0)]
        allowance = fair_share(sizes, keep_file, keep_total)
    files = _files(data, lambda path: 0 if skips(path) else allowance)
    return tuple(_without_type_changes(_patch_file(header, body) for header, body in files))


def parse_patch(patch: str) -> tuple[Hunk, ...]:
    """Read the ``patch`` field of GitHub's list of files, at most ``KEEP_FILE`` bytes of its lines."""
    stream = BytesIO(patch.encode("utf-8", "replace"))
    body = _Body(KEEP_FILE)
    _read_hunks(body, stream.readline(), stream)
    return tuple(body.hunks)


def fair_share(sizes: Iterable[int], keep_file: int = KEEP_FILE, keep_total: int = KEEP_TOTAL) -> int:
    """How many bytes of each file to keep, so that all of ``sizes`` together keep at most ``keep_total``."""
    ordered = sorted(min(size, keep_file) for size in sizes)
    room = keep_total
    for index, size in enumerate(ordered):
        share = room // (len(ordered) - index)
        if size > share:
            return share
        room -= size
    return keep_file


class _Body:
    """The hunks of one file as they are read: all is counted, what there is room for is kept."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.size = 0
        self.additions = 0
        self.deletions = 0
        self.clipped = False
        self.hunks: list[Hunk] = []

    def read_hunk(self, header: HunkHeader, stream: BytesIO) -> bytes:
        """Read the lines that ``header`` announces; return the first line after them."""
        old_left, new_left = header.old_lines, header.new_lines
        lines: list[str] = []
        has_room = self._takes(_HUNK_COST)
        while old_left > 0 or new_left > 0:
            line = stream.readline()
            mark = line[:1]
            if mark == b"+" and new_left > 0:
                new_left -= 1
                self.additions += 1
            elif mark == b"-" and old_left > 0:
                old_left -= 1
                self.deletions += 1
            elif (mark == b" " or line in _BLANK) and old_left > 0 and new_left > 0:
                old_left -= 1
                new_left -= 1
            elif mark != b"\\":
                break
            if mark != b"\\" and self._takes(min(len(line), KEEP_LINE)):
                lines.append(self._line(line))
        else:
            line = stream.readline()
        self.clipped = self.clipped or old_left > 0 or new_left > 0
        if has_room:
            self.hunks.append(Hunk(**header._asdict(), lines=tuple(lines)))
        return line

    def _takes(self, size: int) -> bool:
        self.size += size
        if self.size > self.room:
            self.clipped = True
        return self.size <= self.room

    def _line(self, line: bytes) -> str:
        # Four bytes are the most that a character takes, so the cut character is cut off below.
        text = line[: 4 * KEEP_LINE + 4].removesuffix(b"\n").decode("utf-8", "replace")
        self.clipped = self.clipped or len(text) > KEEP_LINE
        # Some tools drop the blank of an empty context line.
        return text[:KEEP_LINE] if text.strip("\r") else " "


def _files(data: bytes, room: Callable[[str], int]) -> Iterator[tuple[FileHeader, _Body]]:
    stream = BytesIO(data)
    line = stream.readline()
    while line:
        if not line.startswith(b"diff --git "):
            line = stream.readline()
            continue
        header = FileHeader(line)
        line = _read_header(header, stream)
        body = _Body(room(header.path))
        line = _read_hunks(body, line, stream)
        yield header, body


def _read_hunks(body: _Body, line: bytes, stream: BytesIO) -> bytes:
    """Read hunks from ``line`` on, up to the next file, whose line is returned."""
    while line and not line.startswith(b"diff "):
        hunk = hunk_header(line)
        line = body.read_hunk(hunk, stream) if hunk else stream.readline()
    return line


def _read_header(header: FileHeader, stream: BytesIO) -> bytes:
    """Read up to the file's first hunk or the next file, whose line is returned."""
    for line in iter(stream.readline, b""):
        if line.startswith((b"@@ -", b"diff ")):
            return line
        header.read(line)
    return b""


def _patch_file(header: FileHeader, body: _Body) -> PatchFile:
    return PatchFile(
        path=header.path,
        previous_path=header.previous_path,
        status=header.status,
        additions=body.additions,
        deletions=body.deletions,
        old_mode=header.old_mode,
        new_mode=header.new_mode,
        binary=header.binary,
        submodule=_SUBMODULE in (header.old_mode, header.new_mode),
        hunks=tuple(body.hunks),
        clipped=body.clipped,
    )


def _without_type_changes(files: Iterable[PatchFile]) -> Iterator[PatchFile]:
    """Git writes a file that became a link as removed and added; it is one modified file."""
    last: PatchFile | None = None
    for file in files:
        if last and last.path == file.path and (last.status, file.status) == _TYPE_CHANGE:
            last = _joined(last, file)
            continue
        if last:
            yield last
        last = file
    if last:
        yield last


def _joined(removed: PatchFile, added: PatchFile) -> PatchFile:
    return added.model_copy(
        update={
            "status": FileStatus.MODIFIED,
            "old_mode": removed.old_mode,
            "deletions": removed.deletions,
            "binary": removed.binary or added.binary,
            "submodule": removed.submodule or added.submodule,
            "hunks": removed.hunks + added.hunks,
            "clipped": removed.clipped or added.clipped,
        }
    )
