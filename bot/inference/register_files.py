"""Places that are files: tests that were missing, documentation, what is told of a file again and again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.inference.history import core_files
from bot.inference.messages import say
from bot.inference.settings_lines import setting_changes
from bot.model import FileKind, FileStatus, RiskState, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.register_change import Change
    from bot.inference.register_lines import Look
    from bot.model import FileChange, PullReport, RegisteredRisk, RiskPlace

# What rules find of a file at every change of it: the later merge's own risk says it, as heavily.
CARRIED = frozenset(
    {
        "core-path",
        "own-paths",
        "access-paths",
        "settings-changed",
        "settings-files",
        "dependencies",
        "migrations",
        "runtime-versions",
        "public-symbols",
    }
)
# What was taken away, and closes when it is back: by the sentence of the rule.
_SYMBOLS_AWAY = frozenset({"insight.risk.compatibility.removed", "insight.risk.compatibility.moved"})
_SETTINGS_AWAY = "insight.risk.configuration.removed"
_AFFIXES = re.compile(
    r"^(?:test|tests|spec)[_.-]|[_.-](?:test|tests|spec|unittest|e2e)$|(?<=[a-z0-9])Tests?$"
)
_SAYS_NOTHING = frozenset(
    {"__init__", "index", "main", "mod", "lib", "utils", "util", "helpers", "common", "base", "types"}
)
_WORD = re.compile(r"\w+")
_LOGS = ("changelog", "changes", "news", "history", "release", "upgrading", "migration")
_SHORTEST_NAME = 3


def took_away(risk: RegisteredRisk) -> bool:
    """Whether the risk is that something is not there any more."""
    key = getattr(risk.explanation, "key", "")
    return key in _SYMBOLS_AWAY or key == _SETTINGS_AWAY


def came_back(look: Look) -> Sighting:
    """A definition closes when the same line is back in its file, a setting when its key is."""
    if look.file.status is FileStatus.REMOVED or not look.parts:
        return look.here()
    if getattr(look.risk.explanation, "key", "") == _SETTINGS_AWAY:
        keys = {change.key for change in setting_changes(look.file) if change.line and not change.was_there}
        return look.gone("setting_back") if look.place.quote in keys else look.here()
    added = look.change.added.get(look.path, ())
    is_back = any(part == " ".join(line.text.split()) for part in look.parts for line in added)
    return look.gone("symbol_back") if is_back else look.here()


def carried(look: Look, report: PullReport) -> Sighting:
    """A file of which the later merge's own report says the same, as heavily: one of the two is enough."""
    if look.risk.rule == "core-path" and _is_calm(look):
        return look.gone("not_core")
    if look.risk.rule == "own-paths" and _is_free(look):
        return look.gone("not_own")
    for risk in report.risks:
        same = (risk.key, risk.rule, risk.state) == (look.risk.key, look.risk.rule, RiskState.OPEN)
        is_as_heavy = risk.severity.rank <= look.risk.severity.rank
        if same and is_as_heavy and any(item.path == look.path for item in risk.evidence):
            return look.gone("carried")
    return look.here()


def _is_free(look: Look) -> bool:
    """Whether the repository's file was read, and does not name the place for this risk any more."""
    return look.change.facts.choices is not None and look.risk.key not in look.file.own_risks


def _is_calm(look: Look) -> bool:
    """Whether the file's history was read, and it is not one of those that change often any more."""
    if look.file.core:
        return False
    is_read = any(item.path == look.path for item in look.change.facts.history)
    return is_read and all(item.path != look.path for item in core_files(look.change.facts))


def tested(change: Change, place: RiskPlace) -> Sighting | None:
    """Tests came: lines added to a test of this file name what the risk's pull request brought there.

    Where no definitions are known, a test of the file that came without a change of it.
    """
    file = change.file_of(place.path)
    path = file.path if file is not None else place.path or ""
    names = {name.rsplit(".", 1)[-1] for name in place.symbols}
    names = {name for name in names if len(name) >= _SHORTEST_NAME}
    for test in change.facts.files:
        if test.kind is not FileKind.TEST or test.status is FileStatus.REMOVED or not test.additions:
            continue
        if not _is_test_of(change, test, path, is_sure=bool(names)):
            continue
        added = {word for line in change.added[test.path] for word in _WORD.findall(line.text)}
        if (names & added) if names else file is None:
            reason = say("register.closed.tests_came", path=test.path)
            return Sighting(origin=place.origin, gone=reason)
    if file is None:
        return None
    return Sighting(origin=place.origin, path=path, line=None, quote=place.quote)


def _is_test_of(change: Change, test: FileChange, path: str, *, is_sure: bool) -> bool:
    """Whether a test says by its name, or by what it imports, that it is of the file.

    By the name alone only if it says something, and (unless that is sure otherwise) a folder is the same.
    """
    folder, _, name = path.rpartition("/")
    stem, parent = name.split(".", 1)[0], folder.rsplit("/", 1)[-1]
    own = _AFFIXES.sub("", test.path.rsplit("/", 1)[-1].split(".", 1)[0])
    shared = set(folder.split("/")) & set(test.path.split("/")[:-1]) - {"src", "lib", ""}
    if own == stem and stem.lower() not in _SAYS_NOTHING and (is_sure or shared):
        return True
    return bool(parent) and any(_imports(line, parent, stem) for line in _lines(change, test))


def _lines(change: Change, test: FileChange) -> Iterator[str]:
    text = change.text(test.path)
    if text is not None:
        yield from text.lines
    for line in change.added[test.path] if text is None else ():
        yield line.text


def _imports(line: str, parent: str, stem: str) -> bool:
    if "import" not in line and "require" not in line and "use " not in line and "include" not in line:
        return False
    if any(f"{parent}{mark}{stem}" in line for mark in (".", "/", "::")):
        return True
    words = _WORD.findall(line)
    return (
        parent in words and stem in words and words.index(parent) < len(words) - words[::-1].index(stem) - 1
    )


def documented(change: Change, risk: RegisteredRisk, place: RiskPlace) -> Sighting | None:
    """Lines added to documentation or to a change log name what is gone, or the pull request."""
    name = place.quote or ""
    wanted = [rf"(?<![\w/])#{risk.pull}(?!\w)"]
    if len(name) >= _SHORTEST_NAME:
        wanted.append(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    pattern = re.compile("|".join(wanted))
    for file in change.facts.files:
        is_log = file.path.rsplit("/", 1)[-1].lower().startswith(_LOGS)
        if file.kind is not FileKind.DOCS and not is_log:
            continue
        if any(pattern.search(line.text) for line in change.added[file.path]):
            reason = say("register.closed.documented", path=file.path)
            return Sighting(origin=place.origin, gone=reason)
    return None
