"""Lifecycle: what happens to an installation or a repository, in our words."""

from __future__ import annotations

from enum import StrEnum

from bot.model.base import Frozen


class Standing(StrEnum):
    """How an installation or a repository stands with us.

    ``active``: PRHub works there. ``suspended``: work is parked. ``missing``: GitHub did not show it when
    asked, which may be a fault; work is parked until it is sure. ``gone``: uninstalled, taken out or
    deleted, for good; its data is deleted.
    """

    ACTIVE = "active"
    SUSPENDED = "suspended"
    MISSING = "missing"
    GONE = "gone"


class ChangeKind(StrEnum):
    """What happened. ``updated``: a repository was renamed, archived or taken up again."""

    INSTALLED = "installed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    UNINSTALLED = "uninstalled"
    ADDED = "added"
    REMOVED = "removed"
    UPDATED = "updated"
    TRANSFERRED = "transferred"
    PRIVATIZED = "privatized"
    PUBLICIZED = "publicized"


class KnownRepository(Frozen):
    """A repository as a list or a payload of GitHub names it; ``None`` where that does not say."""

    id: int
    full_name: str
    private: bool | None = None
    archived: bool | None = None


class LifecycleChange(Frozen):
    """One change. ``at`` is when GitHub says it happened (epoch seconds), ``None`` if it does not say."""

    kind: ChangeKind
    installation_id: int
    account: str | None = None
    at: float | None = None
    repositories: tuple[KnownRepository, ...] = ()
