"""Git's objects and their real ids: what a file, a tree and a commit are called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

REGULAR = "100644"
EXECUTABLE = "100755"
SYMLINK = "120000"
SUBMODULE = "160000"

_BINARY_WINDOW = 8000


def _object_id(kind: str, data: bytes) -> str:
    """Git's id of an object: the SHA-1 of its header and content."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Blob:
    """A file's content and mode; of a submodule the content is the commit's id."""

    data: bytes
    mode: str = REGULAR
    sha: str = field(init=False)

    def __post_init__(self) -> None:
        sha = self.data.decode() if self.mode == SUBMODULE else _object_id("blob", self.data)
        object.__setattr__(self, "sha", sha)

    @property
    def binary(self) -> bool:
        """Whether git would call it binary: a zero byte in its first 8,000."""
        return b"\0" in self.data[:_BINARY_WINDOW]


Tree = Mapping[str, Blob]
Content = str | bytes | Blob | None


def blob_of(content: str | bytes | Blob) -> Blob:
    """A blob from text (as UTF-8), bytes, or a blob."""
    if isinstance(content, Blob):
        return content
    return Blob(content.encode() if isinstance(content, str) else content)


def changed(tree: Tree, changes: Mapping[str, Content]) -> dict[str, Blob]:
    """A copy of the tree with some files set; ``None`` removes one."""
    result = dict(tree)
    for path, content in changes.items():
        if content is None:
            result.pop(path)
        else:
            result[path] = blob_of(content)
    return result


def tree_id(tree: Tree) -> str:
    """Git's id of a tree, given as paths from its root."""
    folders: dict[str, dict[str, Blob]] = {}
    entries: list[tuple[bytes, bytes, str]] = []
    for path, blob in tree.items():
        folder, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(folder, {})[rest] = blob
        else:
            name = path.encode()
            entries.append((name, f"{blob.mode} ".encode() + name, blob.sha))
    for folder, inner in folders.items():
        name = folder.encode()
        # Git sorts a folder as if its name ended in a slash.
        entries.append((name + b"/", b"40000 " + name, tree_id(inner)))
    data = b"".join(entry + b"\0" + bytes.fromhex(sha) for _, entry, sha in sorted(entries))
    return _object_id("tree", data)


@dataclass(frozen=True)
class Signature:
    """Who wrote a commit, and when; ``login`` is ``None`` where GitHub knows no account."""

    name: str
    at: datetime
    login: str | None = None

    @property
    def email(self) -> str:
        """An address of the kind GitHub gives to those who hide theirs."""
        return f"{self.login or 'nobody'}@users.noreply.github.com"


@dataclass(frozen=True)
class Commit:
    """A commit with its whole tree."""

    tree: Tree
    parents: tuple[str, ...]
    message: str
    author: Signature
    sha: str = field(init=False)
    tree_sha: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree_sha", tree_id(self.tree))
        object.__setattr__(self, "sha", _object_id("commit", self._data()))

    def _data(self) -> bytes:
        """The commit as git stores it."""
        stamp = f"{self.author.name} <{self.author.email}> {int(self.author.at.timestamp())} +0000"
        lines = [f"tree {self.tree_sha}", *(f"parent {parent}" for parent in self.parents)]
        lines += [f"author {stamp}", f"committer {stamp}", "", self.message]
        return ("\n".join(lines) + "\n").encode()
