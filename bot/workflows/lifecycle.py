"""Lifecycle: what happens to installations and repositories is noted, and decides what work may go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.deliveries import listed_installation
from bot.errors import Gone, Later, NoAccess, Parked, Shut, Suspended
from bot.model import KnownRepository, Standing
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.github import API
    from bot.model import Trigger

log = structlog.get_logger("prhub.lifecycle")

# How GitHub words that the app lacks a right: the repository is there all the same.
_LACKS_A_RIGHT = "permission"
_OPENED_SECONDS = 1.0
_INSTALLATION = "/repositories/{id}/installation"


async def carry_out(trigger: Trigger) -> None:
    """Note what a lifecycle trigger tells; run twice, it changes nothing more."""
    change = trigger.change
    if change is None:
        return
    await services().installed.installations.apply(change)
    services().github.gate.door.look_again(change.installation_id)
    names = [one.full_name for one in change.repositories[:10]]
    log.info("noted", change=change.kind.value, installation=change.installation_id, repositories=names)


async def require_place(trigger: Trigger) -> None:
    """Raise ``Parked`` or ``Gone`` if nothing can be done in the repository now, without asking GitHub."""
    found = await services().installed.repositories.get(trigger.repository_id)
    standing = Standing.ACTIVE if found is None else found.standing
    if standing is Standing.MISSING:
        raise Parked("GitHub does not show the repository to the app")
    if standing is Standing.GONE:
        raise Gone("the app was taken out of the repository")


async def explained(trigger: Trigger, error: Exception) -> Exception:
    """Give what a refusal means for the work: parked until it can go on, or the end it is.

    Where the store does not know, GitHub is asked once whose the repository is.
    """
    if not isinstance(error, NoAccess):
        return error
    store = services().installed
    standing = await store.installations.standing(trigger.installation_id)
    if standing in {Standing.SUSPENDED, Standing.MISSING}:
        return Parked(str(error))
    if standing is Standing.ACTIVE and isinstance(error, (Shut, Suspended)):
        # It was opened since, by an event that another process took: this one had not heard of it.
        services().github.gate.door.look_again(trigger.installation_id)
        return Later(
            _OPENED_SECONDS, "the installation was opened again", counts=isinstance(error, Suspended)
        )
    if standing is Standing.GONE or _LACKS_A_RIGHT in str(error).lower():
        return error
    return await _whereabouts(trigger, error)


async def _whereabouts(trigger: Trigger, error: Exception) -> Exception:
    store = services().installed.repositories
    known = await store.get(trigger.repository_id)
    if known is not None and known.standing is Standing.GONE:
        return error
    owner = None if known is None or known.standing is Standing.MISSING else known.installation_id
    if owner in {None, trigger.installation_id}:
        try:
            owner = await installation_of(services().github.as_app(), trigger.repository_id)
        except Later as later:
            return later
        if owner == trigger.installation_id:
            return error
        one = KnownRepository(id=trigger.repository_id, full_name=trigger.repository)
        await store.resolve(one, trigger.installation_id, owner)
    return Parked(str(error))


async def installation_of(api: API, repository_id: int) -> int | None:
    """Ask GitHub in which installation of the app a repository is; ``None``: in none."""
    try:
        found = listed_installation(await api.getitem(_INSTALLATION, {"id": str(repository_id)}))
    except Gone:
        return None
    if found is None:
        raise Later(60.0, "GitHub's answer names no installation")
    return found.id
