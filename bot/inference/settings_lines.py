"""Keys and values of configuration files, paired before and after within a hunk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.inference.folders import is_aside
from bot.inference.lines import LINE_LIMIT, Line, suffix
from bot.inference.manifests import is_manifest
from bot.model import FileChange, FileKind, FileStatus, Hunk

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = re.compile(r"[\"']?([A-Za-z_][\w.\-/]{0,80})[\"']?\s?(?::(?=\s|$)|=(?!=))")
_FIELD = re.compile(r"([A-Za-z_]\w{0,80})\s?:[^=\n]{1,120}=(?!=)|([A-Z][A-Z0-9_]{2,80})\s?=(?!=)")
_FORMATS = frozenset(
    {
        "yaml",
        "yml",
        "toml",
        "ini",
        "cfg",
        "conf",
        "config",
        "properties",
        "json",
        "json5",
        "jsonc",
        "plist",
        "env",
    }
)
_TOOLING = re.compile(
    r"(?:^|/)\.[^/]|(?:^|/)(?:tsconfig[^/]*\.json|mkdocs\.yml|codecov\.yml|renovate\.json|biome\.jsonc?|ruff\.toml|tox\.ini|"
    r"rust-toolchain\.toml|pnpm-workspace\.yaml|lerna\.json|turbo\.json|nx\.json|pytest\.ini|mypy\.ini|jest\.config\.\w+|vitest\.config\.\w+|eslint\.config\.\w+|noxfile\.py)$"
)
_TRANSLATION = re.compile(
    r"(?:^|/)messages?(?:[_.-][\w-]{1,20})?\.properties$|"
    r"(?:^|/)(?:i18n|l10n|locales?|translations?|lang|langs|languages|messages)/",
    re.IGNORECASE,
)
_SETTINGS_WORDS = frozenset(
    {"config", "configs", "configuration", "settings", "options", "arguments", "defaults", "conf"}
)


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One key of a configuration file: ``line`` is where it stands now, ``None`` if it is gone."""

    path: str
    key: str
    line: Line | None
    was_there: bool


def is_settings_file(file: FileChange) -> bool:
    """Whether ``file`` holds what operators or users set: no manifest, and no development tool's file."""
    is_set = file.kind is FileKind.CONFIG and suffix(file.path) in _FORMATS
    is_software = not is_aside(file.path) and not is_manifest(file.path)
    is_other = _TOOLING.search(file.path) or _TRANSLATION.search(file.path)
    return is_set and is_software and not is_other


def is_defaults_file(file: FileChange) -> bool:
    """Whether ``file`` is source that declares settings, by its path: ``config/rollout.py``."""
    words = file.path.lower().rsplit(".", 1)[0].split("/")
    return (
        file.kind is FileKind.SOURCE
        and suffix(file.path) == "py"
        and file.status is FileStatus.MODIFIED
        and bool(_SETTINGS_WORDS.intersection(words))
    )


def setting_changes(file: FileChange) -> Iterator[SettingChange]:
    """The keys that ``file`` gained, lost or gave another value, in the order of the hunks."""
    pattern = _KEY if is_settings_file(file) else _FIELD if is_defaults_file(file) else None
    if pattern is None or file.status in {FileStatus.ADDED, FileStatus.REMOVED}:
        return
    pairs = [
        (_side(file.path, hunk, pattern, "-"), _side(file.path, hunk, pattern, "+")) for hunk in file.hunks
    ]
    everywhere = {key[1] for _, after in pairs for key in after}
    for before, after in pairs:
        for key, (value, _) in before.items():
            if key in after and after[key][0] != value:
                yield SettingChange(file.path, key[1], after[key][1], was_there=True)
            elif key[1] not in everywhere:
                yield SettingChange(file.path, key[1], None, was_there=True)
        for key, (_, line) in after.items():
            if key not in before:
                yield SettingChange(file.path, key[1], line, was_there=False)


_Side = dict[tuple[int, str], tuple[str, Line]]


def _side(path: str, hunk: Hunk, pattern: re.Pattern[str], mark: str) -> _Side:
    """The keys on one side of a hunk, by indentation and name, with their values and lines."""
    found: _Side = {}
    number = hunk.new_start
    for raw in hunk.lines:
        text = raw[1 : LINE_LIMIT + 1]
        stripped = text.strip()
        if raw[:1] in {mark, " "}:
            match = pattern.match(stripped)
            if match:
                value = stripped[match.end() :].split(" #", 1)[0].strip().rstrip(",").strip()
                key = (len(text) - len(text.lstrip()), match.group(1) or match.group(match.lastindex or 1))
                found[key] = (value, Line(path, number, text))
        number += raw[:1] != "-"
    return found
