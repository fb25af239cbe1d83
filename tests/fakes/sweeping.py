"""A rig for the sweeps: a stand-in GitHub, a store, a real webhook route, and a clock only tests move."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import sqlalchemy as sa
from pydantic import SecretStr

from bot.deliveries import Policy, to_trigger
from bot.github import READ, Credentials, Door, GitHub
from bot.github.transport import Transport
from bot.model import Delivery
from bot.server import Duties, make_web, serve
from bot.server.intake import Intake
from bot.store import Inbox, Triggers, TriggerState, installed
from bot.store.tables import deliveries, triggers
from bot.workflows.keeper import Keeper
from bot.workflows.missed import DeliveryPoll
from bot.workflows.scan import Scan
from bot.workflows.services import Meters
from bot.workflows.sweep import Sweep
from sandbox.build import add_user
from sandbox.discussion import Pull
from sandbox.webhooks import deliver, note
from tests.fakes.gates import Clock, quick_gate
from tests.fakes.github import the_repository
from tests.fakes.webhooks import payload, pull

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from bot.github import API
    from bot.store import Store
    from sandbox.github import GitHub as StandIn
    from sandbox.state import Repository
    from tests.fakes.github import AppKey

DAY = 86400.0
HOUR = 3600.0


@dataclass
class Rig:
    """The sweeps over one stand-in and one store; every minute passes only when a test says so."""

    github: StandIn
    client: GitHub
    store: Store
    clock: Clock
    meters: Meters = field(default_factory=Meters)
    forgotten: list[int] = field(default_factory=list)
    secret: str = field(default_factory=lambda: secrets.token_hex(32))

    def __post_init__(self) -> None:
        self.parts = installed(self.store, self.github.state.app.id, self.clock)
        # Nobody listens there until a test says so.
        self.github.state.app.webhook_url = "http://127.0.0.1:9/hook"

    @property
    def app_id(self) -> int:
        """The app's id."""
        return self.github.state.app.id

    def reading(self) -> API:
        """The repository as a step of the work reads it."""
        return self.client.as_installation(4242, the_repository(self.github.state).id, READ)

    def poll(self, window: float = 3 * DAY) -> DeliveryPoll:
        """The delivery poll of a process, every 5 minutes."""
        return DeliveryPoll(self.client.as_app(), self.parts.sweeps, self.meters, window, 300.0)

    def scan(self, look_back: int = 0, *repositories: str) -> Scan:
        """The scan of a process."""
        policy = Policy(now=0.0, repositories=repositories)
        return Scan(self.client, self.parts.scans, self.meters, policy, look_back)

    def keeper(self) -> Keeper:
        """The keeper of a process; the engine is not there, what it should forget is noted."""

        async def forget(repositories: list[int]) -> None:
            self.forgotten += repositories

        return Keeper(self.client, self.parts, forget_work=forget)

    def sweep(self) -> Sweep:
        """All of it."""
        return Sweep(self.poll(), self.scan(), self.keeper(), self.parts.sweeps, 900.0)

    async def scan_all(self, scan: Scan | None = None) -> int:
        """Scan until nothing is due; give how many repositories it was."""
        number, scan = 0, scan or self.scan()
        while await scan.run_once(900.0):
            number += 1
        return number

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """Take deliveries in until the block ends; before and after, nobody answers."""
        inbox = Inbox(self.store, self.app_id, clock=self.clock)
        policy = Policy(now=self.clock(), refresh_delay=300.0)
        intake = Intake(inbox, self.app_id, [self.secret.encode()], policy, self.meters)
        web = make_web("/hook", intake, Duties({}), self.meters)
        app = self.github.state.app
        async with serve(web, "127.0.0.1", 0) as address:
            app.webhook_url, app.webhook_secret = f"{address}/hook", self.secret
            yield

    async def send(self, payloads: Iterable[tuple[str, dict[str, Any]]], gap: float = 0.0) -> list[str]:
        """Send webhooks, twenty at once; give their GUIDs."""
        places = asyncio.Semaphore(20)

        async def one(event: str, payload: dict[str, Any]) -> str:
            async with places:
                self.clock.now += gap
                return (await deliver(self.github.state, event, payload)).guid

        return list(await asyncio.gather(*(one(event, payload) for event, payload in payloads)))

    async def tell(self, event: str, body: dict[str, Any]) -> None:
        """Send a webhook about an installation or a repository, and carry out what it asks for."""
        async with self.up():
            await self.send([(event, body)])
        for stored in await self.triggers.new(50):
            if stored.trigger.change is not None:
                await self.parts.installations.apply(stored.trigger.change)
                await self.triggers.finish([stored.trigger.key], TriggerState.DONE)

    async def accepted(self, numbers: Iterable[int]) -> None:
        """Have deliveries of merges that GitHub sent and we took, without the sending."""
        inbox = Inbox(self.store, self.app_id, clock=self.clock)
        policy = Policy(now=self.clock())

        async def one(number: int) -> None:
            attempt = note(self.github.state, "pull_request", self.merge(number))
            attempt.status, attempt.status_code = "OK", 202
            taken = Delivery(
                guid=attempt.guid, event="pull_request", action="closed", payload=json.loads(attempt.body)
            )
            await inbox.put(taken, attempt.body, to_trigger(taken, policy))

        await asyncio.gather(*(one(number) for number in numbers))

    def missed(self, numbers: Iterable[int]) -> list[str]:
        """Have deliveries of merges that GitHub sent to nobody; give their GUIDs."""
        guids = []
        for number in numbers:
            self.clock.now += 0.5
            attempt = note(self.github.state, "pull_request", self.merge(number))
            attempt.status = "failed to connect to host"
            guids.append(attempt.guid)
        return guids

    def merge(self, number: int) -> dict[str, Any]:
        """The webhook's body for a merge, no larger than what is read of it."""
        repository = the_repository(self.github.state)
        told = {"id": repository.id, "full_name": repository.full_name}
        change = pull(id=90_000 + number, number=number, merge_commit_sha=f"{number:040x}")
        return payload("pull_request", "closed", number=number, pull_request=change, repository=told)

    async def arrive(self) -> None:
        """Wait until what GitHub was asked to send again was sent."""
        for _ in range(1000):
            await asyncio.sleep(0.02)
            if all(attempt.status != "pending" for attempt in self.github.state.deliveries):
                return
        raise AssertionError("GitHub still sends")

    def redelivered(self) -> dict[str, int]:
        """How often GitHub sent each GUID again."""
        counts: dict[str, int] = {}
        for attempt in self.github.state.deliveries:
            if attempt.redelivery:
                counts[attempt.guid] = counts.get(attempt.guid, 0) + 1
        return counts

    async def inbox(self) -> list[str]:
        """The GUIDs in the inbox."""
        async with self.store.read() as connection:
            return list((await connection.scalars(sa.select(deliveries.c.guid))).all())

    async def asked_for(self, kind: str = "report") -> list[int]:
        """The numbers of pull requests for which there is work of a kind."""
        query = sa.select(triggers.c.number).where(triggers.c.kind == kind).order_by(triggers.c.number)
        async with self.store.read() as connection:
            return list((await connection.scalars(query)).all())

    @property
    def triggers(self) -> Triggers:
        """The store's triggers."""
        return Triggers(self.store)


@asynccontextmanager
async def rig_over(github: StandIn, key: AppKey, store: Store) -> AsyncIterator[Rig]:
    """Set a rig up; GitHub's clock is the rig's."""
    clock = Clock()
    github.state.clock = clock
    parts = installed(store, github.state.app.id, clock)
    async with aiohttp.ClientSession() as session:
        urls = (github.url, f"{github.url}/graphql")
        credentials = Credentials(app_id=github.state.app.id, private_key=SecretStr(key.private))
        gate = quick_gate(clock)
        gate.door = Door(parts.installations)
        client = GitHub(Transport(session, urls), gate, credentials, urls)
        yield Rig(github, client, store, clock)


def merged(rig: Rig, repository: Repository, number: int, ago: float = 0.0) -> Pull:
    """A merged pull request that is no more than a row of GitHub's list."""
    at = rig.github.state.now().timestamp() - ago
    moment = rig.github.state.now().fromtimestamp(at, rig.github.state.now().tzinfo)
    lead = add_user(rig.github.state, "octo-lead")
    tip = repository.branches.get("main", "")
    row = Pull(
        id=90_000 + number,
        number=number,
        title=f"Change {number}",
        body=None,
        user=lead,
        created_at=moment,
        updated_at=moment,
        closed_at=moment,
        base_sha=tip,
        head_sha=tip,
        head_ref="main",
        merged_at=moment,
        merged_by=lead,
        merge_sha=f"{number:040x}",
    )
    repository.issues[number] = row
    return row
