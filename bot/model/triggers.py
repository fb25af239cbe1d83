"""Delivery and Trigger: what came in, and what it asks for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from bot.model.base import Frozen
from bot.model.commands import CommandRequest
from bot.model.digest import DigestRequest
from bot.model.lifecycle import LifecycleChange


class Delivery(Frozen):
    """One webhook delivery whose signature and shape were already checked."""

    guid: str
    event: str
    action: str | None
    payload: dict[str, Any]


class TriggerKind(StrEnum):
    """What work a trigger starts; each kind has one workflow of the same name.

    ``complete`` brings a report that was posted without the model to completion; ``lifecycle`` notes what
    happened to an installation or a repository, without a workflow: the drain itself does it; ``config``
    brings the issue about a repository's broken file up to date.
    """

    REPORT = "report"
    REFRESH = "refresh"
    COMPLETE = "complete"
    TIDY = "tidy"
    DIGEST = "digest"
    LIFECYCLE = "lifecycle"
    COMMAND = "command"
    CONFIG = "config"


class Trigger(Frozen):
    """A request for work on one pull request, for a digest, or for what a comment commands.

    ``key`` is the business key and becomes the workflow id, so equal triggers are one piece of
    work. ``delay`` is in seconds, counted from when the trigger is stored. ``only_if_reported``
    marks work that means nothing unless the pull request has a report or is about to get one.
    ``round`` counts how often ended work was taken up anew. A lifecycle trigger has a ``change``, and 0
    for all ids: it is the app's own work, and waits behind no installation's. One that asks for a
    ``digest`` has the number 0, and the repository in which the digest is published. A command's key is
    that of its comment. One about the repository's configuration has the number 0 as well.
    """

    kind: TriggerKind
    key: str
    installation_id: int
    repository_id: int
    repository: str
    number: int
    merge_sha: str | None = None
    delay: float = 0.0
    only_if_reported: bool = False
    round: int = Field(default=0, ge=0)
    change: LifecycleChange | None = None
    digest: DigestRequest | None = None
    command: CommandRequest | None = None


class WorkItem(Frozen):
    """A trigger as it crosses the engine's border: JSON-able, with the delivery it came from.

    ``requested_at`` (epoch seconds) is the moment from which facts are fresh enough. ``attempt``
    counts the workflows started for the trigger, ``failures`` those that failed by themselves.
    """

    trigger: Trigger
    guid: str | None = None
    requested_at: float = 0.0
    attempt: int = Field(default=0, ge=0)
    failures: int = Field(default=0, ge=0)

    @property
    def workflow_id(self) -> str:
        """The business key; a later round's and a successor's end with their numbers."""
        trigger = self.trigger
        key = trigger.key if trigger.round == 0 else f"{trigger.key}:r{trigger.round}"
        return key if self.attempt == 0 else f"{key}:{self.attempt}"
