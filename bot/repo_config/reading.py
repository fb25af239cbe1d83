"""A file's bytes become a RepoConfig, or sentences that say what is wrong in it and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.model.commands import COMMANDS
from bot.model.config_file import RepoConfig
from bot.model.repo_config import Problem
from bot.repo_config.keys import REFUSED, keys, known, nearest, shown
from bot.repo_config.tree import Node, Unreadable, read_tree
from bot.settings.digesting import OFF
from bot.settings.schedules import check_schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

# Whoever made more mistakes mends these first.
MOST_PROBLEMS = 20
_NAME = "[key]"
_WRONG = {
    "enum": "is not one of the known values",
    "literal_error": "is not one of the known values",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_type": "is not a whole number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "greater_than_equal": "is out of range",
    "less_than_equal": "is out of range",
    "string_too_short": "is empty or too short",
    "string_too_long": "is too long",
    "string_type": "is not a single value",
    "tuple_type": "is not a list",
    "dict_type": "has no keys below it",
    "model_type": "has no keys below it",
    "too_long": "has too many items",
    "too_short": "has too few items",
    "missing": "is missing",
}


@dataclass(frozen=True)
class Read:
    """What a file says; ``config`` is ``None`` if there is an error among the problems.

    ``extends_at`` are the line and column of ``_extends``.
    """

    config: RepoConfig | None
    problems: tuple[Problem, ...]
    extends_at: tuple[int, int] = (1, 1)


def read_config(data: bytes, place: str = "") -> Read:
    """Read a configuration file. Never raises; ``place`` is the repository to name in problems.

    Unknown keys are left out with a warning. Anything else that is wrong is an error.
    """
    try:
        root = read_tree(data)
    except Unreadable as error:
        where = {"place": place, "line": error.line, "column": error.column}
        return Read(None, (Problem(severity="error", key="", text=f"The file {error.text}.", **where),))
    if not isinstance(root.value, dict):
        text = "The file is not a mapping: write keys with a colon, such as language: en."
        where = {"place": place, "line": root.line, "column": root.column}
        return Read(None, (Problem(severity="error", key="", text=text, **where),))
    return _validated(root, place)


def _validated(root: Node, place: str) -> Read:
    data = root.plain()
    try:
        return _checked(RepoConfig.model_validate(data), root, place, [])
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    # What would not be told is not worth a search for what was meant.
    told = sorted(details, key=lambda one: (not _is_error(one), _where(root, _path(root, one))))
    problems = [_problem(root, one, place) for one in told[:MOST_PROBLEMS]]
    if any(map(_is_error, details)):
        return Read(None, _first(problems))
    for one in details:
        _drop(data, _in_file(one["loc"]))
    return _checked(RepoConfig.model_validate(data), root, place, problems)


def _checked(config: RepoConfig, root: Node, place: str, problems: list[Problem]) -> Read:
    """Check what a type cannot: whether a schedule fires, and that no command is open to more people."""
    for name, role in (config.commands or {}).items():
        if not role.allows(COMMANDS[name].role):
            wrong = "is less than it is without this file"
            problems.append(_said(root, ("commands", name.value), wrong, place))
    schedule = config.digest.schedule if config.digest else None
    if schedule is not None and schedule != OFF:
        try:
            check_schedule(schedule)
        except ValueError as error:
            problems.append(_said(root, ("digest", "schedule"), str(error), place))
    broken = any(problem.severity == "error" for problem in problems)
    return Read(None if broken else config, _first(problems), root.keys.get("_extends", (1, 1)))


def _first(problems: list[Problem]) -> tuple[Problem, ...]:
    problems.sort(key=lambda problem: (problem.severity != "error", problem.line, problem.column))
    return tuple(problems[:MOST_PROBLEMS])


def _is_error(error: ErrorDetails) -> bool:
    return not _is_unknown(error) or str(_in_file(error["loc"])[-1]).lower() in REFUSED


def _is_unknown(error: ErrorDetails) -> bool:
    is_name = error["loc"][-1] == _NAME
    return error["type"] == "extra_forbidden" or (error["type"] == "enum" and is_name)


def _in_file(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Take away pydantic's word for "the name, not the value"."""
    return loc[:-1] if loc[-1] == _NAME else loc


def _problem(root: Node, error: ErrorDetails, place: str) -> Problem:
    path = _path(root, error)
    if _is_unknown(error):
        return _unknown(root, path, place)
    if error["type"] == "value_error":
        return _said(root, path, str(error["ctx"]["error"]), place)
    if error["type"] == "missing":
        return _said(root, path, f"has no {error['loc'][-1]}", place)
    return _said(root, path, _WRONG.get(error["type"], "has a wrong value"), place)


def _unknown(root: Node, path: tuple[str | int, ...], place: str) -> Problem:
    names = tuple(str(part) for part in path)
    reason = REFUSED.get(names[-1].lower())
    if reason is not None:
        return _at(root, path, ("error", f"{shown(names)} is refused: {reason}. Take it out."), place)
    near = nearest(names)
    hint = f"did you mean {near}?" if near else "it is left out."
    return _at(root, path, ("warning", f"{shown(names)} is unknown: {hint}"), place)


def _said(root: Node, path: tuple[str | int, ...], wrong: str, place: str) -> Problem:
    names = tuple(str(part) for part in path)
    while names and known(names) is None:
        names = names[:-1]
    write = keys().get(known(names) or (), "keys of the documentation")
    item = f", item {path[-1] + 1}," if path and isinstance(path[-1], int) else ""
    return _at(root, path, ("error", f"{shown(names)}{item} {wrong}: write {write}."), place)


def _at(root: Node, path: tuple[str | int, ...], told: tuple[Any, str], place: str) -> Problem:
    line, column = _where(root, path)
    severity, text = told
    return Problem(severity=severity, place=place, line=line, column=column, key=shown(path), text=text)


def _path(root: Node, error: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(_steps(root, error["loc"]))


def _steps(root: Node, loc: tuple[str | int, ...]) -> Iterator[str | int]:
    """Give the parts of pydantic's path that are in the file: it also names types and tags."""
    node: Node | None = root
    for part in loc:
        if node is not None and isinstance(node.value, dict) and part in node.value:
            node = node.value[str(part)]
            yield part
        elif node is not None and isinstance(node.value, list) and isinstance(part, int):
            node = node.value[part]
            yield part


def _where(root: Node, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Give where the last key or item of a path begins."""
    node, place = root, (root.line, root.column)
    for part in path:
        if isinstance(node.value, dict):
            place, node = node.keys[str(part)], node.value[str(part)]
        elif isinstance(node.value, list):
            node = node.value[int(part)]
            place = (node.line, node.column)
    return place


def _drop(data: Any, loc: tuple[str | int, ...]) -> None:
    """Take an unknown key out of plain data; the tags in its path are no part of it."""
    *above, last = loc
    for part in above:
        if isinstance(data, dict) and part in data:
            data = data[part]
    if isinstance(data, dict):
        data.pop(last, None)
