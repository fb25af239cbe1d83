"""The repository's file as a running server has it, over its own store and its own tokens."""

from __future__ import annotations

import aiohttp

from bot.model.repo_config import CONFIG_PATH, Source
from bot.repo_config import SCHEMA_PATH, choices
from sandbox.build import INSTALLATION_ID, add_commit, signature
from tests.fakes.github import the_repository


async def test_a_running_server_reads_the_file_and_keeps_it(play):
    """With a token that may only read the contents of that one repository."""
    repository, services = the_repository(play.state), play.running.services
    author = signature(play.state, "octo-dev")
    add_commit(repository, "main", {CONFIG_PATH: "language: zh-CN\n"}, "Configure", author)
    play.github.log.clear()
    loaded = await services.configs.of(INSTALLATION_ID, repository.id, repository.full_name)
    chosen = choices(services.settings, loaded, repository.full_name)
    assert (chosen.language, chosen.source("language")) == ("zh-CN", Source.FILE)
    (record,) = [record for record in play.github.log.records if "contents" in record.line]
    assert record.narrowed
    assert await services.configs.kept.get(repository.id) == loaded


async def test_a_running_server_gives_the_schema(play):
    """Beside its other routes."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(play.running.address + SCHEMA_PATH) as answer,
    ):
        assert (answer.status, (await answer.json())["title"]) == (200, "PRHub")
