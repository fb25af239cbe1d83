"""A desk to publish configuration issues from: a stand-in GitHub, a store, and a clock only tests move."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
from pydantic import SecretStr

from bot.errors import Later
from bot.github import WRITE, Credentials, GitHub
from bot.github.transport import Transport
from bot.marker import config_marker, is_config_of
from bot.model import Trigger, TriggerKind
from bot.publishing import ConfigPlace, ConfigPublisher, Outcome
from bot.store import ConfigIssues, ConfigWish
from bot.store.config_tables import config_issues
from sandbox.build import INSTALLATION_ID, add_repository
from sandbox.triage import delete_issue
from tests.fakes.desk import MANY, QUARANTINE
from tests.fakes.gates import Clock, quick_gate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.github import API
    from bot.store import ConfigIssue, Store
    from sandbox.discussion import Issue
    from sandbox.github import GitHub as StandIn
    from sandbox.state import Repository
    from tests.fakes.github import AppKey


@dataclass
class ConfigDesk:
    """Telling one repository after another, as one app, that its file is broken."""

    github: StandIn
    client: GitHub
    rows: ConfigIssues
    clock: Clock
    repository: Repository = field(init=False)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.next()

    def next(self) -> None:
        """Go to a new repository, which was told nothing yet."""
        state = self.github.state
        name = f"octo-org/configured-{next(self.numbers)}"
        self.repository = add_repository(state, name, state.installations[INSTALLATION_ID])

    async def broken(self, text: str) -> None:
        """Want an open issue with this text."""
        await self._want(text, is_open=True)

    async def mended(self, text: str) -> None:
        """Want the issue closed, with this text."""
        await self._want(text, is_open=False)

    async def _want(self, text: str, *, is_open: bool) -> None:
        body = f"{config_marker(self.repository.id)}\n{text}"
        await self.rows.want(ConfigWish(self.repository.id, is_open, text, "Broken", body), self._work)

    def _work(self, number: int) -> Trigger:
        return Trigger(
            kind=TriggerKind.CONFIG,
            key=f"config:{self.repository.id}:{number}",
            installation_id=INSTALLATION_ID,
            repository_id=self.repository.id,
            repository=self.repository.full_name,
            number=0,
        )

    def writer(self) -> API:
        """A writer as each step gets one."""
        return self.client.as_installation(INSTALLATION_ID, self.repository.id, WRITE)

    def publisher(self, writer: Any = None, rows: Any = None) -> ConfigPublisher:
        """A new publisher, as after a restart."""
        return ConfigPublisher(
            writer=writer or self.writer(),
            rows=rows or self.rows,
            place=ConfigPlace(self.repository.id, self.repository.full_name),
            app_id=self.github.state.app.id,
            quarantine=QUARANTINE,
            clock=self.clock,
        )

    async def settle(self) -> Outcome:
        """Publish until it comes to an end; the clock moves on meanwhile."""
        for _ in range(MANY):
            self.clock.now += 0.01
            try:
                return await self.publisher().publish()
            except Later as error:
                self.clock.now += error.seconds
        raise AssertionError("it never came to an end")

    async def row(self) -> ConfigIssue:
        """The publish row."""
        row = await self.rows.get(self.repository.id)
        assert row is not None
        return row

    async def forget_row(self) -> None:
        """Lose the publish row, as a store does that was restored."""
        async with self.rows.store.write() as connection:
            await connection.execute(config_issues.delete())

    def own(self) -> list[Issue]:
        """The app's issues about the file, by number."""
        app_id = self.github.state.app.id
        found = self.repository.issues.values()
        return [
            one for one in found if one.app_id == app_id and is_config_of(one.body or "", self.repository.id)
        ]

    def text(self, issue: Issue) -> str:
        """What an issue says below the marker."""
        return (issue.body or "").partition("\n")[2]

    def delete(self) -> None:
        """Delete the issue, as an administrator can."""
        for issue in self.own():
            delete_issue(self.github.state, self.repository, issue.number)


@asynccontextmanager
async def config_desk_over(github: StandIn, key: AppKey, store: Store) -> AsyncIterator[ConfigDesk]:
    """Open a desk."""
    clock = Clock()
    github.state.clock = clock
    async with aiohttp.ClientSession() as session:
        urls = (github.url, f"{github.url}/graphql")
        credentials = Credentials(app_id=github.state.app.id, private_key=SecretStr(key.private))
        client = GitHub(Transport(session, urls), quick_gate(clock), credentials, urls)
        yield ConfigDesk(github, client, ConfigIssues(store, clock), clock)
