"""Reading from the stand-in GitHub as the app does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.facts.pull import read_pull
from bot.github import READ
from bot.wiring import open_services
from sandbox.build import INSTALLATION_ID
from tests.fakes.github import the_repository
from tests.fakes.process import FAST, settings_for

if TYPE_CHECKING:
    from sandbox.discussion import Pull


@pytest.fixture
async def read(github, app_key, tmp_path):
    """Read the facts of a pull request of ``octo-org/engine``."""
    async with open_services(settings_for(github, app_key.private, tmp_path), FAST) as (services, _):
        repository = the_repository(github.state)
        reader = services.github.as_installation(INSTALLATION_ID, repository.id, READ)

        async def read(pull: Pull):
            return await read_pull(reader, repository.full_name, repository.id, pull.number)

        yield read


@pytest.fixture
async def reader(github, app_key, tmp_path):
    """Reading from the stand-in GitHub as the app does."""
    async with open_services(settings_for(github, app_key.private, tmp_path), FAST) as (services, _):
        yield services.github.as_installation(INSTALLATION_ID, the_repository(github.state).id, READ)
