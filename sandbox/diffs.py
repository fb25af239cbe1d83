"""Two trees become file changes, and those become a diff in git's format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from sandbox.lines import Hunk, hunks_between, split_lines
from sandbox.objects import SUBMODULE, Blob, Tree

_SHORT = 10
_RENAME_FLOOR = 50
# Comparing every removed file with every added one is quadratic; git has a limit as well.
_RENAME_LIMIT = 400
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


@dataclass(frozen=True)
class FileDiff:
    """One changed file: ``old`` is missing for an added file, ``new`` for a removed one."""

    path: str
    old: Blob | None
    new: Blob | None
    previous_path: str | None = None
    similarity: int = 0

    @property
    def status(self) -> str:
        """GitHub's word for it."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        return "renamed" if self.previous_path else "modified"

    @property
    def binary(self) -> bool:
        """Whether either side is binary."""
        return any(blob.binary for blob in (self.old, self.new) if blob)

    @cached_property
    def hunks(self) -> tuple[Hunk, ...]:
        """The hunks; none for a binary file or where only name or mode changed."""
        if self.binary:
            return ()
        return hunks_between(_text(self.old), _text(self.new))

    @cached_property
    def patch(self) -> bytes:
        """The hunks as text, without the file's header."""
        return b"\n".join(line for hunk in self.hunks for line in (hunk.header, *hunk.lines))

    @cached_property
    def additions(self) -> int:
        """How many lines were added."""
        return sum(line[:1] == b"+" for hunk in self.hunks for line in hunk.lines)

    @cached_property
    def deletions(self) -> int:
        """How many lines were removed."""
        return sum(line[:1] == b"-" for hunk in self.hunks for line in hunk.lines)

    @cached_property
    def text(self) -> bytes:
        """The file's part of the diff, header and all."""
        return b"\n".join([*(line.encode() for line in self._header()), *self._body()]) + b"\n"

    def _header(self) -> list[str]:
        """The extended header lines."""
        before = self.previous_path or self.path
        lines = [f"diff --git {quoted('a/' + before)} {quoted('b/' + self.path)}"]
        if self.old is None and self.new:
            lines.append(f"new file mode {self.new.mode}")
        elif self.new is None and self.old:
            lines.append(f"deleted file mode {self.old.mode}")
        elif self.old and self.new and self.old.mode != self.new.mode:
            lines += [f"old mode {self.old.mode}", f"new mode {self.new.mode}"]
        if self.previous_path:
            lines.append(f"similarity index {self.similarity}%")
            lines += [f"rename from {quoted(before)}", f"rename to {quoted(self.path)}"]
        old, new = (blob.sha[:_SHORT] if blob else "0" * _SHORT for blob in (self.old, self.new))
        if old != new:
            same_mode = self.old and self.new and self.old.mode == self.new.mode
            lines.append(f"index {old}..{new}" + (f" {self.new.mode}" if self.new and same_mode else ""))
        return lines

    def _body(self) -> list[bytes]:
        """What follows the extended header."""
        before = _side("a/", self.previous_path or self.path, self.old)
        after = _side("b/", self.path, self.new)
        if self.binary and self.old != self.new:
            return [f"Binary files {before} and {after} differ".encode()]
        if not self.hunks:
            return []
        return [f"--- {_tabbed(before)}".encode(), f"+++ {_tabbed(after)}".encode(), self.patch]


def _side(prefix: str, path: str, blob: Blob | None) -> str:
    """The name of one side, or the null device."""
    return quoted(prefix + path) if blob else "/dev/null"


def _tabbed(name: str) -> str:
    """Git ends a name that holds a space with a tab, for the sake of other tools."""
    return name + "\t" if " " in name else name


def _text(blob: Blob | None) -> bytes:
    """A blob's text; of a submodule the line that git shows for it."""
    if blob is None:
        return b""
    return b"Subproject commit " + blob.data + b"\n" if blob.mode == SUBMODULE else blob.data


def quoted(path: str) -> str:
    """The path as git shows it: in quotes with octal escapes if it holds odd characters."""
    plain = all(" " <= char <= "~" and char not in _ESCAPES for char in path)
    if plain:
        return path
    return '"' + "".join(_escaped(char) for char in path) + '"'


def _escaped(char: str) -> str:
    """One character as git quotes it."""
    if char in _ESCAPES:
        return _ESCAPES[char]
    if " " <= char <= "~":
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode(errors="surrogateescape"))


def diff_trees(old: Tree, new: Tree) -> tuple[FileDiff, ...]:
    """The changed files between two trees, by path, with renames found as git does (half alike)."""
    removed = {path: blob for path, blob in old.items() if path not in new}
    added = {path: blob for path, blob in new.items() if path not in old}
    files = [
        FileDiff(path, before, new[path])
        for path, before in old.items()
        if path in new and before != new[path] and _kind(before) == _kind(new[path])
    ]
    for path, before in old.items():
        if path in new and _kind(before) != _kind(new[path]):
            files += [FileDiff(path, before, None), FileDiff(path, None, new[path])]
    renames = _renames(removed, added)
    files += renames
    gone = {rename.previous_path for rename in renames}
    there = {rename.path for rename in renames}
    files += [FileDiff(path, blob, None) for path, blob in removed.items() if path not in gone]
    files += [FileDiff(path, None, blob) for path, blob in added.items() if path not in there]
    return tuple(sorted(files, key=lambda file: (file.path, file.new is not None)))


def _kind(blob: Blob) -> str:
    """Regular file, symbolic link or submodule: the first digits of the mode."""
    return blob.mode[:3]


def _renames(removed: Tree, added: Tree) -> list[FileDiff]:
    """Pairs of a removed and an added file: the equal ones first, then the most alike."""
    pairs = []
    by_sha: dict[str, list[str]] = {}
    for path, blob in removed.items():
        by_sha.setdefault(blob.sha, []).append(path)
    for path, blob in added.items():
        pairs += [(100, before, path) for before in by_sha.get(blob.sha, ())[:1]]
    if len(removed) * len(added) <= _RENAME_LIMIT:
        pairs += [
            (score, before, path)
            for before, old in removed.items()
            for path, new in added.items()
            if (score := _similarity(old, new)) >= _RENAME_FLOOR
        ]
    taken: set[str] = set()
    renames = []
    for score, before, path in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if not taken & {"-" + before, "+" + path}:
            taken |= {"-" + before, "+" + path}
            renames.append(FileDiff(path, removed[before], added[path], before, score))
    return renames


def _similarity(old: Blob, new: Blob) -> int:
    """How alike two files are, in percent of the larger one's bytes that are in common lines."""
    if old.sha == new.sha:
        return 100
    if _kind(old) != _kind(new) or old.binary or new.binary:
        return 0
    common = Counter(split_lines(old.data)) & Counter(split_lines(new.data))
    shared = sum(len(line) * count for line, count in common.items())
    return min(99, shared * 100 // max(len(old.data), len(new.data), 1))


def diff_text(files: tuple[FileDiff, ...]) -> bytes:
    """The whole diff."""
    return b"".join(file.text for file in files)
