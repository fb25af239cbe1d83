"""What holds for a repository where a command runs: the settings, and the repository's own file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from bot.errors import UserError
from bot.model.repo_config import CONFIG_PATH, Loaded
from bot.repo_config import Configs, choices, effective, read_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.git import GitRepository
    from bot.github import API
    from bot.model.repo_config import Choices
    from bot.settings import Settings


class _Here:
    """One way to read GitHub, and nothing kept: for as long as a command runs."""

    def __init__(self, api: API) -> None:
        self._api = api

    def as_installation(self, _id: int, _repository: int | str | None, _rights: Mapping[str, str]) -> API:
        """Give the API that the command has, whatever the rights."""
        return self._api

    async def get(self, _repository_id: int) -> None:
        """Know nothing from before."""

    async def put(self, _repository_id: int, _loaded: Loaded) -> None:
        """Keep nothing."""


async def _only_here(_repository_id: int, _place: str) -> bool:
    return False


async def choices_on_github(api: API, full_name: str, settings: Settings) -> Choices:
    """Read what holds for a repository on GitHub. A file that is broken is told of, and not taken."""
    here = _Here(api)
    loaded = await Configs(here, here, _only_here).of(0, 0, full_name)
    _tell(loaded, full_name)
    return choices(settings, loaded, full_name)


def choices_of_clone(git: GitRepository, full_name: str, settings: Settings) -> Choices:
    """Read the file on a clone's default branch; what it extends is not in the clone, and left out."""
    revision = _tip(git)
    text = None if revision is None else git.file(revision, CONFIG_PATH)
    if text is None:
        return choices(settings, Loaded(), full_name)
    read = read_config(text.encode(), full_name)
    if read.config is not None and read.config.extends is not None:
        click.echo(f"prhub: {CONFIG_PATH} extends another file, which a clone does not hold.", err=True)
    loaded = Loaded(file=read.config, problems=read.problems)
    _tell(loaded, full_name)
    return choices(settings, loaded, full_name)


def _tip(git: GitRepository) -> str | None:
    """Give the newest commit of the default branch that the clone has; else of what is checked out."""
    branch = git.default_branch()
    for revision in (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}", "HEAD"):
        with suppress(UserError):
            return git.commit(revision).sha
    return None


def held(settings: Settings, chosen: Choices | None, language: str | None = None) -> Settings:
    """Give the settings as they hold for a repository; ``language`` is what an option says instead."""
    if chosen is None:
        return settings
    settings = effective(settings, chosen)
    return settings if language is None else settings.model_copy(update={"language": language})


def _tell(loaded: Loaded, full_name: str) -> None:
    for problem in loaded.problems:
        if problem.severity == "error":
            place = f"{problem.place or full_name}: {CONFIG_PATH}:{problem.line}:{problem.column}"
            click.echo(f"prhub: {place}: not taken: {problem.text}", err=True)
