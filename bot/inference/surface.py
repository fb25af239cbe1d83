"""Command-line flags and environment variables that the change gains or loses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.folders import is_aside, is_patch
from bot.inference.lines import Line, added_lines, is_comment, removed_lines
from bot.model import FileChange, FileKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_FLAG = re.compile(
    r"\b(?:add_argument|option|Option|flag\.\w{1,20}|addOption)\(\s{0,4}(?:[\"']-\w[\"'],\s?)?[\"'](--[\w-]{2,60})"
)
_QUICK = re.compile(r"--\w|[eE][nN][vV]")
_BARE_FLAG = re.compile(r"\s*[\"'](--[\w-]{2,60})[\"'],\s*$")
_VARIABLE = re.compile(
    r"\b(?:os\.environ(?:\.get\(|\[)|os\.getenv\(|getenv\(|process\.env\.|process\.env\[|os\.Getenv\(|os\.LookupEnv\(|env::var\()\s?[\"']?([A-Z][A-Z0-9_]{2,60})\b"
)


class Surface(NamedTuple):
    """The names that only one side of the change has; new ones with their lines."""

    flags_added: dict[str, Line]
    flags_removed: tuple[str, ...]
    variables_added: dict[str, Line]
    variables_removed: tuple[str, ...]


def surface(files: Iterable[FileChange]) -> Surface:
    """Compare the flags and variables that source files lost with those they gained."""
    sources = [
        file
        for file in files
        if file.kind is FileKind.SOURCE and not is_aside(file.path) and not is_patch(file.path)
    ]
    lines = [line for file in sources for line in added_lines(file) if _is_candidate(line.text)]
    gone = [text for file in sources for text in removed_lines(file) if _is_candidate(text)]
    flags = {name: line for line in lines for name in _flags(line.text)}
    variables = {name: line for line in lines for name in _VARIABLE.findall(line.text)}
    old_flags = dict.fromkeys(name for text in gone for name in _flags(text))
    old_variables = dict.fromkeys(name for text in gone for name in _VARIABLE.findall(text))
    return Surface(
        flags_added={name: line for name, line in flags.items() if name not in old_flags},
        flags_removed=tuple(name for name in old_flags if name not in flags),
        variables_added={name: line for name, line in variables.items() if name not in old_variables},
        variables_removed=tuple(name for name in old_variables if name not in variables),
    )


def _is_candidate(text: str) -> bool:
    return _QUICK.search(text) is not None and not is_comment(text)


def _flags(text: str) -> list[str]:
    bare = _BARE_FLAG.match(text)
    return [*_FLAG.findall(text), *([bare.group(1)] if bare else [])]
