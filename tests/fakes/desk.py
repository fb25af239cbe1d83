"""A desk to publish from: a stand-in GitHub, a store, and a clock that both share and only tests move."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
from pydantic import SecretStr

from bot.errors import Later
from bot.github import WRITE, Credentials, GitHub
from bot.github.transport import Transport
from bot.marker import report_marker
from bot.publishing import CommentPublisher, Outcome, Place
from bot.publishing.comment import KIND
from bot.store import Publications
from sandbox.build import INSTALLATION_ID
from sandbox.talk import add_issue
from tests.fakes.gates import Clock, quick_gate
from tests.fakes.github import the_repository

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.github import API
    from bot.store import Publication, Store
    from sandbox.discussion import Comment, Issue
    from sandbox.github import GitHub as StandIn
    from sandbox.state import Repository
    from tests.fakes.github import AppKey

QUARANTINE = 15.0
MANY = 30


class Publisher(Protocol):
    """What all that can post a comment have in common."""

    async def publish(self, seen_comment: int | None = None) -> Outcome:
        """Bring the comment to what is wanted."""


@dataclass
class Desk:
    """Publishing as one app in one repository; every issue of it may stand for a pull request."""

    github: StandIn
    client: GitHub
    rows: Publications
    clock: Clock
    make: Callable[..., Publisher] = CommentPublisher

    @property
    def repository(self) -> Repository:
        """The one repository."""
        return the_repository(self.github.state)

    async def new(self, text: str = "hello") -> Issue:
        """A new place to publish at, with a comment wanted there."""
        issue = add_issue(self.github.state, self.repository)
        await self.want(issue, text)
        return issue

    async def want(self, issue: Issue, text: str) -> Publication:
        """Want another text there."""
        return await self.rows.want(self.repository.id, issue.number, KIND, self.body(issue, text))

    def body(self, issue: Issue, text: str) -> str:
        """A text under the marker of its place."""
        return f"{report_marker(self.repository.id, issue.number)}\n{text}"

    def place(self, issue: Issue) -> Place:
        """The place in publishing's words."""
        return Place(self.repository.id, "octo-org/engine", issue.number)

    def writer(self) -> API:
        """A writer as each step gets one."""
        return self.client.as_installation(INSTALLATION_ID, self.repository.id, WRITE)

    def publisher(self, issue: Issue, writer: Any = None, rows: Any = None) -> Any:
        """A new publisher, as after a restart."""
        return self.make(
            writer=writer or self.writer(),
            rows=rows or self.rows,
            place=self.place(issue),
            app_id=self.github.state.app.id,
            quarantine=QUARANTINE,
            clock=self.clock,
        )

    async def settle(self, issue: Issue) -> Outcome:
        """Publish, and come back whenever it has to be taken up again; the clock moves on meanwhile."""
        for _ in range(MANY):
            self.clock.now += 0.01
            try:
                outcome: Outcome = await self.publisher(issue).publish()
            except Later as error:
                self.clock.now += error.seconds
            else:
                return outcome
        raise AssertionError("it never came to an end")

    async def row(self, issue: Issue) -> Publication:
        """The publish row."""
        row = await self.rows.get(self.repository.id, issue.number, KIND)
        assert row is not None
        return row

    def own(self, issue: Issue) -> list[Comment]:
        """The app's comments there."""
        return [one for one in issue.comments.value if one.app_id == self.github.state.app.id]

    def texts(self, issue: Issue) -> list[str]:
        """What the app's comments there say below the marker."""
        return [comment.body.partition("\n")[2] for comment in self.own(issue)]

    def count(self, line: str) -> int:
        """How many requests had this method and path template."""
        return self.github.log.count(line)


@asynccontextmanager
async def desk_over(github: StandIn, key: AppKey, store: Store) -> AsyncIterator[Desk]:
    """Open a desk."""
    clock = Clock()
    github.state.clock = clock
    async with aiohttp.ClientSession() as session:
        urls = (github.url, f"{github.url}/graphql")
        credentials = Credentials(app_id=github.state.app.id, private_key=SecretStr(key.private))
        client = GitHub(Transport(session, urls), quick_gate(clock), credentials, urls)
        yield Desk(github, client, Publications(store), clock)
