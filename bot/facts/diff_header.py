"""What git writes before a file's hunks: names (quoted if odd), modes, renames, and that it is binary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.model import FileStatus

if TYPE_CHECKING:
    from collections.abc import Callable

_HUNK = re.compile(rb"@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@(?: ([^\r\n]*))?")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(rb'\\([0-3][0-7]{2}|[abtnvfr"\\])')
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_NOWHERE = b"/dev/null"


class HunkHeader(NamedTuple):
    """The line ``@@ -old_start,old_lines +new_start,new_lines @@ section``."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    section: str


def hunk_header(line: bytes) -> HunkHeader | None:
    """Read a hunk's first line; ``None`` if it is another line. A missing count is 1."""
    match = _HUNK.match(line)
    if match is None:
        return None
    old_start, old_lines, new_start, new_lines = (int(part) if part else 1 for part in match.groups()[:4])
    section = (match[5] or b"").decode("utf-8", "replace")
    return HunkHeader(old_start, old_lines, new_start, new_lines, section)


class FileHeader:
    """The lines of one file before its first hunk, read one by one."""

    def __init__(self, line: bytes) -> None:
        """``line`` is the one that begins with ``diff --git``."""
        self.path = _path_of(line)
        self.previous_path: str | None = None
        self.status = FileStatus.MODIFIED
        self.old_mode: str | None = None
        self.new_mode: str | None = None
        self.binary = False

    def read(self, line: bytes) -> None:
        """Take up one line; one that means nothing is passed over."""
        for prefix, reader in _READERS.items():
            if line.startswith(prefix):
                reader(self, line[len(prefix) :].rstrip(b"\r\n"))
                return


def _old_mode(header: FileHeader, value: bytes) -> None:
    header.old_mode = _text(value)


def _new_mode(header: FileHeader, value: bytes) -> None:
    header.new_mode = _text(value)


def _deleted(header: FileHeader, value: bytes) -> None:
    header.status, header.old_mode = FileStatus.REMOVED, _text(value)


def _created(header: FileHeader, value: bytes) -> None:
    header.status, header.new_mode = FileStatus.ADDED, _text(value)


def _renamed(header: FileHeader, value: bytes) -> None:
    header.status, header.previous_path = FileStatus.RENAMED, _text(_unquoted(value))


def _copied(header: FileHeader, value: bytes) -> None:
    header.status, header.previous_path = FileStatus.COPIED, _text(_unquoted(value))


def _destination(header: FileHeader, value: bytes) -> None:
    header.path = _text(_unquoted(value))


def _index(header: FileHeader, value: bytes) -> None:
    _, _, mode = value.partition(b" ")
    if mode:
        header.old_mode = header.new_mode = _text(mode)


def _name(header: FileHeader, value: bytes) -> None:
    # Git ends a name that has a blank in it with a tab; both sides agree unless one is nowhere.
    name = _unquoted(value.removesuffix(b"\t"))
    if name != _NOWHERE and header.previous_path is None:
        header.path = _text(name[2:])


def _binary(header: FileHeader, _: bytes) -> None:
    header.binary = True


_READERS: dict[bytes, Callable[[FileHeader, bytes], None]] = {
    b"old mode ": _old_mode,
    b"new mode ": _new_mode,
    b"deleted file mode ": _deleted,
    b"new file mode ": _created,
    b"rename from ": _renamed,
    b"rename to ": _destination,
    b"copy from ": _copied,
    b"copy to ": _destination,
    b"index ": _index,
    b"--- ": _name,
    b"+++ ": _name,
    b"Binary files ": _binary,
    b"GIT binary patch": _binary,
}


def _path_of(line: bytes) -> str:
    """The path in ``diff --git a/… b/…``, where both sides agree unless a later line says otherwise."""
    names = line.removeprefix(b"diff --git ").rstrip(b"\r\n")
    if quoted := _QUOTED.match(names):
        return _text(_unquoted(quoted[0])[2:])
    middle = len(names) // 2
    if names[middle : middle + 1] == b" " and names[2:middle] == names[middle + 3 :]:
        return _text(names[2:middle])
    return _text(names.rpartition(b" b/")[2])


def _unquoted(name: bytes) -> bytes:
    match = _QUOTED.fullmatch(name)
    return _ESCAPE.sub(_unescaped, match[1]) if match else name


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else _ESCAPES.get(code, code)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
