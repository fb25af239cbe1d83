"""A repository's file ``.github/prhub.yml`` on the stand-in GitHub, for tests of what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.repo_config import CONFIG_PATH
from sandbox.build import add_commit, signature
from tests.fakes.github import the_repository

if TYPE_CHECKING:
    from tests.fakes.process import Play


def configure(play: Play, text: str) -> None:
    """Push the file to the default branch; PRHub sees it with the next work, as it would after 4 minutes."""
    repository = the_repository(play.state)
    author = signature(play.state, "octo-lead")
    add_commit(repository, repository.default_branch, {CONFIG_PATH: text}, "Configure PRHub", author)
    play.running.services.configs.forget(repository.full_name)
