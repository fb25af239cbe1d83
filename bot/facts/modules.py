"""Which part of the product a file belongs to: by CODEOWNERS, by the title, or by its folder."""

from __future__ import annotations

import re
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING

from bot.facts.globs import Globs
from bot.facts.titles import title_modules
from bot.redaction import clean_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ROOT", "Modules", "title_modules"]

ROOT = "root"
# GitHub does not read a larger CODEOWNERS file.
_LONGEST_FILE = 3_000_000
_LONGEST_NAME = 200
_DEPTH = 2
_FIELD = re.compile(r"(?:\\.|[^\s\\])+")
_WILD = re.compile(r"[*?\[]")
# Folders that hold the code as such and name no part of it.
_ROOTS = frozenset(
    {"src", "lib", "libs", "packages", "pkg", "internal", "apps", "modules", "crates", "source", "sources"}
)
_LANGUAGES = frozenset({"java", "kotlin", "scala", "groovy", "resources"})
_DOMAINS = frozenset({"com", "org", "net", "io", "dev", "edu", "gov"})


class Modules:
    """Names the module of each file of one pull request.

    The first that applies: the last of the repository's own names that has a pattern which matches; the
    folder of the last pattern of ``CODEOWNERS`` that matches (never its owners; a pattern without a folder,
    such as ``*`` or ``*.py``, does not count); a module that the title names, if it is a part of the path;
    the first two folders below common roots such as ``src/``. A file at the top is in ``root``.
    """

    def __init__(
        self, codeowners: str | None, title: str, names: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """``codeowners`` is the text of ``CODEOWNERS``, whatever it holds (GitHub's limit is 3 MB).

        ``names`` are those of the repository's own file, each with its patterns.
        """
        pairs = [(name, pattern) for name, patterns in (names or {}).items() for pattern in patterns]
        self._names = [name for name, _ in pairs]
        self._chosen = Globs([pattern for _, pattern in pairs], below=True)
        self._patterns = _patterns((codeowners or "")[:_LONGEST_FILE])
        self._globs = Globs(self._patterns, below=True)
        self._named = title_modules(title)

    def module(self, path: str) -> str:
        """Give the module of the file at ``path``: a folder or a name, cleaned, never empty."""
        name = self._called(path) or self._owned(path) or self._titled(path) or _by_folder(path)
        return clean_line(name, _LONGEST_NAME) or ROOT

    def _called(self, path: str) -> str | None:
        return next((self._names[order] for order in self._chosen.matches(path)), None)

    def _owned(self, path: str) -> str | None:
        folders = (_folder(self._patterns[order], path) for order in self._globs.matches(path))
        return next(filter(None, folders), None)

    def _titled(self, path: str) -> str | None:
        parts = f"/{path.lower().rpartition('.')[0] or path.lower()}/"
        return next((name for name in self._named if f"/{name}/" in parts), None)


def _patterns(text: str) -> list[str]:
    """The patterns of CODEOWNERS, without owners, comments and what GitHub does not allow."""
    fields = (_FIELD.match(line.strip()) for line in text.splitlines())
    patterns = (field[0].replace("\\ ", " ") for field in fields if field)
    return [pattern for pattern in patterns if not pattern.startswith(("#", "!", "["))]


def _folder(pattern: str, path: str) -> str | None:
    """The folder that ``pattern`` means where it matches ``path``; ``None`` if it names no folder.

    A star in the middle stands for what it matched: ``/packages/*/`` is ``packages/web`` for its files.
    """
    segments = pattern.strip("/").split("/")
    if segments[0] == "**":
        segments = segments[1:]
    *folders, _ = path.split("/")
    if "**" in segments or segments != pattern.strip("/").split("/"):
        literal = [*takewhile(lambda segment: not _WILD.search(segment), segments)]
        return "/".join(literal) if f"/{'/'.join(literal)}/" in f"/{'/'.join(folders)}/" else None
    if "/" not in pattern.rstrip("/"):
        return segments[0] if segments[0] in folders else None
    is_folder = pattern.endswith("/") or not _WILD.search(segments[-1])
    return "/".join(folders[: len(segments) - (not is_folder)]) or None


def _by_folder(path: str) -> str:
    *folders, _ = path.split("/")
    below = _below_roots(folders)
    return "/".join((below or folders[-1:])[:_DEPTH]) or ROOT


def _below_roots(folders: list[str]) -> list[str]:
    below = [*dropwhile(lambda folder: folder in _ROOTS, folders)]
    if below[1:2] and below[1] in _LANGUAGES:
        below = below[2:]
        if below[:1] and below[0] in _DOMAINS:
            below = below[2:] or below
    while below[:_DEPTH] and below[:_DEPTH][-1] in _ROOTS:
        below = below[: len(below[:_DEPTH]) - 1]
    return below
