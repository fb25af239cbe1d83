"""Which changed lines of manifests, images and lock files change a dependency."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.folders import is_aside, is_patch
from bot.inference.lines import Line, added_lines, removed_lines
from bot.model import FileChange, FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REQUIREMENTS = re.compile(
    r"(?:^|/)(?:requirements[^/]*|constraints[^/]*)\.(?:txt|in)$|(?:^|/)requirements/[^/]+\.(?:txt|in)$"
)
_MANIFESTS = {
    "package.json": re.compile(
        r"\s*\"(?!version\"|node\"|npm\")[@\w./-]{1,100}\"\s?:\s?\"(?:[\^~<>=*]|\d{1,6}\.|npm:|git|latest|https?:)"
    ),
    "go.mod": re.compile(r"\s*(?:require\s|replace\s)?\(?[\w.~/-]{1,200}\s+(?:=>|v\d)"),
    "cargo.toml": re.compile(
        r"\s*(?!version\b|edition\b|rust-version\b|name\b|.{0,300}\bpath\s?=)[\w-]{1,80}\s?="
        r"\s?(?:\"[\^~=<>\d*]|\{.{0,300}(?:version|git|workspace)\s?=)"
    ),
    "gemfile": re.compile(r"\s*gem\s"),
    "composer.json": re.compile(r"\s*\"[\w-]{1,80}/[\w-]{1,80}\"\s?:"),
    "pom.xml": re.compile(r"\s*<(?:artifactId|groupId|version|(?!java\.)[\w.-]{1,80}\.version)>"),
    "build.gradle": re.compile(
        r"\s*(?:\w*[iI]mplementation|api|compileOnly|runtimeOnly|classpath|kapt)[\s(]|"
        r"\s*id[\s(]{1,3}[\"'][\w.-]{1,120}[\"']\)?\sversion\s"
    ),
    "pipfile": re.compile(r"\s*[\w.\"-]{1,80}\s?=\s?[\"{]"),
}
_MANIFESTS["build.gradle.kts"] = _MANIFESTS["build.gradle"]
_PYTHON = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})
_CONDA = re.compile(r"(?:^|/)(?:conda[^/]*|environment[^/]*)\.ya?ml$")
_REQUIREMENT = re.compile(
    r"\s*(?:[\w\"'-]{1,60}\s?[:=]\s?\[?\s?)?-?\s?[\"']?[A-Za-z][\w.-]{0,80}(?:\[[\w, .-]{1,80}\])?\s?(?:===?|"
    r">=|<=|~=|!=|<|>|@\s)\s?[\w\"'./+*:]"
)
_REQUIREMENT_OR_NAME = re.compile(
    rf"{_REQUIREMENT.pattern}|\s*[\"'][A-Za-z][\w.-]{{0,80}}(?:\[[\w, .-]{{1,80}}\])?[\"'],?\s{{0,20}}(?:#|$)"
)
_NEEDS = re.compile(r"require|dependenc", re.IGNORECASE)
_ANYTHING = re.compile(r"\s*\S")
_IMAGE = re.compile(r"(?:^|/)(?:[\w.-]*dockerfile[\w.-]*|containerfile)$", re.IGNORECASE)
_IMAGE_LINE = re.compile(
    r"\s*FROM\s|.{0,300}\b(?:pip3?|uv|conda|apt(?:-get)?|apk|npm|yarn|dnf|yum|cargo|gem)\s(?:pip\s)?(?:-y\s)?(?:install|add|ci)\b|"
    r"\s*ARG\s\w*(?:VERSION|TAG|COMMIT|IMAGE)\w*\s?=|.{0,200}\bgit (?:clone|checkout)\b",
    re.IGNORECASE,
)


_RELEASE = re.compile(r"(?<![\w.])v?(\d{1,9})\.(\d{1,9})(?:[.+-][\w.+-]{0,60})?")


class DependencyChange(NamedTuple):
    """A file that changes a dependency; ``what`` is the kind of file, ``line`` an added line of it.

    ``minor`` says that each dependency only got another minor or patch version.
    """

    file: FileChange
    what: str
    line: Line | None
    minor: bool = False


def dependency_changes(files: tuple[FileChange, ...]) -> Iterator[DependencyChange]:
    """Every changed file that changes a dependency, with the first added line that does.

    Where a submodule itself changed, the file that lists them all says nothing more.
    """
    has_submodule = any(file.kind is FileKind.SUBMODULE for file in files)
    for file in files:
        what = _whole_file(file)
        if what == "submodule" and file.kind is not FileKind.SUBMODULE and has_submodule:
            continue
        if what:
            yield DependencyChange(file, what, None)
        else:
            yield from _by_line(file)


def is_manifest(path: str) -> bool:
    """Whether a file of this name says what the software is built from."""
    name = path.rsplit("/", 1)[-1].lower()
    patterns = (_IMAGE, _REQUIREMENTS, _CONDA)
    return name in _PYTHON or name in _MANIFESTS or any(pattern.search(path) for pattern in patterns)


def _whole_file(file: FileChange) -> str | None:
    if file.kind is FileKind.LOCK:
        return "lock"
    if file.kind is FileKind.SUBMODULE or file.path == ".gitmodules":
        return "submodule"
    if file.kind is FileKind.VENDORED:
        return None if is_aside(file.path) else "vendored"
    return "patch" if is_patch(file.path) and file.kind is not FileKind.TEST else None


def _by_line(file: FileChange) -> Iterator[DependencyChange]:
    """The first added line that declares a dependency; one that was only sorted elsewhere does not count."""
    declares = _declaration(file)
    if declares is None:
        return
    removed = {text.strip() for text in removed_lines(file) if declares(text)}
    added = [line for line in added_lines(file) if declares(line.text)]
    new = [line for line in added if line.text.strip() not in removed]
    gone = removed - {line.text.strip() for line in added}
    if new or gone:
        what = "image" if _IMAGE.search(file.path) else "manifest"
        minor = _only_minor(gone, [line.text.strip() for line in new])
        yield DependencyChange(file, what, new[0] if new else None, minor)


def _only_minor(gone: set[str], new: list[str]) -> bool:
    """Whether the same dependencies are declared as before, each within its major version."""
    before = sorted(map(_compatible_range, gone))
    return bool(new) and before == sorted(map(_compatible_range, new))


def _compatible_range(declaration: str) -> str:
    """A declaration with each version cut to what promises compatibility: ``1.4.2`` to ``1``."""
    return _RELEASE.sub(
        lambda found: f"{found[1]}.{found[2]}" if found[1] == "0" else found[1], declaration.rstrip(",")
    )


def _declaration(file: FileChange) -> Callable[[str], bool] | None:
    """Whether a line declares a dependency, for files of this name; ``None`` if they never do."""
    name = file.path.rsplit("/", 1)[-1].lower()
    pattern = _MANIFESTS.get(name)
    if _IMAGE.search(file.path):
        pattern = _IMAGE_LINE
    elif _REQUIREMENTS.search(file.path):
        pattern = _ANYTHING
    elif name in _PYTHON:
        pattern = _REQUIREMENT_OR_NAME if _shows_a_list(file) else _REQUIREMENT
    elif _CONDA.search(file.path):
        pattern = _REQUIREMENT
    if pattern is None:
        return None
    return lambda text: not text.lstrip().startswith(("#", "//")) and pattern.match(text) is not None


def _shows_a_list(file: FileChange) -> bool:
    """Whether a hunk shows that its lines belong to a list of dependencies."""
    return any(_NEEDS.search(text[:200]) for hunk in file.hunks for text in (hunk.section, *hunk.lines))
