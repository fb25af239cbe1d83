"""Configurations over the stand-in GitHub, with a clock that only tests move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
import pytest
from pydantic import SecretStr

from bot.github import Credentials
from bot.github import GitHub as Client
from bot.github.transport import Transport
from bot.model.repo_config import CONFIG_PATH, Loaded
from bot.repo_config import Configs
from sandbox.build import INSTALLATION_ID, add_commit, add_repository, signature
from tests.fakes.gates import Clock, quick_gate
from tests.fakes.github import the_repository

if TYPE_CHECKING:
    from sandbox.github import GitHub
    from sandbox.objects import Content
    from sandbox.state import Repository


@dataclass
class MemoryKept:
    """Configurations in memory, as JSON."""

    rows: dict[int, str] = field(default_factory=dict)
    puts: int = 0

    async def get(self, repository_id: int) -> Loaded | None:
        """Give what was kept."""
        row = self.rows.get(repository_id)
        return None if row is None else Loaded.model_validate_json(row)

    async def put(self, repository_id: int, loaded: Loaded) -> None:
        """Keep it."""
        self.puts += 1
        self.rows[repository_id] = loaded.model_dump_json(by_alias=True, exclude_none=True)


@dataclass
class World:
    """GitHub with some repositories, and the configurations of one process."""

    github: GitHub
    client: Client
    clock: Clock = field(default_factory=Clock)
    kept: MemoryKept = field(default_factory=MemoryKept)
    configs: Configs = field(init=False)

    def __post_init__(self) -> None:
        self.configs = self.process()

    def process(self) -> Configs:
        """Another process on the same store."""
        return Configs(self.client, self.kept, self._may_show, self.clock)

    async def _may_show(self, repository_id: int, other: str) -> bool:
        found = self.github.state.repository(other)
        return self.github.state.repositories[repository_id].private or not (found and found.private)

    @property
    def engine(self) -> Repository:
        """The repository that is asked for."""
        return the_repository(self.github.state)

    def other(self, full_name: str, *, private: bool = False, installed: bool = True) -> Repository:
        """Another repository."""
        state = self.github.state
        repository = add_repository(
            state, full_name, state.installations[INSTALLATION_ID] if installed else None
        )
        repository.private = private
        return repository

    def write(self, content: Content, repository: Repository | None = None, branch: str = "main") -> None:
        """Commit the file, or with ``None`` take it away."""
        author = signature(self.github.state, "octo-dev")
        add_commit(repository or self.engine, branch, {CONFIG_PATH: content}, "Configure", author)

    async def of(self, configs: Configs | None = None) -> Loaded:
        """Ask for the engine's configuration."""
        asked = configs or self.configs
        return await asked.of(INSTALLATION_ID, self.engine.id, self.engine.full_name)

    async def later(self, seconds: float = 300.0) -> Loaded:
        """Ask again after a while."""
        self.clock.now += seconds
        return await self.of()

    def requests(self) -> int:
        """How many requests for files there were since the last time; tokens aside."""
        count = sum("contents" in record.line for record in self.github.log.records)
        self.github.log.clear()
        return count


@pytest.fixture
async def world(github, app_key):
    """The world, with ``octo-org/engine`` and without any file."""
    async with aiohttp.ClientSession() as session:
        urls = (github.url, f"{github.url}/graphql")
        credentials = Credentials(app_id=github.state.app.id, private_key=SecretStr(app_key.private))
        yield World(github, Client(Transport(session, urls), quick_gate(), credentials, urls))
