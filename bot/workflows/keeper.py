"""The keeper: what is known of installations is compared with GitHub, and what is over is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import structlog
from dbos import DBOS

from bot.deliveries import listed_installation, listed_repository
from bot.errors import Later, PRHubError
from bot.github import LIST
from bot.model import KnownRepository, TriggerKind
from bot.store import FoundInstallation
from bot.workflows.belonging import is_on, prefixes_of
from bot.workflows.lifecycle import installation_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.github import API, GitHub
    from bot.store import Installed, StoredRepository

log = structlog.get_logger("prhub.keeper")

# Every installation is looked at this often; a suspended one is asked for no token meanwhile (R56).
RECONCILE_SECONDS = 3600.0
RETRY_SECONDS = 60.0
# What is gone is deleted within 24 hours (R57), and again while late deliveries may still come.
FORGET_SECONDS = 600.0
# Redeliveries and gaps are remembered as long as the keys of deliveries.
NOTES_SECONDS = 30 * 86400.0
MAX_PAGES = 1000
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_BATCH = 500
# The reserve of the scans: both are background work.
_RESERVE = 0.5


async def forget_workflows(repositories: list[int]) -> None:
    """Delete the engine's ended work of these repositories: its inputs hold names."""
    prefixes = prefixes_of(repositories)
    for start in range(0, len(prefixes), 50):
        while True:
            ended = await DBOS.list_workflows_async(
                workflow_id_prefix=prefixes[start : start + 50],
                status=_ENDED,
                limit=_BATCH,
                load_input=False,
                load_output=False,
            )
            if ended:
                await DBOS.delete_workflows_async([workflow.workflow_id for workflow in ended])
            if len(ended) < _BATCH:
                break
    if repositories:
        await _forget_commands(repositories)


async def _forget_commands(repositories: list[int]) -> None:
    """Do the same with commands, whose ids do not tell the repository."""
    doomed: list[str] = []
    for offset in count(0, _BATCH):
        ended = await DBOS.list_workflows_async(
            name=TriggerKind.COMMAND.value, status=_ENDED, limit=_BATCH, offset=offset, load_output=False
        )
        doomed += [workflow.workflow_id for workflow in ended if is_on(workflow, repositories)]
        if len(ended) < _BATCH:
            break
    for start in range(0, len(doomed), _BATCH):
        await DBOS.delete_workflows_async(doomed[start : start + _BATCH])


@dataclass(frozen=True)
class Keeper:
    """Keeps what the store knows of installations true, parked work moving, and the past forgotten.

    Without ``lists`` GitHub's are read only while an installation is suspended or missing.
    ``forget_work`` deletes the engine's ended work of repositories.
    """

    github: GitHub
    store: Installed
    lists: bool = True
    forget_work: Callable[[list[int]], Awaitable[None]] = forget_workflows

    async def run_once(self) -> None:
        """Do what is due; killed in between, it is done at the next time."""
        try:
            await self._ask()
        except PRHubError as error:
            # What needs no answer of GitHub's is done all the same.
            log.warning("installations not compared with GitHub", reason=str(error))
            again = self.store.clock() - RECONCILE_SECONDS + RETRY_SECONDS
            await self.store.sweeps.set_mark("installations", again)
        released, dropped = await self.store.parking.release(), await self.store.parking.give_up()
        if released or dropped:
            log.info("parked work", taken_up=released, dropped=dropped)
        if await self.store.sweeps.claim("forget", FORGET_SECONDS):
            await self.forget()

    async def _ask(self) -> None:
        await self._find(await self.store.repositories.missing(transferred=True))
        wanted = self.lists or await self.store.installations.any_shut()
        if wanted and await self.store.sweeps.claim("installations", RECONCILE_SECONDS):
            await self.reconcile()

    async def reconcile(self) -> None:
        """Compare installations and their repositories with GitHub's lists, where it can be asked."""
        asked_at = self.store.clock()
        found = [one async for one in self._listed()]
        await self.store.installations.reconcile(found, asked_at)
        for installation_id in await self.store.installations.active():
            try:
                await self._reconcile_one(installation_id)
            except PRHubError as error:
                log.info("installation not read", installation=installation_id, reason=str(error))
        await self._find(await self.store.repositories.missing(transferred=False))
        await self.store.sweeps.purge(self.store.clock() - NOTES_SECONDS)

    async def _reconcile_one(self, installation_id: int) -> None:
        await self.github.gate.check_open(installation_id, _RESERVE)
        asked_at = self.store.clock()
        metadata = {"metadata": LIST["metadata"]}
        api = self.github.as_installation(installation_id, None, metadata)
        items = _items(api, "/installation/repositories?per_page=100", "repositories")
        listed = [one async for item in items if (one := listed_repository(item)) is not None]
        await self.store.repositories.reconcile(installation_id, listed, asked_at)

    async def _listed(self) -> AsyncIterator[FoundInstallation]:
        async for item in _items(self.github.as_app(), "/app/installations?per_page=100"):
            one = listed_installation(item)
            if one is not None:
                yield FoundInstallation(one.id, one.account, one.suspended)

    async def _find(self, missing: list[StoredRepository]) -> None:
        """Ask GitHub whose each of these repositories is now."""
        for one in missing:
            owner = await installation_of(self.github.as_app(), one.id)
            named = KnownRepository(id=one.id, full_name=one.full_name or "")
            await self.store.repositories.resolve(named, one.installation_id, owner)
            log.info(
                "repository looked for", repository=one.full_name, repository_id=one.id, installation=owner
            )

    async def forget(self) -> None:
        """Delete what belongs to installations and repositories that are gone, here and in the engine."""
        tenants = self.store.tenants
        installations = await tenants.gone_installations()
        repositories = await tenants.gone_repositories()
        await self.forget_work([*repositories, *await tenants.repositories_of(installations)])
        if installations:
            await tenants.forget_installations(installations)
        if repositories:
            await tenants.forget_repositories(repositories)


async def _items(api: API, url: str, key: str | None = None) -> AsyncIterator[Any]:
    """Give the items of every page; ``Later`` if one is no list, for a part must not pass for the whole."""
    following: str | None = url
    for _ in range(MAX_PAGES):
        if following is None:
            return
        page = await api.page(following)
        items = page.data.get(key) if key is not None and isinstance(page.data, dict) else page.data
        if not isinstance(items, list):
            raise Later(60.0, "GitHub's list is not a list")
        for item in items:
            yield item
        following = page.following
    raise Later(60.0, "GitHub's list does not end")
