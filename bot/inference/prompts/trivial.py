"""What cannot matter to what runs: changed comments, other versions, white space, documentation."""

from __future__ import annotations

import re

from bot.inference.lines import added_lines, removed_lines, suffix
from bot.inference.manifests import is_manifest
from bot.model import FileChange, FileKind, FileStatus, ReadAs

_HASH = frozenset({"py", "sh", "bash", "rb", "r", "pl", "jl"})
_SLASHES = frozenset(
    {"js", "jsx", "ts", "tsx", "go", "rs", "java", "kt", "c", "cc", "cpp", "h", "hpp", "cs", "swift", "scala"}
    | {"dart", "php", "cu", "cuh"}
)
# Comments that tools obey.
_DIRECTIVE = re.compile(
    r"#!|coding[:=]|\btype:|noqa|pragma|pylint|mypy|ruff|fmt:|isort|nosec|go:|\+build|//export|#\s?(?:include|cgo)|"
    r"eslint|@ts-|prettier|istanbul|webpack|@jsx|nolint|clang-|swiftlint|@formatter|sourceMappingURL|<reference",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?<![\w.])v?\d{1,9}(?:\.\d{1,9}){1,4}(?:[-.+]?(?:a|b|rc|alpha|beta|dev|post|pre)[\w.]{0,20})?(?!\w)"
)
_COMMIT = re.compile(r"\b(?=[0-9a-f]{0,63}\d)[0-9a-f]{7,64}\b")
_ACTION = re.compile(r"\s*(?:-\s)?uses:\s*\S+@")
_VERSION_LINE = re.compile(r"(?:\b|_)version(?:\b|_)", re.IGNORECASE)
_PROSE = (".md", ".rst", ".txt", ".adoc")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".pdf", ".svg")
# Texts that bind people or steer programs.
_NOT_PROSE = ("license", "licence", "copying", "notice", "codeowners", "agents.", "claude.", "skill.")
_STEERING = frozenset(
    {"prompt", "prompts", "template", "templates", "skills", ".claude", ".cursor", ".github"}
)


def only_comments(file: FileChange) -> bool:
    """Whether every changed line of an existing source file is a comment that no tool obeys."""
    ending = suffix(file.path)
    start = "#" if ending in _HASH else "//" if ending in _SLASHES else None
    if start is None or not _edited(file, FileKind.SOURCE):
        return False
    lines = [line for line in _changed(file) if line.strip()]
    return bool(lines) and all(
        line.lstrip().startswith(start) and not _DIRECTIVE.search(line) for line in lines
    )


def _changed(file: FileChange) -> list[str]:
    return [*removed_lines(file), *(line.text for line in added_lines(file))]


def only_versions(file: FileChange) -> bool:
    """Whether each changed line is the same line with another version, where versions are declared."""
    if file.status is not FileStatus.MODIFIED or file.read_as is not ReadAs.WHOLE:
        return False
    before = [line.strip() for line in removed_lines(file)]
    after = [line.text.strip() for line in added_lines(file)]
    same = sorted(map(_unversioned, before)) == sorted(map(_unversioned, after))
    return bool(before) and same and all(_declares(file, line) for line in (*before, *after))


def _unversioned(line: str) -> str:
    return _COMMIT.sub("0", _VERSION.sub("0", line))


def _declares(file: FileChange, line: str) -> bool:
    if not (_VERSION.search(line) or _COMMIT.search(line)):
        return False
    if file.kind is FileKind.CI:
        return bool(_ACTION.match(line))
    return is_manifest(file.path) or bool(_VERSION_LINE.search(line))


def only_spaces(file: FileChange) -> bool:
    """Whether only white space changed: empty lines, ends of lines, and their starts where that is free."""
    if not _edited(file, FileKind.SOURCE) or not file.hunks:
        return False
    is_free = suffix(file.path) in _SLASHES
    before = [_bare(line, both=is_free) for line in removed_lines(file) if line.strip()]
    after = [_bare(line.text, both=is_free) for line in added_lines(file) if line.text.strip()]
    return before == after


def _bare(line: str, *, both: bool) -> str:
    return line.strip() if both else line.rstrip()


def _edited(file: FileChange, kind: FileKind) -> bool:
    """Whether lines of an existing file were changed, its name and mode were not, and all were read."""
    same_mode = file.old_mode == file.new_mode
    is_plain = file.status is FileStatus.MODIFIED and file.read_as is ReadAs.WHOLE
    return file.kind is kind and is_plain and same_mode


def is_picture(file: FileChange) -> bool:
    """Whether a file is a picture, by its name and for git."""
    return file.kind is FileKind.BINARY and file.path.lower().endswith(_PICTURES)


def is_prose(file: FileChange) -> bool:
    """Whether a file is documentation that nothing obeys: not ``docs/conf.py``, no licence, no prompt."""
    *folders, name = file.path.lower().split("/")
    is_text = name.endswith(_PROSE) or "." not in name
    steers = name.startswith(_NOT_PROSE) or not _STEERING.isdisjoint(folders)
    return file.kind is FileKind.DOCS and is_text and not steers
