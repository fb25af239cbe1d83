"""The world of a run: repositories over several installations, merges, and what GitHub sends of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.build import add_commit, add_installation, add_repository, add_user, new_state, signature
from sandbox.payloads import pull_request_payload
from sandbox.talk import merge_pull, open_pull
from sandbox.webhooks import deliver

if TYPE_CHECKING:
    from sandbox.discussion import Comment, Pull
    from sandbox.github import GitHub
    from sandbox.state import Attempt, Repository, State
    from tests.chaos.plan import Plan

# Deliveries under way at the same time.
AT_ONCE = 20
_CHANGE = """def run(command, rows):
    import subprocess
    subprocess.run(command, shell=True)
    return [row * {number} for row in rows]
"""


def state_of(plan: Plan, public_key: str) -> State:
    """One app and its installations, each with one repository."""
    state = new_state(public_key)
    for number in range(plan.installations):
        installation = add_installation(state, f"octo-org-{number}")
        repository = add_repository(state, f"octo-org-{number}/engine", installation)
        files = {"engine/store.py": "def save():\n    return 1\n", "README.md": "# engine\n"}
        add_commit(repository, "main", files, "Import", signature(state, "octo-dev"))
    return state


@dataclass(frozen=True)
class Merge:
    """A merged pull request, and how it may end: ``silent`` if GitHub takes no comment on it."""

    repository: Repository
    pull: Pull
    silent: bool = False

    def comments(self, app_id: int) -> list[Comment]:
        """The app's comments on it."""
        return [one for one in self.pull.comments.value if one.app_id == app_id]


@dataclass
class World:
    """The stand-in with what happened on it. ``urls`` are where webhooks go, in turn."""

    plan: Plan
    github: GitHub
    urls: list[str]
    merges: list[Merge] = field(default_factory=list)
    usual: list[Repository] = field(default_factory=list, init=False)
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def state(self) -> State:
        """What GitHub knows."""
        return self.github.state

    @property
    def repositories(self) -> list[Repository]:
        """The repositories."""
        return list(self.state.repositories.values())

    def __post_init__(self) -> None:
        self.usual = self.repositories

    def merge(self, number: int, repository: Repository | None = None, *, silent: bool = False) -> Merge:
        """Merge a pull request now; ``silent`` locks its conversation."""
        repository = repository or self.usual[number % len(self.usual)]
        changes = {f"engine/part_{number}.py": _CHANGE.format(number=number)}
        pull = open_pull(self.state, repository, changes, title=f"feat: part {number} runs a command")
        pull.locked = silent
        merge_pull(repository, pull, add_user(self.state, "octo-lead"), self.state.now(), "squash")
        made = Merge(repository, pull, silent=silent)
        self.merges.append(made)
        return made

    async def send(self, made: Merge) -> Attempt:
        """Send its webhook, once, as GitHub does; whether it arrived is only in the list of deliveries."""
        payload = pull_request_payload(self.state, made.repository, made.pull, "closed")
        return await self.tell("pull_request", payload)

    async def tell(self, event: str, payload: dict[str, object]) -> Attempt:
        """Send any webhook, to the next server in turn: the load balancer knows nothing of who lives."""
        async with self._places:
            app = self.state.app
            app.webhook_url = self.urls[len(self.state.deliveries) % len(self.urls)]
            return await deliver(self.state, event, payload)

    async def send_all(self) -> None:
        """Merge and send at the plan's rate, in an order that the seed decides."""
        draw = self.plan.draw("sending")
        loop = asyncio.get_running_loop()
        started, sending = loop.time(), []
        for number in range(self.plan.merges):
            wait = started + number / self.plan.rate - loop.time()
            await asyncio.sleep(max(wait, 0.0))
            made = self.merge(number, silent=self.plan.stormy and draw.random() < 0.03)
            sending.append(asyncio.create_task(self.send(made)))
        await asyncio.gather(*sending)
