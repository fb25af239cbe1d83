"""What a changed file is, by the repository's ``.gitattributes``, by its name, and by how it begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.facts import known_names as names
from bot.facts.globs import Globs
from bot.model import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.facts.marks import Marks

# What is counted, and not read.
COUNTED = frozenset({FileKind.LOCK, FileKind.GENERATED, FileKind.VENDORED, FileKind.IGNORED})

_GENERATED = "linguist-generated"
_VENDORED = "linguist-vendored"
_DOCUMENTATION = "linguist-documentation"
_LONGEST_FILE = 500_000
_LFS = "version https://git-lfs.github.com/spec/"
# A bundle is generated; code that lies in a folder called dist may as well be written by hand.
_HAND_WRITTEN = frozenset({"py", "go", "rs", "c", "cc", "cpp", "h", "hpp", "java", "kt", "rb", "cu"})
_HEADER_LINES = 10
_QUOTED = re.compile(r'\s*"([^"]{1,300})"\s(.*)')


class _File(NamedTuple):
    """All that the rules look at; the path's parts are in lower case but for ``original``, the name."""

    path: str
    folders: tuple[str, ...]
    name: str
    ending: str
    original: str
    binary: bool
    submodule: bool
    sample: str
    generated: bool | None
    vendored: bool | None
    documentation: bool | None


class FileKinds:
    """Decides the kind of each file of one repository.

    What the repository's file ignores is ignored. Else the first rule that matches decides:

    1. submodule, as git says;
    2. lock file, by name (also a binary one);
    3. binary: git says so, the ending does, or the text is a Git LFS pointer;
    4. ``linguist-generated``, ``linguist-vendored``, ``linguist-documentation`` of the
       ``.gitattributes`` at the root, in this order; set to false it switches off the rule below;
    5. vendored, by folder;
    6. generated, by name, folder, or what the first lines say;
    7. CI, by name or folder;
    8. docs by name (``README``, ``LICENSE``, …), wherever they are;
    9. tests by name or folder: all in ``tests/`` is one, ``tests/fixtures/a.json`` too;
    10. docs by place: all under a ``docs`` folder at the root, ``docs/conf.py`` too (a fault there
        breaks the documentation, not the product);
    11. configuration by name: manifests, build files (``requirements.txt`` and ``CMakeLists.txt``);
    12. docs by ending: what is written in a markup language, wherever it is;
    13. configuration by ending (every YAML, TOML, JSON, …) and dot files;
    14. source: the rest.
    """

    def __init__(self, attributes: str | None, marks: Marks | None = None) -> None:
        """``attributes`` is the text of ``.gitattributes``, whatever it holds (half a million characters).

        ``marks`` say what the repository's own file ignores.
        """
        self._marks = marks
        rules = _parsed((attributes or "")[:_LONGEST_FILE])
        self._values = [values for _, values in rules]
        self._globs = Globs([pattern for pattern, _ in rules], below=False)

    def kind(self, path: str, *, binary: bool, submodule: bool, sample: str = "") -> FileKind:
        """Give the kind of the file at ``path``; ``sample`` is how the file begins, if that is known."""
        if self._marks is not None and self._marks.is_ignored(path):
            return FileKind.IGNORED
        *folders, original = path.split("/")
        name = original.lower()
        stem, _, ending = name.rpartition(".")
        file = _File(
            path.lower(),
            tuple(folder.lower() for folder in folders),
            name,
            ending if stem else "",
            original,
            binary,
            submodule,
            sample,
            *self._marked(path),
        )
        return next((kind for kind, rule in _RULES if rule(file)), FileKind.SOURCE)

    def counted(self, path: str) -> bool:
        """Whether the file at ``path`` is, by its name alone, counted and not read."""
        return self.kind(path, binary=False, submodule=False) in COUNTED

    def _marked(self, path: str) -> tuple[bool | None, bool | None, bool | None]:
        found: dict[str, bool | None] = {}
        for order in self._globs.matches(path):
            found = self._values[order] | found
        return found.get(_GENERATED), found.get(_VENDORED), found.get(_DOCUMENTATION)


def _parsed(text: str) -> list[tuple[str, dict[str, bool | None]]]:
    """The lines that say something about our attributes; ``None`` is git's "unspecified"."""
    rules = []
    for line in text.splitlines():
        if "linguist-" not in line or line.lstrip().startswith(("#", "[attr]", "!")):
            continue
        quoted = _QUOTED.match(line)
        pattern, *rest = line.split() if quoted is None else (quoted[1], *quoted[2].split())
        values = dict(map(_value, rest))
        rules.append((pattern, values))
    return rules


def _value(word: str) -> tuple[str, bool | None]:
    if word.startswith(("-", "!")):
        return word[1:], False if word[0] == "-" else None
    name, _, value = word.partition("=")
    return name, value.lower() != "false"


def _is_lock(file: _File) -> bool:
    return file.name in names.LOCKS or file.name.startswith("pylock.")


def _is_binary(file: _File) -> bool:
    return file.binary or file.ending in names.BINARY_ENDINGS or file.sample.startswith(_LFS)


def _is_vendored(file: _File) -> bool:
    return file.vendored is None and not names.VENDORED_FOLDERS.isdisjoint(file.folders)


def _is_generated(file: _File) -> bool:
    by_name = (
        file.name in names.GENERATED_NAMES
        or file.name.startswith(names.GENERATED_STARTS)
        or file.name.endswith(names.GENERATED_ENDINGS)
        or not names.GENERATED_FOLDERS.isdisjoint(file.folders)
        or ("dist" in file.folders and file.ending not in _HAND_WRITTEN)
    )
    first_lines = file.sample.split("\n", _HEADER_LINES)[:_HEADER_LINES]
    return file.generated is None and (by_name or any(map(_says_generated, first_lines)))


def _says_generated(line: str) -> bool:
    text = line[:300].strip().lower()
    return text.startswith(names.COMMENT_STARTS) and any(mark in text for mark in names.GENERATED_MARKS)


def _is_ci(file: _File) -> bool:
    return (
        file.name in names.CI_NAMES
        or file.name.startswith(names.CI_STARTS)
        or file.path.startswith(names.CI_PLACES)
    )


def _is_docs_by_name(file: _File) -> bool:
    is_prose = file.ending in names.DOCS_ENDINGS or not file.ending
    return file.documentation is None and is_prose and names.DOCS_NAME.fullmatch(file.name) is not None


def _is_test(file: _File) -> bool:
    return (
        not names.TEST_FOLDERS.isdisjoint(file.folders)
        or any(folder.endswith(names.TEST_FOLDER_ENDINGS) for folder in file.folders)
        or ("spec" in file.folders and file.ending == "rb")
        or names.TEST_NAME.fullmatch(file.name) is not None
        or names.TEST_CLASS.fullmatch(file.original) is not None
    )


def _is_in_docs(file: _File) -> bool:
    return file.documentation is None and file.path.startswith(names.DOCS_PLACES)


def _is_prose(file: _File) -> bool:
    return file.documentation is None and file.ending in names.DOCS_ENDINGS


def _is_manifest(file: _File) -> bool:
    return (
        file.name in names.CONFIG_NAMES
        or file.name.startswith(names.CONFIG_STARTS)
        or names.CONFIG_NAME.fullmatch(file.name) is not None
    )


def _is_config(file: _File) -> bool:
    return file.ending in names.CONFIG_ENDINGS or (file.name.startswith(".") and not file.ending)


_RULES: tuple[tuple[FileKind, Callable[[_File], bool]], ...] = (
    (FileKind.SUBMODULE, lambda file: file.submodule),
    (FileKind.LOCK, _is_lock),
    (FileKind.BINARY, _is_binary),
    (FileKind.GENERATED, lambda file: file.generated is True),
    (FileKind.VENDORED, lambda file: file.vendored is True),
    (FileKind.DOCS, lambda file: file.documentation is True),
    (FileKind.VENDORED, _is_vendored),
    (FileKind.GENERATED, _is_generated),
    (FileKind.CI, _is_ci),
    (FileKind.DOCS, _is_docs_by_name),
    (FileKind.TEST, _is_test),
    (FileKind.DOCS, _is_in_docs),
    (FileKind.CONFIG, _is_manifest),
    (FileKind.DOCS, _is_prose),
    (FileKind.CONFIG, _is_config),
)
