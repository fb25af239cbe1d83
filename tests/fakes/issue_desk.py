"""A desk to publish digests from: a stand-in GitHub, a store, and one clock that only tests move."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
from pydantic import SecretStr

from bot.errors import Later
from bot.github import WRITE, Credentials, GitHub
from bot.github.transport import Transport
from bot.marker import digest_marker, digest_of
from bot.publishing import IssuePlace, IssuePublisher, Outcome, close_previous
from bot.store import DigestIssues
from sandbox.build import INSTALLATION_ID
from tests.fakes.desk import MANY, QUARANTINE
from tests.fakes.gates import Clock, quick_gate
from tests.fakes.github import the_repository

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from bot.github import API
    from bot.store import DigestIssue, Store
    from sandbox.discussion import Issue
    from sandbox.github import GitHub as StandIn
    from sandbox.state import Repository
    from tests.fakes.github import AppKey

_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def week(number: int) -> str:
    """The key of a week, counted from the first of 2026."""
    return (_MONDAY + timedelta(weeks=number)).strftime("%G-W%V")


@dataclass
class IssueDesk:
    """Publishing digests as one app in one repository."""

    github: StandIn
    client: GitHub
    rows: DigestIssues
    clock: Clock
    make: Callable[..., Any] = IssuePublisher
    weeks: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    told: dict[str, str] = field(default_factory=dict)

    @property
    def repository(self) -> Repository:
        """The one repository."""
        return the_repository(self.github.state)

    async def new(self, text: str = "hello", scope: str = "") -> IssuePlace:
        """The digest of the next week, wanted with this text."""
        return await self.at(week(next(self.weeks)), text, scope)

    async def at(self, key: str, text: str = "hello", scope: str = "") -> IssuePlace:
        """The digest of a period, wanted with this text."""
        place = IssuePlace(self.repository.id, "octo-org/engine", scope, key)
        await self.want(place, text)
        return place

    async def want(self, place: IssuePlace, text: str) -> DigestIssue:
        """Want another text there."""
        self.told[place.period] = text
        since = begin(place.period)
        return await self.rows.want(place.key, since, f"Digest {place.period}", self.body(place, text))

    def body(self, place: IssuePlace, text: str) -> str:
        """A text under the marker of its digest."""
        return f"{digest_marker(place.repository_id, place.scope, place.period)}\n{text}"

    def writer(self) -> API:
        """A writer as each step gets one."""
        return self.client.as_installation(INSTALLATION_ID, self.repository.id, WRITE)

    def publisher(self, place: IssuePlace, writer: Any = None, rows: Any = None) -> Any:
        """A new publisher, as after a restart."""
        return self.make(
            writer=writer or self.writer(),
            rows=rows or self.rows,
            place=place,
            app_id=self.github.state.app.id,
            quarantine=QUARANTINE,
            clock=self.clock,
        )

    async def settle(self, place: IssuePlace) -> Outcome:
        """Publish until it comes to an end."""
        return await self.until_done(lambda: self.publisher(place).publish())

    async def succeed(self, place: IssuePlace) -> Outcome:
        """Close the previous digest's issue, until it comes to an end."""
        return await self.until_done(lambda: close_previous(self.publisher(place), self.retell))

    async def until_done(self, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Do it, and come back whenever it has to be taken up again; the clock moves on meanwhile."""
        for _ in range(MANY):
            self.clock.now += 0.01
            try:
                return await work()
            except Later as error:
                self.clock.now += error.seconds
        raise AssertionError("it never came to an end")

    async def retell(self, row: DigestIssue) -> None:
        """Render a digest anew, with links to its neighbours, as the workflow does."""
        text = self.told[row.period]
        before = await self.rows.previous(row.key, row.since)
        after = await self.rows.following(row.key, row.since)
        links = f"{before.issue_number if before else '-'} < > {after.issue_number if after else '-'}"
        body = f"{digest_marker(row.repository_id, row.scope, row.period)}\n{text}\n{links}"
        await self.rows.want(row.key, row.since, row.title, body)

    async def row(self, place: IssuePlace) -> DigestIssue:
        """The publish row."""
        row = await self.rows.get(place.key)
        assert row is not None
        return row

    def own(self, place: IssuePlace) -> list[Issue]:
        """The app's issues of this digest, by number."""
        wanted = (place.repository_id, place.scope, place.period)
        found = self.repository.issues.values()
        app_id = self.github.state.app.id
        return [one for one in found if one.app_id == app_id and digest_of(one.body or "") == wanted]

    def texts(self, place: IssuePlace) -> list[str]:
        """What the app's issues of this digest say below the marker."""
        return [(issue.body or "").partition("\n")[2] for issue in self.own(place)]

    def count(self, line: str) -> int:
        """How many requests had this method and path template."""
        return self.github.log.count(line)


def begin(key: str) -> float:
    """When a period begins: a week, a month, or days, in UTC."""
    if "-W" in key:
        return datetime.strptime(f"{key}-1", "%G-W%V-%u").replace(tzinfo=UTC).timestamp()
    first = key.partition("..")[0]
    day = first if len(first) == len("2026-03-01") else f"{first}-01"
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()


@asynccontextmanager
async def issue_desk_over(github: StandIn, key: AppKey, store: Store) -> AsyncIterator[IssueDesk]:
    """Open a desk."""
    clock = Clock()
    github.state.clock = clock
    async with aiohttp.ClientSession() as session:
        urls = (github.url, f"{github.url}/graphql")
        credentials = Credentials(app_id=github.state.app.id, private_key=SecretStr(key.private))
        client = GitHub(Transport(session, urls), quick_gate(clock), credentials, urls)
        yield IssueDesk(github, client, DigestIssues(store), clock)
