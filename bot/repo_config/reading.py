"""A file's bytes become a RepoConfig, or sentences that say what is wrong in it and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.model.commands import COMMANDS
from bot.model.config_file import RepoConfig
from bot.model.repo_config import Problem
from bot.repo_config.problems import Teller, mistakes
from bot.repo_config.tree import Unreadable, read_tree
from bot.settings.digesting import OFF
from bot.settings.schedules import check_schedule

if TYPE_CHECKING:
    from bot.repo_config.problems import Path

# Whoever made more mistakes mends these first.
MOST_PROBLEMS = 20


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
        return _refused(f"The file {error.text}.", error.line, error.column, place)
    if not isinstance(root.value, dict):
        text = "The file is not a mapping: write keys with a colon, such as language: en."
        return _refused(text, root.line, root.column, place)
    teller, plain = Teller(root, place), root.plain()
    try:
        return _checked(RepoConfig.model_validate(plain), teller, [])
    except ValidationError as error:
        found = mistakes(error.errors(include_url=False, include_input=False))
    # What would not be told is not worth a search for what was meant.
    found.sort(key=lambda one: (not one.is_error, teller.where(one.path)))
    problems = [teller.mistake(one) for one in found[:MOST_PROBLEMS]]
    if found[0].is_error:
        return Read(None, tuple(problems))
    for one in found:
        _drop(plain, one.path)
    return _checked(RepoConfig.model_validate(plain), teller, problems)


def _refused(text: str, line: int, column: int, place: str) -> Read:
    told = Problem(severity="error", place=place, line=line, column=column, key="", text=text)
    return Read(None, (told,))


def _checked(config: RepoConfig, teller: Teller, problems: list[Problem]) -> Read:
    """Check what a type cannot: whether a schedule fires, and that no command is open to more people."""
    wrong = []
    for name, role in (config.commands or {}).items():
        if not role.allows(COMMANDS[name].role):
            wrong.append(teller.wrong(("commands", name.value), "is less than it is without this file"))
    schedule = config.digest.schedule if config.digest else None
    if schedule is not None and schedule != OFF:
        try:
            check_schedule(schedule)
        except ValueError as error:
            wrong.append(teller.wrong(("digest", "schedule"), str(error)))
    told = tuple([*wrong, *problems][:MOST_PROBLEMS])
    return Read(None if wrong else config, told, teller.where(("_extends",)))


def _drop(plain: Any, path: Path) -> None:
    """Take an unknown key out of plain data."""
    for part in path[:-1]:
        plain = plain[part]
    plain.pop(path[-1], None)
