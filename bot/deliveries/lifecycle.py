"""Handlers of what happens to the app's installations and to repositories as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.deliveries.fields import at, is_id
from bot.deliveries.listed import epoch, listed_repository
from bot.deliveries.registry import on
from bot.model import ChangeKind, LifecycleChange, Trigger, TriggerKind

if TYPE_CHECKING:
    from bot.deliveries.policy import Policy
    from bot.model import Delivery

_INSTALLATIONS = {
    "created": (ChangeKind.INSTALLED, "created_at"),
    "deleted": (ChangeKind.UNINSTALLED, None),
    "suspend": (ChangeKind.SUSPENDED, "suspended_at"),
    "unsuspend": (ChangeKind.RESUMED, None),
}
_REPOSITORIES = {
    "archived": ChangeKind.UPDATED,
    "unarchived": ChangeKind.UPDATED,
    "renamed": ChangeKind.UPDATED,
    "transferred": ChangeKind.TRANSFERRED,
    "privatized": ChangeKind.PRIVATIZED,
    "publicized": ChangeKind.PUBLICIZED,
    "deleted": ChangeKind.REMOVED,
}


@on(*(f"installation.{action}" for action in _INSTALLATIONS))
def installation_changed(delivery: Delivery, policy: Policy) -> Trigger | None:  # noqa: ARG001 - a handler's signature
    """The app was installed, uninstalled, suspended, or may work again."""
    kind, moment = _INSTALLATIONS[delivery.action or ""]
    named = delivery.payload.get("repositories") if kind is ChangeKind.INSTALLED else None
    when = None if moment is None else at(delivery.payload, f"installation.{moment}")
    return _trigger(delivery, kind, when, named)


@on("installation_repositories.added")
def repositories_added(delivery: Delivery, policy: Policy) -> Trigger | None:  # noqa: ARG001 - a handler's signature
    """Repositories were put into an installation."""
    when = at(delivery.payload, "installation.updated_at")
    return _trigger(delivery, ChangeKind.ADDED, when, delivery.payload["repositories_added"])


@on("installation_repositories.removed")
def repositories_removed(delivery: Delivery, policy: Policy) -> Trigger | None:  # noqa: ARG001 - a handler's signature
    """Repositories were taken out of an installation."""
    when = at(delivery.payload, "installation.updated_at")
    return _trigger(delivery, ChangeKind.REMOVED, when, delivery.payload["repositories_removed"])


@on(*(f"repository.{action}" for action in _REPOSITORIES))
def repository_changed(delivery: Delivery, policy: Policy) -> Trigger | None:  # noqa: ARG001 - a handler's signature
    """A repository got another name, owner or visibility, was archived, or was deleted."""
    kind, repository = _REPOSITORIES[delivery.action or ""], delivery.payload["repository"]
    # A deletion is the end, whatever time the payload has.
    when = None if kind is ChangeKind.REMOVED else repository.get("updated_at")
    return _trigger(delivery, kind, when, [repository])


def _trigger(delivery: Delivery, kind: ChangeKind, when: object, named: object) -> Trigger | None:
    """Ask for the change to be noted; ``None`` without a usable installation, or about nothing."""
    installation_id: Any = at(delivery.payload, "installation.id")
    if not is_id(installation_id):
        return None
    items = named if isinstance(named, list) else []
    repositories = tuple(one for item in items if (one := listed_repository(item)) is not None)
    if delivery.event != "installation" and not repositories:
        return None
    account = at(delivery.payload, "installation.account.login")
    change = LifecycleChange(
        kind=kind,
        installation_id=installation_id,
        account=account if isinstance(account, str) else None,
        at=epoch(when),
        repositories=repositories,
    )
    return Trigger(
        kind=TriggerKind.LIFECYCLE,
        key=f"lifecycle:{installation_id}:{delivery.guid}",
        installation_id=0,
        repository_id=0,
        repository="",
        number=0,
        change=change,
    )
